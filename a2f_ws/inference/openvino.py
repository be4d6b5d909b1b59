"""Runs a bundle's network on the CPU with OpenVINO."""

from copy import copy
from typing import Any, Final, Self

import numpy as np

from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference.backend import check_batch
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.onnx import BATCH_S, MAX_BATCH, row_cost_s
from a2f_ws.inference.processors import usual_threads
from a2f_ws.inference.runtime import first_line
from a2f_ws.inference.tensorrt_tensors import FLOAT, FREE, check_tensors
from a2f_ws.names import Floats

REMEDY: Final = "pip install 'a2f-ws[openvino]'"


class OpenVinoBackend:
    """A bundle's network in OpenVINO, in float32 wherever the file says nothing else.

    A row's result has the same bits in any batch, as in `OnnxBackend`: rows are run one by one,
    since on a CPU more of them gain nothing.

    Attributes:
        name: Library, version, device and threads.
        max_batch: Most rows of one call: few where one takes long.
        cost_s: What one row costs alone, seconds.
    """

    def __init__(self, bundle: Bundle, *, threads: int = 0, workers: int = 1) -> None:
        """Load the network, compare it with the bundle, and run it a few times.

        Args:
            bundle: Of any kind; only its `.onnx` file and sizes are used.
            threads: Threads of one call; 0 = as `OnnxBackend` takes.
            workers: Calls at a time, of this and of those that `beside` gives.

        Raises:
            ModelError: OpenVINO is not installed or cannot load the file, or the network is not
                the one that the bundle describes.
        """
        openvino = _library()
        threads = threads or usual_threads(bundle)
        count = "" if threads == 1 else f", {threads} threads"
        self.name = f"{openvino_title()} (CPU{count})"
        self.max_batch = MAX_BATCH
        self._path = bundle.network
        self._sizes = (bundle.buffer_len, bundle.emotion_len, bundle.columns.width)
        self._compiled = self._load(openvino.Core(), bundle, threads=threads, workers=workers)
        self._request = self._compiled.create_infer_request()
        self.cost_s = row_cost_s(self, bundle)
        self.max_batch = max(1, min(MAX_BATCH, int(BATCH_S / self.cost_s)))

    def run(self, windows: Floats, emotions: Floats) -> Floats:
        """The network's results for independent windows.

        Args:
            windows: float32 (B, S), samples of the model rate, 1 <= B <= max_batch; not changed.
            emotions: float32 (B, E), implicit emotions first; not changed.

        Returns:
            float32 (B, N), new array.

        Raises:
            ModelError: OpenVINO could not run the network.
            MisuseError: The shapes or types are wrong, or the backend is closed.
        """
        check_batch(windows, emotions, lengths=self._sizes[:2], most=self.max_batch)
        rows, width = len(windows), self._sizes[2]
        if self._request is None:
            raise MisuseError("the backend is closed")
        results = np.empty((rows, width), np.float32)
        for row in range(rows):
            feeds = {
                "input": np.ascontiguousarray(windows[row, None, None]),
                "emotion": np.ascontiguousarray(emotions[row, None, None]),
            }
            try:
                found = self._request.infer(feeds, share_inputs=True)["result"]
            except RuntimeError as fault:
                text = first_line(fault)
                raise ModelError(f"{self._path}: cannot be run: {text}") from fault
            if found.shape != (1, 1, width):
                wanted = (1, 1, width)
                text = f"result: found shape {found.shape}, wanted {wanted}"
                raise ModelError(f"{self._path}: {text}")
            results[row] = found[0, 0]
        return results

    def beside(self) -> Self:
        """The same for another thread: one network in memory, and a request of its own."""
        other = copy(self)
        other._request = self._compiled.create_infer_request()
        return other

    def close(self) -> None:
        """Free the network; closing twice is allowed."""
        self._request = self._compiled = None

    def _load(
        self,
        core: Any,  # noqa: ANN401
        bundle: Bundle,
        *,
        threads: int,
        workers: int,
    ) -> Any:  # noqa: ANN401
        """The network, compiled for this processor."""
        if self._path.suffix != ".onnx":
            raise ModelError(f"{self._path}: OpenVINO needs the .onnx file")
        try:
            model = core.read_model(str(self._path))
            check_tensors(
                bundle,
                inputs={port.any_name: _facts(port) for port in model.inputs},
                outputs={port.any_name: _facts(port) for port in model.outputs},
            )
            options = {
                "INFERENCE_NUM_THREADS": threads * workers,
                "NUM_STREAMS": workers,
                "INFERENCE_PRECISION_HINT": "f32",
            }
            return core.compile_model(model, "CPU", options)
        except RuntimeError as fault:
            raise ModelError(f"{self._path}: cannot be loaded: {first_line(fault)}") from fault


def _facts(port: Any) -> tuple[tuple[int, ...], str]:  # noqa: ANN401
    """Shape and type of a tensor, in the words of `check_tensors`."""
    axes = port.get_partial_shape()
    shape = tuple(int(axis.get_length()) if axis.is_static else FREE for axis in axes)
    name = port.get_element_type().get_type_name()
    return shape, FLOAT if name == "f32" else name


def openvino_title() -> str:
    """Name and version of the library.

    Raises:
        ModelError: It is not installed.
    """
    return f"OpenVINO {_library().__version__.partition('-')[0]}"


def _library() -> Any:  # noqa: ANN401 - it may not be there to be checked against
    try:
        import openvino
    except ImportError as fault:
        raise ModelError(f"not installed ({REMEDY})") from fault
    return openvino
