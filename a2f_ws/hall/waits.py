"""When those who were refused may ask again."""

from dataclasses import dataclass
from math import inf
from typing import Final

RETRY_LEAST_S: Final = 1
RETRY_MOST_S: Final = 30
"""Bounds of what is told, seconds. Source: the pauses that clients make by themselves, protocol
§13."""

PAUSE_S: Final = 5.0
"""Whoever asks so long after all have asked again that were refused begins a new spell (ours)."""

SPREAD: Final = 0.5
GOLDEN: Final = 0.618_034
"""Many that were refused together come back spread over so much of their wait, evenly however many
they are (fractional parts of multiples of the golden ratio)."""


@dataclass(slots=True)
class _Spell:
    """A time in which something is full.

    Attributes:
        since: When somebody was refused first, or it became full, seconds.
        until: When the last one of those refused asks again, seconds.
        asked: How often somebody was refused.
    """

    since: float
    until: float = -inf
    asked: int = 0


class Waits:
    """Tells seconds: few where something is full for a moment, more the longer it has been.

    Owns no clock.
    """

    def __init__(self) -> None:
        """Have nothing full."""
        self._spells: dict[str, _Spell] = {}

    def ask(self, reason: str, *, now: float, since: float | None = None) -> int:
        """Seconds after which to ask again, 1 … 45: as long as it has been full so far.

        Args:
            reason: What is full.
            now: Present time, seconds, monotonic.
            since: When it became full, seconds; None = when somebody was refused first.
        """
        spell = self._spells.get(reason)
        if spell is None or now > spell.until + PAUSE_S:
            spell = self._spells[reason] = _Spell(now)
        lasted_s = now - (spell.since if since is None else since)
        wait_s = min(max(lasted_s, RETRY_LEAST_S), RETRY_MOST_S)
        told_s = round(wait_s * (1.0 + SPREAD * (spell.asked * GOLDEN % 1.0)))
        spell.asked += 1
        spell.until = max(spell.until, now + told_s)
        return told_s

    def end(self, reason: str) -> None:
        """There is room again."""
        self._spells.pop(reason, None)
