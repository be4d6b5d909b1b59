"""Networks in measurements: what a batch costs, and one that costs nothing."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Final, cast

import numpy as np

from a2f_ws.inference.backend import AnyBackend, Backend, BlockBackend, States
from a2f_ws.inference.bundle import Bundle, refuse_blocks
from a2f_ws.names import EMOTIONS, Floats
from a2f_ws.pipeline import Pipeline

CALLS_S: Final = 0.3
CALLS: Final = 3
"""How long, and how often at least, a batch is computed again and again."""


class NoNetwork:
    """Gives what a network gave for silence, in no time.

    Attributes:
        name: For people.
        max_batch: As that of the network.
        cost_s: Nothing that counts.
    """

    def __init__(self, row: Floats, max_batch: int) -> None:
        """Give that row, float32 (1, N)."""
        self.name, self.max_batch, self.cost_s = "no network", max_batch, 0.0
        self._row = row

    def run(self, windows: Floats, emotions: Floats) -> Floats:
        """See `Backend.run`."""
        del emotions
        return np.repeat(self._row, len(windows), axis=0)

    def close(self) -> None:
        """Nothing to free."""


class NoBlocks:
    """The same in place of a network that gives faces in blocks.

    Attributes:
        initial: As that of the network; the others as of `NoNetwork`.
    """

    def __init__(self, block: Floats, max_batch: int, *, initial: States) -> None:
        """Give that block, float32 (1, F, N)."""
        self.name, self.max_batch, self.cost_s = "no network", max_batch, 0.0
        self.initial, self._block = initial, block

    def run(
        self, windows: Floats, emotions: Floats, *, states: Sequence[States]
    ) -> tuple[Floats, list[States]]:
        """See `BlockBackend.run`."""
        del emotions
        return np.repeat(self._block, len(windows), axis=0), list(states)

    def close(self) -> None:
        """Nothing to free."""


class OneByOne:
    """Runs the same network with one window after the other, as servers do that have no batches.

    Attributes:
        name: For people.
        max_batch: 1.
        cost_s: As that of the network.
    """

    def __init__(self, backend: Backend) -> None:
        """Run that."""
        self.name, self.max_batch, self.cost_s = f"{backend.name}, unbatched", 1, backend.cost_s
        self.run, self.close = backend.run, backend.close


def no_network(pipeline: Pipeline) -> AnyBackend:
    """What takes the place of a pipeline's network, which is asked once."""
    bundle, backend = pipeline.bundle, pipeline.backend
    result = call(bundle, backend, rows=1)()
    if bundle.blocks is None:
        return NoNetwork(cast(Floats, result), backend.max_batch)
    block, _ = cast(tuple[Floats, list[States]], result)
    return NoBlocks(block, backend.max_batch, initial=cast(BlockBackend, backend).initial)


def one_by_one(pipeline: Pipeline) -> AnyBackend:
    """The same network without batches.

    Raises:
        ModelError: It gives faces in blocks.
    """
    refuse_blocks(pipeline.bundle, wanted_by="a comparison without batches")
    return OneByOne(cast(Backend, pipeline.backend))


def call(bundle: Bundle, backend: AnyBackend, *, rows: int) -> Callable[[], object]:
    """One call of a network with a batch of silence."""
    windows = np.zeros((rows, bundle.buffer_len), np.float32)
    explicit = bundle.emotion_rows(np.zeros((rows, len(EMOTIONS)), np.float32))
    if bundle.blocks is None:
        return lambda: cast(Backend, backend).run(windows, explicit)
    blocks = cast(BlockBackend, backend)
    emotions = np.repeat(explicit[:, None], bundle.blocks.rate.frames, axis=1)
    return lambda: blocks.run(windows, emotions, states=[blocks.initial] * rows)


def cost_s(bundle: Bundle, backend: AnyBackend, *, rows: int) -> float:
    """What a call with so many rows takes, the middle of many, seconds.

    Raises:
        ModelError: The network cannot be run.
    """
    work = call(bundle, backend, rows=rows)
    work()
    spent_s: list[float] = []
    until_s = perf_counter() + CALLS_S
    while perf_counter() < until_s or len(spent_s) < CALLS:
        begun_s = perf_counter()
        work()
        spent_s.append(perf_counter() - begun_s)
    return float(np.median(spent_s))
