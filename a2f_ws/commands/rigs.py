"""`a2f-ws rigs`: the curves that faces can be sent in, and the tables that say so."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from a2f_ws.commands.screen import EXIT_FAULT, out, plain_table, say_fault
from a2f_ws.errors import ConfigError
from a2f_ws.rig.contents import RigTable
from a2f_ws.rig.spelling import instead_of
from a2f_ws.rig.table import load_rig, load_rigs


def run(folders: Sequence[str]) -> None:
    """List the rigs of the installation and of the user's folders.

    Raises:
        ConfigError: A folder is missing, or a table has a mistake.
    """
    lines = plain_table("rig", "title", "curves", "range", "source")
    for name, rig in _load(folders).items():
        lines.add_row(
            name, rig.title, str(len(rig.curves)), f"{rig.low:g} to {rig.high:g}", rig.source
        )
    out().print(lines)


def show(name: str, folders: Sequence[str]) -> None:
    """Print a table, what it extends folded in.

    Raises:
        ConfigError: There is no such rig, a folder is missing, or a table has a mistake.
    """
    rigs = _load(folders)
    if name not in rigs:
        raise ConfigError(f"no rig {name!r}{instead_of(name, rigs)}")
    rig = rigs[name]
    console = out()
    console.print(f"{rig.name}: {rig.title}", style="bold")
    console.print(f"from {rig.source}")
    space = rig.space
    console.print(
        f"{len(rig.curves)} curves, {rig.low:g} to {rig.high:g} unless said otherwise; "
        f"{len(rig.transforms)} transforms, {space.handedness}-handed, {space.up} up, "
        f"{space.forward} out of the face, in {space.unit}"
    )
    for title, key in (
        ("term", "terms"),
        ("curve", "curves"),
        ("transform", "transforms"),
        ("idle role", "idle"),
        ("also called", "aliases"),
        ("group", "groups"),
    ):
        part = rig.document.get(key)
        if isinstance(part, Mapping) and part:
            lines = plain_table(title, "")
            for one, content in part.items():
                lines.add_row(one, toml_text(content))
            console.print()
            console.print(lines)
    for fallback in _fallbacks(rig):
        console.print()
        console.print(fallback)


def check(files: Sequence[Path], folders: Sequence[str]) -> int:
    """Say of every file whether it is a rig table.

    Args:
        files: The files.
        folders: Folders whose rigs they may extend, beside those of the installation.

    Returns:
        The exit code: 2 when one of them is none.

    Raises:
        ConfigError: A folder is missing, or a table in it has a mistake.
    """
    known = _load(folders)
    faults = 0
    for file in files:
        try:
            rig = load_rig(file, name=file.stem, shown=str(file), known=known)
        except ConfigError as error:
            say_fault(str(error))
            faults += 1
        else:
            out().print(f"{file}: ok: {summary(rig)}", soft_wrap=True)
    return EXIT_FAULT if faults else 0


def summary(rig: RigTable) -> str:
    """How much is in a table."""
    still = [name for name, value in rig.values.items() if value.is_still]
    parts = [
        f"{len(rig.curves)} curves",
        f"{len(still)} of them moved by nothing ({', '.join(still)})" if still else "",
        f"transforms {', '.join(rig.transforms)}" if rig.transforms else "",
        f"{len(rig.roles)} idle roles",
        f"{len(rig.fallbacks)} fallbacks" if rig.fallbacks else "",
    ]
    return ", ".join(part for part in parts if part)


def toml_text(content: object) -> str:
    """Part of a table as it may stand in a TOML file."""
    if isinstance(content, Mapping):
        inside = ", ".join(f"{key} = {toml_text(value)}" for key, value in content.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(content, list | tuple):
        return f"[{', '.join(toml_text(value) for value in content)}]"
    if isinstance(content, bool):
        return str(content).lower()
    return f'"{content}"' if isinstance(content, str) else str(content)


def _fallbacks(rig: RigTable) -> list[str]:
    """What is otherwise on meshes that lack or have something, as text."""
    parts = rig.document.get("fallback")
    texts = []
    for part in parts if isinstance(parts, list) else []:
        when = [f"{key} {', '.join(part[key])}" for key in ("lacking", "having") if part.get(key)]
        changes = {**part.get("curves", {}), **part.get("idle", {})}
        lines = [f"  {name} = {toml_text(content)}" for name, content in changes.items()]
        texts.append("\n".join([f"on a mesh {' and '.join(when)}:", *lines]))
    return texts


def _load(folders: Sequence[str]) -> dict[str, RigTable]:
    return load_rigs(*(Path(folder) for folder in folders))
