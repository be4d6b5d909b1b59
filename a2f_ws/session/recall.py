"""What a session knows for others than its client of now: who follows it, who comes back."""

from math import inf
from typing import Final

from a2f_ws.session.following import Sight
from a2f_ws.session.hearing import Hearing
from a2f_ws.session.memory import Memory
from a2f_ws.session.offering import Offering
from a2f_ws.session.playhead import LATE_ASSUMED_US
from a2f_ws.session.retelling import Handed, retold
from a2f_ws.session.saying import Saying
from a2f_ws.session.setup import Setup
from a2f_ws.session.showing import Showing

FORGET_S: Final = 0.25
"""Time between two looks at what lies behind the play head, seconds (ours)."""


class Recall:
    """Looks at a session's memory from its play head."""

    def __init__(
        self, memory: Memory, saying: Saying, *, hearing: Hearing, offering: Offering,
        showing: Showing,
    ) -> None:  # fmt: skip
        """Join the parts of a session."""
        self._memory, self._saying = memory, saying
        self._hearing, self._offering, self._showing = hearing, offering, showing
        self._forget_at = -inf

    @property
    def is_told(self) -> bool:
        """True once the client has told where its sound is."""
        return self._offering.head.is_told

    def is_silent(self, *, now: float) -> bool:
        """True when the client stopped telling where its sound is, and it ran then."""
        return self._offering.head.is_silent(now=now)

    def sight(self, setup: Setup, *, now: float) -> Sight:
        """Where the session is, for those who follow it."""
        stretches, head = self._offering.place(self._hearing.alive, now=now)
        return Sight(
            head=head,
            stretches=tuple(stretches),
            near_us=setup.ahead_us + setup.look_ahead_us(self._hearing.stride),
            rate_hz=setup.rate_hz,
            frame_bytes=setup.pcm.frame_bytes,
        )

    def retell(self, setup: Setup, handed: Handed, *, now: float) -> None:
        """Say what lost sockets may have swallowed, poses from the play head on.

        Args:
            setup: Of the session.
            handed: What those sockets got.
            now: Present time, seconds, monotonic.
        """
        if self._memory.rest is not None:
            self._showing.rest(self._memory.rest, setup)
        self._hearing.tell_credit_again()
        show = self._showing.teller(setup)
        sid, head = self._saying.sid, self._head(now=now)
        for message in retold(self._memory, head, sid=sid, show=show, handed=handed):
            self._saying.say(message)

    def show_again(self, setup: Setup, *, now: float) -> None:
        """Say the poses from the play head on that were computed for others only."""
        show, head = (
            self._showing.teller(setup),
            self._offering.position(self._hearing.alive, now=now),
        )
        for trace in self._memory.traces:
            for block in trace.blocks_from_place(head):
                self._saying.say(show(trace.u, block))

    def assume(self, *, now: float) -> None:
        """Nobody tells any more where the sound is: the play head runs by itself."""
        self._offering.assume(self._hearing.alive, now=now)

    def forget(self, setup: Setup, *, now: float) -> None:
        """Forget what lies behind the play head; those who follow have been told."""
        if self._hearing.newest and now >= self._forget_at:
            self._forget_at = now + FORGET_S
            self._memory.forget(self._head(now=now), rate_hz=setup.rate_hz)

    def _head(self, *, now: float) -> tuple[int, int]:
        """The play head; as far back as the sound may be where it is only assumed."""
        u, t_us = self._offering.position(self._hearing.alive, now=now)
        return u, t_us if self._offering.head.is_told else t_us - LATE_ASSUMED_US
