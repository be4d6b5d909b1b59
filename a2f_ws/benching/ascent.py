"""The search for the largest number of sessions that is borne: rising steps, then between two."""

from typing import Final

FASTEST: Final = 2.0
SLOWEST: Final = 1.15
"""The next step is that many times the one before (ours)."""

HOPED: Final = 0.85
"""Share of what would fill that core at which the next step aims (ours)."""

NEAR: Final = 0.06
"""The search ends where a number that is borne and one that is not differ by less (ours)."""

TRIES: Final = 2
"""A number is too large once it was not borne so many times: machines have other things to do."""


class Ascent:
    """Says which number to try next; is told what came of it.

    Attributes:
        borne: Largest number that was borne; 0 = none yet.
        count: What to try now; None = the search is over.
    """

    def __init__(self, first: int, *, most: int) -> None:
        """Begin with `first` sessions; never try more than `most`."""
        self.borne = 0
        self.count: int | None = min(first, most)
        self._most, self._too_many = most, most + 1
        self._failed = 0

    def tell(self, *, is_borne: bool, busy: float) -> None:
        """What came of `count`.

        Args:
            is_borne: Everything was in time.
            busy: How full the core was that serves all sockets, 0 … 1.
        """
        if self.count is None:
            return
        if is_borne:
            self.borne, self._failed = max(self.borne, self.count), 0
        else:
            self._failed += 1
            if self._failed < TRIES:
                return
            self._too_many, self._failed = self.count, 0
        self.count = self._next(busy)

    def _next(self, busy: float) -> int | None:
        least = max(1, round(self.borne * NEAR))
        if self._too_many - self.borne <= least:
            return None
        if self._too_many > self._most:
            factor = min(FASTEST, max(SLOWEST, HOPED / max(busy, 1e-3)))
            return min(self._most, max(self.borne + 1, round(self.borne * factor)))
        return (self.borne + self._too_many) // 2
