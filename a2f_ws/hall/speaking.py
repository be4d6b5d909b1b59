"""The sessions that one connection feeds: requests in, answers and windows out."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from a2f_ws.errors import PeerError
from a2f_ws.hall.permission import check_setup
from a2f_ws.hall.relief import Heads, Relief
from a2f_ws.hall.seat import Seat
from a2f_ws.session import setup
from a2f_ws.session.announcing import Greeting
from a2f_ws.session.availability import check_cache
from a2f_ws.session.session import Session
from a2f_ws.session.voice import Voice
from a2f_ws.session.watcher import Watcher
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.wire import replies, requests
from a2f_ws.wire.codes import Code
from a2f_ws.wire.messages import Message, Request

TAKEN_OVER: Final = "another connection took the session over"
LEFT: Final = "its client left"

JUST_S: Final = 0.025
"""A session that went on in that time need not go on again for time that passes: half a tick of
the server, seconds (ours)."""


class Speaking:
    """Answers requests for them, and lets them go on.

    Attributes:
        voices: The sessions, by `sid`.
    """

    def __init__(self, seat: Seat, relief: Relief, *, heads: Callable[[], Heads]) -> None:
        """Have no sessions.

        Args:
            seat: Of the connection.
            relief: What happens when the client reads too slowly.
            heads: Play heads of all live sessions of the connection.
        """
        self.voices: dict[int, Voice] = {}
        self._awake: dict[Voice, None] = {}
        self._seat, self._relief, self._heads = seat, relief, heads
        self._running = seat.hall.running
        self._answers: Mapping[type[Message], Callable[[Voice, Any], None]] = {
            requests.Audio: self._audio,
            requests.End: self._end,
            requests.Emotion: self._emotion,
            requests.Set: self._set,
            requests.Interrupt: self._interrupt,
            requests.Played: self._played,
            requests.Close: self._close,
        }

    def open(self, message: requests.Open) -> None:
        """Open a session, or take one up again.

        Raises:
            PeerError: What it asks for cannot be had.
        """
        seat = self._seat
        if message.resume is not None:
            self._resume(message, message.resume)
            return
        settled, emotion = setup.settle(message, seat.catalog)
        check_setup(settled, is_read_only=seat.settings.read_only_models)
        check_cache(message, is_there=seat.hall.cache is not None)
        seat.hall.admission.check_open(settled)
        seat.hall.check_name(message.name)
        session = Session(
            message.sid,
            settled,
            emotion=emotion,
            credit_us=round(seat.settings.credit_s * MICROSECONDS),
            is_named=message.name is not None,
            cache=seat.hall.cache if message.cache else None,
        )
        voice = self.voices[message.sid] = Voice(session, self, connection=seat.name)
        stride = self._running.admit(voice, settled)
        session.announce(self._greeting(voice, message, stride=stride))
        self._running.join(voice)
        seat.hall.admission.enter(voice)
        seat.hall.speak(voice, message.name)
        self.serve(voice)

    def answer(self, voice: Voice, message: Message) -> None:
        """Do what a request asks for.

        Raises:
            PeerError: The request is refused; the session goes on.
        """
        try:
            self._answers[type(message)](voice, message)
        finally:
            self.serve(voice)

    @property
    def is_awake(self) -> bool:
        """True while time that passes may change something."""
        return bool(self._awake)

    def tick(self, *, is_load_due: bool) -> None:
        """Let time pass for sessions that are not quiet; those whose sound comes go on by that."""
        just = self._seat.now() - JUST_S
        for voice in list(self._awake):
            session = voice.session
            tells_load = is_load_due and session.setup.wants_status
            if tells_load:
                session.tell_load(self._running.worker(voice).busy)
            if tells_load or (voice.served_at < just and not session.is_quiet):
                self.serve(voice)
            is_here = self.voices.get(session.sid) is voice
            if not is_here or (session.is_quiet and not session.setup.wants_status):
                self._awake.pop(voice, None)

    def serve(self, voice: Voice) -> None:
        """Hand a session's windows to the worker, and what it says to the outbox."""
        session = voice.session
        if not session.is_closed and self.voices.get(session.sid) is voice:
            voice.served_at = self._seat.now()
            session.meshing.has_room = self._seat.outbox.has_room_for_geometry
            self._running.go_on(voice, has_room=self._has_room(session))
        self.deliver(voice)

    def deliver(self, voice: Voice) -> None:
        """Hand what a session says to the outbox."""
        session, seat, now = voice.session, self._seat, self._seat.now()
        if self.voices.get(session.sid) is not voice:
            return
        self._awake[voice] = None
        times = (now, session.saying.since)
        messages = session.saying.take()
        for message in messages:
            if isinstance(message, replies.Poses):
                last_us = session.setup.fps.t_us(message.i + message.n - 1)
                seat.outbox.put(message, last_us=last_us, times=times)
            else:
                seat.outbox.put(message)
        if voice.audience is not None:
            voice.audience.spread(messages, now=now)
        session.recall.forget(session.setup, now=now)
        if session.is_closed:
            del self.voices[session.sid]
            seat.hall.end(voice)
        self._relief.relieve(self._heads, now=now)

    def interrupt(self, voice: Voice, u: int | None) -> None:
        """Cancel utterances up to u, None = all, and drop what was computed of them."""
        last = voice.session.interrupt(u)
        self._seat.outbox.drop(voice.session.sid, up_to_u=last)
        self._running.drop_dead(voice)

    def release(self, voice: Voice) -> None:
        """Give a session away: another connection has taken it over."""
        sid, outbox = voice.session.sid, self._seat.outbox
        outbox.drop(sid, up_to_u=voice.session.newest)
        voice.handed |= outbox.account(sid)
        del self.voices[sid]
        outbox.put(replies.Closed(sid=sid, code=int(Code.TAKEN_OVER), reason=TAKEN_OVER))

    def leave(self, *, may_return: bool) -> None:
        """The client is gone; with `may_return` its live sessions wait for it."""
        for sid, voice in list(self.voices.items()):
            if may_return and not (voice.session.setup.is_burst or voice.session.is_closed):
                voice.handed |= self._seat.outbox.account(sid)
                del self.voices[sid]
                self._seat.hall.lost.take(voice, self._seat.address)
                continue
            if not voice.session.is_closed:
                voice.session.close(reason=LEFT)
            self.serve(voice)

    def _has_room(self, session: Session) -> bool:
        """True while the client reads fast enough for more of a session's burst poses."""
        if not session.setup.is_burst:
            return True
        return self._relief.has_room(session, [one.session for one in self.voices.values()])

    def _resume(self, message: requests.Open, token: str) -> None:
        """Take a session over.

        Raises:
            PeerError: 4404, no session has that token.
        """
        hall = self._seat.hall
        voice = hall.claims.find(token)
        if isinstance(voice, Watcher):
            raise PeerError(Code.UNKNOWN, "resume: found the token of a watcher", field="resume")
        voice.release()
        voice.join(self, connection=self._seat.name)
        self.voices[message.sid] = voice
        voice.session.come_back(message.sid, self._greeting(voice, message))
        voice.session.recall.retell(voice.session.setup, voice.handed, now=self._seat.now())
        voice.handed = {}
        self.serve(voice)

    def _greeting(self, voice: Voice, request: Request, *, stride: int = 1) -> Greeting:
        """What `opened` tells beside the settings; burst sessions cannot be taken up again."""
        is_burst = voice.session.setup.is_burst
        return Greeting(
            layout=next(self._seat.layouts),
            re=request.id,
            stride=stride,
            resume=None if is_burst else self._seat.hall.claims.new(voice),
        )

    def _audio(self, voice: Voice, message: requests.Audio) -> None:
        self._running.begin(voice)
        voice.session.hear(message, now=self._seat.now())
        self._seat.ok(message)

    def _end(self, voice: Voice, message: requests.End) -> None:
        voice.session.end(message.u, now=self._seat.now())
        self._seat.ok(message)

    def _emotion(self, voice: Voice, message: requests.Emotion) -> None:
        voice.session.emotion(message, now=self._seat.now())
        self._seat.ok(message)

    def _set(self, voice: Voice, message: requests.Set) -> None:
        session, worker = voice.session, self._running.worker(voice)
        new = setup.changed(session.setup, message, catalog=self._seat.catalog)
        check_setup(new, is_read_only=self._seat.settings.read_only_models)
        greeting = None
        if new.changes_rows(session.setup):
            session.refuse_while_alive()
            self._seat.hall.admission.check_change(session.setup, new)
            greeting = self._greeting(voice, message, stride=self._running.admit(voice, new))
        was_hidden = session.setup.is_watched and not session.setup.is_visible
        session.change(new, greeting)
        if was_hidden and new.is_visible:
            session.recall.show_again(new, now=self._seat.now())
        if greeting is None:
            self._seat.ok(message)
        else:
            self._running.change(voice, worker)
        self._running.drop_dead(voice, worker)

    def _interrupt(self, voice: Voice, message: requests.Interrupt) -> None:
        self.interrupt(voice, message.u)
        self._seat.ok(message)

    def _played(self, voice: Voice, message: requests.Played) -> None:
        """Move the play head, unless a watcher owns it."""
        voice.tells_played = True
        if voice.audience is None or voice.audience.clock is None:
            voice.session.played(message, now=self._seat.now())
        self._seat.ok(message)

    def _close(self, voice: Voice, message: requests.Close) -> None:
        self.interrupt(voice, None)
        voice.session.close(reason="as asked", re=message.id)
