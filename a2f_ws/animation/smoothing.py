"""Two one-pole filters in a row, for rows of any utterances at once."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats
from a2f_ws.rows import rounds

PASS: Final = np.float32(-1.0)
"""Filter coefficient that means: no filter. Source: SDK, `multitrack_animator.cpp`."""

Precision: TypeAlias = Literal["float32", "float64"]

_TOGETHER: Final = 16
"""States filtered at once (measured): many enough to share the cost of a call, and few enough for
their values, 70 kB of coefficients, to stay in cache and below what an allocator maps anew."""


class Poles:
    """What the smoothing of one utterance remembers; a new one passes its first row unfiltered.

    Attributes:
        values: float32 (2, ...), outputs of the first and of the second filter.
        is_started: False until the first row.
    """

    __slots__ = ("is_started", "values")

    def __init__(self, *shape: int) -> None:
        """The state before the first row.

        Args:
            shape: Shape of a smoothed row.
        """
        self.values: Floats = np.zeros((2, *shape), np.float32)
        self.is_started = False

    def start(self, row: Floats) -> None:
        """Make both filters stand at a row, float32 (...)."""
        self.values[:] = row
        self.is_started = True


def alphas(half_lives_s: Floats, dt_s: Floats, *, precision: Precision) -> Floats:
    """Filter coefficients: the share of the way to its target that a filter goes in one row.

    Args:
        half_lives_s: float32 (B, n), seconds, >= 0; 0 = no filter.
        dt_s: float32 or float64 (B,), time from each row's predecessor, seconds, > 0.
        precision: What 1 − 0.5^(dt / half-life) is computed in; the SDK's is float32.

    Returns:
        float32 (B, n), 0 … 1 or `PASS`, new array.

    Source:
        SDK, `multitrack_animator.cpp`.
    """
    if not np.count_nonzero(half_lives_s):
        return np.full(half_lives_s.shape, PASS)
    rows = zip(half_lives_s.tolist(), dt_s.tolist(), strict=True)
    # Scalar powers: a vectorised one may round differently with the place in its array.
    found = [[_alpha(half_life, dt, precision=precision) for half_life in row] for row, dt in rows]
    return np.array(found, np.float32)


@lru_cache(maxsize=1024)
def _alpha(half_life_s: float, dt_s: float, *, precision: Precision) -> float:
    if not half_life_s > 0.0:
        return float(PASS)
    number = np.float32 if precision == "float32" else np.float64
    with np.errstate(over="ignore", under="ignore"):
        half_lives = number(dt_s) / number(half_life_s)
        return float(number(1.0) - number(0.5) ** half_lives)


def smooth(target: Floats, states: Sequence[Poles], *, alphas: Floats) -> Floats:
    """Rows passed through both filters; the states move on by their rows.

    With a coefficient of `PASS` both filters follow the target, so that filtering can set in again
    without a jump. Every operation works on single elements, so that a row's result has the same
    bits in any batch.

    Args:
        target: float32 (B, ...), finite; not changed.
        states: B states; rows of one state stand in the order of time.
        alphas: float32 (B, ...), coefficients. One row of them and one of the target, broadcast,
            have the shape of a state.

    Returns:
        float32 (B, ...), the second filter's outputs, new array.

    Raises:
        MisuseError: Not as many states as rows.

    Source:
        SDK, `multitrack_animator_cuda.cu`: first += (target - first) · α, then
        second += (first - second) · α with the new first.
    """
    if len(states) != len(target):
        raise MisuseError(f"smoothing: {len(states)} states, wanted {len(target)}")
    out: Floats = np.empty(np.broadcast(target, alphas).shape, np.float32)
    out[:] = target
    is_unfiltered = alphas == PASS
    unfiltered = np.count_nonzero(is_unfiltered)
    if unfiltered == is_unfiltered.size:
        for state, row in zip(states, out, strict=True):
            state.start(row)
        return out
    for round_ in rounds(states):
        for begin in range(0, len(round_), _TOGETHER):
            rows = round_[begin : begin + _TOGETHER]
            # A slice where possible: a list of rows copies them.
            at = slice(rows[0], rows[-1] + 1) if rows[-1] - rows[0] < len(rows) else rows
            ours = [states[row] for row in rows]
            values = _values(ours)
            if unfiltered:
                _follow(values, out[at], where=is_unfiltered[at])
            _start(ours, values, target=out[at])
            _advance(values, out[at], alphas=alphas[at])
            _keep(ours, values)
            out[at] = values[:, 1]
    return out


def _values(states: Sequence[Poles]) -> Floats:
    """The values of n different states, float32 (n, 2, ...): a copy, or a view of a single one."""
    first = states[0].values
    if len(states) == 1:
        return first[None]
    return np.concatenate([state.values for state in states]).reshape(len(states), *first.shape)


def _follow(values: Floats, target: Floats, *, where: NDArray[np.bool_]) -> None:
    """Make filters stand at their targets; advancing then leaves them there."""
    np.copyto(values, target[:, None], where=where[:, None])


def _start(states: Sequence[Poles], values: Floats, *, target: Floats) -> None:
    """The same for all filters of the states that have seen no row."""
    for i, state in enumerate(states):
        if not state.is_started:
            values[i] = target[i]
            state.is_started = True


def _advance(values: Floats, target: Floats, *, alphas: Floats) -> None:
    """Move n states on by one row each, in place."""
    first, second = values[:, 0], values[:, 1]
    step = target - first
    step *= alphas
    first += step
    np.subtract(first, second, out=step)
    step *= alphas
    second += step


def _keep(states: Sequence[Poles], values: Floats) -> None:
    """Write copied values back."""
    if len(states) > 1:
        for state, row in zip(states, values, strict=True):
            state.values[:] = row
