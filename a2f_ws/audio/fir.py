"""The low-pass filter between two sample rates, as a table of its phases."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, gcd, pi
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.timebase import MODEL_RATE_HZ

HALF_LENGTH: Final = 32
"""Samples of the lower rate on each side of the filter's centre (2 ms at 16 kHz).

Ours: with 32 the embedded network's faces on speech through 44.1 or 48 kHz differ by 0.0004 (rms)
from those on the original 16 kHz; with 16 by 0.003, because the pass band ends lower.
"""

REJECTION_DB: Final = 92.0
"""What the stop band, from half of the lower rate on, lies below the pass band."""

PHASES_MAX: Final = 4096
"""Rows of a table at most; rates that need more get the nearest (error under -69 dB)."""

_KAISER_BETA: Final = 0.1102 * (REJECTION_DB - 8.7)
_TRANSITION: Final = (REJECTION_DB - 7.95) / (2.285 * 2 * HALF_LENGTH) / (2 * pi)
"""Width of the transition band in lower rates.

Source:
    J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974:
    beta and length for a wanted attenuation.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Fir:
    """A windowed-sinc low-pass for one input rate.

    Output n stands at input frame n · `down` / `up`, taken as the nearest multiple of 1/phases.

    Attributes:
        up: Numerator of 16000 / rate, reduced.
        down: Denominator of it.
        half: Input frames that an output hears on each side, >= 1.
        table: float32 (phases, 2 · half), read-only. Row p weighs input frames
            c - half + 1 … c + half for an output that stands at c + p / phases; rows add up to 1.
    """

    up: int
    down: int
    half: int
    table: Floats

    @property
    def phases(self) -> int:
        """Rows of the table."""
        return int(self.table.shape[0])

    def at(self, n: int) -> tuple[int, int]:
        """The place of output n in units of 1/phases input frames, rounded half up.

        Returns:
            The place, and what the rounding left of n · 2 · down · phases + up, modulo 2 · up.
        """
        return divmod(2 * n * self.down * self.phases + self.up, 2 * self.up)

    def first_from(self, frame: int) -> int:
        """Smallest n whose place is at or after an input frame; may be negative."""
        return -((self.up - 2 * self.up * frame * self.phases) // (2 * self.down * self.phases))


@lru_cache(maxsize=16)
def fir_for(rate_hz: int) -> Fir:
    """The filter from a rate to 16 kHz; shared, at most 1.1 MB each.

    Args:
        rate_hz: Input rate, 8,000 … 192,000, not 16,000.

    Returns:
        The filter: within 0.1 dB up to 0.42, silent from 0.5 of the lower rate on.
    """
    common = gcd(rate_hz, MODEL_RATE_HZ)
    up, down = MODEL_RATE_HZ // common, rate_hz // common
    lower_hz = min(rate_hz, MODEL_RATE_HZ)
    limit = ceil(PHASES_MAX * lower_hz / rate_hz)
    phases = min(up, limit)
    reach = HALF_LENGTH * rate_hz / lower_hz
    half = ceil(reach)
    cutoff = (1 - _TRANSITION) * lower_hz / rate_hz
    distance = np.arange(half * phases + 1) / phases
    inside = np.sqrt(np.maximum(0.0, 1 - np.square(distance / reach)))
    window = np.where(distance < reach, np.i0(_KAISER_BETA * inside), 0.0)
    one_side = np.sinc(cutoff * distance) * window
    taps = np.arange(1 - half, half + 1) * phases
    weights = one_side[np.abs(taps - np.arange(phases)[:, None])]
    table = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    table.flags.writeable = False
    return Fir(up=up, down=down, half=half, table=table)
