"""How fast live sessions are computed when the machine cannot hold all their poses."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import Final, Generic, TypeVar

from a2f_ws.batching.member import Member

S = TypeVar("S", bound=Hashable)

SHARE: Final = 0.8
"""Share of the time that live windows may take: the rest is for jitter and burst work (ours)."""

CALM_SHARE: Final = 0.6
"""A faster rate has to need less than that share, so that a machine at its limit does not go back
and forth (ours)."""

IDLE_SHARE: Final = 0.5
"""A worker that is busy for less than that share of the time while somebody speaks slows nobody,
whatever a window is thought to cost (ours)."""

SLOWED_S: Final = 1.0
"""Time that a slower rate has to show that it is enough, seconds (ours)."""

STEP_SHARE: Final = 0.9
"""Where live windows wait though less than `SHARE` is thought to be needed, so much of that is
granted (ours)."""

REVIEW_S: Final = 0.05
"""Time between two looks at the measured cost, seconds: a tick of the server (ours)."""

RATE_LEAST_HZ: Final = 15.0
"""Slower, a mouth leaves out sounds that last 60 ms or less, as many do. A step, 67 ms, is well
within the least `ahead_us`. Where even that is too much, late poses are dropped (ours)."""

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


@dataclass(frozen=True, slots=True)
class Pressure:
    """What is known of a worker.

    Attributes:
        cost_s: Cost of one window in batches as large as they may get, seconds; 0 = not known.
        is_late: True when its live windows really wait too long, see `Scheduler.is_late`.
        busy: Share of the last second or so in which it computed, 0 … 1.
    """

    cost_s: float
    is_late: bool = False
    busy: float = 1.0


class Governor(Generic[S]):
    """Gives every live session a stride: every how many poses one is computed.

    Only sessions that speak count. Strides rise when live windows really wait too long and the
    measured cost of a window says why, and fall when nothing has waited and lower ones would have
    left much room for some time. A session that not even an idle machine could compute in full
    begins with a stride of its own. Owns no clock.
    """

    def __init__(self, *, fixed_hz: float | None = None) -> None:
        """Know nobody.

        Args:
            fixed_hz: Windows a second of every session that speaks, where its poses do not matter:
                all of them are computed then. None = one for each pose that is computed.
        """
        self._fixed_hz = fixed_hz
        self._members: dict[S, Member] = {}
        self._awake: dict[S, Member] = {}
        self._review_at = self._slowed_at = -inf

    def demand(self, *, now: float) -> tuple[Demand, Demand]:
        """Windows a second that sessions are expected to need at their least rates, and poses."""
        windows, poses = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
        for session in [one for one, member in self._awake.items() if member.sleeps(now)]:
            del self._awake[session]
        for member in self._awake.values():
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
        """The stride that a session begins with.

        Alone on the machine it would need that one; it is computed no more often than those that
        are slowed now, nor than it was so far.

        Args:
            session: One that opens, or changes its pose rate; what else is known of it stays.
            hz: Its poses per second.
            cost_s: Cost of one window, seconds; 0 = not known.
            now: Present time, seconds, monotonic.
        """
        member = self._members.setdefault(session, Member(hz, now))
        self._awake[session] = member
        hz_before = hz if member.stride == 1 else member.hz / member.stride
        member.hz, member.stride = hz, 1
        if self._fixed_hz is None:
            (alone,) = strides([hz], share=SHARE, cost_s=cost_s)
            member.stride = max(alone, self._even(member, now), _stride_of(hz, hz_before))
        return member.stride

    def leave(self, session: S) -> None:
        """Forget a session."""
        self._members.pop(session, None)
        self._awake.pop(session, None)

    def take_over(self, session: S, other: "Governor[S]") -> None:
        """Know of a session what another one knew, which forgets it."""
        if other is not self and session in other._members:
            member = self._members[session] = self._awake[session] = other._members[session]
            other.leave(session)
            member.stride, member.calm_since = 1, None

    def stride(self, session: S, *, is_speaking: bool, pressure: Pressure, now: float) -> int:
        """The stride of an admitted session now; 1 for any other one.

        Args:
            session: The session.
            is_speaking: True while faces of it remain to be computed.
            pressure: What is known of the worker.
            now: Present time, seconds, monotonic.
        """
        member = self._members.get(session)
        if member is None:
            return 1
        if is_speaking and not member.speaks(now):
            member.stride = max(member.stride, self._even(member, now))
        member.lately, member.aged_at = member.spoken(now), now
        if is_speaking:
            member.spoke_at, self._awake[session] = now, member
        if now >= self._review_at:
            self._review(pressure, now)
        return member.stride

    def _even(self, member: Member, now: float) -> int:
        """The stride with which a session is computed as often as those that are slowed."""
        slowed = [one for one in self._members.values() if one.stride > 1 and one.speaks(now)]
        hz = min((one.hz / one.stride for one in slowed if one is not member), default=member.hz)
        return _stride_of(member.hz, hz)

    def _review(self, pressure: Pressure, now: float) -> None:
        self._review_at = now + REVIEW_S
        if self._fixed_hz is not None:
            return
        if pressure.is_late:
            for member in self._members.values():
                member.calm_since = None
            self._slow(pressure.cost_s, now)
        else:
            self._quicken(pressure, now)

    def _slow(self, cost_s: float, now: float) -> None:
        """Raise strides as far as the cost of a window explains that windows wait."""
        speaking = [one for one in self._members.values() if one.speaks(now)]
        rates = [one.hz for one in speaking]
        needed = strides(rates, share=SHARE, cost_s=cost_s)
        taken = cost_s * sum(one.hz / one.stride for one in speaking)
        is_explained = any(k > one.stride for k, one in zip(needed, speaking, strict=True))
        if not is_explained and taken > CALM_SHARE and now - self._slowed_at >= SLOWED_S:
            share = min(SHARE, STEP_SHARE * taken)
            needed = strides(rates, share=share, cost_s=cost_s)
        for member, stride in zip(speaking, needed, strict=True):
            if stride > member.stride:
                member.stride, self._slowed_at = stride, now

    def _quicken(self, pressure: Pressure, now: float) -> None:
        """Let strides fall that are higher than they have had to be for some time."""
        rates = [one.hz for one in self._members.values() if one.speaks(now)]
        easy: dict[tuple[float, bool], int] = {}
        for member in [one for one in self._members.values() if one.stride > 1]:
            key = member.hz, member.speaks(now)
            if key not in easy:
                all_hz = rates if member.speaks(now) else [*rates, member.hz]
                found = strides(all_hz, share=CALM_SHARE, cost_s=pressure.cost_s)
                easy[key] = found[all_hz.index(member.hz)]
            stride = easy[key]
            if member.speaks(now) and pressure.busy < IDLE_SHARE:
                stride = min(stride, member.stride - 1)
            member.ease(stride, now)


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
    return [_stride_of(hz, even_hz) for hz in rates]


def least_hz(hz: float) -> float:
    """Windows a second of a session with so many poses a second, at its least rate."""
    return hz / _stride_most(hz)


def _stride_of(hz: float, wanted_hz: float) -> int:
    return max(1, min(ceil(hz / wanted_hz - ROUNDING), _stride_most(hz)))


def _stride_most(hz: float) -> int:
    return max(1, int(hz / RATE_LEAST_HZ))
