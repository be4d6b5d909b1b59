"""A live session as the governor knows it: whether it speaks, and how much lately."""

from dataclasses import dataclass
from math import exp, inf
from typing import Final

CALM_S: Final = 3.0
"""A faster rate has to leave room for as long before it is taken, seconds (ours)."""

SPEAKS_S: Final = 1.0
"""A session counts as speaking that long after its last window: an open microphone brings its
sound in pieces, with pauses between them that give nobody else room (ours)."""

LATELY_S: Final = 15.0
"""Time over which it is forgotten that a session spoke, seconds: some turns of a talk (ours)."""

ASLEEP_S: Final = 4 * LATELY_S
"""Who has not spoken for so long is expected to need nothing, seconds: less than a fiftieth of what
it would need is left of what it spoke (ours)."""

NEW_S: Final = 1.0
"""A session is new for so long, seconds: whoever opens one to speak at once has begun by then
(ours)."""


@dataclass(slots=True, eq=False)
class Member:
    """A live session as the governor knows it.

    Attributes:
        hz: Poses a second.
        joined_at: When it was admitted, seconds, monotonic.
        stride: Every how many poses one is computed.
        spoke_at: When it spoke last.
        calm_since: Since when a lower stride has been possible, or None.
        lately: Share of the time that it spoke, at `aged_at`.
        aged_at: When that was worked out.
    """

    hz: float
    joined_at: float
    stride: int = 1
    spoke_at: float = -inf
    calm_since: float | None = None
    lately: float = 0.0
    aged_at: float = 0.0

    def speaks(self, now: float) -> bool:
        """True while it speaks, or did a moment ago."""
        return now - self.spoke_at <= SPEAKS_S

    def sleeps(self, now: float) -> bool:
        """True when it is expected to need nothing."""
        return now - max(self.spoke_at + ASLEEP_S, self.joined_at + NEW_S) > 0.0

    def spoken(self, now: float) -> float:
        """Share of the time that it spoke lately, 0 … 1."""
        speaks = float(self.speaks(now))
        return speaks + (self.lately - speaks) * exp((self.aged_at - now) / LATELY_S)

    def ease(self, stride: int, now: float) -> None:
        """Take a lower stride once that has been possible for some time."""
        if self.stride <= stride:
            self.calm_since = None
        elif self.calm_since is None:
            self.calm_since = now
        elif now - self.calm_since >= CALM_S:
            self.stride, self.calm_since = stride, None

    def shares(self, now: float) -> tuple[float, float, float]:
        """Of what it needs while it speaks: now, lately, and as one that is new."""
        if self.spoke_at == -inf:
            return 0.0, 0.0, float(now - self.joined_at <= NEW_S)
        return float(self.speaks(now)), self.spoken(now), 0.0
