"""GPUs that are played: memory, streams, events and graphs that keep to what CUDA documents.

Nothing happens when it is queued: a stream does its work when somebody waits for it, so a result
that is read too early, memory that is freed or changed too early, and work on the wrong stream are
found, and so is a thread that uses one card while another one is current to it. What CUDA calls
undefined behaviour is `WrongUseError` here, which fails the test.
"""

import numpy as np

from tests.gpu.double.parts import (
    INVALIDATED,
    LOST,
    OUT_OF_MEMORY,
    UNSUPPORTED,
    Block,
    CardError,
    Current,
    Event,
    Stream,
    WrongUseError,
)

FIRST = 0x7F00_0000_0000
"""Address of the first piece of memory; others lie far apart."""

APART = 1 << 32

FARTHER = 1 << 42
"""Between the memories of two cards."""


class Card:
    """One card of a machine.

    Attributes:
        index: Its number there.
        current: Of the machine.
        memory_bytes: What may be allocated on it.
        calls: Names of what was done, in order.
        refuses_capture: True = what is queued in a capture is refused.
        lost_after: Runs of a network after which the card is lost, None = never.
        allocations: Pieces of memory that were asked for so far.
        on_free: Called with each piece of memory that is freed.
    """

    name = "NVIDIA Played 4090"
    capability = (8, 9)

    def __init__(self, *, memory_bytes=1 << 40, index=0, current=None):
        self.index, self.current = index, current or Current()
        self.memory_bytes = memory_bytes
        self.calls = []
        self.refuses_capture = False
        self.lost_after = None
        self.allocations = 0
        self.on_free = []
        self.blocks, self.streams, self.events, self.graphs = [], {}, [], []
        self._is_lost = False
        self._runs = 0

    def use(self):
        """The calling thread uses this card until `unuse`, then the one before."""
        self.current.cards.append(self)

    def unuse(self):
        if self.current.cards.pop() is not self:
            raise WrongUseError("another card was current")

    def select(self):
        """The calling thread uses this card from now on, and no other one."""
        self.current.cards[:] = [self]

    def ask(self, call):
        """Note a call, of a thread that uses the card; a lost card answers every call so."""
        if self.current.cards[-1:] != [self]:
            raise WrongUseError(f"{call}: this thread has not made the GPU current")
        self.calls.append(call)
        if self._is_lost:
            raise CardError(*LOST)

    def lose(self):
        self._is_lost = True

    # Memory

    def allocate(self, size_bytes):
        self.ask("allocate")
        if size_bytes < 1:
            raise WrongUseError(f"memory: {size_bytes} bytes were asked for")
        used = sum(one.data.nbytes for one in self.blocks if not (one.is_freed or one.is_pinned))
        if used + size_bytes > self.memory_bytes:
            raise CardError(*OUT_OF_MEMORY)
        # Undefined content: what is computed of it shows.
        data = np.full(-(-size_bytes // 4), np.nan, np.float32).view(np.uint8)[:size_bytes]
        address = FIRST + FARTHER * self.index + APART * len(self.blocks)
        return self._keep(Block(address, data, is_pinned=False))

    def pin(self, size_bytes):
        self.ask("pin")
        data = np.full(size_bytes // 4, np.nan, np.float32).view(np.uint8)
        return self._keep(Block(data.ctypes.data, data, is_pinned=True))

    def _keep(self, block):
        self.allocations += 1
        self.blocks.append(block)
        return block

    def free(self, address):
        self.calls.append("free")
        block = self._block(address, 1, is_pinned=None)
        if block.address != address:
            raise WrongUseError("free: not the beginning of a piece of memory")
        for check in self.on_free:
            check(block)
        block.is_freed = True
        block.data[:] = 0xFF

    def view(self, address, size_bytes, *, is_pinned=False):
        """The bytes at an address."""
        block = self._block(address, size_bytes, is_pinned=is_pinned)
        first = address - block.address
        return block.data[first : first + size_bytes]

    def _block(self, address, size_bytes, *, is_pinned):
        for block in self.blocks:
            is_kind = is_pinned is None or block.is_pinned == is_pinned
            is_here = block.address <= address < block.address + max(1, block.data.nbytes)
            if not is_kind or not is_here:
                continue
            if block.is_freed:
                raise WrongUseError(f"memory at {address:#x} is used after it was freed")
            if address + size_bytes > block.address + block.data.nbytes:
                raise WrongUseError(f"{size_bytes} bytes at {address:#x} go beyond their memory")
            return block
        kind = "page-locked" if is_pinned else "of the card"
        raise WrongUseError(f"no memory {kind} at {address:#x}")

    # Streams, events, graphs

    def stream(self):
        self.ask("stream")
        made = Stream(0x5000 + (self.index << 16) + 8 * len(self.streams))
        self.streams[made.handle] = made
        return made

    def event(self):
        self.ask("event")
        made = Event()
        self.events.append(made)
        return made

    def queue(self, handle, call, work):
        """Put work on a stream, or into the graph that is captured on it."""
        self.ask(call)
        stream = self._alive(handle, call)
        if stream.captured is None:
            stream.queue.append(work)
        elif self.refuses_capture:
            stream.is_refused = True
            raise CardError(*UNSUPPORTED)
        else:
            stream.captured.append(work)

    def copy_in(self, handle, address, *, source, size_bytes):
        host = self.view(source, size_bytes, is_pinned=True)
        then = host.copy()
        self.view(address, size_bytes)

        def work():
            if host.tobytes() != then.tobytes():
                raise WrongUseError("memory of the host was changed while a copy waited for it")
            self.view(address, size_bytes)[:] = self.view(source, size_bytes, is_pinned=True)

        self.queue(handle, "copy in", work)

    def copy_out(self, handle, target, *, address, size_bytes):
        self.view(address, size_bytes)
        # Nothing may be read before somebody has waited.
        self.view(target, size_bytes, is_pinned=True)[:] = 0xFF

        def work():
            self.view(target, size_bytes, is_pinned=True)[:] = self.view(address, size_bytes)

        self.queue(handle, "copy out", work)

    def ran(self):
        """A network has run once more."""
        self._runs += 1
        if self.lost_after is not None and self._runs > self.lost_after:
            self._is_lost = True

    def record(self, event, handle):
        self.ask("record")
        stream = self._alive(handle, "record")
        if event.is_gone or event not in self.events:
            raise WrongUseError("record: the event is gone, or of another card")
        event.stream, event.mark = stream, len(stream.queue)

    def wait(self, event):
        self.ask("wait")
        stream = event.stream
        if stream is None:
            raise WrongUseError("wait: the event was never recorded")
        if stream.captured is not None:
            raise WrongUseError("wait: forbidden while a stream is captured")
        work, stream.queue = stream.queue[: event.mark], stream.queue[event.mark :]
        for step in work:
            step()
            if self._is_lost:
                raise CardError(*LOST)

    def begin_capture(self, handle):
        self.ask("begin capture")
        stream = self._alive(handle, "begin capture")
        if stream.captured is not None:
            raise WrongUseError("begin capture: this stream is captured already")
        stream.captured, stream.is_refused = [], False

    def end_capture(self, handle):
        self.ask("end capture")
        stream = self._alive(handle, "end capture")
        if stream.captured is None:
            raise WrongUseError("end capture: none has begun")
        graph, stream.captured = stream.captured, None
        if stream.is_refused:
            raise CardError(*INVALIDATED)
        return graph

    def launch(self, graph, handle):
        if graph not in self.graphs:
            raise WrongUseError("launch: the graph is gone")

        def work():
            for step in graph.steps:
                step()

        self.queue(handle, "launch", work)

    def _alive(self, handle, call):
        stream = self.streams.get(handle)
        if stream is None:
            raise WrongUseError(f"{call}: found stream {handle}, wanted one that was made")
        if stream.is_gone:
            raise WrongUseError(f"{call}: the stream is gone")
        return stream

    # The end

    def check_all_freed(self):
        """Refuse what was taken and never given back, or given back while it was needed."""
        left = [hex(one.address) for one in self.blocks if not one.is_freed]
        if left:
            raise WrongUseError(f"never freed: {left}")
        if any(not stream.is_gone for stream in self.streams.values()):
            raise WrongUseError("a stream was never destroyed")
        if any(not event.is_gone for event in self.events):
            raise WrongUseError("an event was never destroyed")
        if self.graphs:
            raise WrongUseError("a graph was never destroyed")
        if any(stream.queue for stream in self.streams.values()):
            raise WrongUseError("a stream was destroyed with work on it")


def machine_of(count):
    """The cards of one machine."""
    current = Current()
    return [Card(index=index, current=current) for index in range(count)]
