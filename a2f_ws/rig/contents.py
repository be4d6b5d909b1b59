"""What a rig table holds once it is checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from a2f_ws.rig.space import TRANSFORM, Space
from a2f_ws.rig.value import Motion, Value

HEAD: Final = "head"
"""The idle role that a transform plays; all others are played by curves."""

Document: TypeAlias = Mapping[str, object]
"""What the TOML parser makes of a file, or what a client sends as `open.table`."""


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
        having: The mesh has all of these.
        values: What these curves are then.
        roles: Who plays these idle roles then.
    """

    lacking: tuple[str, ...]
    having: tuple[str, ...]
    values: Mapping[str, Value]
    roles: Mapping[str, Role]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
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

    @property
    def idle(self) -> dict[str, tuple[int, float]]:
        """Idle role → (index into the row, gain), as `opened` tells it."""
        at = {name: k for k, name in enumerate(self.values)}
        heads = {name: len(at) + TRANSFORM * k for k, name in enumerate(self.motions)}
        return {
            role: ((heads if role == HEAD else at)[name], gain)
            for role, (name, gain) in self.roles.items()
        }
