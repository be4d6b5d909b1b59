"""Who follows a name: at most one speaker, any number of watchers, one clock."""

from collections.abc import Iterable
from dataclasses import replace

from a2f_ws.errors import PeerError
from a2f_ws.session.fitting import Fitting
from a2f_ws.session.voice import Voice
from a2f_ws.session.watcher import Mapped, Watcher
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import INT53
from a2f_ws.wire.messages import Message
from a2f_ws.wire.requests import Played


class Audience:
    """Hands on what the speaker of a name says and shows.

    Attributes:
        name: The name.
        voice: Its speaker; None = nobody is there.
        watchers: In the order they came.
    """

    def __init__(self, name: str) -> None:
        """Be empty."""
        self.name = name
        self.voice: Voice | None = None
        self.watchers: list[Watcher] = []

    @property
    def clock(self) -> Watcher | None:
        """The watcher that owns `played`."""
        return next((one for one in self.watchers if one.is_clock), None)

    @property
    def is_over(self) -> bool:
        """True when nobody is left."""
        return self.voice is None and not self.watchers

    def shared(self, fitting: Fitting) -> Fitting:
        """The same rig as another watcher has it: one mapping serves both."""
        others = (one.fitting for one in self.watchers)
        return next((one for one in others if one.maps_like(fitting)), fitting)

    def join(self, watcher: Watcher, *, re: int | None, now: float) -> None:
        """Let a watcher in.

        Raises:
            PeerError: 4409, there is another clock.
        """
        if watcher.is_clock and self.clock is not None:
            text = f"{self.name!r} has a watcher with the clock already, wanted clock false"
            raise PeerError(Code.WRONG_STATE, text, field="clock")
        watcher.fitting = self.shared(watcher.fitting)
        self.watchers.append(watcher)
        watcher.announce(None if self.voice is None else self.voice.session, re=re)
        self.heed()
        self.show(watcher, now=now)

    def part(self, watcher: Watcher, *, now: float) -> None:
        """Let a watcher go; without a clock the play head is its own client's again."""
        self.watchers.remove(watcher)
        if watcher.is_clock and self.voice is not None and not self.voice.tells_played:
            self.voice.session.recall.assume(now=now)
        self.heed()

    def begin(self, voice: Voice, *, now: float) -> None:
        """Somebody speaks under the name."""
        self.voice = voice
        voice.audience = self
        self.heed()
        for watcher in list(self.watchers):
            watcher.begin(voice.session)
            self.show(watcher, now=now)
            watcher.deliver()

    def end(self, *, now: float) -> None:
        """Nobody does any more; what was said before is told to its end."""
        if self.voice is not None:
            session = self.voice.session
            sight = replace(session.recall.sight(session.setup, now=now), near_us=INT53)
            for watcher in list(self.watchers):
                watcher.follow(session, sight, mapped=Mapped(), is_last=True)
        self.voice = None
        for watcher in list(self.watchers):
            watcher.begin(None)
            watcher.deliver()

    def spread(self, heard: Iterable[Message], *, now: float) -> None:
        """Tell the watchers what is new.

        Args:
            heard: What the speaker's own client was just told.
            now: Present time, seconds, monotonic.
        """
        if self.voice is None or not self.watchers:
            return
        session = self.voice.session
        sight, mapped = session.recall.sight(session.setup, now=now), Mapped()
        for watcher in list(self.watchers):
            watcher.follow(session, sight, mapped=mapped, heard=heard)
            watcher.deliver()

    def show(self, watcher: Watcher, *, now: float, rewinds: bool = False) -> None:
        """Tell one watcher what is new for it; with `rewinds`, poses from the play head on."""
        if self.voice is None:
            return
        session = self.voice.session
        sight = session.recall.sight(session.setup, now=now)
        if rewinds:
            watcher.rewind(session, sight)
        watcher.follow(session, sight, mapped=Mapped())

    def played(self, message: Played, *, now: float) -> None:
        """Take over where the clock's sound is, and tell the speaker.

        Raises:
            PeerError: 4409, nobody speaks, or the utterance has not begun.
        """
        if self.voice is None:
            text = f"found u {message.u}, wanted none: nobody speaks as {self.name!r}"
            raise PeerError(Code.WRONG_STATE, text, field="u")
        session = self.voice.session
        session.played(message, now=now)
        session.saying.say(
            Played(
                sid=session.sid,
                u=message.u,
                t_us=message.t_us,
                rate=message.rate,
                paused=message.paused,
            )
        )
        self.voice.serve()

    def heed(self) -> None:
        """Have poses computed for watchers, also of a speaker who wants none."""
        if self.voice is not None:
            is_watched = any(watcher.is_visible for watcher in self.watchers)
            self.voice.session.watch(is_watched)
