"""From what stands behind a curve's name to its value."""

from collections.abc import Mapping
from itertools import pairwise
from math import inf
from typing import Final

from msgspec.structs import replace

from a2f_ws.names import FACE
from a2f_ws.rig.faults import Faults, is_number, quoted, shown
from a2f_ws.rig.sections import number as number_in
from a2f_ws.rig.spelling import NAME_MAX, instead_of
from a2f_ws.rig.value import (
    LEVELS_MAX,
    MOTION,
    SIZE_MAX,
    How,
    Motion,
    Part,
    Value,
    number,
    piecewise,
)

PIECEWISE: Final = "piecewise"
POINTS: Final = "points"
FOLDS: Final[Mapping[str, tuple[How, int, int]]] = {
    "product": (How.PRODUCT, 2, 4),
    "ratio": (How.RATIO, 2, 2),
    "smallest": (How.SMALLEST, 2, 32),
    "largest": (How.LARGEST, 2, 32),
}
"""Word → what it does, and the least and most values that it takes."""

TRIMS: Final = ("gain", "offset", "min", "max")
WORDS: Final = (*FOLDS, PIECEWISE, POINTS, *TRIMS)
"""Words with a meaning in a value; no term has such a name."""

POINTS_MAX: Final = 16
WIDTH_MIN: Final = 1e-6
"""By more than this x rises from point to point (ours: it bounds the slopes)."""

PARTS_MAX: Final = 16_384
"""Parts of all values of a table (ours: it bounds what mapping one face can cost)."""

WANTED: Final = "wanted an input or { input = number, … }"


