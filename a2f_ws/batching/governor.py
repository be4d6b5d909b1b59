"""How fast live sessions are computed when the machine cannot hold all their poses."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import ceil, exp, inf
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

RATE_LEAST_HZ: Final = 15.0
"""Slower, a mouth leaves out sounds that last 60 ms or less, as many do. A step, 67 ms, is well
within the least `ahead_us`. Where even that is too much, late poses are dropped (ours)."""

LATELY_S: Final = 15.0
"""Time over which it is forgotten that a session spoke, seconds: some turns of a talk (ours)."""

NEW_S: Final = 1.0
"""A session is new for so long, seconds: whoever opens one to speak at once has begun by then
(ours)."""

ROUNDING: Final = 1e-9
"""What is this little above a bound is not above it: 60 / (60 / 5) has to be 5."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What live sessions are expected to need a second.

    Attributes:
        now: Those that speak.
        lately: All, each by the share of the time that it spoke lately.
        new: Those that are new and have not spoken yet.
    """

    now: float = 0.0
    lately: float = 0.0
    new: float = 0.0

    def __add__(self, other: "Demand") -> "Demand":
        """What both need together."""
        return Demand(self.now + other.now, self.lately + other.lately, self.new + other.new)

    @property
    def speaking(self) -> float:
        """What those need that speak, and those that pause."""
        return max(self.now, self.lately)


@dataclass(slots=True, eq=False)
class _Member:
    hz: float
    joined_at: float
    stride: int = 1
    spoke_at: float = -inf
    calm_since: float | None = None
    lately: float = 0.0
    aged_at: float = 0.0

    def speaks(self, now: float) -> bool:
        return now - self.spoke_at <= SPEAKS_S

    def spoken(self, now: float) -> float:
        """Share of the time that it spoke lately, 0 … 1."""
        speaks = float(self.speaks(now))
        return speaks + (self.lately - speaks) * exp((self.aged_at - now) / LATELY_S)

    def shares(self, now: float) -> tuple[float, float, float]:
        """Of what it needs while it speaks: now, lately, and as one that is new."""
        if self.spoke_at == -inf:
            return 0.0, 0.0, float(now - self.joined_at <= NEW_S)
        return float(self.speaks(now)), self.spoken(now), 0.0


class Governor(Generic[S]):
    """Gives every live session a stride: every how many poses one is computed.

    Only sessions that speak count. A stride rises at once when the measured cost of a window asks
    for it, and falls when the lower one would have left much room for some time. Owns no clock.
    """

    def __init__(self, *, fixed_hz: float | None = None) -> None:
        """Know nobody.

        Args:
            fixed_hz: Windows a second of every session that speaks, where its poses do not matter:
                all of them are computed then. None = one for each pose that is computed.
        """
        self._fixed_hz = fixed_hz
        self._members: dict[S, _Member] = {}
        self._review_at = -inf

    def demand(self, *, now: float) -> tuple[Demand, Demand]:
        """Windows a second that sessions are expected to need at their least rates, and poses."""
        windows, poses = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
        for member in self._members.values():
            least = self.least_hz(member.hz)
            for place, share in enumerate(member.shares(now)):
                windows[place] += share * least
                poses[place] += share * member.hz
        return Demand(*windows), Demand(*poses)

    def slowed(self, *, now: float) -> int:
        """Sessions that speak and are computed at a lower rate than they are shown."""
        return sum(one.stride > 1 and one.speaks(now) for one in self._members.values())

    def least_hz(self, hz: float) -> float:
        """Windows a second of a session with so many poses a second, at its least rate."""
        return least_hz(hz) if self._fixed_hz is None else self._fixed_hz

    def admit(self, session: S, hz: float, *, cost_s: float, now: float) -> int:
        """The stride that a session would get beside those that speak now.

        Args:
            session: One that opens, or changes its pose rate.
            hz: Its poses per second.
            cost_s: Cost of one window, seconds; 0 = not known.
            now: Present time, seconds, monotonic.
        """
        self.leave(session)
        cost_s = cost_s if self._fixed_hz is None else 0.0
        others = [one.hz for one in self._members.values() if one.speaks(now)]
        stride = strides([*others, hz], share=SHARE, cost_s=cost_s)[-1]
        self._members[session] = _Member(hz, now, stride)
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
        member.lately, member.aged_at = member.spoken(now), now
        if is_speaking:
            member.spoke_at = now
        if is_new or now >= self._review_at:
            self._review(cost_s, now)
        return member.stride

    def _review(self, cost_s: float, now: float) -> None:
        self._review_at = now + REVIEW_S
        if self._fixed_hz is not None:
            return
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
        Strides, >= 1, in the order of `rates`; none that makes a rate fall below `least_hz`.
    """
    if not cost_s:
        return [1] * len(rates)
    left_hz, even_hz = share / cost_s, inf
    for served, hz in enumerate(sorted(rates)):
        even_hz = left_hz / (len(rates) - served)
        if hz > even_hz:
            break
        left_hz, even_hz = left_hz - hz, inf
    return [max(1, min(ceil(hz / even_hz - ROUNDING), _stride_most(hz))) for hz in rates]


def least_hz(hz: float) -> float:
    """Windows a second of a session with so many poses a second, at its least rate."""
    return hz / _stride_most(hz)


def _stride_most(hz: float) -> int:
    return max(1, int(hz / RATE_LEAST_HZ))
