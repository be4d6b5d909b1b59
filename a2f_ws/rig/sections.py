"""Reading the sections of a rig table: maps, lists of names, lines of text, numbers."""

from collections.abc import Collection, Mapping

from a2f_ws.rig.contents import Document
from a2f_ws.rig.faults import WANTED_NUMBER, Faults, is_number, quoted, shown
from a2f_ws.rig.spelling import NAME_MAX, instead_of, is_name


def section(document: Document, key: str, *, faults: Faults) -> Mapping[str, object]:
    """A section of a table, empty where it has none.

    Raises:
        ConfigError: It is something else.
    """
    value = document.get(key, {})
    if not isinstance(value, Mapping):
        raise faults.found(f"{key}: {shown(value)}, wanted a section [{key}]")
    return value


def named(document: Document, key: str, *, most: int, faults: Faults) -> Mapping[str, object]:
    """A section whose keys are names of its own.

    Args:
        document: The table.
        key: The section, in the plural.
        most: Entries that it may have.
        faults: Makes the errors.

    Raises:
        ConfigError: There are too many, or a name cannot be.
    """
    entries = section(document, key, faults=faults)
    if len(entries) > most:
        raise faults.found(f"[{key}]: {len(entries)} {key}, wanted at most {most}")
    for name in entries:
        if not is_name(name):
            raise faults.found(
                f"{key.removesuffix('s')} {quoted(name)}: "
                f"wanted a name of 1 to {NAME_MAX} printable characters"
            )
    return entries


def parts(document: Document, key: str, *, faults: Faults) -> list[Document]:
    """The parts of a section that may stand there several times: `[[key]]`.

    Raises:
        ConfigError: It is something else.
    """
    value = document.get(key, [])
    if not isinstance(value, list) or not all(isinstance(part, Mapping) for part in value):
        raise faults.found(f"{key}: {shown(value)}, wanted sections [[{key}]]")
    return value


def names(value: object, place: str, *, of: str, faults: Faults) -> list[str]:
    """A list of one or more names.

    Args:
        value: What was found.
        place: Where.
        of: What is named, in the plural.
        faults: Makes the errors.

    Raises:
        ConfigError: It is something else.
    """
    if not isinstance(value, list) or not value:
        raise faults.found(f"{place}: {shown(value)}, wanted a list of {of}")
    for name in value:
        if not isinstance(name, str) or not is_name(name):
            text = f"{place}: {shown(name)}, wanted names of 1 to {NAME_MAX} printable characters"
            raise faults.found(text)
    return list(dict.fromkeys(value))


def line(document: Document, key: str, *, faults: Faults) -> str:
    """A line of text that the table has to have.

    Raises:
        ConfigError: It has none.
    """
    value = document.get(key)
    if not isinstance(value, str) or not value.strip():
        raise faults.found(f"{key}: {shown(value)}, wanted a line of text")
    return value.strip()


def claim(document: Document, key: str, *, faults: Faults) -> bool:
    """True or false; true where nothing is said.

    Raises:
        ConfigError: It is neither.
    """
    value = document.get(key, True)
    if not isinstance(value, bool):
        raise faults.found(f"{key}: {shown(value)}, wanted true or false")
    return value


def number(value: object, place: str, *, faults: Faults) -> float:
    """A finite number within ±1e6.

    Raises:
        ConfigError: It is something else.
    """
    if not is_number(value):
        raise faults.found(f"{place}: {shown(value)}, {WANTED_NUMBER}")
    return float(value)


def check_known(
    name: object, known: Collection[str], *, what: str, faults: Faults, place: str = ""
) -> None:
    """Refuse a name that nobody knows.

    Raises:
        ConfigError: "PLACE: no WHAT 'name'", with the nearest.
    """
    if not isinstance(name, str) or name not in known:
        near = instead_of(name if isinstance(name, str) else "", known)
        raise faults.found(f"{place and place + ': '}no {what} {quoted(name)}{near}")
