"""What a program of ours asks of the machine: few threads, memory given back, short pauses."""

import ctypes
import gc
import sys

from threadpoolctl import threadpool_limits


def use_one_thread_for_products() -> None:
    """Let NumPy's matrix products run on the thread that asks for them, for good.

    Its library takes all processors otherwise, also those that the network and the connections
    need, and products as small as ours become slower by it.
    """
    threadpool_limits(1, user_api="blas")


def give_memory_back() -> None:
    """Return what loading has left in the allocator, where that can be asked for (glibc)."""
    gc.collect()
    if not sys.platform.startswith("linux"):
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def spare_what_is_there() -> None:
    """Leave what has been loaded out of Python's searches for circles, for good.

    A full search looks at everything that may be part of one, and holds up every session
    meanwhile: models, rigs and libraries are most of that, and stay until the end.
    """
    gc.collect()
    gc.freeze()
