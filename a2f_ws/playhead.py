"""Where the client's sound is: told by `played`, or assumed to run in real time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

TRUST_S: Final = 1.0
"""Longest time a told play head runs on without another `played`, seconds (protocol §10)."""

LATE_TOLD_US: Final = 100_000
LATE_ASSUMED_US: Final = 1_000_000
"""A live pose is worthless this long after its time; a head that is only assumed may well be ahead
of the sound, so poses get the benefit of the doubt (protocol §10)."""


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
    """The position (u, t_us) at any time; owns no clock."""

    def __init__(self) -> None:
        """Stand before the first utterance."""
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
            return self.u, round(self._t_us + ran_s * self._rate * 1e6)
        for stretch in stretches:
            if stretch.u < self.u:
                continue
            if stretch.u > self.u:
                self.u, self._t_us = stretch.u, float(stretch.start_us)
                self._at = max(self._at, stretch.heard_at)
            if not self._run_through(stretch, now=now):
                break
        return self.u, round(self._t_us)

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

    @property
    def rate(self) -> float:
        """Play speed for what is due when; a sound that stands still may go on at any time."""
        return self._rate or 1.0

    @property
    def late_us(self) -> int:
        """How much older than the head a pose may be before it is worthless, microseconds."""
        return LATE_TOLD_US if self.is_told else LATE_ASSUMED_US


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
