"""Runs a bundle's network on the CPU with ONNX Runtime."""

from collections.abc import Sequence
from copy import copy
from time import perf_counter
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference.backend import Backend, check_batch
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.processors import usual_threads
from a2f_ws.inference.runtime import faults, first_line, load
from a2f_ws.names import Floats

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MAX_BATCH: Final = 64
"""Rows of one call (ours): on a CPU more rows gain nothing and hold up the other sessions."""

BATCH_S: Final = 0.25
"""Longest time of one call, seconds (ours): a live session that joins while a file is being worked
on waits so long at most."""

TRIALS: Final = 3

_FLOAT: Final = "tensor(float)"
_FREE: Final = None
"""Size of an axis that differs from call to call."""


class OnnxBackend:
    """A bundle's network in ONNX Runtime, on threads that do not spin.

    A row's result has the same bits in any batch: where those of the network differ, which is tried
    at load, rows are run one by one. On a CPU that costs next to nothing.

    Attributes:
        name: Library, version, device and threads.
        max_batch: Most rows of one call: few where one takes long.
        cost_s: What one row costs alone, seconds.
    """

    def __init__(self, bundle: Bundle, *, threads: int = 0) -> None:
        """Load the network, compare it with the bundle, and run it a few times.

        Args:
            bundle: Of any kind; only its `.onnx` file and sizes are used.
            threads: Threads of one call; 0 = one for blendshape bundles, which are small, else
                half of the processors, 2 to 8.

        Raises:
            ModelError: The file is no network that ONNX Runtime can load, or its tensors are not
                those that the bundle describes.
        """
        import onnxruntime

        threads = threads or usual_threads(bundle)
        count = "" if threads == 1 else f", {threads} threads"
        self.name = f"ONNX Runtime {onnxruntime.__version__} (CPU{count})"
        self.max_batch = MAX_BATCH
        self._path = bundle.network
        self._faults = faults()
        self._sizes = (bundle.buffer_len, bundle.emotion_len, bundle.columns.width)
        self._session: InferenceSession | None = load(bundle.network, threads=threads)
        self._check_tensors()
        self._is_whole = self._is_same_in_company(TRIALS)
        self.cost_s = row_cost_s(self, bundle)
        self.max_batch = max(1, min(MAX_BATCH, int(BATCH_S / self.cost_s)))
        self._is_whole = self._is_whole and self._is_same_in_company(self.max_batch)

    def run(self, windows: Floats, emotions: Floats) -> Floats:
        """The network's results for independent windows.

        Args:
            windows: float32 (B, S), samples of the model rate, 1 <= B <= max_batch; not changed.
            emotions: float32 (B, E), implicit emotions first; not changed.

        Returns:
            float32 (B, N), new array.

        Raises:
            ModelError: ONNX Runtime could not run the network.
            MisuseError: The shapes or types are wrong, or the backend is closed.
        """
        check_batch(windows, emotions, lengths=self._sizes[:2], most=self.max_batch)
        rows, heard, felt = len(windows), _as_input(windows), _as_input(emotions)
        if self._is_whole or rows == 1:
            return self._run(heard, felt)
        return np.concatenate([self._run(heard[[i]], felt[[i]]) for i in range(rows)])

    def beside(self) -> Self:
        """The same for another thread: one network in memory, freed when the last one is closed.

        Source:
            ONNX Runtime: `InferenceSession.run` may be called by several threads at a time.
        """
        return copy(self)

    def close(self) -> None:
        """Free the network; closing twice is allowed."""
        self._session = None

    def _run(self, windows: Floats, emotions: Floats) -> Floats:
        if self._session is None:
            raise MisuseError("the backend is closed")
        feeds = {"input": windows, "emotion": emotions}
        try:
            result = self._session.run(["result"], feeds)[0]
        except self._faults as fault:
            raise ModelError(f"{self._path}: cannot be run: {first_line(fault)}") from fault
        wanted = (len(windows), 1, self._sizes[2])
        if result.shape != wanted:
            raise ModelError(f"{self._path}: result: found shape {result.shape}, wanted {wanted}")
        rows: Floats = result[:, 0, :]
        return rows

    def _check_tensors(self) -> None:
        if self._session is None:
            raise MisuseError("the backend is closed")
        window_len, emotion_len, width = self._sizes
        wanted = {"input": window_len, "emotion": emotion_len, "result": width}
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        names = [{tensor.name for tensor in side} for side in (inputs, outputs)]
        if names != [{"input", "emotion"}, {"result"}]:
            found = f"{sorted(names[0])} in, {sorted(names[1])} out"
            raise ModelError(
                f"{self._path}: found {found}, wanted ['emotion', 'input'] in, ['result'] out"
            )
        for tensor in (*inputs, *outputs):
            shape = (_FREE, 1, wanted[tensor.name])
            if tensor.type != _FLOAT or not _fits(tensor.shape, shape):
                raise ModelError(
                    f"{self._path}: {tensor.name}: found {tensor.type} {tensor.shape}, "
                    f"wanted {_FLOAT} ['batch_size', 1, {wanted[tensor.name]}]"
                )

    def _is_same_in_company(self, rows: int) -> bool:
        """True when rows of noise have the same bits together and alone, as far as it runs."""
        random = np.random.default_rng(0)
        windows, emotions = (
            random.standard_normal((rows, 1, size)).astype(np.float32) * np.float32(0.1)
            for size in self._sizes[:2]
        )
        try:
            together = self._run(windows, emotions)
            alone = [self._run(windows[[i]], emotions[[i]]) for i in range(rows)]
        except ModelError:
            return False
        return together.tobytes() == np.concatenate(alone).tobytes()


def row_cost_s(backend: Backend, bundle: Bundle) -> float:
    """What one row costs, seconds; tried on silence, and the first run does not count.

    Args:
        backend: Runs the bundle's network.
        bundle: The bundle.

    Raises:
        ModelError: What comes out is not finite.
    """
    silence = np.zeros((1, bundle.buffer_len), np.float32)
    emotion = np.zeros((1, bundle.emotion_len), np.float32)
    if not np.isfinite(backend.run(silence, emotion)).all():
        raise ModelError(f"{bundle.network}: found non-finite results for silence")
    costs_s = []
    for _ in range(TRIALS):
        start = perf_counter()
        backend.run(silence, emotion)
        costs_s.append(perf_counter() - start)
    return min(costs_s)


def _fits(found: Sequence[int | str | None], wanted: Sequence[int | None]) -> bool:
    """Axis 0 has to be free; the others may be, because a run tells their true size."""
    if len(found) != len(wanted) or isinstance(found[0], int):
        return False
    pairs = zip(found[1:], wanted[1:], strict=True)
    return all(size == want or not isinstance(size, int) for size, want in pairs)


def _as_input(rows: Floats) -> Floats:
    """A view (B, 1, ·) of contiguous rows, as the network takes them."""
    return np.ascontiguousarray(rows)[:, np.newaxis, :]
