"""An open microphone: silence where nobody speaks, one level for all who do."""

from copy import deepcopy
from typing import Final

import numpy as np

from a2f_ws.audio.gain import SlowGain
from a2f_ws.audio.gate import NoiseGate
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
    """What is known of the room and of who speaks there; one utterance hands it to the next."""

    def __init__(self) -> None:
        """Know nothing."""
        self.gate = NoiseGate()
        self.gain = SlowGain()


class Microphone:
    """Listens to the samples of one utterance and shapes the windows that are cut out of them.

    A window is shaped by what its own samples tell and nothing later: that the gate opens is
    known at the end of it and opens it up to `LEAD` before. That way the gate loses no beginning,
    waits for nothing, and does the same whatever the chunks were.
    """

    def __init__(self, start: int, before: "Microphone | None" = None) -> None:
        """Begin an utterance.

        Args:
            start: Index of its first sample; before it is silence.
            before: That of the utterance before, whose room this one takes over when its first
                block is heard.
        """
        self._room: Room | None = None
        self._before = before
        self._begin(start)

    @property
    def memory_bytes(self) -> int:
        """Memory of what is known of the blocks, bytes."""
        return self._levels.memory_bytes + self._gains.memory_bytes

    @property
    def gain_db(self) -> float:
        """Gain of the newest block, decibels; 0 before the first."""
        if self._gains.end == self._gains.start:
            return 0.0
        last = np.empty(1, np.float32)
        self._gains.read(self._gains.end - 1, last)
        return float(20 * np.log10(last[0]))

    @property
    def is_open(self) -> bool:
        """True while somebody speaks."""
        return self._room is not None and self._room.gate.is_open

    def hear(self, samples: Floats) -> None:
        """Take the next samples, float32 (n,), model rate."""
        if self._is_closed:
            raise MisuseError("samples after the end of an utterance")
        self._rest = np.concatenate((self._rest, samples))
        count = len(self._rest) // BLOCK
        for k in range(count):
            self._block(self._rest[k * BLOCK : (k + 1) * BLOCK])
        self._rest = self._rest[count * BLOCK :].copy()

    def close(self) -> None:
        """No more samples will come. Repeating it changes nothing."""
        if not self._is_closed and len(self._rest):
            self._block(np.pad(self._rest, (0, BLOCK - len(self._rest))))
        self._is_closed = True

    def skip(self, start: int) -> None:
        """Go on at a sample that does not follow the one before; the room stays known."""
        if self._room is not None:
            self._room.gate.interrupt()
        self._begin(start)

    def shape(self, window: Floats, first: int) -> Floats:
        """What is heard of a window.

        Args:
            window: float32 (n,), all of whose samples have been heard; overwritten.
            first: Index of its first sample; may be negative.

        Returns:
            The window, −1 … 1.

        Raises:
            MisuseError: It begins before what was dropped.
        """
        begin = max(first // BLOCK, self._gains.start)
        end = min((first + len(window)) // BLOCK, self._gains.end)
        if end <= begin:
            window[:] = 0.0
            return window
        nodes = self._nodes(begin, end)
        steps = (nodes[1:] - nodes[:-1])[:, None] * _RAMP
        gains = np.empty(len(window), np.float32)
        left = begin * BLOCK - first
        curve = (nodes[:-1, None] + steps).reshape(-1)
        gains[: max(left, 0)] = 0.0
        part = curve[max(-left, 0) :]
        gains[max(left, 0) : max(left, 0) + len(part)] = part
        gains[max(left, 0) + len(part) :] = nodes[-1]
        window *= gains
        return np.clip(window, -1.0, 1.0, out=window)

    def drop_before(self, index: int) -> None:
        """Forget what only windows that begin before a sample need."""
        block = index // BLOCK - 1
        self._gains.drop_before(block)
        self._levels.drop_before(block)

    def _begin(self, start: int) -> None:
        self._spectrum = Spectrum()
        self._rest: Floats = np.zeros(start % BLOCK, np.float32)
        self._gains = SampleStore(start // BLOCK)
        self._levels = SampleStore(start // BLOCK)
        self._level = 0.0
        self._is_closed = False

    def _block(self, samples: Floats) -> None:
        if self._room is None:
            self._room = Room() if self._before is None else self._before.handed_on()
            self._before = None
        gate, gain = self._room.gate, self._room.gain
        block = self._spectrum.look(samples)
        is_open = gate.hear(block)
        self._level = 1.0 if is_open else max(0.0, self._level - 1 / FADE)
        power = block.power - float(gate.floor.powers.sum())
        factor = gain.hear(power, peak=block.peak, is_speech=is_open and gate.is_voiced)
        self._gains.append(np.array([factor], np.float32))
        self._levels.append(np.array([self._level], np.float32))

    def handed_on(self) -> Room:
        """A copy of what is known of the room."""
        if self._room is None:
            return Room() if self._before is None else self._before.handed_on()
        room = deepcopy(self._room)
        room.gate.interrupt()
        return room

    def _nodes(self, begin: int, end: int) -> Floats:
        """Factors at the borders of blocks, float32 (end - begin + 1,).

        Between two nodes the factor runs straight, so each is as low as the lower one of the
        limiter's on both sides.
        """
        gains, levels = np.empty(end - begin + 2, np.float32), np.empty(end - begin, np.float32)
        self._levels.read(begin, levels)
        self._gains.read(begin - 1, gains[:-1])
        if begin == self._gains.start:
            gains[0] = gains[1]
        gains[-1] = gains[-2]
        opened = np.concatenate(([0], np.cumsum(levels == 1.0), ))
        ends = np.minimum(np.arange(end - begin) + LEAD + 1, end - begin)
        levels[opened[ends] > opened[:-1]] = 1.0
        edges = np.concatenate((levels[:1], np.maximum(levels[:-1], levels[1:]), levels[-1:]))
        return np.minimum(gains[:-1], gains[1:]) * edges


_RAMP: Final = (np.arange(BLOCK, dtype=np.float32) + np.float32(0.5)) / np.float32(BLOCK)
