"""Which windows go into the next batch: earliest deadline first, fair, bounded by measured cost."""

import heapq
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from itertools import count
from math import inf
from statistics import median_low
from typing import Final, Generic, TypeVar

S = TypeVar("S", bound=Hashable)
W = TypeVar("W")

LIVE_BUDGET_S: Final = 0.005
"""Longest batch while a live session exists, seconds: a third of a pose at 60 per second, so that
a live window that arrives just after the start of a batch is still in time (ours)."""

COSTS_KEPT: Final = 9
"""Batches of which the middle cost counts: four that the machine held up change nothing (ours)."""


@dataclass(slots=True)
class _Queue(Generic[W]):
    """Windows of one session in the order they were added."""

    windows: deque[tuple[float, float, W]] = field(default_factory=deque)
    ticket: int = -1


class Scheduler(Generic[S, W]):
    """Decides, never waits: windows go in, batches come out.

    Windows of one session leave in the order they were added. Between sessions the earliest due
    goes first; equal dues alternate; windows without a due (burst) fill what is left.

    Attributes:
        waited_s: Longest time that a window of the batch taken last had waited, seconds.
    """

    def __init__(
        self, *, max_batch: int, budget_s: float = LIVE_BUDGET_S, cost_s: float = 0.0
    ) -> None:
        """Start empty.

        Args:
            max_batch: Most windows in one batch, >= 1.
            budget_s: Longest batch while a live session has joined, seconds, > 0; one window is
                computed however long it takes.
            cost_s: What one window is said to cost before any is measured, seconds; 0 = not known.
        """
        self._max_batch = max_batch
        self._budget_s = budget_s
        self._queues: dict[S, _Queue[W]] = {}
        self._heads: list[tuple[float, int, S]] = []
        self._tickets = count()
        self._live: set[S] = set()
        self._cost_s = cost_s
        self._costs = deque([cost_s] if cost_s else [], maxlen=COSTS_KEPT)
        self._waiting = 0
        self.waited_s = 0.0

    @property
    def waiting(self) -> int:
        """Windows that wait for a batch."""
        return self._waiting

    @property
    def cost_s(self) -> float:
        """Cost of one window, the middle of the last ones measured, seconds; 0 = not known."""
        return self._cost_s

    def join(self, session: S) -> None:
        """Count a live session: from now on no batch may make its next window late."""
        self._live.add(session)

    def leave(self, session: S) -> None:
        """Forget a session and its windows."""
        self._live.discard(session)
        queue = self._queues.pop(session, None)
        if queue is not None:
            self._waiting -= len(queue.windows)

    def add(self, session: S, window: W, *, due: float | None, now: float) -> None:
        """Queue a window.

        Args:
            session: Whose it is.
            window: Anything; it comes back from `take`.
            due: When its pose is wanted, seconds on the clock of `now`; None = burst. What is
                overdue already counts as due now, so that a session far behind starves nobody.
            now: Present time, seconds, monotonic.
        """
        queue = self._queues.setdefault(session, _Queue())
        queue.windows.append((inf if due is None else max(due, now), now, window))
        self._waiting += 1
        if len(queue.windows) == 1:
            self._push_head(session, queue)

    def take(self, *, now: float) -> list[tuple[S, W]]:
        """The next batch, empty when nothing waits.

        Args:
            now: Present time, seconds, monotonic.

        Returns:
            (session, window) pairs, earliest due first.
        """
        batch: list[tuple[S, W]] = []
        limit, oldest = self._limit(), now
        while self._heads and len(batch) < limit:
            _, ticket, session = heapq.heappop(self._heads)
            queue = self._queues.get(session)
            if queue is None or not queue.windows or ticket != queue.ticket:
                continue
            _, added, window = queue.windows.popleft()
            batch.append((session, window))
            oldest = min(oldest, added)
            self._waiting -= 1
            if queue.windows:
                self._push_head(session, queue)
        self.waited_s = now - oldest
        return batch

    def drop(self, session: S, is_dead: Callable[[W], bool]) -> int:
        """Remove a session's windows that need not be computed any more.

        Returns:
            How many were removed.
        """
        queue = self._queues.get(session)
        if queue is None:
            return 0
        kept = deque(item for item in queue.windows if not is_dead(item[2]))
        removed = len(queue.windows) - len(kept)
        if removed:
            queue.windows = kept
            self._waiting -= removed
            if kept:
                self._push_head(session, queue)
        return removed

    def measured(self, windows: int, seconds: float) -> None:
        """Learn what a batch cost.

        Args:
            windows: Windows in the batch, >= 1.
            seconds: Time it took, > 0.
        """
        self._costs.append(seconds / windows)
        self._cost_s = median_low(self._costs)

    def _limit(self) -> int:
        if not self._live or not self._cost_s:
            return self._max_batch
        return max(1, min(self._max_batch, int(self._budget_s / self._cost_s)))

    def _push_head(self, session: S, queue: _Queue[W]) -> None:
        """Enter the session's first window; an older entry of the session becomes void.

        Tickets rise, so among equal dues the session that was served longest ago comes first.
        """
        queue.ticket = next(self._tickets)
        heapq.heappush(self._heads, (queue.windows[0][0], queue.ticket, session))
