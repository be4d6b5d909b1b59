"""How fast live sessions are computed when the machine cannot hold all their poses."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import Final, Generic, TypeVar

S = TypeVar("S", bound=Hashable)

SHARE: Final = 0.8
"""Share of the time that live windows may take: the rest is for jitter and burst work (ours)."""

CALM_SHARE: Final = 0.6
CALM_S: Final = 3.0
"""A faster rate has to need less than that share for as long before it is taken, so that a machine
at its limit does not go back and forth (ours)."""

SPEAKS_S: Final = 1.0
"""A session counts as speaking that long after its last window: an open microphone brings its
sound in pieces, with pauses between them that give nobody else room (ours)."""

REVIEW_S: Final = 0.05
"""Time between two looks at the measured cost, seconds: a tick of the server (ours)."""

RATE_LEAST_HZ: Final = 4.0
"""Slower is no speech, and a step would be longer than the least `ahead_us`; beyond it, late poses
are dropped (ours)."""

ROUNDING: Final = 1e-9
"""A quotient that is this little above an integer is that integer: 60 / (60 / 5) has to be 5."""


@dataclass(slots=True, eq=False)
class _Member:
    hz: float
    stride: int = 1
    spoke_at: float = -inf
    calm_since: float | None = None

    def speaks(self, now: float) -> bool:
        return now - self.spoke_at <= SPEAKS_S


class Governor(Generic[S]):
    """Gives every live session a stride: every how many poses one is computed.

    Only sessions that speak count. A stride rises at once when the measured cost of a window asks
    for it, and falls when the lower one would have left much room for some time. Owns no clock.
    """

    def __init__(self) -> None:
        """Know nobody."""
        self._members: dict[S, _Member] = {}
        self._review_at = -inf

    def admit(self, session: S, hz: float, *, cost_s: float, now: float) -> int:
        """The stride that a session would get beside those that speak now.

        Args:
            session: One that opens, or changes its pose rate.
            hz: Its poses per second.
            cost_s: Cost of one window, seconds; 0 = not known.
            now: Present time, seconds, monotonic.
        """
        self.leave(session)
        others = [one.hz for one in self._members.values() if one.speaks(now)]
        stride = strides([*others, hz], share=SHARE, cost_s=cost_s)[-1]
        self._members[session] = _Member(hz, stride)
        return stride

    def leave(self, session: S) -> None:
        """Forget a session."""
        self._members.pop(session, None)

    def stride(self, session: S, *, is_speaking: bool, cost_s: float, now: float) -> int:
        """The stride of an admitted session now; 1 for any other one.

        Args:
            session: The session.
            is_speaking: True while faces of it remain to be computed.
            cost_s: Cost of one window, seconds; 0 = not known.
            now: Present time, seconds, monotonic.
        """
        member = self._members.get(session)
        if member is None:
            return 1
        is_new = is_speaking and not member.speaks(now)
        if is_new:
            member.calm_since = None
        if is_speaking:
            member.spoke_at = now
        if is_new or now >= self._review_at:
            self._review(cost_s, now)
        return member.stride

    def _review(self, cost_s: float, now: float) -> None:
        self._review_at = now + REVIEW_S
        speaking = [one for one in self._members.values() if one.speaks(now)]
        rates = [one.hz for one in speaking]
        least = strides(rates, share=SHARE, cost_s=cost_s)
        calm = strides(rates, share=CALM_SHARE, cost_s=cost_s)
        for member, needed, easy in zip(speaking, least, calm, strict=True):
            member.stride = max(member.stride, needed)
            if member.stride <= easy:
                member.calm_since = None
            elif member.calm_since is None:
                member.calm_since = now
            elif now - member.calm_since >= CALM_S:
                member.stride, member.calm_since = easy, None


def strides(rates: Sequence[float], *, share: float, cost_s: float) -> list[int]:
    """Strides with which sessions together take at most a share of the time.

    Every session may have the same inference rate; what one does not need is for the others.

    Args:
        rates: Poses per second of each session.
        share: Of the time, 0 … 1.
        cost_s: Cost of one window, seconds; 0 = not known: all poses are computed.

    Returns:
        Strides, >= 1, in the order of `rates`; none below `RATE_LEAST_HZ`.
    """
    if not cost_s:
        return [1] * len(rates)
    left_hz, even_hz = share / cost_s, inf
    for served, hz in enumerate(sorted(rates)):
        even_hz = left_hz / (len(rates) - served)
        if hz > even_hz:
            break
        left_hz, even_hz = left_hz - hz, inf
    return [max(1, min(ceil(hz / even_hz - ROUNDING), int(hz / RATE_LEAST_HZ))) for hz in rates]
