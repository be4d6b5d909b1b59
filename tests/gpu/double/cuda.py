"""`cuda.bindings.runtime`, as far as it is used, over cards that are played.

As in the original, a call is for the card that is current to the thread.
"""

from enum import IntEnum
from types import SimpleNamespace

from tests.gpu.double.parts import CardError


class Answer(int):
    """A status of the CUDA runtime: an integer with a name."""

    name = "cudaSuccess"

    @classmethod
    def of(cls, fault):
        made = cls(fault.number)
        made.name = fault.name
        return made


class Handle:
    """What cuda-bindings gives for a stream, an event or a graph: something that `int` takes."""

    def __init__(self, number, what):
        self.number, self.what = number, what

    def __int__(self):
        return self.number


class Graph:
    def __init__(self, steps):
        self.steps = steps


class Runtime:
    """`cuda.bindings.runtime`: every function gives a tuple, its status first."""

    cudaStreamNonBlocking = 1  # noqa: N815
    cudaEventBlockingSync = 1  # noqa: N815
    cudaEventDisableTiming = 2  # noqa: N815
    cudaMemcpyKind = IntEnum(  # noqa: N815
        "cudaMemcpyKind", {"cudaMemcpyHostToDevice": 1, "cudaMemcpyDeviceToHost": 2}
    )
    cudaStreamCaptureMode = IntEnum(  # noqa: N815
        "cudaStreamCaptureMode", {"cudaStreamCaptureModeThreadLocal": 1}
    )

    def __init__(self, *cards, count=None):
        self._cards, self._count = cards, len(cards) if count is None else count

    @property
    def _card(self):
        return self._cards[0].current.card()

    def __getattr__(self, name):
        """A function of the runtime: what its namesake here gives, behind a status."""
        act = getattr(type(self), f"_{name}", None)
        if act is None:
            raise AttributeError(name)

        def call(*given):
            try:
                found = act(self, *given)
            except CardError as fault:
                return Answer.of(fault), None
            return (Answer(0),) if found is None else (Answer(0), found)

        return call

    def _cudaGetErrorName(self, status):  # noqa: N802
        return status.name.encode()

    def _cudaGetLastError(self):  # noqa: N802
        return None

    def _cudaGetDeviceCount(self):  # noqa: N802
        return self._count

    def _cudaGetDeviceProperties(self, index):  # noqa: N802
        card = self._cards[index]
        major, minor = card.capability
        return SimpleNamespace(
            name=card.name.encode(), major=major, minor=minor, totalGlobalMem=card.memory_bytes
        )

    def _cudaSetDevice(self, index):  # noqa: N802
        self._cards[index].select()

    def _cudaStreamCreateWithFlags(self, flags):  # noqa: N802
        stream = self._card.stream()
        return Handle(stream.handle, stream)

    def _cudaStreamDestroy(self, stream):  # noqa: N802
        stream.what.is_gone = True

    def _cudaEventCreateWithFlags(self, flags):  # noqa: N802
        return Handle(1, self._card.event())

    def _cudaEventDestroy(self, event):  # noqa: N802
        event.what.is_gone = True

    def _cudaMalloc(self, size_bytes):  # noqa: N802
        return self._card.allocate(size_bytes).address

    def _cudaFree(self, address):  # noqa: N802
        self._owner(address).free(address)

    def _owner(self, address):
        """The card of some memory: with one space of addresses, any card may be current."""
        own = [card for card in self._cards if any(one.address == address for one in card.blocks)]
        return own[0] if own else self._card

    def _cudaHostAlloc(self, size_bytes, flags):  # noqa: N802
        return self._card.pin(size_bytes).address

    def _cudaFreeHost(self, address):  # noqa: N802
        self._owner(address).free(address)

    def _cudaMemcpyAsync(self, target, source, size_bytes, kind, stream):  # noqa: N802
        if kind == self.cudaMemcpyKind.cudaMemcpyHostToDevice:
            self._card.copy_in(int(stream), target, source=source, size_bytes=size_bytes)
        else:
            self._card.copy_out(int(stream), target, address=source, size_bytes=size_bytes)

    def _cudaEventRecord(self, event, stream):  # noqa: N802
        self._card.record(event.what, int(stream))

    def _cudaEventSynchronize(self, event):  # noqa: N802
        self._card.wait(event.what)

    def _cudaStreamBeginCapture(self, stream, mode):  # noqa: N802
        self._card.begin_capture(int(stream))

    def _cudaStreamEndCapture(self, stream):  # noqa: N802
        return Handle(7, self._card.end_capture(int(stream)))

    def _cudaGraphInstantiate(self, graph, flags):  # noqa: N802
        made = Graph(list(graph.what))
        self._card.graphs.append(made)
        return Handle(8, made)

    def _cudaGraphDestroy(self, graph):  # noqa: N802
        graph.what.clear()

    def _cudaGraphLaunch(self, graph, stream):  # noqa: N802
        self._card.launch(graph.what, int(stream))

    def _cudaGraphExecDestroy(self, graph):  # noqa: N802
        next(card for card in self._cards if graph.what in card.graphs).graphs.remove(graph.what)
