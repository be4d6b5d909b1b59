"""What a card that is played consists of, and what it says of mistakes."""

import ctypes
import threading
from dataclasses import dataclass, field

import numpy as np


class WrongUseError(AssertionError):
    """Something that the documentation forbids, or leaves undefined."""


class CardError(Exception):
    """What a call of CUDA answers: a number and a name."""

    def __init__(self, number, name):
        super().__init__(name)
        self.number, self.name = number, name


OUT_OF_MEMORY = (2, "cudaErrorMemoryAllocation")
LOST = (719, "cudaErrorLaunchFailure")
UNSUPPORTED = (900, "cudaErrorStreamCaptureUnsupported")
INVALIDATED = (901, "cudaErrorStreamCaptureInvalidated")


@dataclass
class Block:
    """A piece of memory of the card, or of page-locked memory of the host."""

    address: int
    data: np.ndarray
    is_pinned: bool
    is_freed: bool = False


@dataclass
class Stream:
    handle: int
    queue: list = field(default_factory=list)
    captured: list | None = None
    is_refused: bool = False
    is_gone: bool = False


@dataclass(eq=False)
class Event:
    stream: Stream | None = None
    mark: int = 0
    is_gone: bool = False


class Current(threading.local):
    """Which card of a machine the calling thread uses: the last one of `cards`."""

    def __init__(self):
        self.cards = []

    def card(self):
        if not self.cards:
            raise WrongUseError("this thread has not made any GPU current")
        return self.cards[-1]


def floats_at(address, count):
    """Memory of the host as NumPy sees it."""
    return np.ctypeslib.as_array((ctypes.c_float * count).from_address(address))
