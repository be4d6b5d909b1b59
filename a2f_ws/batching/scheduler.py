"""Which windows go into the next batch: earliest deadline first, fair, bounded by measured cost."""

import heapq
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from itertools import count
from math import inf
from typing import Final, Generic, TypeVar

from a2f_ws.batching.cost import Cost
from a2f_ws.batching.strain import Strain, live_wait_s

S = TypeVar("S", bound=Hashable)
W = TypeVar("W")

LIVE_BUDGET_S: Final = 0.005
"""Longest batch while a live session exists, seconds: a third of a pose at 60 per second, so that
a live window that arrives just after the start of a batch is still in time (ours)."""

WINDOWS_MAX: Final = 64
"""Most windows in one batch: as many rows as one `poses` message carries (protocol §7)."""

VOID_MOST: Final = 16
"""How many more void entries there may be than others (ours)."""


@dataclass(slots=True)
class _Queue(Generic[W]):
    """Windows of one session in the order they were added.

    Attributes:
        turn: Place among those that are due: rises with every window that is taken.
        windows: When each one is due, when it was added, its work, and itself.
        entry: Number of the first one's entry.
    """

    turn: int
    windows: deque[tuple[float, float, int, W]] = field(default_factory=deque)
    entry: int = -1


class Scheduler(Generic[S, W]):
    """Decides, never waits: windows go in, batches come out.

    Windows of one session leave in the order they were added. Between sessions the earliest due
    goes first. Those that are due by now, or overdue, take turns, whatever they wait for: whoever
    has a window due waits for one of each other session at most, and where there is too much
    for the machine all get the same. Windows without a due (burst) fill what is left, in turns.

    Attributes:
        waited_s: Longest time that a window of the batch taken last had waited, seconds.
    """

    def __init__(
        self, *, max_batch: int, budget_s: float = LIVE_BUDGET_S, cost_s: float = 0.0
    ) -> None:
        """Start empty.

        Args:
            max_batch: Most work in one batch, >= 1; no more windows than `WINDOWS_MAX` either.
            budget_s: Longest batch while a live session has joined, seconds, > 0; see `Cost.most`
                for windows that are dearer.
            cost_s: What one window is said to cost before any is measured, seconds; 0 = not known.
        """
        self._max_batch = max_batch
        self._queues: dict[S, _Queue[W]] = {}
        self._coming: list[tuple[float, int, int, S]] = []
        self._due: list[tuple[int, int, S]] = []
        self._turns, self._entries = count(), count()
        self._live: set[S] = set()
        self._cost = Cost(budget_s=budget_s, window_s=cost_s)
        self._waiting, self._void = 0, 0
        self.waited_s = 0.0
        self._strain = Strain()

    @property
    def is_late(self) -> bool:
        """True when live windows wait too long, and not for a moment only; see `Strain`."""
        return self._strain.is_late

    @property
    def waiting(self) -> int:
        """Windows that wait for a batch."""
        return self._waiting

    @property
    def cost_s(self) -> float:
        """Cost of one window in batches as large as live sessions get, seconds; 0 = not known."""
        return self._cost.window_s(self._max_batch)

    def join(self, session: S) -> None:
        """Count a live session: from now on no batch may make its next window late."""
        self._live.add(session)

    def leave(self, session: S) -> None:
        """Forget a session and its windows."""
        self._live.discard(session)
        queue = self._queues.pop(session, None)
        if queue is not None and queue.windows:
            self._waiting -= len(queue.windows)
            self._void += 1
            self._tidy()

    def is_empty_of(self, session: S) -> bool:
        """True when no window of a session waits."""
        queue = self._queues.get(session)
        return queue is None or not queue.windows

    def add(self, session: S, window: W, *, due: float | None, now: float, work: int = 1) -> None:
        """Queue a window.

        Args:
            session: Whose it is.
            window: Anything; it comes back from `take`.
            due: When its pose is wanted, seconds on the clock of `now`; None = burst.
            now: Present time, seconds, monotonic.
            work: What it adds to a batch, >= 0: below and in `cost_s`, a window is one of these.
        """
        queue = self._queues.get(session)
        if queue is None:
            queue = self._queues[session] = _Queue(next(self._turns))
        queue.windows.append((inf if due is None else due, now, work, window))
        self._waiting += 1
        if len(queue.windows) == 1:
            self._enter(session, queue)

    def take(self, *, now: float) -> list[tuple[S, W]]:
        """The next batch, empty when nothing waits.

        Args:
            now: Present time, seconds, monotonic.

        Returns:
            (session, window) pairs: those that are due in turns, then the earliest due first.
        """
        batch: list[tuple[S, W]] = []
        left, oldest, longest_s = self._limit(), now, 0.0
        while left > 0 and len(batch) < WINDOWS_MAX and (found := self._next(now)):
            session, queue = found
            due, added, work, window = queue.windows.popleft()
            queue.turn = next(self._turns)
            batch.append((session, window))
            left -= work
            oldest = min(oldest, added)
            longest_s = max(longest_s, live_wait_s(due, added=added, now=now))
            self._waiting -= 1
            if queue.windows:
                self._enter(session, queue)
        self.waited_s = now - oldest
        self._strain.took(now=now, waited_s=longest_s, is_idle=not batch)
        self._tidy()
        return batch

    def drop(self, session: S, is_dead: Callable[[W], bool]) -> int:
        """Remove a session's windows that need not be computed any more.

        Returns:
            How many were removed.
        """
        queue = self._queues.get(session)
        if queue is None:
            return 0
        kept = deque(item for item in queue.windows if not is_dead(item[3]))
        removed = len(queue.windows) - len(kept)
        if removed:
            queue.windows = kept
            self._waiting -= removed
            self._void += 1
            if kept:
                self._enter(session, queue)
            self._tidy()
        return removed

    def measured(self, windows: int, seconds: float) -> None:
        """Learn what a batch cost.

        Args:
            windows: Windows in the batch, >= 1.
            seconds: Time it took, > 0.
        """
        self._cost.measured(windows, seconds)

    def _limit(self) -> int:
        if not self._live or not self._cost.is_known:
            return self._max_batch
        return min(self._max_batch, self._cost.most)

    def _next(self, now: float) -> tuple[S, _Queue[W]] | None:
        """The session whose first window goes next; its entry is gone."""
        while self._coming and self._coming[0][0] <= now:
            _, turn, entry, session = heapq.heappop(self._coming)
            heapq.heappush(self._due, (turn, entry, session))
        while self._due or self._coming:
            if self._due:
                _, entry, session = heapq.heappop(self._due)
            else:
                _, _, entry, session = heapq.heappop(self._coming)
            if self._is_valid(entry, session):
                return session, self._queues[session]
            self._void -= 1
        return None

    def _is_valid(self, entry: int, session: S) -> bool:
        """True for the entry of a session's first window, until that is taken, dropped or left."""
        queue = self._queues.get(session)
        return queue is not None and bool(queue.windows) and entry == queue.entry

    def _tidy(self) -> None:
        """Let void entries go where they outnumber the others, with the sessions they are of.

        They go by themselves when it would be their turn only: those of bursts never do while
        there is always something due.
        """
        if 2 * self._void <= len(self._coming) + len(self._due) + VOID_MOST:
            return
        self._void = 0
        self._coming = [one for one in self._coming if self._is_valid(*one[2:])]
        self._due = [one for one in self._due if self._is_valid(*one[1:])]
        heapq.heapify(self._coming)
        heapq.heapify(self._due)

    def _enter(self, session: S, queue: _Queue[W]) -> None:
        """Enter the session's first window; an older entry of the session becomes void."""
        queue.entry = next(self._entries)
        due = queue.windows[0][0]
        heapq.heappush(self._coming, (due, queue.turn, queue.entry, session))
