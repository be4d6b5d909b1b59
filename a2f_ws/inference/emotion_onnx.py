"""Runs the classifier of an Audio2Emotion bundle on the CPU with ONNX Runtime."""

from collections.abc import Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference import runtime
from a2f_ws.inference.emotion_bundle import EmotionBundle
from a2f_ws.inference.onnx import BATCH_S, TRIALS
from a2f_ws.names import Floats

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MAX_BATCH: Final = 16
"""Rows of one call (ours): on a CPU more rows gain nothing and hold up the other sessions."""

INPUT: Final = "input_values"
OUTPUT: Final = "output"

AXES: Final = 2
"""Of windows (B, S) as of logits (B, C)."""

_FLOAT: Final = "tensor(float)"
_PROBE_SEED: Final = 1


class Classifier(Protocol):
    """Runs a network that says what is in windows of sound.

    Attributes:
        name: Library, version and device.
        max_batch: Most rows of one call.
        cost_s: Measured cost of one window, seconds; 0 = not known.
    """

    name: str
    max_batch: int
    cost_s: float

    def run(self, windows: Floats) -> Floats:
        """Logits (B, C) of windows of one length, float32 (B, S); neither is changed later."""

    def close(self) -> None:
        """Free the network."""


class OnnxClassifier:
    """A classifier in ONNX Runtime, on threads of its own.

    A row's logits have the same bits in any batch: where the network itself does not give that,
    which is tried at load, rows are run one by one.

    Attributes:
        name: Library, version and device.
        max_batch: Most rows of one call: few where one takes long.
        cost_s: Measured cost of one window, seconds.
    """

    def __init__(self, bundle: EmotionBundle, *, window: int, threads: int = 1) -> None:
        """Load the network, compare it with the bundle, and try it.

        Args:
            bundle: Only its `.onnx` file and classes are used.
            window: Samples of a window that it will have to take.
            threads: Threads of one call, >= 1.

        Raises:
            ModelError: The file is no network that ONNX Runtime can load or run on such a window,
                or its tensors are not those that the bundle describes.
        """
        import onnxruntime

        self.name = f"ONNX Runtime {onnxruntime.__version__} (CPU)"
        self.max_batch = MAX_BATCH
        self._path, self._classes = bundle.network, len(bundle.classes)
        self._faults = runtime.faults()
        self._session: InferenceSession | None = runtime.load(bundle.network, threads=threads)
        self._check_tensors(self._session)
        self._is_whole = True
        self.cost_s = self._try(window)
        self.max_batch = max(1, min(MAX_BATCH, int(BATCH_S / self.cost_s)))

    def run(self, windows: Floats) -> Floats:
        """The logits of independent windows.

        Args:
            windows: float32 (B, S), samples of the model rate, 1 <= B <= max_batch; not changed.

        Returns:
            float32 (B, C), new array.

        Raises:
            ModelError: ONNX Runtime could not run the network.
            MisuseError: The shape or type is wrong, or the network is closed.
        """
        if windows.ndim != AXES or windows.dtype != np.float32:
            found = f"{windows.dtype} {windows.shape}"
            raise MisuseError(f"windows: found {found}, wanted float32 (rows, samples)")
        if not 1 <= len(windows) <= self.max_batch:
            wanted = f"1 to {self.max_batch}"
            raise MisuseError(f"windows: found {len(windows)} rows, wanted {wanted}")
        if self._is_whole:
            return self._run(windows)
        return np.concatenate([self._run(row[None]) for row in windows])

    def close(self) -> None:
        """Free the network; closing twice is allowed."""
        self._session = None

    def _run(self, windows: Floats) -> Floats:
        if self._session is None:
            raise MisuseError("the classifier is closed")
        try:
            feeds = {INPUT: np.ascontiguousarray(windows)}
            logits: Floats = self._session.run([OUTPUT], feeds)[0]
        except self._faults as fault:
            text = f"{self._path}: cannot be run on {windows.shape[1]} samples"
            raise ModelError(f"{text}: {runtime.first_line(fault)}") from fault
        wanted = (len(windows), self._classes)
        if logits.shape != wanted:
            raise ModelError(f"{self._path}: {OUTPUT}: found {logits.shape}, wanted {wanted}")
        return logits

    def _check_tensors(self, session: "InferenceSession") -> None:
        inputs, outputs = session.get_inputs(), session.get_outputs()
        names = [[tensor.name for tensor in side] for side in (inputs, outputs)]
        if names != [[INPUT], [OUTPUT]]:
            raise ModelError(
                f"{self._path}: found {names[0]} in, {names[1]} out, wanted {[INPUT]} in,"
                f" {[OUTPUT]} out"
            )
        self._check_tensor(inputs[0], wanted="['batch_size', 'samples']", width=None)
        self._check_tensor(
            outputs[0], wanted=f"['batch_size', {self._classes}]", width=self._classes
        )

    def _check_tensor(self, tensor: Any, *, wanted: str, width: int | None) -> None:  # noqa: ANN401
        """Both axes of windows have to be free; the classes may be, since a run tells them."""
        shape: Sequence[int | str | None] = tensor.shape
        is_fit = len(shape) == AXES and not isinstance(shape[0], int)
        if not is_fit or tensor.type != _FLOAT or (isinstance(shape[1], int) and shape[1] != width):
            raise ModelError(
                f"{self._path}: {tensor.name}: found {tensor.type} {tensor.shape},"
                f" wanted {_FLOAT} {wanted}"
            )

    def _try(self, window: int) -> float:
        """Run on noise, alone and in company; gives the cost of one window, seconds."""
        random = np.random.default_rng(_PROBE_SEED)
        noise = (0.1 * random.standard_normal((TRIALS, window))).astype(np.float32)
        if not np.isfinite(self._run(noise[:1])).all():
            raise ModelError(f"{self._path}: found non-finite results for noise")
        costs_s, alone = [], []
        for row in noise:
            start = perf_counter()
            alone.append(self._run(row[None]))
            costs_s.append(perf_counter() - start)
        self._is_whole = self._run(noise).tobytes() == np.concatenate(alone).tobytes()
        return min(costs_s)
