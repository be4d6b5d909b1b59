"""Any sample rate to 16 kHz as a stream, without bursts and without drift."""

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from a2f_ws.audio.fir import Fir, fir_for
from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats
from a2f_ws.timebase import MICROSECONDS, MODEL_RATE_HZ

RATE_MIN_HZ: Final = 8_000
RATE_MAX_HZ: Final = 192_000

_TILE: Final = 512
"""Outputs computed at once: bounds the memory of a push however long it is."""

_NOTHING: Final[Floats] = np.zeros(0, dtype=np.float32)


def delay_us(rate_hz: int) -> int:
    """What resampling from a rate adds to the look-ahead, microseconds, rounded up; 0 at 16 kHz.

    Outputs before time t are final as soon as the input before t + delay is there.

    Raises:
        ValueError: Not 8,000 … 192,000.
    """
    if _checked(rate_hz) == MODEL_RATE_HZ:
        return 0
    fir = fir_for(rate_hz)
    rounding = 0 if fir.phases == fir.up else 1
    half_phases = 2 * fir.phases * (fir.half + 1) + rounding
    ticks = half_phases * MODEL_RATE_HZ - 2 * fir.phases * rate_hz
    return -(-ticks * MICROSECONDS // (2 * fir.phases * rate_hz * MODEL_RATE_HZ))


def reach_frames(rate_hz: int) -> int:
    """Input frames on either side of an output's time that it hears, rounded up; 0 at 16 kHz.

    Raises:
        ValueError: Not 8,000 … 192,000.
    """
    return 0 if _checked(rate_hz) == MODEL_RATE_HZ else fir_for(rate_hz).half + 1


class Resampler:
    """One stream of samples on its way to 16 kHz.

    Output n belongs to the time n / 16000 s, exactly: the filter is symmetric about it. Every
    output is one dot product over the same frames, whatever the split into pushes.

    Attributes:
        start: Index of the first output at the model rate; all before it are zero.
    """

    def __init__(self, rate_hz: int, first: int = 0) -> None:
        """Begin a stream.

        Args:
            rate_hz: Input rate, 8,000 … 192,000.
            first: Index of the first input frame that will be pushed, >= 0; before it is silence.

        Raises:
            ValueError: Another rate, or a negative `first`.
        """
        if first < 0:
            raise ValueError(f"first {first}: wanted >= 0")
        self._rate_hz = _checked(rate_hz)
        self._fir: Fir | None = None if rate_hz == MODEL_RATE_HZ else fir_for(rate_hz)
        self._end = first
        self._is_finished = False
        self._heard = _NOTHING
        if self._fir is None:
            self.start = first
            return
        self.start = max(0, self._fir.first_from(first - self._fir.half))
        self._next = self.start
        self._base = self._needed(self._fir)
        self._heard = np.zeros(first - self._base, dtype=np.float32)

    @property
    def delay_us(self) -> int:
        """What this stream adds to the look-ahead, microseconds, rounded up."""
        return delay_us(self._rate_hz)

    @property
    def kept_frames(self) -> int:
        """Input frames in memory: those that outputs to come will hear."""
        return len(self._heard)

    def ready(self, end: int) -> int:
        """Index after the last output that is final once the input reaches frame `end`."""
        if self._fir is None:
            return max(self.start, end)
        return max(self.start, self._fir.first_from(end - self._fir.half))

    def push(self, samples: Floats) -> Floats:
        """The outputs that these samples complete.

        Args:
            samples: float32 (n,), the next input frames; may be empty.

        Returns:
            float32 (m,), the next outputs; at 16 kHz the argument itself.

        Raises:
            MisuseError: The stream is finished.
        """
        if self._is_finished:
            raise MisuseError("push to a finished resampler")
        self._end += len(samples)
        fir = self._fir
        if fir is None:
            return samples
        self._heard = np.concatenate((self._heard, samples))
        return self._take(fir, until=self.ready(self._end))

    def finish(self) -> Floats:
        """The rest of the outputs, with silence after the last sample.

        The stream then ends before index ceil(end · 16000 / rate), `end` being the index after
        the last frame pushed.

        Returns:
            float32 (m,).

        Raises:
            MisuseError: The stream is finished already.
        """
        if self._is_finished:
            raise MisuseError("a resampler finished twice")
        self._is_finished = True
        fir = self._fir
        if fir is None:
            return _NOTHING
        self._heard = np.concatenate((self._heard, np.zeros(fir.half + 1, dtype=np.float32)))
        return self._take(fir, until=-(-self._end * fir.up // fir.down))

    def _take(self, fir: Fir, *, until: int) -> Floats:
        """Outputs from the next one on, up to index `until` (exclusive)."""
        if until <= self._next:
            return _NOTHING
        outputs = np.empty(until - self._next, dtype=np.float32)
        for done in range(0, len(outputs), _TILE):
            self._compute(fir, outputs[done : done + _TILE])
        needed = self._needed(fir)
        self._heard = self._heard[needed - self._base :].copy()
        self._base = needed
        return outputs

    def _compute(self, fir: Fir, out: Floats) -> None:
        """Write the next outputs; only the place of the first needs wide integers."""
        place, remainder = fir.at(self._next)
        frame, phase = divmod(place, fir.phases)
        steps = np.arange(len(out), dtype=np.int64) * (2 * fir.down * fir.phases)
        places = (steps + remainder) // (2 * fir.up) + phase
        offsets, phases = np.divmod(places, fir.phases)
        rows = sliding_window_view(self._heard, 2 * fir.half)
        heard = rows[offsets + (frame - fir.half + 1 - self._base)]
        np.einsum("nt,nt->n", heard, fir.table[phases], out=out)
        self._next += len(out)

    def _needed(self, fir: Fir) -> int:
        """First input frame that the next output hears; negative ones are silence."""
        return fir.at(self._next)[0] // fir.phases - fir.half + 1


def _checked(rate_hz: int) -> int:
    """The rate itself, if it can be resampled."""
    if not RATE_MIN_HZ <= rate_hz <= RATE_MAX_HZ:
        raise ValueError(f"rate {rate_hz}: wanted {RATE_MIN_HZ} to {RATE_MAX_HZ} Hz")
    return rate_hz
