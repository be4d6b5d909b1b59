"""What is known of a thread over the last seconds, whatever a single moment says."""

from collections import deque
from math import exp, inf
from statistics import median_low
from typing import Final

from a2f_ws.batching.member import LATELY_S

LOOK_S: Final = 0.25
"""Time between two looks, seconds (ours)."""

KEPT: Final = 13
"""Looks of which the middle cost counts: 3 s, since what the machine does beside disturbs it for a
second at most (ours)."""

FRESH: Final = 5
"""Looks after which a demand shows in how busy the thread is: a second, over which that is a mean
(ours)."""


class Gauge:
    """Looks at a worker, or at the loop, from time to time; owns no clock.

    Attributes:
        each_s: The middle cost of what it does, seconds; 0 = not known.
        busy: Share of the time that it works, 0 … 1: of late, or over the last 15 s or so, in which
            those who speak pause, whichever is more.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self.each_s = self.busy = 0.0
        self._costs: deque[float] = deque(maxlen=KEPT)
        self._needed: deque[float] = deque(maxlen=FRESH)
        self._looked_at, self._mean = -inf, 0.0

    def look(self, *, now: float, each_s: float, busy: float, needed_hz: float) -> None:
        """Take note of how things are.

        Args:
            now: Present time, seconds, monotonic.
            each_s: What one of what it does seems to cost, seconds; 0 = not known.
            busy: Share of the last second or so in which it worked, 0 … 1.
            needed_hz: How many are needed a second.
        """
        if each_s > 0.0:
            self._costs.append(each_s)
            self.each_s = median_low(self._costs)
        self._needed.append(needed_hz)
        self._mean = busy + (self._mean - busy) * exp((self._looked_at - now) / LATELY_S)
        self._looked_at = now
        self.busy = max(busy, self._mean)

    def fresh_hz(self, needed_hz: float) -> float:
        """How many a second are needed now beyond what can show in how busy it is."""
        shown_hz = self._needed[0] if len(self._needed) == FRESH else 0.0
        return max(0.0, needed_hz - shown_hz)
