"""The watchers of one connection: requests in, what they follow out."""

from collections.abc import Callable, Mapping
from math import inf
from typing import Any, Final

from a2f_ws.errors import PeerError
from a2f_ws.hall.relief import Heads, Relief
from a2f_ws.hall.seat import Seat
from a2f_ws.security.rights import Right
from a2f_ws.session.audience import Audience
from a2f_ws.session.availability import check_watcher
from a2f_ws.session.fitting import fitting_of, refitted
from a2f_ws.session.voice import Voice
from a2f_ws.session.watcher import Watcher
from a2f_ws.wire import replies, requests
from a2f_ws.wire.codec import op_of
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import INT31
from a2f_ws.wire.messages import Message

TAKEN_OVER: Final = "another connection took the session over"

AHEAD_PART: Final = 4
"""Sound and poses that are not due soon wait while this part of `outbox_bytes` waits to be read
(protocol §18)."""

OTHERS: Final = ("params", "model", "fps", "weights")
"""Fields of `set` that are the speaker's."""


class Watching:
    """Answers requests for them, and hands on what they are told.

    Attributes:
        watchers: By `sid`.
    """

    def __init__(self, seat: Seat, relief: Relief, *, heads: Callable[[], Heads]) -> None:
        """Have no watchers.

        Args:
            seat: Of the connection.
            relief: What happens when the client reads too slowly.
            heads: Play heads of all live sessions of the connection.
        """
        self.watchers: dict[int, Watcher] = {}
        self._audiences: dict[Watcher, Audience] = {}
        self._seat, self._relief, self._heads = seat, relief, heads
        self._answers: Mapping[type[Message], Callable[[Watcher, Any], None]] = {
            requests.Set: self._set,
            requests.Interrupt: self._interrupt,
            requests.Played: self._played,
            requests.Close: self._close,
        }

    def open(self, message: requests.Open) -> None:
        """Let a watcher follow a name; with a token, in place of the one that had it.

        Raises:
            PeerError: What it asks for cannot be had.
        """
        seat = self._seat
        check_watcher(message)
        fitting = fitting_of(message, seat.catalog)
        if message.resume is not None:
            older = seat.hall.claims.find(message.resume)
            if isinstance(older, Voice):
                text = "resume: found the token of a speaker"
                raise PeerError(Code.UNKNOWN, text, field="resume")
            older.expel(TAKEN_OVER)
        watcher = Watcher(
            message,
            fitting,
            layouts=seat.layouts,
            token=seat.hall.claims.new,
            owner=self,
        )
        if message.resume is None:
            seat.hall.admission.check_watch(watcher.rate.hz)
        audience = seat.hall.watch(watcher, re=message.id)
        self.watchers[watcher.sid], self._audiences[watcher] = watcher, audience
        self.deliver(watcher)

    def answer(self, watcher: Watcher, message: Message) -> None:
        """Do what a request asks for.

        Raises:
            PeerError: The request is refused; the watcher goes on.
        """
        act = self._answers.get(type(message))
        if act is None:
            op = op_of(type(message))
            raise _not_permitted(f"found {op}, wanted it from whoever speaks", field="op")
        try:
            act(watcher, message)
        finally:
            self.deliver(watcher)

    def deliver(self, watcher: Watcher) -> None:
        """Hand what a watcher is told to the outbox."""
        if self.watchers.get(watcher.sid) is not watcher:
            return
        outbox, now = self._seat.outbox, self._seat.now()
        rate = watcher.rate
        for message in watcher.saying.take():
            if isinstance(message, replies.Poses):
                last_us = rate.t_us(message.i + message.n - 1)
                outbox.put(message, last_us=last_us, times=(now, inf))
            else:
                outbox.put(message)
        self._relief.relieve(self._heads, now=now)

    def expel(self, watcher: Watcher, reason: str) -> None:
        """Close a watcher that another connection has taken over."""
        self._end(watcher, Code.TAKEN_OVER, reason=reason)

    @property
    def room_bytes(self) -> float:
        """What may be told ahead of time now: no more than waits to be read anyway."""
        seat = self._seat
        return seat.settings.outbox_bytes // AHEAD_PART - seat.outbox.size_bytes

    def heads(self) -> Heads:
        """Play heads of those whom the watchers follow, by `sid` of the watcher."""
        now = self._seat.now()
        return {
            watcher.sid: audience.voice.session.position(now=now)
            for watcher, audience in self._audiences.items()
            if audience.voice is not None
        }

    def tick(self, *, is_load_due: bool, is_draining: bool) -> None:
        """Let time pass: say `load`, and what waited for room; a drain ends who has seen all."""
        for watcher, audience in list(self._audiences.items()):
            voice = audience.voice
            if is_load_due and watcher.wants_status and voice is not None:
                busy = self._seat.hall.running.worker(voice).busy
                text = f"the model is busy {busy:.0%}"
                watcher.saying.status("load", text, level="info", busy=busy)
                self.deliver(watcher)
            if watcher.is_held:
                audience.show(watcher, now=self._seat.now())
                self.deliver(watcher)
            is_idle = voice is None or not voice.session.utterances
            if is_draining and watcher.is_settled and is_idle:
                self._end(watcher, Code.DRAINING, reason="the server stops")

    def leave(self) -> None:
        """The client is gone."""
        for watcher in list(self.watchers.values()):
            del self.watchers[watcher.sid], self._audiences[watcher]
            self._seat.hall.unwatch(watcher)

    def _end(self, watcher: Watcher, code: Code, *, reason: str, re: int | None = None) -> None:
        outbox, sid = self._seat.outbox, watcher.sid
        del self.watchers[sid], self._audiences[watcher]
        self._seat.hall.unwatch(watcher)
        outbox.drop(sid, up_to_u=INT31)
        outbox.put(replies.Closed(re=re, sid=sid, code=int(code), reason=reason))

    def _set(self, watcher: Watcher, message: requests.Set) -> None:
        """Take other wishes for its own rows."""
        for field in OTHERS:
            if getattr(message, field) is not None:
                raise _not_permitted(f"found {field}, wanted it from whoever speaks", field=field)
        audience, old = self._audiences[watcher], watcher.fitting
        new = refitted(old, message, catalog=self._seat.catalog)
        was_visible = watcher.is_visible
        is_visible = was_visible if message.visible is None else message.visible
        is_other = new.fit is not old.fit
        watcher.refit(audience.shared(new), is_visible=is_visible)
        audience.heed()
        if is_other:
            session = None if audience.voice is None else audience.voice.session
            watcher.announce(session, re=message.id)
        else:
            self._seat.ok(message)
        rewinds = is_other or (is_visible and not was_visible)
        audience.show(watcher, now=self._seat.now(), rewinds=rewinds)

    def _interrupt(self, watcher: Watcher, message: requests.Interrupt) -> None:
        """Interrupt what the speaker says, for everybody."""
        if not self._seat.grant.may(Right.INTERRUPT):
            raise _not_permitted("found interrupt, wanted the right to it", field="op")
        voice = self._audiences[watcher].voice
        if voice is not None:
            voice.interrupt(message.u)
            voice.serve()
        self._seat.ok(message)

    def _played(self, watcher: Watcher, message: requests.Played) -> None:
        """Move the play head for everybody."""
        if not watcher.is_clock:
            raise _not_permitted("found played, wanted it from the watcher with clock", field="op")
        self._audiences[watcher].played(message, now=self._seat.now())
        self._seat.ok(message)

    def _close(self, watcher: Watcher, message: requests.Close) -> None:
        self._end(watcher, Code.NORMAL, reason="as asked", re=message.id)


def _not_permitted(text: str, *, field: str) -> PeerError:
    return PeerError(Code.NOT_PERMITTED, text, field=field)
