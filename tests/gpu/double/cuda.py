"""`cuda.bindings.runtime`, as far as it is used, over a card that is played."""

from enum import IntEnum
from types import SimpleNamespace

from tests.gpu.double.card import CardError


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

    def __init__(self, card, *, count=1):
        self._card, self._count = card, count

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
        major, minor = self._card.capability
        return SimpleNamespace(name=self._card.name.encode(), major=major, minor=minor)

    def _cudaSetDevice(self, index):  # noqa: N802
        if not self._card.is_used_here():
            self._card.use()

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
        self._card.free(address)

    def _cudaHostAlloc(self, size_bytes, flags):  # noqa: N802
        return self._card.pin(size_bytes).address

    def _cudaFreeHost(self, address):  # noqa: N802
        self._card.free(address)

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
        self._card.graphs.remove(graph.what)
