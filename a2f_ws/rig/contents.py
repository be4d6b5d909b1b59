"""What a rig table holds once it is checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias

from a2f_ws.rig.space import TRANSFORM, Space
from a2f_ws.rig.spelling import keys
from a2f_ws.rig.value import Motion, Value

HEAD: Final = "head"
"""The idle role that a transform plays; all others are played by curves."""

Document: TypeAlias = Mapping[str, object]
"""What the TOML parser makes of a file, or what a client sends as `open.table`."""


class Kind(IntEnum):
    """Whose name it is that means a curve."""

    OWN = 0
    ALIAS = 1


class Role(NamedTuple):
    """Who plays a role of idle life.

    Attributes:
        name: Curve, or for the role "head" transform.
        gain: Factor of the amount.
    """

    name: str
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """What is otherwise on a mesh that lacks or has some curves.

    Attributes:
        lacking: The mesh has none of these.
        lacking_any: The mesh lacks at least one of these; empty = it does not matter.
        having: The mesh has all of these.
        values: What these curves are then.
        motions: How these transforms move then.
        roles: Who plays these idle roles then.
    """

    lacking: tuple[str, ...]
    lacking_any: tuple[str, ...]
    having: tuple[str, ...]
    values: Mapping[str, Value]
    motions: Mapping[str, Motion]
    roles: Mapping[str, Role]

    def acts_on(self, there: set[str]) -> bool:
        """Whether it acts on a mesh that has these curves."""
        return (
            there.isdisjoint(self.lacking)
            and there.issuperset(self.having)
            and not (self.lacking_any and there.issuperset(self.lacking_any))
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class RigTable:
    """One rig.

    Attributes:
        name: What clients open it by: path below its folder, without suffix.
        title: One line for people.
        source: Where its names and numbers come from.
        space: Axes and unit of its transforms.
        low: Smallest value of a curve that does not say otherwise.
        high: Largest value of such a curve, > low.
        values: Curve → value, in row order; a value's bounds are the curve's range.
        motions: Transform → motion in the head's own space, in row order.
        roles: Idle role → who plays it.
        groups: Group → the inputs of a face whose sides swap together.
        aliases: Curve → names that other meshes have for it.
        fallbacks: What is otherwise on meshes that lack something; a later one goes before.
        is_in_auto: False where rig "auto" passes it by.
        document: The table as it was read, what it extends folded in.
    """

    name: str
    title: str
    source: str
    space: Space
    low: float
    high: float
    values: Mapping[str, Value]
    motions: Mapping[str, Motion]
    roles: Mapping[str, Role]
    groups: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, tuple[str, ...]]
    fallbacks: tuple[Fallback, ...]
    is_in_auto: bool
    document: Document

    @property
    def curves(self) -> tuple[str, ...]:
        """Names of the curves, in row order."""
        return tuple(self.values)

    @property
    def transforms(self) -> tuple[str, ...]:
        """Names of the transforms, which follow the curves in a row."""
        return tuple(self.motions)

    @property
    def row(self) -> int:
        """Floats in a row: curves + 7 · transforms."""
        return len(self.values) + TRANSFORM * len(self.motions)

    @cached_property
    def index(self) -> Mapping[str, tuple[str, Kind]]:
        """Key of a name → the curve that it means; kept as long as the table lives."""
        index = {curve: (curve, Kind.OWN) for curve in self.values}
        for curve in self.values:
            for key in keys(curve):
                index.setdefault(key, (curve, Kind.OWN))
        for curve, aliases in self.aliases.items():
            for alias in aliases:
                for key in keys(alias):
                    index.setdefault(key, (curve, Kind.ALIAS))
        return index

    @property
    def idle(self) -> dict[str, tuple[int, float]]:
        """Idle role → (index into the row, gain), as `opened` tells it."""
        at = {name: k for k, name in enumerate(self.values)}
        heads = {name: len(at) + TRANSFORM * k for k, name in enumerate(self.motions)}
        return {
            role: ((heads if role == HEAD else at)[name], gain)
            for role, (name, gain) in self.roles.items()
        }
