"""Tells speech from a room: the noise floor of each band, and who rises above it how."""

from collections import deque
from typing import Final

import numpy as np

from a2f_ws.audio.spectrum import BANDS, Block
from a2f_ws.names import Floats

HANGOVER: Final = 30
"""Blocks that the gate stays open after the last one that sounded like speech: 300 ms (ours)."""

FLOOR_MIN: Final = 10.0**-7.5
"""No band of a room counts as quieter, −75 dB of full scale (ours)."""

MUTED: Final = 10.0**-8.5
"""Less than that is a microphone that is switched off, and tells nothing of the room (ours)."""

_UNKNOWN: Final = 10.0**-6.5
"""Noise of a band, until the first second has told it (ours: a room of −56 dB)."""

SMOOTH: Final = 5
"""Blocks that are averaged before the least one counts as noise."""
_PART: Final = 50
_PARTS: Final = 6
"""The floor is the least of the last three seconds, in parts of half a second: in less than that,
speech falls to it between two sounds; no later, a fan that was switched on belongs to the room.
Voices do not count, unless they never end."""
_PARTS_KNOWN: Final = 2
"""So many of them have told what the room is like."""
_BIAS: Final = 1.6
"""How much more than its least smoothed power noise has on average (measured: white noise)."""

_RISE_MAX_DB: Final = 15.0
"""What a single band adds to the rise at most: a click is not speech because it is loud."""
_OPEN_DB, _KEEP_DB, _LOUD_DB = 3.0, 2.0, 6.0
_VOICED, _RATHER_VOICED = 0.62, 0.5
_VOICED_MIN, _VOICED_OF = 3, 5
"""So many voiced ones of so many blocks open the gate (ours: keys that are struck never do)."""
_STEADY: Final = 16
_STEADY_RANGE: Final = 10.0**1.5
"""So many loud blocks within 15 dB open it as well, for those who whisper (ours)."""
_NEAR: Final = 30
"""Blocks after a voiced one in which consonants without voice go on with it."""

_HUM: Final = 500
"""Blocks of voice, five seconds, after which it may belong to the room: nobody sings for so long
without breath, mains do (ours)."""
_BREATH: Final = 2
"""Blocks of voice that a block without outweighs."""


class Floor:
    """The noise of every band, by minimum statistics.

    Source:
        R. Martin, "Noise power spectral density estimation based on optimal smoothing and minimum
        statistics", 2001, with a fixed smoothing and bias.

    Attributes:
        powers: float32 (8,), mean power of the noise.
    """

    def __init__(self) -> None:
        """Know nothing of the room."""
        self.powers: Floats = np.full(BANDS, _UNKNOWN, np.float32)
        self._least: deque[Floats] = deque(maxlen=_PARTS - 1)
        self._part: Floats = np.full(BANDS, np.inf, np.float32)
        self._count = 0

    def hear(self, total: Floats) -> None:
        """Take the powers of the last `SMOOTH` blocks, added up."""
        self._part = np.minimum(self._part, total * np.float32(_BIAS / SMOOTH))
        self._count += 1
        least = self._part
        for part in self._least:
            least = np.minimum(least, part)
        if len(self._least) < _PARTS_KNOWN:
            least = np.minimum(least, np.float32(_UNKNOWN))
        self.powers = np.maximum(least, np.float32(FLOOR_MIN))
        if self._count == _PART:
            self._least.append(self._part)
            self._part, self._count = np.full(BANDS, np.inf, np.float32), 0


class NoiseGate:
    """Decides block by block whether somebody speaks.

    Attributes:
        floor: What the room sounds like.
        is_open: True while somebody speaks, and 300 ms longer.
        is_voiced: True when the last block was a voice.
    """

    def __init__(self, floor: Floor) -> None:
        """Closed, in a room that may be known already."""
        self.floor = floor
        self.is_open = self.is_voiced = False
        self._left = 0
        self._since_voiced = _NEAR
        self._humming = 0
        self._voiced: deque[bool] = deque(maxlen=_VOICED_OF)
        self._loud: deque[float] = deque(maxlen=_STEADY)
        self._recent: deque[Floats] = deque(maxlen=SMOOTH)

    def hear(self, block: Block) -> bool:
        """Take the next block; True while the gate is open."""
        rise_db = self._rise_db(block)
        self.is_voiced = block.voicing > _VOICED and rise_db > _OPEN_DB
        self._humming = max(0, self._humming + (1 if self.is_voiced else -_BREATH))
        self._learn(block)
        self._voiced.append(self.is_voiced)
        self._loud.append(block.power if rise_db > _LOUD_DB else 0.0)
        if self.is_open:
            self._stay(block, rise_db=rise_db)
        elif sum(self._voiced) >= _VOICED_MIN or self._is_steady:
            self.is_open, self._left, self._since_voiced = True, HANGOVER, 0
        return self.is_open

    def _learn(self, block: Block) -> None:
        """Let the floor hear what may belong to the room."""
        if not block.is_whole or block.power <= MUTED:
            return
        if self.is_voiced and self._humming < _HUM:
            return
        self._recent.append(block.powers)
        if len(self._recent) == SMOOTH:
            total = np.zeros(BANDS, np.float32)
            for powers in self._recent:
                total += powers
            self.floor.hear(total)

    @property
    def _is_steady(self) -> bool:
        """True for a loud sound that lasts, as no click does."""
        is_full = len(self._loud) == _STEADY
        return is_full and min(self._loud) * _STEADY_RANGE > max(self._loud) > 0.0

    def _stay(self, block: Block, *, rise_db: float) -> None:
        """Stay open while it sounds like speech, and the hangover longer."""
        if (block.voicing > _RATHER_VOICED and rise_db > _KEEP_DB) or self._is_steady:
            self._since_voiced = 0
        else:
            self._since_voiced += 1
        if self._since_voiced == 0 or (self._since_voiced < _NEAR and rise_db > _LOUD_DB):
            self._left = HANGOVER
        else:
            self._left -= 1
        self.is_open = self._left > 0

    def _rise_db(self, block: Block) -> float:
        """How far the bands rise above the noise, mean of the decibels."""
        ratio = np.maximum(block.powers / self.floor.powers, np.float32(1.0))
        rise = np.minimum(np.float32(10.0) * np.log10(ratio), np.float32(_RISE_MAX_DB))
        return float(rise.sum()) / BANDS
