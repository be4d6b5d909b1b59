"""Where the client's sound is: told by `played`, assumed to run in real time, or just captured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

TRUST_S: Final = 1.0
"""Longest time a told play head runs on without another `played`, seconds (protocol §10)."""

LATE_TOLD_US: Final = 100_000
LATE_ASSUMED_US: Final = 1_000_000
"""A live pose is worthless this long after its time; a head that is only assumed may well be ahead
of the sound, so poses get the benefit of the doubt (protocol §10)."""

LATE_CAPTURED_US: Final = 250_000
"""Poses of a microphone that lag further behind its newest audio are given up (protocol §10)."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a play head needs to know of an utterance.

    Attributes:
        u: Its number.
        start_us: Time of its first sample after its sample 0, microseconds.
        stop_us: How far the head may go: the last pose that the received audio allows, or the end
            of its poses once no audio will follow.
        is_over_at_stop: True when no audio will follow.
        heard_at: When its first audio came, seconds, monotonic.
    """

    u: int
    start_us: int
    stop_us: int
    is_over_at_stop: bool
    heard_at: float


class PlayHead:
    """The position (u, t_us) at any time; owns no clock.

    The head of a microphone that nobody tells anything about is at the newest pose that its audio
    allows: so its clock may run as it likes, and audio that was held up is not made up for.

    Attributes:
        captured_us: For a microphone: how far behind its newest audio a told head may stay,
            microseconds; None = a line.
        is_told: True once `played` has come.
        u: Utterance.
    """

    def __init__(self, captured_us: int | None = None) -> None:
        """Stand before the first utterance."""
        self.captured_us = captured_us
        self.is_told = False
        self.u = 0
        self._t_us = 0.0
        self._at = 0.0
        self._rate = 1.0

    def told(self, u: int, t_us: int, *, rate: float, paused: bool, now: float) -> None:
        """Take over a `played`; one for an older utterance is stale and changes nothing."""
        if u < self.u and self.is_told:
            return
        self.is_told = True
        self.u, self._t_us, self._at = u, float(t_us), now
        self._rate = 0.0 if paused else rate

    def assume(self, head: tuple[int, int], *, now: float) -> None:
        """Run by itself again, from a place on: whoever told it is gone."""
        self.is_told, self._rate = False, 1.0
        self.u, self._t_us, self._at = head[0], float(head[1]), now

    def position(self, stretches: Sequence[Stretch], *, now: float) -> tuple[int, int]:
        """The play head now.

        Args:
            stretches: The utterances that are not forgotten yet, in order of u; every call passes
                the same or later ones.
            now: Present time, seconds, monotonic, not before that of the call before.

        Returns:
            Utterance (0 before the first) and microseconds after its sample 0.
        """
        if self.is_told:
            ran_s = min(now - self._at, TRUST_S)
            head = self.u, round(self._t_us + ran_s * self._rate * 1e6)
            return head if self.captured_us is None else self._kept_near(stretches, head)
        if self.captured_us is not None:
            if stretches:
                self.u, self._t_us = stretches[-1].u, float(stretches[-1].stop_us)
            return self.u, round(self._t_us)
        for stretch in stretches:
            if stretch.u < self.u:
                continue
            if stretch.u > self.u:
                self.u, self._t_us = stretch.u, float(stretch.start_us)
                self._at = max(self._at, stretch.heard_at)
            if not self._run_through(stretch, now=now):
                break
        return self.u, round(self._t_us)

    def _kept_near(self, stretches: Sequence[Stretch], head: tuple[int, int]) -> tuple[int, int]:
        """The head, no further behind the newest audio than it may stay."""
        if not stretches or self.captured_us is None:
            return head
        newest = stretches[-1]
        behind_us = distance_us(stretches, head, u=newest.u, t_us=newest.stop_us)
        if behind_us <= self.captured_us:
            return head
        return newest.u, max(newest.start_us, newest.stop_us - self.captured_us)

    def _run_through(self, stretch: Stretch, *, now: float) -> bool:
        """Run in real time inside a stretch; True when the next one may begin."""
        room_us = max(0.0, stretch.stop_us - self._t_us)
        ran_us = (now - self._at) * 1e6
        if ran_us < room_us:
            self._t_us += ran_us
            self._at = now
            return False
        self._t_us = max(self._t_us, float(stretch.stop_us))
        self._at = self._at + room_us / 1e6 if stretch.is_over_at_stop else now
        return stretch.is_over_at_stop

    def is_silent(self, *, now: float) -> bool:
        """True when sound was told to run, and nothing was told for so long that it cannot."""
        return self.is_told and self._rate > 0.0 and now - self._at > TRUST_S

    @property
    def rate(self) -> float:
        """Play speed for what is due when; a sound that stands still may go on at any time."""
        return self._rate or 1.0

    @property
    def late_us(self) -> int:
        """How much older than the head a pose may be before it is worthless, microseconds."""
        if self.is_told:
            return LATE_TOLD_US
        return LATE_ASSUMED_US if self.captured_us is None else LATE_CAPTURED_US

    @property
    def is_captured(self) -> bool:
        """True for a microphone that nobody tells anything about."""
        return self.captured_us is not None and not self.is_told


def distance_us(stretches: Sequence[Stretch], head: tuple[int, int], *, u: int, t_us: int) -> int:
    """Sound that lies between the play head and a pose, microseconds; negative = behind it."""
    at_u, at_us = head
    if u == at_u:
        return t_us - at_us
    distance = 0
    for stretch in stretches:
        if stretch.u == u < at_u:
            return min(t_us - stretch.stop_us, 0) - at_us - 1
        if stretch.u == at_u:
            distance += max(0, stretch.stop_us - at_us)
        elif at_u < stretch.u < u:
            distance += stretch.stop_us - stretch.start_us
        elif stretch.u == u:
            distance += t_us - stretch.start_us
    return distance
