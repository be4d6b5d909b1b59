"""The sessions of one connection: requests in, answers and windows out."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Final, TypeAlias

from a2f_ws import setup
from a2f_ws.batching.worker import Worker
from a2f_ws.catalog import Catalog
from a2f_ws.errors import PeerError
from a2f_ws.listening import Listening, Recognition
from a2f_ws.outbox import Outbox
from a2f_ws.preparing import Prepare, Preparing, prepare_at_once
from a2f_ws.relief import Relief
from a2f_ws.session import Session
from a2f_ws.settings import Settings
from a2f_ws.setup import Setup
from a2f_ws.shaping.cut import Cut
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.voice import Voice
from a2f_ws.windows import Window
from a2f_ws.wire import replies, requests
from a2f_ws.wire.codes import Code
from a2f_ws.wire.messages import Message, Request

UNKNOWN_SIDS_MAX: Final = 1_024
"""Unknown sessions complained about; a peer that invents more is told again (ours: a bound)."""

LOAD_S: Final = 1.0
"""Time between two `load`, seconds (protocol §13)."""

Workers: TypeAlias = Mapping[str, Worker[Window, Cut]]
"""The worker of every model, by its name."""


class Sessions:
    """Answers requests that concern sessions, and lets them go on."""

    def __init__(
        self,
        outbox: Outbox,
        *,
        catalog: Catalog,
        workers: Workers,
        settings: Settings,
        now: Callable[[], float],
        prepare: Prepare = prepare_at_once,
        recognition: Recognition | None = None,
    ) -> None:
        """Have no sessions.

        Args:
            outbox: Where answers go.
            catalog: Models and rigs.
            workers: Who computes.
            settings: Limits.
            now: The clock, seconds, monotonic.
            prepare: What prepares pipelines for new face parameters.
            recognition: Who recognises the emotion of voices, or None.
        """
        self._outbox, self._catalog, self._workers = outbox, catalog, workers
        self._settings, self._now = settings, now
        self._relief = Relief(outbox, limit_bytes=settings.outbox_bytes)
        self._preparing = Preparing(prepare, serve=self.serve)
        self._listening = Listening(recognition, self.serve)
        self._voices: dict[int, Voice] = {}
        self._unknown: set[int] = set()
        self._layouts = count(1)
        self._load_at = now() + LOAD_S
        self._answers: Mapping[type[Message], Callable[[Voice, Any], None]] = {
            requests.Audio: self._audio,
            requests.End: self._end,
            requests.Emotion: self._emotion,
            requests.Set: self._set,
            requests.Interrupt: self._interrupt,
            requests.Played: self._played,
            requests.Close: self._close,
        }

    def answer(self, message: Message) -> None:
        """Do what a request asks for.

        Raises:
            PeerError: The request is refused; sessions go on.
        """
        if isinstance(message, requests.Open):
            self._open(message)
            return
        sid = getattr(message, "sid", -1)
        voice = self._voices.get(sid)
        if voice is None:
            self._complain(sid)
            return
        try:
            self._answers[type(message)](voice, message)
        finally:
            self.serve(voice)

    def tick(self) -> None:
        """Let time pass for sessions that are not quiet; called some twenty times a second."""
        is_load_due = self._now() >= self._load_at
        if is_load_due:
            self._load_at += LOAD_S
        for voice in list(self._voices.values()):
            tells_load = is_load_due and voice.session.setup.wants_status
            if tells_load:
                voice.session.tell_load(self._worker(voice.session).busy)
            if tells_load or not voice.session.is_quiet:
                self.serve(voice)

    def serve(self, voice: Voice) -> None:
        """Hand what a session says to the outbox, and its windows to the worker."""
        session, now = voice.session, self._now()
        if self._voices.get(session.sid) is not voice:
            return
        if not session.is_closed:
            session.meshing.has_room = self._outbox.has_room_for_geometry
            self._preparing.ask(voice)
            self._listening.ask(voice, now=now)
            self._offer(voice, now=now)
        for message in session.saying.take():
            last_us = 0
            if isinstance(message, replies.Poses):
                last_us = session.setup.fps.t_us(message.i + message.n - 1)
            self._outbox.put(message, last_us=last_us)
        if session.is_closed:
            self._forget(voice)
        self._relief.relieve(self._sessions(), now=now)

    def leave(self) -> None:
        """Forget everything: the client is gone."""
        for voice in list(self._voices.values()):
            self._forget(voice)
            voice.session.is_closed = True

    def refuse_open(self, fault: PeerError) -> None:
        """Say `closed` for an `open` that failed, after its error; an open session goes on."""
        if fault.sid is not None and fault.sid not in self._voices:
            self._unknown.discard(fault.sid)
            self._outbox.put(
                replies.Closed(sid=fault.sid, code=int(fault.code), reason=fault.message)
            )

    def _offer(self, voice: Voice, *, now: float) -> None:
        """Queue what a session offers, and once more where that takes another pace."""
        session, worker = voice.session, self._worker(voice.session)
        has_room = self._relief.has_room(session, self._sessions())
        is_new = True
        while is_new:
            for window, due in session.offer(now=now, has_room=has_room):
                worker.add(voice, window, due=due, now=now)
            cost_s, speaks = worker.scheduler.cost_s, session.is_speaking
            is_new = session.pace(
                worker.governor.stride(voice, is_speaking=speaks, cost_s=cost_s, now=now)
            )
            if is_new:
                self._drop_dead(voice, worker)

    def _admit(self, voice: Voice, new: Setup) -> int:
        """The stride of a session with new settings; burst ones are never slowed down."""
        worker = self._workers[new.model.name]
        if new.is_burst:
            return 1
        cost_s = worker.scheduler.cost_s
        return worker.governor.admit(voice, new.fps.hz, cost_s=cost_s, now=self._now())

    def _sessions(self) -> list[Session]:
        return [voice.session for voice in self._voices.values()]

    def _worker(self, session: Session) -> Worker[Window, Cut]:
        return self._workers[session.setup.model.name]

    def _forget(self, voice: Voice) -> None:
        worker = self._worker(voice.session)
        worker.scheduler.leave(voice)
        worker.governor.leave(voice)
        self._listening.forget(voice)
        self._voices.pop(voice.session.sid, None)

    def _drop_dead(self, voice: Voice, worker: Worker[Window, Cut]) -> None:
        """Take windows that nobody needs any more out of the queue."""
        voice.session.unqueue(worker.scheduler.drop(voice, lambda window: window.is_dead))

    def _complain(self, sid: int) -> None:
        """Refuse an unknown session once; what follows is dropped silently until it is opened."""
        if sid in self._unknown:
            return
        if len(self._unknown) >= UNKNOWN_SIDS_MAX:
            self._unknown.clear()
        self._unknown.add(sid)
        text = f"found sid {sid}, wanted one that is open; more for it is dropped silently"
        raise PeerError(Code.UNKNOWN, text, field="sid")

    def _ok(self, request: Request) -> None:
        if request.id is not None:
            self._outbox.put(replies.Ok(re=request.id))

    def _open(self, message: requests.Open) -> None:
        if message.sid in self._voices:
            text = f"found sid {message.sid}, wanted one that is not open; its session goes on"
            raise PeerError(Code.WRONG_STATE, text, field="sid")
        voice = self._opened(message)
        self._unknown.discard(message.sid)
        self.serve(voice)

    def _opened(self, message: requests.Open) -> Voice:
        """The voice of a new session."""
        wanted = self._settings.sessions_max
        if len(self._voices) >= wanted:
            text = f"found {wanted} sessions open, wanted at most that many on one connection"
            raise PeerError(Code.OVER_LIMIT, text, field="sid")
        settled, emotion = setup.settle(message, self._catalog)
        credit_us = round(self._settings.credit_s * MICROSECONDS)
        session = Session(message.sid, settled, emotion=emotion, credit_us=credit_us)
        voice = self._voices[message.sid] = Voice(session, self.serve)
        stride = self._admit(voice, settled)
        session.announce(layout=next(self._layouts), re=message.id, stride=stride)
        if not settled.is_burst:
            self._worker(session).scheduler.join(voice)
        return voice

    def _audio(self, voice: Voice, message: requests.Audio) -> None:
        voice.session.hear(message, now=self._now())
        self._ok(message)

    def _end(self, voice: Voice, message: requests.End) -> None:
        voice.session.end(message.u, now=self._now())
        self._ok(message)

    def _emotion(self, voice: Voice, message: requests.Emotion) -> None:
        voice.session.emotion(message, now=self._now())
        self._ok(message)

    def _set(self, voice: Voice, message: requests.Set) -> None:
        session, worker = voice.session, self._worker(voice.session)
        new = setup.changed(session.setup, message, catalog=self._catalog)
        layout = stride = None
        if new.changes_rows(session.setup):
            session.refuse_while_alive()
            layout, stride = next(self._layouts), self._admit(voice, new)
        session.change(new, layout=layout, re=message.id, stride=stride or 1)
        if layout is None:
            self._ok(message)
        elif self._worker(session) is not worker:
            session.unqueue(worker.scheduler.drop(voice, lambda _: True))
            worker.scheduler.leave(voice)
            worker.governor.leave(voice)
            if not new.is_burst:
                self._worker(session).scheduler.join(voice)
        self._drop_dead(voice, worker)

    def _interrupt(self, voice: Voice, message: requests.Interrupt) -> None:
        last = voice.session.interrupt(message.u)
        self._outbox.drop(message.sid, up_to_u=last)
        self._drop_dead(voice, self._worker(voice.session))
        self._ok(message)

    def _played(self, voice: Voice, message: requests.Played) -> None:
        voice.session.played(message, now=self._now())
        self._ok(message)

    def _close(self, voice: Voice, message: requests.Close) -> None:
        last = voice.session.interrupt(None)
        self._outbox.drop(message.sid, up_to_u=last)
        voice.session.close(reason="as asked", re=message.id)
