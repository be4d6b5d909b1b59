"""`a2f-ws rigs`: the curves that faces can be sent in, and the tables that say so."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from rich.text import Text

from a2f_ws.commands.screen import EXIT_FAULT, out, plain_table, printable, say_fault
from a2f_ws.errors import ConfigError
from a2f_ws.rig.contents import RigTable
from a2f_ws.rig.faults import quoted
from a2f_ws.rig.spelling import LISTED, instead_of
from a2f_ws.rig.table import SUFFIX, Folder, load_rigs

BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
"""A key that needs no quotes. Source: TOML 1.0, bare keys."""

WHEN: Final = {"lacking": "lacking", "lacking_any": "lacking any of", "having": "having"}
"""How the conditions of a fallback are told."""

CHANGED: Final = {"curves": "curve", "transforms": "transform", "idle": "idle role"}
"""How what a fallback changes is told."""


def run(folders: Sequence[str]) -> None:
    """List the rigs of the installation and of the user's folders, a line each.

    Raises:
        ConfigError: A folder is missing, or a table has a mistake.
    """
    lines = plain_table("rig", "curves", "range", "auto")
    for column in lines.columns:
        column.no_wrap = True
    lines.add_column("title")
    for name, rig in _load(folders).items():
        is_in_auto = "yes" if rig.is_in_auto else "no"
        title = Text(printable(rig.title), no_wrap=True, overflow="ellipsis")
        lines.add_row(name, str(len(rig.curves)), reach(rig), is_in_auto, title)
    out().print(lines)


def reach(rig: RigTable) -> str:
    """Where its curves go, and how many of them go elsewhere: "0 to 1, 9 others"."""
    usual = (rig.low, rig.high)
    others = sum((value.low, value.high) != usual for value in rig.values.values())
    text = f"{rig.low:g} to {rig.high:g}"
    if not others:
        return text
    return f"{text}, {others} other{'' if others == 1 else 's'}"


def show(name: str, folders: Sequence[str]) -> None:
    """Print a table, what it extends folded in.

    Raises:
        ConfigError: There is no such rig, a folder is missing, or a table has a mistake.
    """
    rigs = _load(folders)
    if name not in rigs:
        raise ConfigError(f"no rig {quoted(name)}{instead_of(name, rigs)}")
    rig = rigs[name]
    console = out()
    console.print(f"{rig.name}: {rig.title}", style="bold")
    console.print(f"from {rig.source}")
    space = rig.space
    console.print(
        f"{counted(len(rig.curves), 'curve')}, {rig.low:g} to {rig.high:g} unless said otherwise; "
        f"{counted(len(rig.transforms), 'transform')}, {space.handedness}-handed, {space.up} up, "
        f"{space.forward} out of the face, in {space.unit}"
    )
    console.print('for rig "auto" too' if rig.is_in_auto else 'opened by name alone, not by "auto"')
    for title, key in (
        ("term", "terms"),
        ("curve", "curves"),
        ("transform", "transforms"),
        ("idle role", "idle"),
        ("also called", "aliases"),
        ("group", "groups"),
        ("treated", "trims"),
    ):
        part = rig.document.get(key)
        if isinstance(part, Mapping) and part:
            lines = plain_table(title, "")
            for one, content in part.items():
                lines.add_row(toml_key(one), toml_text(content))
            console.print()
            console.print(lines)
    if rig.document.get("swap"):
        console.print()
        console.print(f"left and right change places: {toml_text(rig.document['swap'])}")
    for fallback in _fallbacks(rig):
        console.print()
        console.print(fallback)


def check(files: Sequence[Path], folders: Sequence[str]) -> int:
    """Say of every file whether it is a rig table.

    Args:
        files: The files.
        folders: Folders whose rigs they may extend, beside those of the installation and of their
            own folders. Tables with a mistake in them are passed by.

    Returns:
        The exit code: 2 when one of them is none.

    Raises:
        ConfigError: A folder is missing.
    """
    known = load_rigs()
    beside: dict[Path, Folder] = {}
    for folder in map(Path, folders):
        if not folder.is_dir():
            raise ConfigError(f"{folder}: no such folder of rig tables")
        beside[folder] = Folder(folder, shown=folder, known=dict(known))
        known |= _sound(beside[folder])
    faults = 0
    for file in files:
        try:
            rig = _checked(file, beside, known=known)
        except ConfigError as error:
            say_fault(str(error))
            faults += 1
        else:
            out().print(f"{file}: ok: {summary(rig)}", soft_wrap=True)
    return EXIT_FAULT if faults else 0


def _checked(
    file: Path, beside: Mapping[Path, Folder], *, known: Mapping[str, RigTable]
) -> RigTable:
    """The table of a file, by the name that it has in the user's folder or else in its own."""
    if file.suffix != SUFFIX:
        raise ConfigError(f"{file}: wanted a file *{SUFFIX}")
    whole = file.absolute()
    homes = (one for one in reversed([*beside]) if whole.is_relative_to(one.absolute()))
    home = next(homes, file.parent)
    tables = beside[home] if home in beside else Folder(home, shown=home, known=known)
    return tables.rig(whole.relative_to(home.absolute()).with_suffix("").as_posix())


def _sound(tables: Folder) -> dict[str, RigTable]:
    """The tables of a folder that have no mistake."""
    rigs = {}
    for name in tables.names():
        with suppress(ConfigError):
            rigs[name] = tables.rig(name)
    return rigs


def summary(rig: RigTable) -> str:
    """How much is in a table."""
    still = [name for name, value in rig.values.items() if value.is_still]
    parts = [
        counted(len(rig.curves), "curve"),
        f"{len(still)} of them moved by nothing ({few(still)})" if still else "",
        f"transforms {', '.join(rig.transforms)}" if rig.transforms else "",
        counted(len(rig.roles), "idle role"),
        counted(len(rig.fallbacks), "fallback") if rig.fallbacks else "",
    ]
    return ", ".join(part for part in parts if part)


def few(names: Sequence[str]) -> str:
    """Names for people: all of them, or the first twelve and how many more."""
    rest = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {rest} more" if rest > 0 else "")


def toml_text(content: object) -> str:
    """Part of a table as it may stand in a TOML file."""
    if isinstance(content, Mapping):
        inside = ", ".join(
            f"{toml_key(key)} = {toml_text(value)}" for key, value in content.items()
        )
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(content, list | tuple):
        return f"[{', '.join(toml_text(value) for value in content)}]"
    if isinstance(content, bool):
        return str(content).lower()
    if isinstance(content, str):
        text = json.dumps(content, ensure_ascii=False)
        return text.replace("\x7f", "\\u007f")
    return str(content)


def toml_key(key: str) -> str:
    """A name as it may stand before a `=`."""
    return key if BARE.fullmatch(key) else toml_text(key)


def counted(count: int, noun: str) -> str:
    """How many there are: "1 curve", "2 curves"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _fallbacks(rig: RigTable) -> list[str]:
    """What is otherwise on meshes that lack or have something, as text."""
    parts = rig.document.get("fallback")
    texts = []
    for part in parts if isinstance(parts, list) else []:
        when = [f"{text} {', '.join(part[key])}" for key, text in WHEN.items() if part.get(key)]
        lines = [
            f"  {kind} {toml_key(name)} = {toml_text(content)}"
            for key, kind in CHANGED.items()
            for name, content in part.get(key, {}).items()
        ]
        texts.append("\n".join([f"on a mesh {' and '.join(when)}:", *lines]))
    return texts


def _load(folders: Sequence[str]) -> dict[str, RigTable]:
    return load_rigs(*(Path(folder) for folder in folders))
