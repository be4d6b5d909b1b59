"""How many processors this process may use, and how they are shared out among workers."""

import os
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Final

from a2f_ws.inference.bundle import Bundle

GROUPS: Final = Path("/sys/fs/cgroup")
"""Where Linux says what a container may use."""

THREADS_MAX: Final = 8
"""Threads that a large network gets where nothing else is asked for (ours)."""

WORKERS_MAX: Final = 8
"""Workers of a small network where nothing else is asked for (ours): one event loop feeds no more.
Measured, lines in burst: 45 µs of the loop for a face that takes a worker 440 µs, and live ones
take the loop several times as long (bench/workers.py)."""

THREADS_EACH: Final = 2
"""Those that it gets for each of several workers (ours): with two, a face of Mark's size takes half
of 20 ms, so that one session alone has all of its 60 poses a second."""


def processors(groups: Path = GROUPS) -> int:
    """Processors that this process may use at a time, >= 1.

    Args:
        groups: Where the limits of a container are found.
    """
    asked = getattr(os, "sched_getaffinity", None)
    known = len(asked(0)) if asked is not None else os.cpu_count() or 1
    return min([known, *map(ceil, _quotas(groups))])


def usual_threads(bundle: Bundle) -> int:
    """Threads of the only worker where nothing else is asked for: one where the network is small.

    That is so for blendshape bundles; others get half of the processors, 2 to 8.
    """
    if bundle.kind == "blendshape":
        return 1
    found = processors()
    return max(1, min(found, THREADS_MAX, max(2, found // 2)))


def crew(bundle: Bundle, *, workers: int, threads: int) -> tuple[int, int]:
    """Workers on a CPU, and the threads of each.

    Args:
        bundle: What they run.
        workers: How many are asked for; 0 = for all processors but one, which is for the
            connections, and not more than one event loop feeds.
        threads: What is asked for; 0 = automatic.

    Returns:
        Both, >= 1.
    """
    found = processors()
    if workers == 0:
        is_small = bundle.kind == "blendshape"
        each = threads or (1 if is_small else THREADS_EACH)
        workers = max(1, (found - 1) // each)
        workers = min(workers, WORKERS_MAX) if is_small else workers
    usual = usual_threads(bundle)
    return workers, threads or max(1, min(usual, found // workers))


def _quotas(groups: Path) -> Iterator[float]:
    """Processors' worth of time that a container gets, as both versions of control groups say."""
    whole = _words(groups / "cpu.max")
    parts = [_words(groups / "cpu" / f"cpu.cfs_{name}_us") for name in ("quota", "period")]
    for words in (whole, [*parts[0], *parts[1]]):
        try:
            quota, period = map(float, words)
        except ValueError:
            continue
        if quota > 0 and period > 0:
            yield quota / period


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []
