"""What a table says of one character: single curves treated, sides that change places."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from a2f_ws.rig import sections
from a2f_ws.rig.contents import Document, Fallback, RigTable
from a2f_ws.rig.extends import SWAP
from a2f_ws.rig.faults import Faults, WishError, shown
from a2f_ws.rig.grammar import TRIMS
from a2f_ws.rig.mirror import mirrored_columns
from a2f_ws.rig.spelling import instead_of
from a2f_ws.rig.trim import CurveTrim, trimmed
from a2f_ws.rig.value import SIZE_MAX, Motion, Value, mirrored

TREATED: Final = "trims"


def personal(table: RigTable, document: Document, *, faults: Faults) -> RigTable:
    """A rig as its table's `swap` and `[trims]` want it.

    Args:
        table: The rig without them.
        document: Its table, what it extends folded in.
        faults: Makes the errors.

    Raises:
        ConfigError: A name is unknown, or a number cannot be.
    """
    trims = _trims(table, sections.section(document, TREATED, faults=faults), faults=faults)
    groups = document.get(SWAP, [])
    swap = sections.names(groups, SWAP, of="groups", faults=faults) if groups != [] else []
    if trims:
        table = _treated(table, trims, faults=faults)
    try:
        columns = mirrored_columns(swap, table.groups)
    except WishError as error:
        raise faults.found(f"{SWAP}: {error}") from None
    return _swapped(table, columns) if columns else table


def _trims(
    table: RigTable, section: Mapping[str, object], *, faults: Faults
) -> dict[str, CurveTrim]:
    trims = {}
    for name, content in section.items():
        place = f"[{TREATED}] {name}"
        sections.check_known(name, table.values, what="curve", place=f"[{TREATED}]", faults=faults)
        if not isinstance(content, Mapping):
            raise faults.found(f"{place}: {shown(content)}, wanted {{ gain = number, … }}")
        for key in content:
            if key not in TRIMS:
                raise faults.found(f"{place}: unknown key {key!r}{instead_of(key, TRIMS)}")
        numbers = {
            key: sections.number(value, f"{place}: {key}", faults=faults)
            for key, value in content.items()
        }
        trims[name] = CurveTrim(**numbers)
    return trims


def _treated(table: RigTable, trims: Mapping[str, CurveTrim], *, faults: Faults) -> RigTable:
    """A rig with some of its curves treated, those of fallbacks too."""

    def treated(values: Mapping[str, Value]) -> dict[str, Value]:
        return {
            name: _one(name, value, trim=trims[name], faults=faults) if name in trims else value
            for name, value in values.items()
        }

    return replace(
        table,
        values=treated(table.values),
        fallbacks=tuple(replace(one, values=treated(one.values)) for one in table.fallbacks),
    )


def _one(name: str, value: Value, *, trim: CurveTrim, faults: Faults) -> Value:
    try:
        result = trimmed(name, value, trim=trim)
    except WishError as error:
        raise faults.found(f"[{TREATED}]: {error}") from None
    if result.size > SIZE_MAX:
        raise faults.found(f"[{TREATED}] {name}: may exceed {SIZE_MAX:g}, wanted a smaller gain")
    return result


def _swapped(table: RigTable, columns: Mapping[int, tuple[int, int]]) -> RigTable:
    """A rig whose inputs have changed places."""
    whole: tuple[RigTable | Fallback, ...] = (table, *table.fallbacks)
    roots = [
        *(value for one in whole for value in one.values.values()),
        *(value for one in whole for motion in one.motions.values() for value in motion),
    ]
    others = mirrored(roots, columns)

    def all_of(values: Mapping[str, Value]) -> dict[str, Value]:
        return {name: others[value] for name, value in values.items()}

    def turned(motion: Motion) -> Motion:
        pitch, yaw, roll, x, y, z = (others[value] for value in motion)
        return pitch, yaw, roll, x, y, z

    def all_turned(motions: Mapping[str, Motion]) -> dict[str, Motion]:
        return {name: turned(motion) for name, motion in motions.items()}

    def fallback(one: Fallback) -> Fallback:
        return replace(one, values=all_of(one.values), motions=all_turned(one.motions))

    return replace(
        table,
        values=all_of(table.values),
        motions=all_turned(table.motions),
        fallbacks=tuple(fallback(one) for one in table.fallbacks),
    )
