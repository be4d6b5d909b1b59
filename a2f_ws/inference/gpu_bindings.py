"""A GPU by way of cuda-bindings, NVIDIA's own wheels for the CUDA runtime."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import numpy as np

from a2f_ws.errors import ModelError
from a2f_ws.inference.gpu import (
    DeviceLostError,
    GpuError,
    GpuFacts,
    Graph,
    GraphRefusedError,
    OutOfMemoryError,
)
from a2f_ws.names import Floats

MEMORY: Final = 2
"""`cudaErrorMemoryAllocation`."""

CAPTURE: Final = range(900, 910)
"""`cudaErrorStreamCaptureUnsupported` and those after it, all of which concern a capture only."""


class BindingsGpu:
    """A GPU of the CUDA runtime, in the device's primary context.

    Attributes:
        name: Of the card.
        capability: Its compute capability.
        library: "cuda-bindings" and its version.
        stream: Handle of its stream.
    """

    def __init__(self, runtime: Any, *, index: int = 0, version: str = "") -> None:  # noqa: ANN401
        """Open a GPU.

        Args:
            runtime: The module `cuda.bindings.runtime`.
            index: Which GPU, >= 0.
            version: Of the package, for people.

        Raises:
            ModelError: There is no such GPU, or no driver for it.
        """
        self._api, self._index = runtime, index
        self._frees: list[Callable[[], None]] = []
        self.library = f"cuda-bindings {version}".strip()
        try:
            count = self._ask("cudaGetDeviceCount")
            if index >= count:
                raise ModelError(f"found {count} NVIDIA GPUs, wanted number {index}")
            facts = self._ask("cudaGetDeviceProperties", index)
            self._ask("cudaSetDevice", index)
            self._stream = self._ask("cudaStreamCreateWithFlags", runtime.cudaStreamNonBlocking)
            self._owe("cudaStreamDestroy", self._stream)
            flags = runtime.cudaEventBlockingSync | runtime.cudaEventDisableTiming
            self._event = self._ask("cudaEventCreateWithFlags", flags)
            self._owe("cudaEventDestroy", self._event)
        except (GpuError, RuntimeError) as fault:
            # Releases before 13 raise RuntimeError where there is no driver to load.
            raise ModelError(f"no NVIDIA GPU can be used: {fault}") from fault
        self.name = _name(facts)
        self.capability = (int(facts.major), int(facts.minor))
        self.stream = int(self._stream)

    @contextmanager
    def current(self) -> Iterator[None]:
        """Let the calling thread use this GPU."""
        self._ask("cudaSetDevice", self._index)
        yield

    def allocate(self, size_bytes: int) -> int:
        """Address of new memory of the GPU."""
        address = int(self._ask("cudaMalloc", size_bytes))
        self._owe("cudaFree", address)
        return address

    def pin(self, shape: tuple[int, ...]) -> Floats:
        """A new float32 array in page-locked memory of the host."""
        count = int(np.prod(shape))
        address = int(self._ask("cudaHostAlloc", 4 * count, 0))
        self._owe("cudaFreeHost", address)
        memory = (ctypes.c_float * count).from_address(address)
        return np.ctypeslib.as_array(memory).reshape(shape)

    def upload(self, address: int, rows: Floats) -> None:
        """Queue a copy to the GPU."""
        kind = self._api.cudaMemcpyKind.cudaMemcpyHostToDevice
        self._ask("cudaMemcpyAsync", address, rows.ctypes.data, rows.nbytes, kind, self._stream)

    def download(self, rows: Floats, address: int) -> None:
        """Queue a copy from the GPU."""
        kind = self._api.cudaMemcpyKind.cudaMemcpyDeviceToHost
        self._ask("cudaMemcpyAsync", rows.ctypes.data, address, rows.nbytes, kind, self._stream)

    def finish(self) -> None:
        """Wait until everything that was queued is done."""
        self._ask("cudaEventRecord", self._event, self._stream)
        self._ask("cudaEventSynchronize", self._event)

    def capture(self, enqueue: Callable[[], None]) -> Graph:
        """What `enqueue` puts on the stream, as a graph."""
        mode = self._api.cudaStreamCaptureMode.cudaStreamCaptureModeThreadLocal
        self._ask("cudaStreamBeginCapture", self._stream, mode)
        try:
            enqueue()
        except ModelError:
            with suppress(GpuError):
                self._drop(self._ask("cudaStreamEndCapture", self._stream))
            raise
        captured = self._ask("cudaStreamEndCapture", self._stream)
        try:
            ready = self._ask("cudaGraphInstantiate", captured, 0)
        finally:
            self._drop(captured)
        self._owe("cudaGraphExecDestroy", ready)
        return _Launch(lambda: self._ask("cudaGraphLaunch", ready, self._stream))

    def close(self) -> None:
        """Free everything, the newest first."""
        with suppress(GpuError):
            self._ask("cudaSetDevice", self._index)
        while self._frees:
            with suppress(GpuError):
                self._frees.pop()()

    def _owe(self, call: str, what: object) -> None:
        """Remember how something is freed."""
        self._frees.append(lambda: self._ask(call, what))

    def _drop(self, graph: Any) -> None:  # noqa: ANN401
        """Free a graph; a capture that was refused leaves none."""
        if graph is not None and int(graph):
            self._ask("cudaGraphDestroy", graph)

    def _ask(self, call: str, *given: object) -> Any:  # noqa: ANN401
        return _asked(self._api, call, *given)


class _Launch:
    """A graph that is ready."""

    def __init__(self, launch: Callable[[], object]) -> None:
        self._launch = launch

    def launch(self) -> None:
        self._launch()


def bindings_facts(runtime: Any) -> list[GpuFacts]:  # noqa: ANN401
    """All GPUs that the module `cuda.bindings.runtime` finds; none is taken into use.

    Raises:
        ModelError: There is no driver for them.
    """
    try:
        found = range(_asked(runtime, "cudaGetDeviceCount"))
        cards = [_asked(runtime, "cudaGetDeviceProperties", index) for index in found]
    except (GpuError, RuntimeError) as fault:
        raise ModelError(f"no NVIDIA GPU can be used: {fault}") from fault
    return [
        GpuFacts(index, _name(card), (int(card.major), int(card.minor)), int(card.totalGlobalMem))
        for index, card in enumerate(cards)
    ]


def _name(properties: Any) -> str:  # noqa: ANN401
    return str(properties.name.decode(errors="replace").rstrip("\0"))


def _asked(api: Any, call: str, *given: object) -> Any:  # noqa: ANN401
    """What a call of the runtime gives, where it gives anything.

    Raises:
        GpuError: What it answers instead.
    """
    status, *values = getattr(api, call)(*given)
    if int(status) == 0:
        return values[0] if values else None
    # Else TensorRT would find it, and take it for its own.
    api.cudaGetLastError()
    text = api.cudaGetErrorName(status)[1]
    name = text.decode() if isinstance(text, bytes) else f"error {int(status)}"
    raise _error_of(int(status), f"{call}: {name}")


def _error_of(status: int, text: str) -> GpuError:
    if status == MEMORY:
        return OutOfMemoryError(text)
    return GraphRefusedError(text) if status in CAPTURE else DeviceLostError(text)
