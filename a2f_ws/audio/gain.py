"""Brings speech to the level that networks know, slowly, and never beyond full scale."""

from math import log10
from typing import Final

TARGET_DB: Final = -24.5
"""Level of speech in 200 … 4000 Hz, decibels of full scale.

Ours: that of the five clips of recorded speech on which the embedded network is tested; at 18 dB
below it its poses correlate by 0.98 with those at it, at 30 dB by 0.88.
"""

RANGE_DB: Final = 18.0
"""Most that is added or taken, decibels (ours)."""

SLEW_DB: Final = 0.03
"""Most that a block changes the gain by, decibels: 3 dB a second (ours)."""

CEILING: Final = 0.98
"""No sample leaves the limiter beyond this."""

_RELEASE: Final = 10.0 ** (0.2 / 20)
"""Factor per block by which the limiter lets go: 20 dB a second (ours)."""
_MEMORY: Final = 300
"""Blocks of speech, three seconds, over which the level is a mean (ours)."""
_ENOUGH: Final = 30
"""Blocks of speech before the level counts."""
_QUIET: Final = 10.0**-1.5
"""Blocks 15 dB below the level are the ends of sounds: they do not count.

Source:
    ITU-T P.56 (12/2011), "Objective measurement of active speech level": margin of 15.9 dB.
"""


class SlowGain:
    """The gain of each block, from the level of the speech before it.

    Attributes:
        gain_db: Gain now, before the limiter, decibels.
    """

    def __init__(self) -> None:
        """Take the microphone as it is."""
        self._power = 10.0 ** (TARGET_DB / 10)
        self._blocks = 0
        self.gain_db = 0.0
        self._limit = 1.0

    @property
    def level_db(self) -> float:
        """Level of the speech so far, decibels of full scale; the target before any."""
        return 10.0 * log10(self._power)

    def hear(self, power: float, *, peak: float, is_speech: bool) -> float:
        """Take the next block.

        Args:
            power: Of the block in the bands of speech, noise taken off.
            peak: Largest magnitude of its samples.
            is_speech: True when it is a voice and the gate is open.

        Returns:
            The factor for its samples, > 0.
        """
        if is_speech:
            self._measure(power)
        gain: float = 10.0 ** (self.gain_db / 20)
        room = CEILING / (gain * peak) if gain * peak > CEILING else 1.0
        self._limit = min(room, 1.0, self._limit * _RELEASE)
        return gain * self._limit

    def _measure(self, power: float) -> None:
        if self._blocks and power < self._power * _QUIET:
            return
        self._blocks += 1
        share = 1.0 / min(self._blocks, _MEMORY)
        self._power += (max(power, 1e-12) - self._power) * share
        if self._blocks >= _ENOUGH:
            wanted_db = min(max(TARGET_DB - self.level_db, -RANGE_DB), RANGE_DB)
            step_db = min(max(wanted_db - self.gain_db, -SLEW_DB), SLEW_DB)
            self.gain_db += step_db
