"""What a rig says of meshes that lack or have some of its curves."""

from collections.abc import Iterator
from typing import Final

from a2f_ws.rig import sections
from a2f_ws.rig.contents import Document, Fallback
from a2f_ws.rig.extends import CHANGED, FALLBACK, WHEN
from a2f_ws.rig.faults import Faults, quoted
from a2f_ws.rig.grammar import Grammar
from a2f_ws.rig.players import Players
from a2f_ws.rig.spelling import instead_of

KEYS: Final = (*WHEN, *CHANGED)
FALLBACKS_MAX: Final = 32
"""Bound of what matching costs (ours)."""


def fallbacks(document: Document, players: Players, *, grammar: Grammar) -> Iterator[Fallback]:
    """Every `[[fallback]]` of a table.

    Args:
        document: The table, what it extends folded in.
        players: Its curves and transforms, which a fallback may say anew.
        grammar: Reads its values, those of the table being read already.

    Raises:
        ConfigError: There are too many, one has a mistake, can never act or changes nothing.
    """
    faults = players.faults
    parts = sections.parts(document, FALLBACK, faults=faults)
    if len(parts) > FALLBACKS_MAX:
        raise faults.found(f"{len(parts)} fallbacks, wanted at most {FALLBACKS_MAX}")
    for k, part in enumerate(parts):
        place = f"fallback {k + 1}"
        for key in part:
            if key not in KEYS:
                raise faults.found(f"{place}: unknown key {quoted(key)}{instead_of(key, KEYS)}")
        lacking, lacking_any, having = _when(part, place, faults=faults)
        curves = sections.section(part, "curves", faults=faults)
        motions = sections.section(part, "transforms", faults=faults)
        for name in (*lacking, *lacking_any, *having, *curves):
            sections.check_known(name, players.curves, what="curve", place=place, faults=faults)
        for name in motions:
            known = players.motions
            sections.check_known(name, known, what="transform", place=place, faults=faults)
        _check_effect(part, place, faults=faults)
        yield Fallback(
            lacking=lacking,
            lacking_any=lacking_any,
            having=having,
            values={
                name: grammar.value(
                    f"{place}: curve {name}",
                    content,
                    low=players.curves[name].low,
                    high=players.curves[name].high,
                )
                for name, content in curves.items()
            },
            motions={
                name: grammar.motion(name, content, place=f"{place}: ")
                for name, content in motions.items()
            },
            roles=players.roles(part),
        )


def _when(part: Document, place: str, *, faults: Faults) -> list[tuple[str, ...]]:
    """What a mesh lacks and has where a fallback acts, in the order of `WHEN`."""
    if part.keys().isdisjoint(WHEN):
        raise faults.found(f"{place}: wanted one of {', '.join(WHEN)}")
    return [
        tuple(sections.names(part[key], f"{place}: {key}", of="curves", faults=faults))
        if key in part
        else ()
        for key in WHEN
    ]


def _check_effect(part: Document, place: str, *, faults: Faults) -> None:
    """Refuse a fallback that can never act, or has nothing to do."""
    if not any(part.get(key) for key in CHANGED):
        raise faults.found(f"{place}: changes nothing, wanted curves, transforms or idle")
    lacking, some, having = _when(part, place, faults=faults)
    for name in lacking:
        if name in having:
            raise faults.found(f"{place}: {name} cannot be both lacking and there")
        if name in sections.section(part, "curves", faults=faults):
            raise faults.found(f"{place}: curve {name}: a mesh without it has no use")
    if some and set(some) <= set(having):
        raise faults.found(f"{place}: a mesh that has {some[0]} cannot lack it")
