"""How much work the event loop has with every pose that it hands out, and whether it keeps up."""

from collections import deque
from statistics import median, median_low
from typing import Final

LOOK_S: Final = 1.0
"""Stretch of time that is looked at as one, seconds (ours)."""

POSES_LEAST: Final = 10
"""Poses in such a stretch from which it tells what one costs: those of one session at the lowest
rate. With few, what else there is to do counts for much; then the loop is not busy, which counts,
too (ours)."""

KEPT: Final = 9
"""Stretches of which the middle one counts (ours)."""

BEATS: Final = 20
LATE_S: Final = 0.1
"""A loop whose middle one of so many wakes comes so late, seconds, does not keep up, whatever the
reason: live poses that late are worthless (protocol §10)."""


class Pulse:
    """Told of every tick of the server; owns no clock.

    Attributes:
        pose_s: Work with one pose and all that belongs to it, seconds; 0 = not known.
        busy: Share of the last stretch in which the loop worked, 0 … 1.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self.pose_s = self.busy = 0.0
        self._begun: tuple[float, float, int] | None = None
        self._is_mixed = False
        self._each: deque[float] = deque(maxlen=KEPT)
        self._late: deque[float] = deque(maxlen=BEATS)

    @property
    def is_late(self) -> bool:
        """True while the loop does not keep up."""
        return len(self._late) == BEATS and median(self._late) > LATE_S

    def mix(self) -> None:
        """Some of the poses are not live ones: those come many at a time, which costs less each."""
        self._is_mixed = True

    def beat(self, *, now: float, work_s: float, poses: int, late_s: float) -> None:
        """Take note of a tick.

        Args:
            now: Present time, seconds, monotonic.
            work_s: Processor time that the loop's thread has had so far, seconds.
            poses: Poses that were handed to sockets so far.
            late_s: How much later than asked for the tick came, seconds.
        """
        self._late.append(late_s)
        if self._begun is None:
            self._begun = now, work_s, poses
        since, work_then_s, poses_then = self._begun
        if now - since < LOOK_S:
            return
        self._begun = now, work_s, poses
        self.busy = min(1.0, (work_s - work_then_s) / (now - since))
        is_mixed, self._is_mixed = self._is_mixed, False
        if is_mixed and self._each:
            return
        if poses - poses_then >= POSES_LEAST * (now - since):
            self._each.append((work_s - work_then_s) / (poses - poses_then))
            self.pose_s = median_low(self._each)
