"""An open microphone: silence where nobody speaks, one level for all who do."""

from typing import Final

import numpy as np

from a2f_ws.audio.gain import SlowGain
from a2f_ws.audio.gate import Floor, NoiseGate
from a2f_ws.audio.spectrum import BLOCK, Spectrum
from a2f_ws.audio.store import SampleStore
from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats

LEAD: Final = 25
"""Blocks before the one at which the gate opens that are heard as well: 250 ms, for consonants
before the first voice (ours)."""

FADE: Final = 10
"""Blocks in which the gate closes: 100 ms (ours)."""


class Room:
    """What is known of the room and of the level of who speaks there.

    Attributes:
        floor: The noise of the room.
        gain: What brings the speech to its level.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self.floor = Floor()
        self.gain = SlowGain()


class Microphone:
    """Listens to the samples of one utterance and shapes the windows that are cut out of them.

    A window is shaped by what its own samples tell and nothing later: that the gate opens is
    known at the end of it and opens it up to `LEAD` before. That way the gate loses no beginning,
    waits for nothing, and does the same whatever the chunks were.
    """

    def __init__(self, room: Room) -> None:
        """Silence so far.

        Args:
            room: That of the session: what one utterance tells of it serves the next one.
        """
        self._room = room
        self.begin(0)

    @property
    def is_open(self) -> bool:
        """True while somebody speaks."""
        return self._gate.is_open

    @property
    def memory_bytes(self) -> int:
        """Memory of what is known of the blocks, bytes."""
        return self._levels.memory_bytes + self._gains.memory_bytes

    def begin(self, start: int) -> None:
        """Begin at a sample, or go on at one that does not follow; before it is silence."""
        self._gate = NoiseGate(self._room.floor)
        self._spectrum = Spectrum()
        self._rest: Floats = np.zeros(start % BLOCK, np.float32)
        self._gains = SampleStore(start // BLOCK)
        self._levels = SampleStore(start // BLOCK)
        self._level = 0.0
        self._is_closed = False

    def hear(self, samples: Floats) -> None:
        """Take the next samples, float32 (n,), model rate.

        Raises:
            MisuseError: Closed.
        """
        if self._is_closed:
            raise MisuseError("samples after the end of an utterance")
        self._rest = np.concatenate((self._rest, samples))
        whole = len(self._rest) // BLOCK * BLOCK
        for at in range(0, whole, BLOCK):
            self._block(self._rest[at : at + BLOCK])
        self._rest = self._rest[whole:].copy()

    def close(self) -> None:
        """No more samples will come. Repeating it changes nothing."""
        if not self._is_closed and len(self._rest):
            self._block(np.pad(self._rest, (0, BLOCK - len(self._rest))))
        self._is_closed = True

    def shape(self, window: Floats, first: int) -> Floats:
        """What is heard of a window.

        Args:
            window: float32 (n,), whose samples have been heard as far as they are there;
                overwritten.
            first: Index of its first sample; may be negative.

        Returns:
            The window itself, −1 … 1.

        Raises:
            MisuseError: It begins before what was dropped.
        """
        begin = max(first // BLOCK, self._gains.start)
        end = min((first + len(window)) // BLOCK, self._gains.end)
        if end <= begin:
            window[:] = 0.0
            return window
        nodes = self._nodes(begin, end=end)
        curve = (nodes[:-1, None] + (nodes[1:] - nodes[:-1])[:, None] * _RAMP).reshape(-1)
        left = begin * BLOCK - first
        curve = curve[max(0, -left) :]
        left = max(0, left)
        right = left + len(curve)
        window[:left] = 0.0
        window[left:right] *= curve
        window[right:] *= nodes[-1]
        return np.clip(window, -1.0, 1.0, out=window)

    def drop_before(self, index: int) -> None:
        """Forget what only windows that begin before a sample need."""
        block = index // BLOCK - 1
        self._gains.drop_before(block)
        self._levels.drop_before(block)

    def _block(self, samples: Floats) -> None:
        """Judge the next block, float32 (160,)."""
        block = self._spectrum.look(samples)
        is_open = self._gate.hear(block)
        self._level = 1.0 if is_open else max(0.0, self._level - 1 / FADE)
        factor = self._room.gain.hear(
            block.power - float(self._room.floor.powers.sum()),
            peak=block.peak,
            is_speech=is_open and self._gate.is_voiced,
        )
        self._gains.append(np.array([factor], np.float32))
        self._levels.append(np.array([self._level], np.float32))

    def _nodes(self, begin: int, *, end: int) -> Floats:
        """Factors at the borders of blocks, float32 (end - begin + 1,), straight between two.

        No sample gets more than the limiter allows its block: both borders stay below that.
        """
        count = end - begin
        gains, levels = np.empty(count + 2, np.float32), np.empty(count, np.float32)
        self._levels.read(begin, levels)
        self._gains.read(begin - 1, gains[:-1])
        if begin == self._gains.start:
            gains[0] = gains[1]
        gains[-1] = gains[-2]
        opened = np.zeros(count + 1, np.intp)
        np.cumsum(levels == 1.0, dtype=np.intp, out=opened[1:])
        until = np.minimum(np.arange(1, count + 1) + LEAD, count)
        levels[opened[until] > opened[:-1]] = 1.0
        edges = np.concatenate((levels[:1], np.maximum(levels[:-1], levels[1:]), levels[-1:]))
        nodes: Floats = np.minimum(gains[:-1], gains[1:]) * edges
        return nodes


_RAMP: Final = (np.arange(BLOCK, dtype=np.float32) + np.float32(0.5)) / np.float32(BLOCK)