class Grammar:
    """Reads the values of one table."""

    def __init__(self, faults: Faults) -> None:
        """Know the inputs of a face and no terms."""
        self._faults = faults
        self._known: dict[str, int | Value] = {name: k for k, name in enumerate(FACE)}
        self._later: dict[str, None] = {}
        self._parts = 0

    def define(self, terms: Mapping[str, object]) -> None:
        """Read terms, which values after them may use by their names.

        Raises:
            ConfigError: A name is taken, or a content a mistake.
        """
        self._later = dict.fromkeys(terms)
        for name, content in terms.items():
            if name in FACE or name in WORDS:
                raise self._faults.found(f"term {name}: this name has a meaning already")
            self._known[name] = self.value(f"term {name}", content)
            del self._later[name]

    def value(
        self, place: str, content: object, *, low: float | None = None, high: float | None = None
    ) -> Value:
        """Read a value.

        Args:
            place: Where it stands, for errors.
            content: What stands there.
            low: Smallest value unless it says so itself; None = any.
            high: Largest value likewise.

        Returns:
            The value, with the bounds that `min` and `max` say or else the given ones.

        Raises:
            ConfigError: A mistake; the text says which and where.
        """
        is_curve = low is not None
        low = -inf if low is None else low
        high = inf if high is None else high
        if isinstance(content, str):
            content = {content: 1.0}
        if not isinstance(content, Mapping):
            raise self._faults.found(f"{place}: {shown(content)}, {WANTED}")
        trims = self._trims(place, content)
        low, high = trims.get("min", low), trims.get("max", high)
        if not low < high:
            raise self._faults.found(f"{place}: min {low:g} is not below max {high:g}")
        rest = {key: part for key, part in content.items() if key not in TRIMS}
        value = self._folded(place, rest)
        self._parts += len(value.parts)
        self._check(place, value)
        gain, offset = trims.get("gain", 1.0), trims.get("offset", 0.0)
        if is_curve or gain != 1.0:
            value = value.scaled(gain, offset=offset, low=low, high=high)
        elif trims:
            value = replace(value, offset=value.offset + offset, low=low, high=high)
        if "offset" in trims:
            value = replace(value, is_kept=True)
        self._check(place, value)
        return value

    def motion(self, name: str, content: object, *, place: str = "") -> Motion:
        """Read the six values of a transform, 0 where nothing is said.

        Args:
            name: Of the transform.
            content: What stands there.
            place: What it stands in, for errors, with ": " at its end.

        Raises:
            ConfigError: A mistake; the text says which and where.
        """
        place = f"{place}transform {name}"
        if not isinstance(content, Mapping):
            wanted = f"wanted a section [transforms.{name}]"
            raise self._faults.found(f"{place}: {shown(content)}, {wanted}")
        for key in content:
            if key not in MOTION:
                near = instead_of(key, MOTION)
                raise self._faults.found(f"{place}: unknown key {quoted(key)}{near}")
        pitch, yaw, roll, x, y, z = (
            self.value(f"{place}: {key}", content.get(key, {})) for key in MOTION
        )
        return pitch, yaw, roll, x, y, z

    def _trims(self, place: str, content: Mapping[str, object]) -> dict[str, float]:
        return {
            key: number_in(content[key], f"{place}: {key}", faults=self._faults)
            for key in TRIMS
            if key in content
        }

    def _check(self, place: str, value: Value) -> None:
        """Refuse a value that costs too much or may become too large.

        Raises:
            ConfigError: It does.
        """
        if self._parts > PARTS_MAX:
            raise self._faults.found(f"{place}: with it more than {PARTS_MAX} parts in all curves")
        if value.level > LEVELS_MAX:
            raise self._faults.found(f"{place}: stands upon more than {LEVELS_MAX} others")
        if value.size > SIZE_MAX:
            raise self._faults.found(f"{place}: may exceed {SIZE_MAX:g}, wanted min and max")

    def _folded(self, place: str, content: Mapping[str, object]) -> Value:
        """A value without gain, offset and bounds."""
        words = [word for word in (*FOLDS, PIECEWISE) if word in content]
        if not words:
            if POINTS in content:
                raise self._faults.found(f"{place}: points without piecewise")
            return Value(
                How.SUM,
                tuple(
                    Part(
                        self._named(place, name),
                        number_in(factor, f"{place}: {name}", faults=self._faults),
                    )
                    for name, factor in content.items()
                ),
            )
        allowed = {words[0], POINTS} if words[0] == PIECEWISE else {words[0]}
        for key in content:
            if key not in allowed:
                raise self._faults.found(
                    f"{place}: {key[:NAME_MAX]} beside {words[0]}, "
                    "wanted a term of its own for one of them"
                )
        if words[0] == PIECEWISE:
            points = self._points(place, content.get(POINTS))
            return piecewise(self._part(place, content[PIECEWISE]), points)
        how, least, most = FOLDS[words[0]]
        parts = content[words[0]]
        if not isinstance(parts, list) or not least <= len(parts) <= most:
            count = f"{least}" if least == most else f"{least} to {most}"
            raise self._faults.found(
                f"{place}: {words[0]}: {shown(parts)}, wanted a list of {count} values"
            )
        return Value(how, tuple(self._part(place, part) for part in parts))

    def _part(self, place: str, content: object) -> Part:
        """A value among those that another is made of: a name, a number or a map."""
        if isinstance(content, str):
            return Part(self._named(place, content))
        if isinstance(content, int | float):
            return Part(number(number_in(content, f"{place}: number", faults=self._faults)))
        return Part(self.value(place, content))

    def _named(self, place: str, name: str) -> int | Value:
        if name in self._known:
            return self._known[name]
        if name in self._later:
            raise self._faults.found(
                f"{place}: term {name!r} is not known yet; a term stands before those that use it, "
                "and one that replaces a term of another table stands where that stood"
            )
        terms = [known for known in self._known if known not in FACE]
        kind = "input or term" if terms else "input"
        near = instead_of(name, [*terms, *FACE], also=WORDS)
        raise self._faults.found(f"{place}: no {kind} {quoted(name)}{near}")

    def _points(self, place: str, content: object) -> list[tuple[float, float]]:
        if not isinstance(content, list) or not 2 <= len(content) <= POINTS_MAX:  # noqa: PLR2004
            raise self._faults.found(
                f"{place}: points: {shown(content)}, wanted a list of 2 to {POINTS_MAX} [x, y]"
            )
        for point in content:
            if not isinstance(point, list) or len(point) != 2 or not all(map(is_number, point)):  # noqa: PLR2004
                raise self._faults.found(f"{place}: points: {shown(point)}, wanted [x, y]")
        points = [(float(x), float(y)) for x, y in content]
        for before, after in pairwise(points):
            if not after[0] - before[0] > WIDTH_MIN:
                raise self._faults.found(
                    f"{place}: points: x does not rise by more than {WIDTH_MIN:g} "
                    f"at [{after[0]:g}, …]"
                )
        return points
