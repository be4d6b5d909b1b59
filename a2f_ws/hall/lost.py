"""Sessions whose client has lost its connection, for as long as it may come back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from a2f_ws.session.voice import Voice
from a2f_ws.work.running import Running

LOST_S: Final = 10.0
"""How long a lost session goes on, seconds (protocol §18)."""

LOST_MAX: Final = 256
LOST_PER_ADDRESS: Final = 64
"""Most lost sessions, of all clients and of one address; beyond it the oldest ones end: a bound on
memory and on work that nobody may ever read (ours)."""

GONE: Final = "its client did not come back"


@dataclass(frozen=True, slots=True)
class _Case:
    address: str
    until: float


class Lost:
    """Keeps sessions computing; what they say is dropped, since it can be told again."""

    def __init__(
        self, running: Running, *, now: Callable[[], float], end: Callable[[Voice], None]
    ) -> None:
        """Keep nothing yet.

        Args:
            running: Lets sessions go on.
            now: The clock, seconds, monotonic.
            end: Called for a session that is over, once it is closed.
        """
        self._running, self._now, self._end = running, now, end
        self._cases: dict[Voice, _Case] = {}

    def __len__(self) -> int:
        """Sessions that are lost."""
        return len(self._cases)

    def __iter__(self) -> Iterator[Voice]:
        """Those that are lost."""
        return iter(self._cases)

    def __contains__(self, voice: object) -> bool:
        """True for a session that is lost."""
        return voice in self._cases

    def take(self, voice: Voice, address: str) -> None:
        """Keep a session of a client that was at that address."""
        mine = [one for one, case in self._cases.items() if case.address == address]
        if len(mine) >= LOST_PER_ADDRESS:
            self.give_up(mine[0])
        if len(self._cases) >= LOST_MAX:
            self.give_up(next(iter(self._cases)))
        voice.join(self)
        self._cases[voice] = _Case(address, self._now() + LOST_S)
        self.serve(voice)

    def tick(self) -> None:
        """Let time pass; called some twenty times a second."""
        now = self._now()
        for voice, case in list(self._cases.items()):
            if now >= case.until:
                self.give_up(voice)
            elif not voice.session.is_quiet:
                self.serve(voice)

    def give_up(self, voice: Voice) -> None:
        """End a lost session: its utterances are interrupted."""
        if not voice.session.is_closed:
            voice.session.close(reason=GONE)
        self.serve(voice)

    def serve(self, voice: Voice) -> None:
        """Let it compute what is near its play head."""
        if voice in self._cases and not voice.session.is_closed:
            self._running.go_on(voice, has_room=True)
        self.deliver(voice)

    def deliver(self, voice: Voice) -> None:
        """Tell those who follow it; nobody else hears."""
        if voice not in self._cases:
            return
        session = voice.session
        heard = session.saying.take()
        if voice.audience is not None:
            voice.audience.spread(heard, now=self._now())
        session.recall.forget(session.setup, now=self._now())
        if session.is_closed:
            del self._cases[voice]
            self._end(voice)

    def interrupt(self, voice: Voice, u: int | None) -> None:
        """Cancel utterances up to u, None = all."""
        voice.session.interrupt(u)
        self._running.drop_dead(voice)

    def release(self, voice: Voice) -> None:
        """Its client has come back."""
        del self._cases[voice]
