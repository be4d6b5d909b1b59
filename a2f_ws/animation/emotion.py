"""The emotion of a talking head over time: keys, and ramps that replace what was planned."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats

PLANNED_MAX: Final = 4_096
"""Changes that may lie ahead of what was dropped; a peer may send no more."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ramp:
    """A change from one value to another, in force from `begin` until the next one begins.

    Attributes:
        begin: First sample it decides.
        end: Sample from which on the value is `target`, >= begin.
        source: float32 (E,), the value up to `begin`, where the change starts.
        target: float32 (E,).
    """

    begin: int
    end: int
    source: Floats
    target: Floats

    def value(self, at: int) -> Floats:
        """The value at a sample.

        Source:
            EmotionAccumulator of the reference SDK (audio2x `animated_tensor_cuda.cu`):
            fma(t, b, fma(-t, a, a)) in float32. A product of two float32 is exact in float64, so
            each line rounds once, as a fused multiply-add does.
        """
        if at >= self.end:
            return self.target
        if at <= self.begin:
            return self.source
        share = np.float64(np.float32(at - self.begin) / np.float32(self.end - self.begin))
        source = self.source.astype(np.float64)
        rest = (source - share * source).astype(np.float32)
        value = (rest + share * self.target.astype(np.float64)).astype(np.float32)
        value.flags.writeable = False
        return value


class EmotionTrack:
    """Emotion vector at every sample of the model rate, linear between keys.

    Before the first key the first key holds, after the last one the last. Times are samples of
    the model rate, any integer. Returned arrays are read-only.
    """

    def __init__(self, values: ArrayLike, at: int = 0) -> None:
        """A track with one key.

        Args:
            values: (E,) numbers, in the order of the bundle's emotions; taken as float32.
            at: Time of the key.

        Raises:
            ValueError: Not a vector of finite numbers.
        """
        first = _vector(values)
        self._ramps = [_Ramp(begin=at, end=at, source=first, target=first)]
        self._dropped: int | None = None

    @property
    def last_at(self) -> int:
        """Time of the last key; from here on the value is constant.

        Who reads from a source that is still writing keys may read up to here only.
        """
        return self._ramps[-1].end

    @property
    def planned(self) -> int:
        """Changes in memory, the one in force included."""
        return len(self._ramps)

    def key(self, at: int, values: ArrayLike) -> None:
        """Go on linearly from the last key to a new one.

        Args:
            at: Time of the new key, > `last_at`.
            values: (E,) numbers.

        Raises:
            ValueError: A time that does not rise, another number of emotions, a value that is not
                finite, or more than 4,096 changes.
        """
        if at <= self.last_at:
            raise ValueError(f"key at sample {at}: wanted one after {self.last_at}")
        last = self._ramps[-1]
        target = self._vector_like(values)
        self._plan(self._ramps, _Ramp(begin=last.end, end=at, source=last.target, target=target))

    def ramp(self, at: int, values: ArrayLike, *, over: int) -> None:
        """Go linearly from the value in force at a time to a new one, and forget later plans.

        Values before `at` stay what they were, bit for bit.

        Args:
            at: Time at which the change begins.
            values: (E,) numbers, in force from `at + over` on.
            over: Samples that the change takes; 0 jumps, `at` itself has the new value.

        Raises:
            ValueError: A negative `over`, another number of emotions, a value that is not finite,
                or more than 4,096 changes.
            MisuseError: `at` was dropped.
        """
        if over < 0:
            raise ValueError(f"a ramp over {over} samples: wanted >= 0")
        source, target = self.value(at), self._vector_like(values)
        kept = [ramp for ramp in self._ramps if ramp.begin < at]
        if not kept:
            before = self._ramps[0].source
            kept = [_Ramp(begin=at - 1, end=at - 1, source=before, target=before)]
        self._plan(kept, _Ramp(begin=at, end=at + over, source=source, target=target))

    def value(self, at: int) -> Floats:
        """The emotion at a sample.

        Args:
            at: Sample of the model rate.

        Returns:
            float32 (E,), read-only.

        Raises:
            MisuseError: The time was dropped.
        """
        return self._at(at).value(at)

    def reached(self, at: int) -> Floats:
        """Where the change in force at a sample leads, float32 (E,), read-only.

        It is what holds on when nothing is computed after that sample: a change under way counts
        as complete, one that was planned for later never happens.

        Raises:
            MisuseError: The time was dropped.
        """
        return self._at(at).target

    def drop_before(self, at: int) -> None:
        """Forget what no sample from `at` on needs; times before it can then not be read."""
        self._dropped = at if self._dropped is None else max(at, self._dropped)
        del self._ramps[: max(bisect_right(self._ramps, at, key=_begin) - 1, 0)]

    def _at(self, at: int) -> _Ramp:
        """The change that decides the value at a sample."""
        if self._dropped is not None and at < self._dropped:
            raise MisuseError(f"emotion at sample {at}: those before {self._dropped} were dropped")
        return self._ramps[max(bisect_right(self._ramps, at, key=_begin) - 1, 0)]

    def _plan(self, kept: list[_Ramp], ramp: _Ramp) -> None:
        """Make the track what is kept of it and one more change."""
        if len(kept) >= PLANNED_MAX:
            raise ValueError(f"more than {PLANNED_MAX} changes of emotion planned")
        self._ramps = [*kept, ramp]

    def _vector_like(self, values: ArrayLike) -> Floats:
        """A vector with as many emotions as the first key has."""
        vector = _vector(values)
        wanted = self._ramps[0].target.shape
        if vector.shape != wanted:
            raise ValueError(f"{len(vector)} emotions: wanted {wanted[0]}")
        return vector


def _vector(values: ArrayLike) -> Floats:
    """A read-only float32 copy of a vector of finite numbers."""
    with np.errstate(over="ignore"):
        vector = np.array(values, dtype=np.float32)
    if vector.ndim != 1 or not np.isfinite(vector).all():
        raise ValueError(f"emotion {values!r}: wanted a vector of finite numbers")
    vector.flags.writeable = False
    return vector


def _begin(ramp: _Ramp) -> int:
    """What ramps are ordered by."""
    return ramp.begin
