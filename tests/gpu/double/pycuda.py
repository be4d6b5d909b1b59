"""`pycuda.driver`, as far as it is used, over cards that are played.

Streams and events free themselves with their last reference; faults are exceptions.
"""

from functools import wraps
from types import SimpleNamespace

import numpy as np

from tests.gpu.double.parts import LOST, OUT_OF_MEMORY, CardError, floats_at


class PycudaError(Exception):
    pass


class PycudaMemoryError(PycudaError):
    pass


class LaunchError(PycudaError):
    pass


def told(act):
    """The same call, with the exceptions of PyCUDA."""

    @wraps(act)
    def call(*given):
        try:
            return act(*given)
        except CardError as fault:
            if fault.number == OUT_OF_MEMORY[0]:
                raise PycudaMemoryError(fault.name) from fault
            kind = LaunchError if fault.number == LOST[0] else PycudaError
            raise kind(fault.name) from fault

    return call


class Context:
    def __init__(self, card):
        self.push, self.pop, self.detach = card.use, card.unuse, lambda: None


class Device:
    def __init__(self, card):
        self._card = card

    def name(self):
        return self._card.name

    def compute_capability(self):
        return self._card.capability

    def total_memory(self):
        return self._card.memory_bytes

    def retain_primary_context(self):
        return Context(self._card)


class Stream:
    @told
    def __init__(self, card, flags):
        self.made = card.stream()
        self.handle = self.made.handle

    def __del__(self):
        self.made.is_gone = True


class Event:
    @told
    def __init__(self, card, flags):
        self._card, self.made = card, card.event()

    @told
    def record(self, stream=None):
        self._card.record(self.made, stream.handle)
        return self

    @told
    def synchronize(self):
        self._card.wait(self.made)
        return self

    def __del__(self):
        self.made.is_gone = True


class DeviceAllocation:
    def __init__(self, card, size_bytes):
        self._card, self._block = card, card.allocate(size_bytes)

    def __int__(self):
        return self._block.address

    def free(self):
        self._card.free(self._block.address)


class PagelockedHostAllocation:
    def __init__(self, card, shape):
        self._card, self._block = card, card.pin(int(np.prod(shape)) * 4)
        floats = floats_at(self._block.address, self._block.data.nbytes // 4).reshape(shape)
        self.__array_interface__ = floats.__array_interface__

    def free(self):
        self._card.free(self._block.address)


class Driver:
    """The module."""

    Error, MemoryError, LaunchError = PycudaError, PycudaMemoryError, LaunchError
    event_flags = SimpleNamespace(BLOCKING_SYNC=1, DISABLE_TIMING=2)

    def __init__(self, *cards, count=None):
        self._cards, self._count = cards, len(cards) if count is None else count

    @property
    def _card(self):
        return self._cards[0].current.card()

    def init(self):
        pass

    @property
    def Device(self):  # noqa: N802
        kind = lambda index: Device(self._cards[index])  # noqa: E731 - something with an attribute
        kind.count = lambda: self._count
        return kind

    def Stream(self, flags=0):  # noqa: N802
        return Stream(self._card, flags)

    def Event(self, flags=0):  # noqa: N802
        return Event(self._card, flags)

    @told
    def mem_alloc(self, size_bytes):
        return DeviceAllocation(self._card, size_bytes)

    @told
    def pagelocked_empty(self, shape, dtype):
        return np.asarray(PagelockedHostAllocation(self._card, shape))

    @told
    def memcpy_htod_async(self, target, source, stream):
        self._card.copy_in(
            stream.handle, int(target), source=source.ctypes.data, size_bytes=source.nbytes
        )

    @told
    def memcpy_dtoh_async(self, target, source, stream):
        self._card.copy_out(
            stream.handle, target.ctypes.data, address=int(source), size_bytes=target.nbytes
        )
