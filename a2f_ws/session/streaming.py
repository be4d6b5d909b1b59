"""Where poses lie among the blocks of a network, and which blocks of an utterance it was given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from a2f_ws.inference.block_params import Blocks
from a2f_ws.names import EMOTIONS, Floats
from a2f_ws.shaping.stream import Block, Carried, Stream
from a2f_ws.timebase import MODEL_RATE_HZ, BlockRate, PoseRate

Feel: TypeAlias = Callable[[int], Floats]
"""The emotion at a sample of the model rate, float32 (10,)."""


def unfelt(at: int) -> Floats:
    """No emotion, at any sample."""
    del at
    return np.zeros(len(EMOTIONS), np.float32)


@dataclass(frozen=True, slots=True)
class Places:
    """Poses of one rate among blocks; both begin at an utterance's sample 0.

    Attributes:
        fps: Poses per second.
        blocks: Which frames each has.
        warmup: Blocks before the one wanted with which a network begins.
    """

    fps: PoseRate
    blocks: BlockRate
    warmup: int

    @classmethod
    def of(cls, fps: PoseRate, blocks: Blocks | None) -> "Places | None":
        """Those of a bundle; None where poses need no blocks."""
        return None if blocks is None else cls(fps, blocks.rate, blocks.warmup)

    @property
    def _parts(self) -> tuple[int, int]:
        """Frames of the network for each pose, as a fraction."""
        rate = self.blocks.rate
        return rate.num * self.fps.den, rate.den * self.fps.num

    def place(self, i: int) -> tuple[int, float]:
        """The frame at or before pose i, and the share of the way to the next one, 0 … 1."""
        num, den = self._parts
        frame, rest = divmod(i * num, den)
        return frame, rest / den

    def needed(self, i: int) -> int:
        """Index after the last block that pose i needs: that of the frame at or after it."""
        num, den = self._parts
        return self.blocks.block(-(-i * num // den)) + 1

    def begin(self, i: int) -> int:
        """The block with which a network begins whose first pose is i."""
        return max(0, self.blocks.block(self.place(i)[0]) - self.warmup)

    def poses(self, blocks: int) -> int:
        """How many poses, from pose 0 on, need nothing but the first so many blocks."""
        num, den = self._parts
        last = self.blocks.frame(blocks) - 1
        return max(0, last * den // num + 1)

    def poses_known(self, at: int) -> int:
        """How many poses, from pose 0 on, need no frame after sample `at`."""
        frames = self.blocks.rate.first_at(at + 1, MODEL_RATE_HZ) + self.blocks.before
        return self.poses(frames // self.blocks.frames)


class Singly:
    """An utterance whose poses have a window each: nothing goes on from one to the next."""

    def window(self, i: int) -> int:
        """The first window that is needed from pose i on."""
        return i

    def open_at(self, at: int) -> int:
        """First sample from which on nothing was computed, where `at` is that of a pose."""
        return at

    def needed_at(self, at: int, i: int) -> int:
        """First sample whose emotion is needed from pose i on, which is at sample `at`."""
        del i
        return at

    def work(self, i: int, asked: int) -> int:
        """How many inferences pose i brings that poses before `asked` do not."""
        del i, asked
        return 1

    def give(self, i: int, hear: Callable[[int], Floats], *, feel: Feel) -> Floats:
        """The window of pose i, float32 (S,); arguments as of `Streaming.give`."""
        del feel
        return hear(i)


class Streaming:
    """An utterance whose network gives blocks: which of them it was given. Methods as of `Singly`.

    Attributes:
        next: The first block that it was not given.
        carried: What it carries from block to block.
    """

    def __init__(self, places: Places, i: int) -> None:
        """Nothing was given yet, and pose i is wanted first."""
        self._places, self._first, self.carried = places, i, Carried()
        self.next = places.begin(i)

    def window(self, i: int) -> int:
        """See `Singly.window`; an utterance may begin anew with pose i."""
        return min(self.next, self._places.begin(i))

    def open_at(self, at: int) -> int:
        """See `Singly.open_at`."""
        return max(at, self._places.blocks.sample(self.next))

    def needed_at(self, at: int, i: int) -> int:
        """See `Singly.needed_at`."""
        return min(at, self._places.blocks.sample(self.window(i)))

    def work(self, i: int, asked: int) -> int:
        """See `Singly.work`."""
        brought = self._places.needed(asked - 1) if asked > self._first else 0
        return self._places.needed(i) - max(self.next, brought)

    def give(self, i: int, hear: Callable[[int], Floats], *, feel: Feel) -> Stream:
        """Where pose i lies, with the blocks that it needs and that were not given.

        Args:
            i: Pose.
            hear: Gives the window of a block, float32 (S,).
            feel: The emotion at a sample, float32 (10,), asked in order.
        """
        needed = self._places.needed(i)
        blocks = [Block(k, hear(k), self._felt(k, feel)) for k in range(self.next, needed)]
        self.next = max(self.next, needed)
        frame, share = self._places.place(i)
        return Stream(self.carried, blocks, frame, share)

    def _felt(self, k: int, feel: Feel) -> Floats:
        """The emotions of the frames of block k, float32 (F, 10); before sample 0 that of it."""
        blocks = self._places.blocks
        frames = range(blocks.frame(k), blocks.frame(k + 1))
        return np.stack([feel(max(0, blocks.rate.sample(frame))) for frame in frames])


def streaming(places: Places | None, i: int) -> Singly | Streaming:
    """An utterance that begins, or begins anew, with pose i; None = there is a window per pose."""
    return Singly() if places is None else Streaming(places, i)
