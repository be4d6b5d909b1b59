"""What batches cost: so much each, and so much for every window in them."""

from collections import deque
from collections.abc import Sequence
from itertools import combinations
from statistics import median, median_low
from typing import Final, TypeAlias

KEPT: Final = 25
"""Batches of about one size of which the middle cost counts: a twentieth of a second or so in which
the machine is held up changes nothing (ours)."""

SURE: Final = 3
"""Batches of about one size from which that size counts, as long as another one does (ours)."""

FAR_OFF: Final = 2.0
"""A batch that takes so many times what was expected, or so much less, may be the first one on
another machine, as one is without the GPU that was lost (ours)."""

SMALL_PART: Final = 0.1
"""Of the longest batch wanted: what takes less than that is never far off (ours)."""

STALL_PART: Final = 20
"""A batch that is far off and takes so many times the longest one wanted, 0.1 s, makes live poses
worthless: the next one is small. Shorter ones tell of a machine that has much else to do, where
small batches would make it worse (ours)."""

GROWTH: Final = 2
"""How many times larger than the ones that are known a batch may be (ours)."""

FULL: Final = 32
FULL_KNOWN: Final = 512
"""Full batches in a row after which larger ones are tried: those that were not known so far, and
those that were. What is learned from small ones alone may be wrong in such a way that no larger one
would ever seem to fit (ours)."""

PAST: Final = 1000
"""Batches after which a size that did not come again is forgotten: some seconds, in which the
machine may have become another one (ours)."""

Batch: TypeAlias = tuple[int, float]
"""Windows and seconds."""


class Cost:
    """Learns a and b of a batch of n windows, which takes about a + b·n.

    On a CPU a is little more than the way to the thread and back, on a GPU nearly all. Batches
    count by sizes, 1, 2 to 3, 4 to 7 and so on, each with the middle one of its last: so those
    that run all the time do not outweigh the others, and no single one matters. While all
    have one size, b is what is said of one window, and a the rest.
    """

    def __init__(self, *, budget_s: float, window_s: float = 0.0) -> None:
        """Know nothing but what is said.

        Args:
            budget_s: Longest batch wanted, seconds, > 0.
            window_s: What the backend is said to need for one window, seconds; 0 = not known.
        """
        self._budget_s, self._said_s = budget_s, window_s
        self._sizes: dict[int, deque[Batch]] = {}
        self._latest: deque[tuple[Batch, bool]] = deque(maxlen=KEPT)
        self._each_s, self._window_s, self._largest = 0.0, 0.0, 0
        self._brake: int | None = None
        self._full = self._batches = 0
        self._came_at: dict[int, int] = {}
        if window_s:
            self._keep((1, window_s))
            self._learn()

    @property
    def is_known(self) -> bool:
        """True once a batch was measured, or a cost said."""
        return self._largest > 0

    @property
    def most(self) -> int:
        """Windows that a batch may have, >= 1, as far as that is known.

        One that has to wait for the windows beside it waits for `budget_s` at most, or no longer
        than what a batch costs without any. Where full ones never end, larger ones are tried.
        """
        most = self._most_known
        if self._brake is None and self._full >= self._patience:
            return GROWTH * most
        return most

    def window_s(self, most: int) -> float:
        """Cost of a window while there is much to do: its share of the largest batch.

        Args:
            most: Windows that no batch has more of, >= 1.

        Returns:
            Seconds; 0 = not known.
        """
        windows = max(1, min(most, self._fitting))
        return self.of(windows) / windows

    def of(self, windows: int) -> float:
        """What a batch is expected to cost, seconds; 0 = not known."""
        return self._each_s + self._window_s * windows

    def measured(self, windows: int, seconds: float) -> None:
        """Learn what a batch cost.

        Args:
            windows: Windows in it, >= 1.
            seconds: Time it took, > 0.
        """
        expected_s = self.of(windows)
        is_slow = self.is_known and seconds > FAR_OFF * max(expected_s, SMALL_PART * self._budget_s)
        is_off = is_slow or seconds < expected_s / FAR_OFF
        self._latest.append(((windows, seconds), is_off))
        self._keep((windows, seconds))
        if is_slow and seconds > STALL_PART * self._budget_s:
            self._brake = max(1, int(windows * self._budget_s / seconds))
        elif self._brake is not None and not is_slow:
            self._brake = None if self._brake > self._largest else GROWTH * self._brake
        self._count_full(windows)
        if sum(off for _, off in self._latest) > KEPT // 2:
            self._begin_anew()
        self._learn()

    @property
    def _most_known(self) -> int:
        """Windows that a batch may have by what is known."""
        most = max(1, min(self._fitting, GROWTH * self._largest))
        return most if self._brake is None else min(self._brake, most)

    @property
    def _patience(self) -> int:
        """Full batches in a row after which larger ones are tried."""
        larger = self._sizes.get((GROWTH * self._most_known).bit_length(), ())
        return FULL if len(larger) < SURE else FULL_KNOWN

    def _count_full(self, windows: int) -> None:
        """Count full batches in a row, and begin again once enough larger ones were tried."""
        is_over = windows < self._most_known or self._full >= self._patience + SURE - 1
        self._full = 0 if is_over else self._full + 1

    @property
    def _fitting(self) -> int:
        """Windows that fit into a batch by what is known of their cost."""
        room_s = max(self._budget_s - self._each_s, self._each_s)
        return int(room_s / self._window_s) if self._window_s else GROWTH * self._largest

    def _keep(self, batch: Batch) -> None:
        size = batch[0].bit_length()
        self._sizes.setdefault(size, deque(maxlen=KEPT)).append(batch)
        self._batches += 1
        self._came_at[size] = self._batches
        for old in [one for one, at in self._came_at.items() if self._batches - at > PAST]:
            del self._sizes[old], self._came_at[old]

    def _begin_anew(self) -> None:
        """Most batches cost something else than expected: what was measured before is past."""
        off = [batch for batch, is_off in self._latest if is_off]
        self._sizes.clear()
        self._came_at.clear()
        self._latest.clear()
        for batch in off:
            self._keep(batch)

    def _learn(self) -> None:
        points = [_middle(kept) for kept in self._sizes.values() if len(kept) >= SURE]
        if not points:
            points = [_middle(kept) for kept in self._sizes.values()]
        self._each_s, self._window_s = _line(points, said_s=self._said_s)
        self._largest = max(windows for windows, _ in points)


def _middle(batches: Sequence[Batch]) -> Batch:
    """The batch whose windows cost the middle."""
    middle = median_low(seconds / windows for windows, seconds in batches)
    return next(batch for batch in batches if batch[1] / batch[0] == middle)


def _line(points: Sequence[Batch], *, said_s: float) -> tuple[float, float]:
    """The line through points, a and b >= 0: that with the middle one of all slopes.

    Args:
        points: Windows and seconds, one at least.
        said_s: b where there is no slope; 0 = not known: all is b then.

    Source:
        Theil-Sen estimator: Sen, J. Am. Stat. Assoc. 63 (1968) 1379-1389.
    """
    slopes = [
        (later[1] - one[1]) / (later[0] - one[0])
        for one, later in combinations(sorted(points), 2)
        if later[0] != one[0]
    ]
    b = max(0.0, median(slopes)) if slopes else said_s
    a = median(seconds - b * windows for windows, seconds in points)
    if a > 0.0 and (slopes or said_s):
        return a, b
    return 0.0, median(seconds / windows for windows, seconds in points)
