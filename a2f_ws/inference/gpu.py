"""What a network on an NVIDIA GPU asks of CUDA: memory, one stream, an event, graphs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from a2f_ws.errors import ModelError
from a2f_ws.names import Floats


class GpuError(ModelError):
    """A GPU did not do what it was asked to."""


class OutOfMemoryError(GpuError):
    """Its memory does not suffice; the GPU works on."""


class DeviceLostError(GpuError):
    """It cannot be used any more by this process: CUDA repeats the fault at every later call."""


class GraphRefusedError(GpuError):
    """Work could not be captured in a CUDA graph; the GPU works on."""


@dataclass(frozen=True, slots=True)
class GpuFacts:
    """What a GPU says of itself before anybody uses it.

    Attributes:
        index: Its number, as `--devices` takes it.
        name: Of the card.
        capability: Its compute capability.
        memory_bytes: All of its memory, bytes.
    """

    index: int
    name: str
    capability: tuple[int, int]
    memory_bytes: int


class Graph(Protocol):
    """Work that was captured once, and that is launched as a whole."""

    def launch(self) -> None:
        """Queue it on the stream that it was captured on.

        Raises:
            DeviceLostError: The GPU is lost.
        """


class Gpu(Protocol):
    """One GPU with one stream, for one thread at a time; what it gives out is freed by `close`.

    Everything is queued on its stream and done in order. Memory that was handed to `upload` or
    `download` belongs to the GPU until `finish`.

    Attributes:
        name: Of the card, such as "NVIDIA GeForce RTX 4090".
        capability: Its compute capability, such as (8, 9).
        library: What speaks to it, with its version.
        stream: Handle of its stream, as other libraries take it; never the default stream's.
    """

    name: str
    capability: tuple[int, int]
    library: str
    stream: int

    def current(self) -> AbstractContextManager[None]:
        """Let the calling thread use this GPU inside of the block; everything below needs it."""

    def allocate(self, size_bytes: int) -> int:
        """Address of new memory of the GPU; its content is undefined.

        Raises:
            OutOfMemoryError: There is not so much left.
        """

    def pin(self, shape: tuple[int, ...]) -> Floats:
        """A new float32 array in memory of the host that copies do not have to wait for.

        Raises:
            OutOfMemoryError: There is not so much left.
        """

    def upload(self, address: int, rows: Floats) -> None:
        """Queue a copy to the GPU.

        Args:
            address: Where in its memory.
            rows: Contiguous part of an array of `pin`; not to be changed before `finish`.

        Raises:
            DeviceLostError: The GPU is lost.
        """

    def download(self, rows: Floats, address: int) -> None:
        """Queue a copy from the GPU.

        Args:
            rows: Contiguous part of an array of `pin`; not to be read before `finish`.
            address: Where in its memory.

        Raises:
            DeviceLostError: The GPU is lost.
        """

    def finish(self) -> None:
        """Wait, without spinning, until everything that was queued is done.

        Raises:
            DeviceLostError: The GPU is lost, by this or by something before it.
        """

    def capture(self, enqueue: Callable[[], None]) -> Graph:
        """What `enqueue` puts on the stream, as a graph; nothing of it is done now.

        Args:
            enqueue: Queues work; whatever it raises is raised after the capture has ended.

        Raises:
            GraphRefusedError: It cannot be captured, or this library cannot capture.
        """

    def close(self) -> None:
        """Free everything; closing twice is allowed, and so is closing a GPU that is lost."""
