"""Values compiled to a few array operations for any number of faces."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import FACE, Floats
from a2f_ws.rig.value import INPUT_MAX, RATIO_FLOOR, How, Part, Value

Slots: TypeAlias = Mapping[Value, int]


def _ratio(numerator: Floats, denominator: Floats, *, out: Floats) -> None:
    np.divide(numerator, np.maximum(denominator, np.float32(RATIO_FLOOR)), out=out)


JOINS: Final[Mapping[How, Callable[..., object]]] = {
    How.SUM: np.add,
    How.PRODUCT: np.multiply,
    How.RATIO: _ratio,
    How.SMALLEST: np.minimum,
    How.LARGEST: np.maximum,
}


class Fold(NamedTuple):
    """Rows of parts that join others, all at once.

    Attributes:
        into: First of the rows that they join.
        start: First of them.
        rows: How many.
    """

    into: int
    start: int
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Values that are computed together, those with the most parts first.

    Attributes:
        join: What joins their parts.
        inputs: intp (P,), slots: the first part of all values, the second of those that have
            one, and so on.
        factors: float32 (P, 1), what they are multiplied with; None = nothing.
        folds: How the parts become one for each value.
        offset: float32 (V, 1).
        bounds: float32 (V, 1) twice, smallest and largest values; None = any.
    """

    join: Callable[..., object]
    inputs: NDArray[np.intp]
    factors: Floats | None
    folds: tuple[Fold, ...]
    offset: Floats
    bounds: tuple[Floats, Floats] | None

    def run(self, slots: Floats, out: Floats) -> None:
        """Compute the values (V, B) from slots (S, B)."""
        parts = slots.take(self.inputs, axis=0)
        if self.factors is not None:
            parts *= self.factors
        for into, start, rows in self.folds:
            joined = parts[into : into + rows]
            self.join(joined, parts[start : start + rows], out=joined)
        # Adding zero also turns zeros of negative sign round, whose way through a minimum or
        # maximum depends on their place in the array.
        np.add(parts[: len(out)], self.offset, out=out)
        if self.bounds is not None:
            low, high = self.bounds
            np.maximum(out, low, out=out)
            np.minimum(out, high, out=out)


class Program:
    """Computes values for many faces at once.

    Each is computed by the same operations in the same order, whatever the number of faces: no
    matrix product and no reduction, whose last bits depend on it.
    """

    def __init__(self, roots: Sequence[Value]) -> None:
        """Compile.

        Args:
            roots: The values wanted; those that they stand upon are found.
        """
        self._steps: list[Step] = []
        slots: dict[Value, int] = {}
        for _, group in groupby(sorted(_below(roots), key=_turn), key=_turn):
            values = sorted(group, key=_size, reverse=True)
            self._steps.append(_step(values, slots))
            slots |= {value: len(FACE) + len(slots) + k for k, value in enumerate(values)}
        self._slots = len(FACE) + len(slots)
        plain = [_as_sum(root) for root in roots]
        order = sorted(range(len(plain)), key=lambda k: -len(plain[k].parts))
        self._last = _step([plain[k] for k in order], slots)
        self._places = np.argsort(np.array(order, np.intp), kind="stable")

    def run(self, faces: Floats) -> Floats:
        """The values of faces.

        Args:
            faces: float32 (B, 82), columns as in `names.FACE`, not NaN.

        Returns:
            float32 (B, V), new array, in the order of the roots.
        """
        slots = np.empty((self._slots, len(faces)), np.float32)
        np.clip(faces.T, -INPUT_MAX, INPUT_MAX, out=slots[: len(FACE)])
        at = len(FACE)
        for step in self._steps:
            end = at + len(step.offset)
            step.run(slots, slots[at:end])
            at = end
        values = np.empty((len(self._places), len(faces)), np.float32)
        self._last.run(slots, values)
        return np.ascontiguousarray(values[self._places].T)


def _step(values: Sequence[Value], slots: Slots) -> Step:
    """The step that computes values of one kind; those with the most parts come first."""
    lines = [value.parts or (Part(0, 0.0),) for value in values]
    rounds = [[line[k] for line in lines if len(line) > k] for k in range(_longest(lines))]
    flat = [part for one in rounds for part in one]
    factors = _column(part.factor for part in flat)
    low, high = (_column(getattr(value, key) for value in values) for key in ("low", "high"))
    is_free = np.isinf(low).all() and np.isinf(high).all()
    return Step(
        JOINS[values[0].how if values else How.SUM],
        np.array([_place(part.of, slots) for part in flat], np.intp),
        None if (factors == 1).all() else factors,
        tuple(_folds([len(one) for one in rounds])),
        _column(value.offset for value in values),
        None if is_free else (low, high),
    )


def _place(of: int | Value, slots: Slots) -> int:
    """Where a column of the face or another value stands."""
    return slots[of] if isinstance(of, Value) else of


def _longest(lines: Sequence[Sequence[Part]]) -> int:
    return max((len(line) for line in lines), default=0)


def _folds(counts: Sequence[int]) -> Iterator[Fold]:
    """How rounds of parts, one after the other, become the first round.

    Those from the largest power of two on join the first ones, until one is left: what joins
    what for a value depends on the number of its own parts alone, so that it has the same bits in
    any company. Neighbours that can join in one operation do.

    Args:
        counts: Parts in each round, falling.
    """
    starts = [0, *accumulate(counts)]
    left = len(counts)
    while left > 1:
        half = 1 << (left - 1).bit_length() - 1
        fold: Fold | None = None
        for k in range(left - half):
            new = Fold(starts[k], starts[k + half], counts[k + half])
            if fold and (new.into, new.start) == (fold.into + fold.rows, fold.start + fold.rows):
                fold = fold._replace(rows=fold.rows + new.rows)
                continue
            if fold:
                yield fold
            fold = new
        if fold:
            yield fold
        left = half


def _column(numbers: Iterable[float]) -> Floats:
    """Numbers as float32 (N, 1), without zeros of negative sign."""
    return np.array(list(numbers), np.float32)[:, None] + np.float32(0)


def _below(roots: Iterable[Value]) -> list[Value]:
    """All values that others stand upon, each once, in order of appearance."""
    found: dict[Value, None] = {}
    waiting = [_as_sum(root) for root in roots]
    while waiting:
        value = waiting.pop(0)
        others = [part.of for part in value.parts]
        fresh = [of for of in others if isinstance(of, Value) and of not in found]
        found |= dict.fromkeys(fresh)
        waiting += fresh
    return list(found)


def _as_sum(root: Value) -> Value:
    """A root that can be computed together with all others."""
    if root.how is How.SUM:
        return root
    return Value(How.SUM, (Part(root),))


def _turn(value: Value) -> tuple[int, str]:
    """When a value is computed: after what it stands upon, together with its like."""
    return value.level, value.how


def _size(value: Value) -> int:
    return len(value.parts)
