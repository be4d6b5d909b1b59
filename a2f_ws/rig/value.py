"""What curves are made of: a graph of sums, products, ratios, smallest and largest of values."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from math import inf, prod
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import force_setattr, replace

INPUT_MAX: Final = 1e3
"""Within ± this inputs are held, far outside of any weight or angle in degrees (ours)."""

SIZE_MAX: Final = 1e30
"""What nothing computed may exceed, whatever the face: a client's gain stays within float32."""

RATIO_FLOOR: Final = 1e-3
"""What a ratio divides by at least, so that nothing is divided by zero (ours)."""

LEVELS_MAX: Final = 16
"""Values that may stand upon one another (ours: each level costs a mapping some microseconds)."""


class How(StrEnum):
    """What a value does with its parts."""

    SUM = "sum"
    PRODUCT = "product"
    RATIO = "ratio"
    SMALLEST = "smallest"
    LARGEST = "largest"


class Part(Struct, frozen=True, gc=False):
    """What a value takes, times a factor.

    Parts and values stand upon one another and never in a circle, so Python's search for circles
    passes them by: there are thousands in a rig, and rigs of strangers in memory by the dozen.

    Attributes:
        of: Column of `names.FACE`, or another value.
        factor: Coefficient, −1e6 … 1e6.
    """

    of: "int | Value"
    factor: float = 1.0


class Value(Struct, frozen=True, eq=False, gc=False):
    """clamp(fold of all parts + offset, low, high).

    Attributes:
        how: What folds the parts.
        parts: What it is made of; a ratio has two.
        offset: Summand.
        low: Smallest value.
        high: Largest value, >= low.
        is_kept: True where it is sent to a mesh that has the curve, though it be always 0.
        size: Largest amount that its sum, product … can have for any face; it, level and is_still
            are found out, whatever is given.
        level: Values that stand below it, in the longest line.
        is_still: True where no face can move it: nothing stands in it but numbers.
    """

    how: How
    parts: tuple[Part, ...]
    offset: float = 0.0
    low: float = -inf
    high: float = inf
    is_kept: bool = False
    size: float = 0.0
    level: int = 0
    is_still: bool = False

    def __post_init__(self) -> None:
        """See what stands below."""
        below = [part.of for part in self.parts if isinstance(part.of, Value)]
        is_still = len(below) == len(self.parts) and all(value.is_still for value in below)
        force_setattr(self, "level", max((value.level + 1 for value in below), default=0))
        force_setattr(self, "is_still", is_still)
        force_setattr(self, "size", self._size())

    @property
    def reach(self) -> float:
        """Largest amount that it can have itself."""
        ends = (min(max(end, self.low), self.high) for end in (-self.size, self.size))
        return max(map(abs, ends))

    @property
    def is_nothing(self) -> bool:
        """True where it is surely 0 and not kept: no face moves it, no number in it is not 0."""
        return self.is_still and self.reach == 0 and not self.is_kept

    def scaled(self, gain: float, *, offset: float, low: float, high: float) -> "Value":
        """The sum clamp(gain · this + offset, low, high); a sum's own bounds are left out."""
        if self.how is not How.SUM:
            return Value(How.SUM, (Part(self, gain),), offset, low, high, self.is_kept)
        parts = tuple(Part(part.of, part.factor * gain) for part in self.parts)
        return Value(How.SUM, parts, self.offset * gain + offset, low, high, self.is_kept)

    def _size(self) -> float:
        sizes = [
            abs(part.factor) * (part.of.reach if isinstance(part.of, Value) else INPUT_MAX)
            for part in self.parts
        ]
        if self.how is How.SUM:
            return sum(sizes) + abs(self.offset)
        if self.how is How.PRODUCT:
            return prod(sizes) + abs(self.offset)
        if self.how is How.RATIO:
            return sizes[0] / RATIO_FLOOR + abs(self.offset)
        return max(sizes) + abs(self.offset)


Motion: TypeAlias = tuple[Value, Value, Value, Value, Value, Value]
"""Pitch, yaw, roll in degrees and x, y, z in metres of a transform, in the head's own space."""

MOTION: Final = ("pitch", "yaw", "roll", "x", "y", "z")
"""Names of the parts of a motion."""


def number(value: float) -> Value:
    """A value that is always the same."""
    return Value(How.SUM, (), offset=value)


def piecewise(part: Part, points: Sequence[tuple[float, float]]) -> Value:
    """The line through points, level before the first and after the last one.

    It is y₀ + Σ slope · clamp(x − xₖ, 0, xₖ₊₁ − xₖ): a sum of clamped sums.

    Args:
        part: What x is.
        points: (x, y) with rising x, two or more.
    """
    pieces = []
    for (x, y), (x_next, y_next) in pairwise(points):
        width = x_next - x
        piece = Value(How.SUM, (part,), -x, low=0.0, high=width)
        pieces.append(Part(piece, (y_next - y) / width))
    return Value(How.SUM, tuple(pieces), points[0][1])


def mirrored(values: Iterable[Value], columns: Mapping[int, tuple[int, int]]) -> dict[Value, Value]:
    """Every value as it is for a face whose inputs have changed places.

    Args:
        values: The values.
        columns: Column of `names.FACE` → (the column whose value it takes, its sign).

    Returns:
        Value → the same of the mirrored face; those below them are in it too.
    """
    done: dict[Value, Value] = {}

    def part(old: Part) -> Part:
        if isinstance(old.of, Value):
            return Part(value(old.of), old.factor)
        other, sign = columns.get(old.of, (old.of, 1))
        return Part(other, sign * old.factor)

    def value(old: Value) -> Value:
        if old not in done:
            done[old] = replace(old, parts=tuple(part(one) for one in old.parts))
        return done[old]

    for one in values:
        value(one)
    return done
