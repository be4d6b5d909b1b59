"""Where a face lies in what a network gives in blocks, and what goes on between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from a2f_ws.inference.backend import States
from a2f_ws.names import Floats


@dataclass(slots=True, eq=False)
class Block:
    """What a network hears for one block.

    Attributes:
        k: Which.
        samples: float32 (S,), its window at the model rate.
        emotions: float32 (F, 10), one per frame, order `names.EMOTIONS`, 0 … 1.
    """

    k: int
    samples: Floats
    emotions: Floats


@dataclass(slots=True, eq=False)
class Carried:
    """What the network of one utterance carries from block to block.

    Only the thread that computes the utterance's faces touches it. It goes with the utterance; one
    that begins anew within gets another.

    Attributes:
        states: What the next block needs; None = it is the first.
        next: The next block; None = whichever comes.
        rows: float32 (n, N), the newest results.
        frame: Frame of the first of them.
    """

    states: States | None = None
    next: int | None = None
    rows: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    frame: int = 0

    def take(self, k: int, rows: Floats, *, states: States, frame: int) -> None:
        """Go on to the block after k.

        Args:
            k: The block.
            rows: float32 (F, N), its results.
            states: What the next one needs.
            frame: Its first frame.
        """
        if self.next is None:
            self.rows, self.frame = rows.copy(), frame
        else:
            self.rows = np.concatenate((self.rows, rows))
        self.states, self.next = states, k + 1

    def forget(self, frame: int) -> None:
        """Let go of the results of frames before one."""
        past = frame - self.frame
        if past > 0:
            self.rows, self.frame = self.rows[past:].copy(), frame


@dataclass(slots=True, eq=False)
class Stream:
    """Where a face lies among the frames of its utterance's network.

    Attributes:
        carried: Of the utterance.
        blocks: Those that no face before it needed, in order; none, or more than one.
        frame: Frame at or before the face.
        share: Of the way to the next frame, 0 … 1.
    """

    carried: Carried
    blocks: Sequence[Block]
    frame: int
    share: float
