"""Which curves of a rig a mesh has, and which rig is the best for a mesh."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final

from a2f_ws.rig.contents import HEAD, Kind, RigTable, Role
from a2f_ws.rig.spelling import SHARED_BY, keys, shared_prefixes

AUTO: Final = "auto"
"""What a client opens to get the best rig for what its mesh has."""

TRIED: Final = 64
"""Names by which prefixes are compared, so that many long names cost little (ours)."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A rig on a mesh.

    Attributes:
        table: The rig with the curves that the mesh has, in the order and spelling of the mesh.
        missing: Curves that faces move and the mesh lacks, in row order of the rig.
        unmatched: Names of the mesh that nothing drives, in its order.
        known: How many of its names the rig knows, driven or not.
    """

    table: RigTable
    missing: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    known: int = 0

    @property
    def rank(self) -> tuple[int, int, int]:
        """The larger, the better: names driven, names known, curves missing."""
        return len(self.table.curves), self.known, -len(self.missing)


def best(tables: Iterable[RigTable], have: Sequence[str]) -> Fit | None:
    """The rig that suits a mesh best.

    It is the one that drives the most names; among equals the one that knows the most, so that a
    head with both ARKit and viseme shapes gets the rig that is made for both; then the one that
    misses the fewest curves; then the first. Where none drives anything, a prefix that the names
    share is left out.

    Args:
        tables: The rigs; those with `auto = false` are passed by.
        have: Names of the curves that the mesh has.

    Returns:
        The fit, or None when no rig drives any of the names.
    """
    tables = [table for table in tables if table.is_in_auto]
    names = tuple(dict.fromkeys(have))
    fit = _best(tables, names)
    if fit is None:
        prefix = _prefix(tables, names)
        fit = _best(tables, names, prefix=prefix) if prefix else None
    return fit


def _best(tables: Iterable[RigTable], names: Sequence[str], *, prefix: str = "") -> Fit | None:
    fits = [_fit(table, names, driver=_drivers(table, names, prefix=prefix)) for table in tables]
    fit = max(fits, key=attrgetter("rank"), default=None)
    return fit if fit and fit.table.curves else None


def fitted(table: RigTable, have: Sequence[str]) -> Fit:
    """A rig with the curves that a mesh has.

    Every name is driven by at most one curve, a curve may drive several names (the same shape
    under two prefixes). A name that the curve has itself goes before its aliases. Curves that are
    always 0 drive nothing. Where the rig knows none of the names, a prefix that they share is left
    out.

    Args:
        table: The rig.
        have: Names of the curves that the mesh has; naming one twice is naming it once.

    Returns:
        The fit; its table may have no curves.
    """
    names = tuple(dict.fromkeys(have))
    driver = _drivers(table, names)
    if not driver:
        prefix = _prefix([table], names)
        driver = _drivers(table, names, prefix=prefix) if prefix else driver
    return _fit(table, names, driver=driver)


def _fit(table: RigTable, names: Sequence[str], *, driver: Mapping[str, str]) -> Fit:
    """A rig with the curves that names mean, by name of the mesh."""
    there = set(driver.values())
    values, motions, roles = dict(table.values), dict(table.motions), dict(table.roles)
    for fallback in table.fallbacks:
        if fallback.acts_on(there):
            values |= fallback.values
            motions |= fallback.motions
            roles |= fallback.roles
    nothing = {name for name, value in values.items() if value.is_nothing}
    driven = {
        name: driver[name] for name in names if name in driver and driver[name] not in nothing
    }
    return Fit(
        table=replace(
            table,
            values={name: values[curve] for name, curve in driven.items()},
            motions=motions,
            roles=_roles(roles, driven),
        ),
        missing=tuple(
            name for name, value in values.items() if name not in there and not value.is_still
        ),
        unmatched=tuple(name for name in names if name not in driven),
        known=len(driver),
    )


def _prefix(tables: Collection[RigTable], names: Sequence[str]) -> str:
    """The shared prefix without which some rig knows the most names; empty where it knows few."""

    def known(prefix: str) -> int:
        some = [name for name in names if name.startswith(prefix)][:TRIED]
        return max((len(_drivers(table, some, prefix=prefix)) for table in tables), default=0)

    counts = {prefix: known(prefix) for prefix in shared_prefixes(names)}
    best_one = max(counts, key=counts.__getitem__, default="")
    return best_one if counts.get(best_one, 0) >= SHARED_BY else ""


def _drivers(table: RigTable, names: Iterable[str], *, prefix: str = "") -> dict[str, str]:
    """Name of the mesh → curve of the rig that it means, a prefix left out."""
    found: dict[str, tuple[str, Kind]] = {}
    for name in names:
        known = (key for key in keys(name.removeprefix(prefix)) if key in table.index)
        entry = next((table.index[key] for key in known), None)
        if entry is not None:
            found[name] = entry
    own = {curve for curve, kind in found.values() if kind is Kind.OWN}
    return {
        name: curve for name, (curve, kind) in found.items() if kind is Kind.OWN or curve not in own
    }


def _roles(roles: Mapping[str, Role], driven: Mapping[str, str]) -> dict[str, Role]:
    """Idle roles by the names of the mesh: of several that a curve drives, the first plays."""
    first: dict[str, str] = {}
    for name, curve in driven.items():
        first.setdefault(curve, name)
    return {
        role: who if role == HEAD else Role(first[who.name], who.gain)
        for role, who in roles.items()
        if role == HEAD or who.name in first
    }
