"""What of a thread is taken, and whether more fits."""

from dataclasses import dataclass
from math import inf
from typing import Final

from a2f_ws.batching.governor import ROUNDING, SHARE, Demand
from a2f_ws.hall.gauge import Gauge

NEW_PART: Final = 0.1
"""What a session counts for that is new and has not spoken yet: of many that are opened together
few speak at once, and whoever does counts in full from then on (ours: with the embedded model on
two cores a thousand may be opened as fast as connections take them, some fifty a second)."""

EVIDENT: Final = 0.5
"""Share of the time that a thread has to work before anybody is refused: whatever something is
thought to cost, a machine that is idle for longer has room (ours)."""


@dataclass(frozen=True, slots=True)
class Room:
    """What of a thing is taken, as shares of what it can do: 1 = all of it.

    Attributes:
        speaking: By sessions that speak, or spoke lately.
        new: By those that are new and have not spoken, if they do.
        evident: What of it can be relied on: the share of the time that it works, and what was
            added too late to show there.
    """

    speaking: float
    new: float
    evident: float = inf

    @classmethod
    def of(cls, demand: Demand, each_s: float, *, gauge: Gauge, is_full: bool = False) -> "Room":
        """What is taken of a thread that works so long on each of what is needed.

        Args:
            demand: What is needed.
            each_s: Work on each, seconds.
            gauge: What else is known of the thread.
            is_full: True where it is known to do less than it is asked for.
        """
        fresh = gauge.fresh_hz(demand.speaking) * each_s / SHARE
        evident = inf if is_full else gauge.busy + fresh
        return cls(demand.speaking * each_s / SHARE, demand.new * each_s / SHARE, evident)

    @property
    def taken(self) -> float:
        """What is taken, 0 … ; 1 and more = nobody else fits."""
        new = NEW_PART * self.new
        return min(self.speaking + new, (self.evident + new) / EVIDENT)

    @property
    def is_evident(self) -> bool:
        """True where so much is really taken that somebody may be refused."""
        return self.evident + NEW_PART * self.new > EVIDENT

    def holds(self, mine: float) -> bool:
        """True when so much more fits beside those that speak.

        Whoever finds nobody there fits always, however slow the machine.
        """
        is_alone = self.speaking < mine / 2
        return not self.is_evident or is_alone or self.speaking + mine <= 1.0 + ROUNDING

    def holds_new(self, mine: float) -> bool:
        """True when so much more fits beside those that are new, too, a part of whom will speak."""
        taken = self.speaking + NEW_PART * (self.new + mine)
        return not self.is_evident or self.new == 0.0 or taken <= 1.0 + ROUNDING
