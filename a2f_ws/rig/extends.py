"""Variants: a table that says only in what it differs from another one."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from a2f_ws.rig import sections
from a2f_ws.rig.contents import HEAD, Document, RigTable
from a2f_ws.rig.faults import Faults, quoted, shown

FALLBACK: Final = "fallback"
WHEN: Final = ("lacking", "lacking_any", "having")
"""Keys of a fallback that say on what meshes it acts."""

CHANGED: Final = ("curves", "transforms", "idle")
"""Keys of a fallback that say what is otherwise then."""

CHANGES: Final = ("rename", "remove", "order")
"""Keys that say what is otherwise with the curves of the tables that are extended."""

MERGED: Final = (
    "space", "range", "terms", "curves", "transforms", "idle", "groups", "trims", "aliases"
)  # fmt: skip
"""Sections that are taken over, entry by entry."""

OWN: Final = ("title", "source", "auto")
"""Keys that every table says for itself."""

SWAP: Final = "swap"
"""A list that stands as a whole in the place of one that is taken over."""


def inherited(document: Document, known: Mapping[str, RigTable], *, faults: Faults) -> Document:
    """A table with what it extends folded in.

    Args:
        document: The table as it was read.
        known: Rigs that it may extend.
        faults: Makes the errors.

    Returns:
        A document without `extends` and `CHANGES`; the same one where nothing is extended.

    Raises:
        ConfigError: It extends what is not known, or changes what is not there.
    """
    if "extends" not in document:
        for key in CHANGES:
            if key in document:
                raise faults.found(f"{key}: nothing to change, wanted extends = RIG")
        return document
    bases = document["extends"]
    bases = sections.names(
        [bases] if isinstance(bases, str) else bases, "extends", of="rigs", faults=faults
    )
    for base in bases:
        sections.check_known(base, known, what="rig to extend", faults=faults)
    result = _joined([known[base].document for base in bases])
    result = _renamed(result, _renames(document, result["curves"], faults=faults))
    if "remove" in document:
        result = _without(result, _removed(document, result, faults=faults))
    own = {
        **{key: sections.section(document, key, faults=faults) for key in MERGED},
        FALLBACK: sections.parts(document, FALLBACK, faults=faults),
        **({SWAP: document[SWAP]} if SWAP in document else {}),
    }
    result = _joined([_settled(result, own), own])
    if "order" in document:
        result["curves"] = _ordered(document, result["curves"], faults=faults)
    kept = {key: document[key] for key in OWN if key in document}
    return {key: part for key, part in result.items() if part} | kept


def _joined(documents: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The sections of documents together, a later one before an earlier one, entry by entry."""
    result: dict[str, Any] = {key: {} for key in MERGED} | {FALLBACK: []}
    for document in documents:
        if SWAP in document:
            result[SWAP] = document[SWAP]
        for key in MERGED:
            result[key] |= document.get(key, {})
        result[FALLBACK] += document.get(FALLBACK, [])
    return result


def _settled(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """A base whose fallbacks and aliases leave alone what the table says anew."""
    taken = {*base["curves"], *own["curves"]}
    for aliases in own["aliases"].values():
        taken.update(aliases if isinstance(aliases, list) else ())
    aliases = {
        curve: [name for name in names if name not in taken]
        for curve, names in base["aliases"].items()
    }
    parts = [
        {
            **part,
            **{
                key: {k: one for k, one in part[key].items() if k not in own[key]}
                for key in CHANGED
            },
        }
        for part in base[FALLBACK]
    ]
    return {
        **base,
        "aliases": {curve: names for curve, names in aliases.items() if names},
        FALLBACK: _with_effect(parts),
    }


def _with_effect(parts: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [part for part in parts if any(part[key] for key in CHANGED)]


def _removed(document: Document, base: Mapping[str, Any], *, faults: Faults) -> list[str]:
    """Curves and transforms that the table does without."""
    removed = sections.names(document["remove"], "remove", of="curves", faults=faults)
    there = [*base["curves"], *base["transforms"]]
    for name in removed:
        sections.check_known(name, there, what="curve or transform to remove", faults=faults)
    return removed


def _ordered(document: Document, curves: Mapping[str, Any], *, faults: Faults) -> dict[str, Any]:
    """The curves, those that `order` names first."""
    first = sections.names(document["order"], "order", of="curves", faults=faults)
    for name in first:
        sections.check_known(name, curves, what="curve to order", faults=faults)
    return {name: curves[name] for name in [*first, *curves]}


def _renames(document: Document, curves: Mapping[str, Any], *, faults: Faults) -> dict[str, str]:
    """Old name → new name of curves."""
    renames: dict[str, str] = {}
    for old, new in sections.section(document, "rename", faults=faults).items():
        sections.check_known(old, curves, what="curve to rename", faults=faults)
        if not isinstance(new, str):
            raise faults.found(f"rename {old}: {shown(new)}, wanted a name")
        if new in curves or new in renames.values():
            raise faults.found(f"rename {old}: there is a curve {quoted(new)} already")
        renames[old] = new
    return renames


def _renamed(document: Mapping[str, Any], renames: Mapping[str, str]) -> dict[str, Any]:
    """A checked document with other names of curves, everywhere."""

    def new(name: str) -> str:
        return renames.get(name, name)

    def keyed(part: Mapping[str, Any]) -> dict[str, Any]:
        return {new(name): content for name, content in part.items()}

    def roles(part: Mapping[str, Any]) -> dict[str, Any]:
        return {
            role: _played(role, who, name=new(_player(role, who))) for role, who in part.items()
        }

    return {
        **document,
        "curves": keyed(document["curves"]),
        "trims": keyed(document["trims"]),
        "aliases": keyed(document["aliases"]),
        "idle": roles(document["idle"]),
        FALLBACK: [
            {
                **{key: [new(name) for name in part[key]] for key in WHEN if key in part},
                "curves": keyed(part.get("curves", {})),
                "transforms": part.get("transforms", {}),
                "idle": roles(part.get("idle", {})),
            }
            for part in document[FALLBACK]
        ],
    }


def _without(document: Mapping[str, Any], removed: Iterable[str]) -> dict[str, Any]:
    """A checked document without some curves or transforms, and without what speaks of them.

    A fallback that goes by one of them goes too.
    """
    gone = set(removed)

    def kept(part: Mapping[str, Any]) -> dict[str, Any]:
        return {name: content for name, content in part.items() if name not in gone}

    def roles(part: Mapping[str, Any]) -> dict[str, Any]:
        return {role: who for role, who in part.items() if _player(role, who) not in gone}

    return {
        **document,
        "curves": kept(document["curves"]),
        "transforms": kept(document["transforms"]),
        "trims": kept(document["trims"]),
        "aliases": kept(document["aliases"]),
        "idle": roles(document["idle"]),
        FALLBACK: _with_effect(
            {
                **part,
                "curves": kept(part["curves"]),
                "transforms": kept(part["transforms"]),
                "idle": roles(part["idle"]),
            }
            for part in document[FALLBACK]
            if gone.isdisjoint(name for key in WHEN for name in part.get(key, ()))
        ),
    }


def _player(role: str, who: Any) -> str:  # noqa: ANN401 - a checked part of a document
    """The curve or transform that plays an idle role."""
    if isinstance(who, str):
        return who
    return str(who["transform" if role == HEAD else "curve"])


def _played(role: str, who: Any, *, name: str) -> Any:  # noqa: ANN401 - a checked part of a document
    """The same part with another curve; transforms keep their names."""
    if role == HEAD:
        return who
    return name if isinstance(who, str) else {**who, "curve": name}
