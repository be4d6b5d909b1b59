"""What one call costs."""

from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Final

ROUNDS: Final = 15
ROUND_S: Final = 0.02


def cost_us(work: Callable[[], object]) -> float:
    """The processor time of one call, microseconds: the median of the rounds.

    Processor time, because a shared machine takes turns with other work; for work on one thread.
    """
    work()
    calls, start = 0, perf_counter()
    while perf_counter() - start < ROUND_S:
        work()
        calls += 1
    costs_s = []
    for _ in range(ROUNDS):
        start = process_time()
        for _ in range(calls):
            work()
        costs_s.append((process_time() - start) / calls)
    return median(costs_s) * 1e6
