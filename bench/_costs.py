"""What one call costs."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Final

ROUNDS: Final = 15
ROUND_S: Final = 0.02


def cost_us(work: Callable[[], object]) -> float:
    """The time of one call, microseconds: the median of the rounds."""
    work()
    costs_s = []
    for _ in range(ROUNDS):
        calls, start = 0, perf_counter()
        while (passed_s := perf_counter() - start) < ROUND_S:
            work()
            calls += 1
        costs_s.append(passed_s / calls)
    return median(costs_s) * 1e6
