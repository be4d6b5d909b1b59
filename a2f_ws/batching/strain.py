"""Whether live windows have to wait for others, and not for a moment only."""

from math import exp, inf
from typing import Final

EARLY_S: Final = 0.25
"""A live window waits from then on before it is due, or since it came, seconds: the least
`ahead_us`. Until then it keeps nobody waiting (ours)."""

WAIT_S: Final = 0.025
"""One and a half poses at 60 per second: live windows wait for longer where there is more to do
than can be done, or where the machine is held up (ours)."""

STRAIN_S: Final = 0.3
"""Where they do so for most of that time, seconds, there is more to do (ours)."""

STEP_S: Final = 0.05
"""No batch counts for more of that time, however long it took to come: one hiccup of the machine is
no strain (ours)."""

HALF: Final = 0.5


class Strain:
    """Looks at how long the live windows of each batch had to wait; owns no clock."""

    def __init__(self) -> None:
        """Know of no batch."""
        self._share, self._took_at = 0.0, -inf

    @property
    def is_late(self) -> bool:
        """True when live windows have waited for too long during most of the last time.

        Never when there was a moment with nothing to do since.
        """
        return self._share > HALF

    def took(self, *, now: float, waited_s: float, is_idle: bool) -> None:
        """Learn of a batch that is taken.

        Args:
            now: Present time, seconds, monotonic.
            waited_s: Longest time that one of its live windows waited, seconds; 0 = it has none.
            is_idle: True when there was no window at all.
        """
        passed_s, self._took_at = now - self._took_at, now
        if waited_s > WAIT_S:
            self._share += (1.0 - self._share) * (1.0 - exp(-min(passed_s, STEP_S) / STRAIN_S))
        else:
            self._share *= 0.0 if is_idle else exp(-passed_s / STRAIN_S)


def live_wait_s(due: float, *, added: float, now: float) -> float:
    """How long a window has waited by now, seconds, as far as that is too long for anybody.

    Args:
        due: When its pose is wanted, seconds; inf = burst, which waits for all others.
        added: When it came.
        now: Present time, seconds, monotonic.
    """
    return max(0.0, now - max(added, due - EARLY_S))
