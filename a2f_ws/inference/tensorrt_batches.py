"""What batches on a GPU need, taken once: memory, and a context for each size of batch."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from a2f_ws.errors import ModelError
from a2f_ws.inference.gpu import Gpu, Graph, OutOfMemoryError
from a2f_ws.inference.tensorrt_engine import Engine
from a2f_ws.names import Floats

log = logging.getLogger(__name__)

TENSORS: Final = ("input", "emotion", "result")
_FLOAT_BYTES: Final = 4


@dataclass(slots=True)
class _Bucket:
    """All that batches of up to so many rows need; no address in it ever changes."""

    rows: int
    context: Any
    graph: Graph | None = None


class Batches:
    """Runs batches on a GPU, which has to be current wherever this is used.

    Every size of batch has a context of its own, whose shapes and addresses are set once: that is
    what a captured graph needs, and what makes a batch two copies, a launch and a copy of the rows
    that were asked for. They share the memory of the tensors and one piece of scratch memory, since
    batches follow one another on the stream.

    Attributes:
        most: Most rows of one batch.
    """

    def __init__(
        self, engine: Engine, *, gpu: Gpu, sizes: tuple[int, int, int], captures: bool
    ) -> None:
        """Take everything; fewer sizes of batch where memory is short.

        Args:
            engine: What is run; it has to outlive this.
            gpu: Where.
            sizes: S, E and N.
            captures: True lets TensorRT for RTX capture graphs by itself.

        Raises:
            OutOfMemoryError: There is not even memory for one row.
            ModelError: TensorRT refuses.
        """
        self._engine, self._gpu = engine, gpu
        rows = engine.most
        self._heard, self._felt, self._result = (gpu.pin((rows, size)) for size in sizes)
        self._addresses = {
            name: gpu.allocate(rows * size * _FLOAT_BYTES)
            for name, size in zip(TENSORS, sizes, strict=True)
        }
        self._buckets: list[_Bucket] = []
        self._take_contexts(captures=captures)
        self.most = self._buckets[-1].rows

    @property
    def sizes(self) -> list[int]:
        """Rows of the sizes of batch, ascending."""
        return [bucket.rows for bucket in self._buckets]

    def run(self, windows: Floats, emotions: Floats) -> Floats:
        """Results (B, N), new array, of rows (B, S) and (B, E), 1 <= B <= `most`.

        Raises:
            DeviceLostError: The GPU is lost.
            OutOfMemoryError: Its memory does not suffice.
            ModelError: TensorRT refuses.
        """
        rows = len(windows)
        self._heard[:rows], self._felt[:rows] = windows, emotions
        self._gpu.upload(self._addresses["input"], self._heard[:rows])
        self._gpu.upload(self._addresses["emotion"], self._felt[:rows])
        self._launch(next(bucket for bucket in self._buckets if bucket.rows >= rows))
        self._gpu.download(self._result[:rows], self._addresses["result"])
        self._gpu.finish()
        return self._result[:rows].copy()

    def capture(self) -> None:
        """Capture a graph for every size, so that one call launches all kernels of a batch.

        Raises:
            DeviceLostError: The GPU is lost.
            ModelError: It was refused; nothing is captured then.
        """
        try:
            for bucket in self._buckets:
                # A context settles what depends on shapes in its first run, which no graph may
                # hold.
                self._queue(bucket.context)
                self._gpu.finish()
                bucket.graph = self._gpu.capture(partial(self._queue, bucket.context))
                bucket.graph.launch()
                self._gpu.finish()
        except ModelError:
            for bucket in self._buckets:
                bucket.graph = None
            raise

    def shrink(self, most: int) -> None:
        """Keep to batches of so many rows, and give the memory of the other contexts back."""
        self._gpu.finish()
        self._buckets = [bucket for bucket in self._buckets if bucket.rows <= most]
        self.most = self._buckets[-1].rows

    def close(self) -> None:
        """Let the contexts go, which has to happen before their engine and their memory go."""
        self._buckets.clear()

    def _take_contexts(self, *, captures: bool) -> None:
        """A context for each size that there is memory for, and scratch memory for all."""
        scratch_bytes = []
        for rows in sizes_up_to(self._engine.most):
            try:
                context = self._engine.context(
                    rows, gpu=self._gpu, addresses=self._addresses, captures=captures
                )
            except OutOfMemoryError:
                if rows == 1:
                    raise
                break
            scratch_bytes.append(int(context.update_device_memory_size_for_shapes()))
            self._buckets.append(_Bucket(rows, context))
        size_bytes, scratch = self._take_scratch(scratch_bytes)
        for bucket in self._buckets:
            bucket.context.set_device_memory(scratch, size_bytes)
        if self._buckets[-1].rows < self._engine.most:
            rows = self._buckets[-1].rows
            log.warning("the GPU has memory for batches of %d rows at most", rows)

    def _take_scratch(self, sizes_bytes: list[int]) -> tuple[int, int]:
        """Size and address of memory for the largest batch that there is memory for."""
        while True:
            size_bytes = max(1, *sizes_bytes)
            try:
                return size_bytes, self._gpu.allocate(size_bytes)
            except OutOfMemoryError:
                if len(sizes_bytes) == 1:
                    raise
                self._buckets.pop()
                sizes_bytes.pop()

    def _launch(self, bucket: _Bucket) -> None:
        if bucket.graph is None:
            self._queue(bucket.context)
        else:
            bucket.graph.launch()

    def _queue(self, context: Any) -> None:  # noqa: ANN401
        if not context.execute_async_v3(self._gpu.stream):
            raise self._engine.fault("cannot be run")


def sizes_up_to(most: int) -> Iterator[int]:
    """Sizes of batches: powers of two below `most`, and `most` itself."""
    rows = 1
    while rows < most:
        yield rows
        rows *= 2
    yield most
