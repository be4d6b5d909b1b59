"""What the connections of a server share: names and who follows them, tokens, lost sessions."""

from collections import Counter
from collections.abc import Callable
from typing import Protocol, TypeAlias

from a2f_ws.errors import PeerError
from a2f_ws.hall.admission import Admission
from a2f_ws.hall.claims import Claims
from a2f_ws.hall.lost import Lost
from a2f_ws.session.audience import Audience
from a2f_ws.session.cache import Cache
from a2f_ws.session.voice import Voice
from a2f_ws.session.watcher import Watcher
from a2f_ws.settings import Settings
from a2f_ws.wire.codes import Code
from a2f_ws.work.running import Running

Claimed: TypeAlias = Voice | Watcher


class Guests(Protocol):
    """Who looks at every session without being a client."""

    def join(self, voice: Voice, audience: Audience, /) -> None:
        """A session has begun; watchers may join its audience."""

    def part(self, voice: Voice, /) -> None:
        """A session is over; its watchers have to part."""


class Hall:
    """Where speakers and watchers meet.

    Attributes:
        running: Lets sessions go on.
        admission: Which ones are let in.
        claims: Tokens of sessions that can be taken up again.
        lost: Sessions without a connection.
        cache: Lines that were said before, or None.
        past: What sessions that are closed had counted (`Saying.tally`).
    """

    def __init__(
        self,
        running: Running,
        *,
        now: Callable[[], float],
        settings: Settings,
        guests: Guests | None = None,
    ) -> None:
        """Be empty.

        Args:
            running: Lets sessions go on.
            now: The clock, seconds, monotonic.
            settings: Limits.
            guests: Who looks at every session, or None.
        """
        self.running = running
        self.cache = Cache(settings.cache_bytes) if settings.cache_bytes else None
        self.admission = Admission(running.workers, now=now, limit=settings.max_sessions)
        self.claims: Claims[Claimed] = Claims()
        self.lost = Lost(running, now=now, end=self.end)
        self.past: Counter[str] = Counter()
        self._now, self._guests = now, guests
        self._names: dict[str, Audience] = {}

    def check_name(self, name: str | None) -> None:
        """Refuse a name that somebody speaks under; one who is lost gives way.

        Raises:
            PeerError: 4409.
        """
        audience = self._names.get(name or "")
        voice = None if audience is None else audience.voice
        if voice is None:
            return
        if voice in self.lost:
            self.lost.give_up(voice)
            return
        text = f"found {name!r}, which somebody speaks under, wanted another name"
        raise PeerError(Code.WRONG_STATE, text, field="name")

    def speak(self, voice: Voice, name: str | None) -> None:
        """Let a session speak, under a name that was checked or, for guests alone, without one."""
        if name is None and self._guests is None:
            return
        nameless = Audience("")
        audience = nameless if name is None else self._names.setdefault(name, Audience(name))
        audience.begin(voice, now=self._now())
        if self._guests is not None:
            self._guests.join(voice, audience)

    def watch(self, watcher: Watcher, *, re: int | None) -> Audience:
        """Let a watcher follow its name.

        Raises:
            PeerError: 4409, there is another clock.
        """
        audience = self._names.get(watcher.name) or Audience(watcher.name)
        audience.join(watcher, re=re, now=self._now())
        self._names[watcher.name] = audience
        return audience

    def unwatch(self, watcher: Watcher) -> None:
        """Let a watcher go."""
        self.claims.forget(watcher)
        audience = self._names[watcher.name]
        audience.part(watcher, now=self._now())
        self._tidy(audience)

    def end(self, voice: Voice) -> None:
        """Forget a session that is closed."""
        self.past.update(voice.session.saying.tally)
        self.running.leave(voice)
        self.admission.leave(voice)
        self.claims.forget(voice)
        audience, voice.audience = voice.audience, None
        if audience is not None:
            audience.end(now=self._now())
            if self._guests is not None:
                self._guests.part(voice)
            self._tidy(audience)

    def tick(self) -> None:
        """Let time pass; called some twenty times a second."""
        self.lost.tick()
        self.admission.tick()

    def _tidy(self, audience: Audience) -> None:
        if audience.is_over:
            self._names.pop(audience.name, None)
