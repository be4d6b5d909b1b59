"""A GPU by way of PyCUDA."""

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

NON_BLOCKING: Final = 1
"""`CU_STREAM_NON_BLOCKING`: the stream does not wait for the default one, nor that for it."""


class PycudaGpu:
    """A GPU of PyCUDA, in the device's primary context, which TensorRT uses too.

    Attributes:
        name: Of the card.
        capability: Its compute capability.
        library: "PyCUDA" and its version.
        stream: Handle of its stream.
    """

    def __init__(self, driver: Any, *, index: int = 0, version: str = "") -> None:  # noqa: ANN401
        """Open a GPU.

        Args:
            driver: The module `pycuda.driver`.
            index: Which GPU, >= 0.
            version: Of the package, for people.

        Raises:
            ModelError: There is no such GPU, or no driver for it.
        """
        self._api = driver
        self._frees: list[Callable[[], None]] = []
        self.library = f"PyCUDA {version}".strip()
        try:
            driver.init()
            count = driver.Device.count()
            if index >= count:
                raise ModelError(f"found {count} NVIDIA GPUs, wanted number {index}")
            device = driver.Device(index)
            self._context = device.retain_primary_context()
            self._frees.append(self._context.detach)
        except driver.Error as fault:
            raise ModelError(f"no NVIDIA GPU can be used: {fault}") from fault
        self.name = str(device.name())
        self.capability = device.compute_capability()
        with self.current(), self._told():
            self._stream = driver.Stream(NON_BLOCKING)
            flags = driver.event_flags
            self._event = driver.Event(flags.BLOCKING_SYNC | flags.DISABLE_TIMING)
        self.stream = int(self._stream.handle)

    @contextmanager
    def current(self) -> Iterator[None]:
        """Let the calling thread use this GPU inside of the block."""
        with self._told():
            self._context.push()
        try:
            yield
        finally:
            self._context.pop()

    def allocate(self, size_bytes: int) -> int:
        """Address of new memory of the GPU."""
        with self._told():
            memory = self._api.mem_alloc(size_bytes)
        self._frees.append(memory.free)
        return int(memory)

    def pin(self, shape: tuple[int, ...]) -> Floats:
        """A new float32 array in page-locked memory of the host."""
        with self._told():
            rows: Floats = self._api.pagelocked_empty(shape, np.float32)
        base: Any = rows.base
        self._frees.append(base.free)
        return rows

    def upload(self, address: int, rows: Floats) -> None:
        """Queue a copy to the GPU."""
        with self._told():
            self._api.memcpy_htod_async(address, rows, self._stream)

    def download(self, rows: Floats, address: int) -> None:
        """Queue a copy from the GPU."""
        with self._told():
            self._api.memcpy_dtoh_async(rows, address, self._stream)

    def finish(self) -> None:
        """Wait until everything that was queued is done."""
        with self._told():
            self._event.record(self._stream)
            self._event.synchronize()

    def capture(self, enqueue: Callable[[], None]) -> Graph:
        """Refused: PyCUDA has no call for it."""
        del enqueue
        raise GraphRefusedError(
            "PyCUDA cannot capture CUDA graphs; --cuda cuda-bindings can"
            " (pip install 'a2f-ws[gpu-wheels]')"
        )

    def close(self) -> None:
        """Free everything, the newest first; the context goes last."""
        if not self._frees:
            return
        with suppress(GpuError), self.current():
            # Both free themselves with their last reference, for which the context has to be there.
            self._stream = self._event = None
            while len(self._frees) > 1:
                with suppress(GpuError), self._told():
                    self._frees.pop()()
        with suppress(GpuError), self._told():
            self._frees[0]()
        self._frees.clear()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell faults of PyCUDA in our terms."""
        try:
            yield
        except self._api.MemoryError as fault:
            raise OutOfMemoryError(str(fault)) from fault
        except self._api.Error as fault:
            raise DeviceLostError(str(fault)) from fault


def pycuda_facts(driver: Any) -> list[GpuFacts]:  # noqa: ANN401
    """All GPUs that the module `pycuda.driver` finds; none is taken into use.

    Raises:
        ModelError: There is no driver for them.
    """
    try:
        driver.init()
        cards = [driver.Device(index) for index in range(driver.Device.count())]
        return [
            GpuFacts(index, str(card.name()), card.compute_capability(), int(card.total_memory()))
            for index, card in enumerate(cards)
        ]
    except driver.Error as fault:
        raise ModelError(f"no NVIDIA GPU can be used: {fault}") from fault
