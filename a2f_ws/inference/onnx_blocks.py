"""Runs a network that gives faces in blocks, with a state, on the CPU with ONNX Runtime."""

from collections.abc import Sequence
from copy import copy
from time import perf_counter
from typing import TYPE_CHECKING, Self

import numpy as np

from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference.backend import States, check_batch
from a2f_ws.inference.block_tensors import BATCH, Shape, block_tensors, blocks_of
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.onnx import BATCH_S, MAX_BATCH, TRIALS, OnnxBackend
from a2f_ws.inference.processors import usual_threads
from a2f_ws.inference.runtime import faults, first_line, load
from a2f_ws.names import Floats

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


class OnnxBlocks:
    """See `BlockBackend`; a row's result has the same bits in any batch, as with `OnnxBackend`.

    Attributes:
        name: Library, version, device and threads.
        max_batch: Most rows of one call.
        cost_s: What one block costs alone, seconds.
        initial: The states of an utterance that begins.
    """

    def __init__(self, bundle: Bundle, *, threads: int = 0) -> None:
        """Load the network, compare it with the bundle, and run it a few times.

        Args:
            bundle: One with blocks.
            threads: Threads of one call; 0 = as `OnnxBackend`.

        Raises:
            ModelError: The file is no network that ONNX Runtime can load, or its tensors are not
                those that the bundle describes.
        """
        import onnxruntime

        threads = threads or usual_threads(bundle)
        count = "" if threads == 1 else f", {threads} threads"
        self.name = f"ONNX Runtime {onnxruntime.__version__} (CPU{count})"
        self.max_batch, self._path = MAX_BATCH, bundle.network
        self._blocks, self._tensors = blocks_of(bundle), block_tensors(bundle)
        self._sizes = (bundle.buffer_len, bundle.emotion_len)
        self.initial = self._tensors.initial
        self._faults = faults()
        session = load(bundle.network, threads=threads)
        self._session: InferenceSession | None = session
        self._tensors.check(session.get_inputs(), session.get_outputs(), path=str(bundle.network))
        self._is_whole = self._is_same_in_company(TRIALS)
        self.cost_s = self._measured_s()
        self.max_batch = max(1, min(MAX_BATCH, int(BATCH_S / self.cost_s)))
        self._is_whole = self._is_whole and self._is_same_in_company(self.max_batch)

    def run(
        self, windows: Floats, emotions: Floats, *, states: Sequence[States]
    ) -> tuple[Floats, list[States]]:
        """See `BlockBackend.run`.

        Raises:
            ModelError: ONNX Runtime could not run the network.
            MisuseError: The shapes or types are wrong, or the backend is closed.
        """
        rows, (window_len, emotion_len) = len(windows), self._sizes
        lengths = window_len, self._blocks.rate.frames * emotion_len
        check_batch(windows, emotions.reshape(rows, -1), lengths=lengths, most=self.max_batch)
        if len(states) != rows:
            raise MisuseError(f"states: found {len(states)}, wanted {rows}")
        if self._is_whole or rows == 1:
            return self._run(windows, emotions, states=states)
        alone = [self._run(windows[[i]], emotions[[i]], states=[states[i]]) for i in range(rows)]
        return np.concatenate([results for results, _ in alone]), [one for _, [one] in alone]

    def beside(self) -> Self:
        """The same network for another thread; closing one leaves it to the others."""
        return copy(self)

    def close(self) -> None:
        """Free the network; closing twice is allowed."""
        self._session = None

    def _run(
        self, windows: Floats, emotions: Floats, *, states: Sequence[States]
    ) -> tuple[Floats, list[States]]:
        if self._session is None:
            raise MisuseError("the backend is closed")
        rows, infos = len(windows), self._blocks.states
        feeds = {"input": np.ascontiguousarray(windows)[:, np.newaxis], "emotion": emotions}
        for k, info in enumerate(infos):
            feeds[info.input] = _batch([state[k] for state in states], info.batch_axis)
        if self._tensors.noise is not None:
            name, values = self._tensors.noise
            feeds[name] = np.repeat(values, rows, axis=0)
        try:
            tensors = self._session.run([*self._tensors.outputs], feeds)
        except self._faults as fault:
            raise ModelError(f"{self._path}: cannot be run: {first_line(fault)}") from fault
        for (name, shape), tensor in zip(self._tensors.outputs.items(), tensors, strict=True):
            self._check_shape(name, tensor, wanted=shape)
        result, *following = tensors
        axes = [info.batch_axis for info in infos]
        of_rows = [_rows(*pair) for pair in zip(following, axes, strict=True)]
        seen = slice(self._blocks.before, self._blocks.before + self._blocks.rate.frames)
        return result[:, seen], [tuple(one[row] for one in of_rows) for row in range(rows)]

    def _check_shape(self, name: str, tensor: Floats, *, wanted: Shape) -> None:
        rows = tensor.shape[wanted.index(BATCH)] if tensor.ndim == len(wanted) else 0
        if tensor.shape != tuple(rows if size == BATCH else size for size in wanted):
            found = f"found shape {tensor.shape}, wanted {list(wanted)}"
            raise ModelError(f"{self._path}: {name}: {found}")

    def _is_same_in_company(self, rows: int) -> bool:
        """True when rows of noise have the same bits together and alone, as far as it runs."""
        random = np.random.default_rng(0)

        def drawn(*shape: int) -> Floats:
            return random.standard_normal(shape).astype(np.float32) * np.float32(0.1)

        windows = drawn(rows, self._sizes[0])
        emotions = drawn(rows, self._blocks.rate.frames, self._sizes[1])
        states = [tuple(drawn(*one.shape) for one in self.initial) for _ in range(rows)]
        try:
            together = self._run(windows, emotions, states=states)
            alone = [
                self._run(windows[[i]], emotions[[i]], states=[states[i]]) for i in range(rows)
            ]
        except ModelError:
            return False
        return _bits(*together) == [bits for one in alone for bits in _bits(*one)]

    def _measured_s(self) -> float:
        """What one block of silence costs, seconds; the first run does not count.

        Raises:
            ModelError: What comes out is not finite.
        """
        windows = np.zeros((1, self._sizes[0]), np.float32)
        emotions = np.zeros((1, self._blocks.rate.frames, self._sizes[1]), np.float32)
        costs_s, states = [], [self.initial]
        for _ in range(TRIALS + 1):
            start = perf_counter()
            results, states = self.run(windows, emotions, states=states)
            costs_s.append(perf_counter() - start)
            if not all(np.isfinite(tensor).all() for tensor in (results, *states[0])):
                raise ModelError(f"{self._path}: found non-finite results for silence")
        return min(costs_s[1:])


def onnx_backend(bundle: Bundle, *, threads: int = 0) -> OnnxBackend | OnnxBlocks:
    """What runs a bundle's network in ONNX Runtime; arguments and errors as of both."""
    kind = OnnxBackend if bundle.blocks is None else OnnxBlocks
    return kind(bundle, threads=threads)


def _batch(rows: Sequence[Floats], axis: int) -> Floats:
    """Rows in one array; a single one is no copy."""
    return np.expand_dims(rows[0], axis) if len(rows) == 1 else np.stack(rows, axis)


def _rows(batch: Floats, axis: int) -> list[Floats]:
    """What a batch has along an axis, each with memory of its own: one keeps no others alive."""
    if batch.shape[axis] == 1:
        return [batch.squeeze(axis)]
    return [row.copy() for row in np.moveaxis(batch, axis, 0)]


def _bits(results: Floats, states: Sequence[States]) -> list[list[bytes]]:
    """What every row gives, byte by byte."""
    rows = zip(results, states, strict=True)
    return [[result.tobytes(), *(one.tobytes() for one in state)] for result, state in rows]
