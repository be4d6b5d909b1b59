"""One talking head: chunks in → windows out, faces in → poses out. No I/O, no clock."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from a2f_ws.animation.weights import FilterState
from a2f_ws.errors import PeerError
from a2f_ws.hearing import Hearing
from a2f_ws.mood import Mood, Ramp
from a2f_ws.names import Floats
from a2f_ws.offering import Offer, Offering
from a2f_ws.pipeline import Cut
from a2f_ws.saying import Saying
from a2f_ws.setup import Setup, emotion_vector
from a2f_ws.showing import Showing
from a2f_ws.timebase import MICROSECONDS, MODEL_RATE_HZ, us_to_frames
from a2f_ws.utterance import Utterance, Window
from a2f_ws.wire import replies, requests
from a2f_ws.wire.codes import Code
from a2f_ws.wire.requests import Audio, Played

REST_GAP_S: Final = 0.1
"""Least time between two rest rows, seconds (protocol §7: at most ten per second)."""


class Session:
    """State of one session. What calls have to say is added to `saying`, in order.

    Attributes:
        sid: Number on its connection.
        setup: Model, rig, rate, audio, parameters.
        saying: Messages for the connection to pick up.
        is_closed: True once it can do nothing more.
    """

    def __init__(self, sid: int, setup: Setup, *, emotion: Floats, credit_us: int) -> None:
        """Open with settled settings; `announce` tells the client."""
        self.sid, self.setup = sid, setup
        self.saying = Saying(sid)
        self.is_closed = False
        self._layout = 0
        self._credit_us = credit_us
        self._mood = Mood(emotion)
        self._hearing = Hearing(self.saying, mood=self._mood, credit_us=credit_us)
        self._offering = Offering(self.saying)
        self._showing = Showing(self.saying)
        self._rest_at: float | None = None
        self._rest_emotion: Floats | None = None

    @property
    def is_quiet(self) -> bool:
        """True while only the client can change anything: no utterance, no rest row to come."""
        rest = self._rest_emotion
        return (
            not self._hearing.alive and rest is not None and np.array_equal(rest, self._mood.held)
        )

    def announce(self, *, layout: int, re: int | None) -> None:
        """Say `opened`, with a new row layout; a rest row follows."""
        self._layout = layout
        self.saying.say(
            self.setup.opened(self.sid, layout=layout, credit_us=self._credit_us, re=re)
        )
        self._rest_emotion = self._rest_at = None

    def hear(self, message: Audio, *, now: float) -> None:
        """Take a chunk of speech; see `Hearing.hear`."""
        self._hearing.hear(message, self.setup, now=now)

    def end(self, u: int, *, now: float) -> None:
        """No more audio will come for an utterance."""
        self._hearing.end(u, self.setup, now=now)

    def played(self, message: Played, *, now: float) -> None:
        """Take over where the client's sound is.

        Raises:
            PeerError: 4409, the utterance has not begun.
        """
        newest = self._hearing.newest
        if message.u > newest:
            text = f"found u {message.u}, wanted one that has begun (newest: {newest})"
            raise PeerError(Code.WRONG_STATE, text, field="u")
        self._offering.head.told(
            message.u, message.t_us, rate=message.rate, paused=message.paused, now=now
        )

    def interrupt(self, up_to: int | None) -> int:
        """Cancel utterances up to a number; None = all that were seen.

        Returns:
            Largest u whose poses may not be sent any more.
        """
        newest = self._hearing.newest
        last = newest if up_to is None else min(up_to, newest)
        for utterance in [one for one in self._hearing.alive if one.u <= last]:
            self._hearing.interrupt(utterance)
        return last

    def emotion(self, message: requests.Emotion, *, now: float) -> None:
        """Move the emotion, from T on: a given pose, or the first one not yet computed.

        Raises:
            PeerError: 4422 for an emotion that the model does not know, 4413 for too many.
        """
        values = emotion_vector(self.setup.model, message.values, field="values")
        try:
            self._move_emotion(message, values, now=now)
        except ValueError as error:
            raise PeerError(Code.OVER_LIMIT, str(error), field="u") from None

    def _move_emotion(self, message: requests.Emotion, values: Floats, *, now: float) -> None:
        over = us_to_frames(message.transition_us, MODEL_RATE_HZ)
        wanted = us_to_frames(message.t_us or 0, MODEL_RATE_HZ)
        if message.u is not None and message.u > self._hearing.newest:
            self._mood.plan(message.u).add(Ramp(wanted, values, over))
            return
        utterance = self._hearing.computed_next(message.u)
        if utterance is None:
            self._mood.move(values, over_s=message.transition_us / MICROSECONDS, now=now)
            is_late = message.u is not None
        else:
            first = utterance.fps.sample(utterance.taken)
            is_late = message.u is not None and (message.u < utterance.u or wanted < first)
            at = first if message.u is None or is_late else wanted
            utterance.plan.add(Ramp(at, values, over))
        if is_late:
            text = "the time of the emotion is past: it acts from the next pose on"
            self.saying.status("late", text, u=message.u)

    def change(self, setup: Setup, *, layout: int | None, re: int | None) -> None:
        """Take new settings.

        Args:
            setup: What `setup.changed` made of a `set`.
            layout: Number of a new row layout, said by `opened`; None = model, rows and rate stay.
            re: `id` of the request.

        Raises:
            PeerError: 4409, model, rows and rate cannot change while an utterance is alive.
        """
        alive = self._hearing.alive
        if layout is not None and alive:
            text = f"found u {alive[0].u} alive, wanted none when model, rig, have or fps change"
            raise PeerError(Code.WRONG_STATE, text)
        old, self.setup = self.setup, setup
        if old.is_visible and not setup.is_visible:
            for utterance in alive:
                utterance.take_back(utterance.shown)
        if layout is not None:
            if setup.model is not old.model:
                self._mood.keep(setup.model.default_emotion)
            self.announce(layout=layout, re=re)
        elif setup.changes_faces(old):
            self._rest_emotion = None

    def close(self, *, reason: str, code: Code = Code.NORMAL, re: int | None = None) -> None:
        """Interrupt everything and say `closed`."""
        self.interrupt(None)
        self.is_closed = True
        self.saying.say(replies.Closed(re=re, sid=self.sid, code=code, reason=reason))

    def fail(self, reason: str) -> None:
        """The server cannot go on with this session; telling it again changes nothing."""
        if self.is_closed:
            return
        self.saying.say(replies.Error(sid=self.sid, code=Code.INTERNAL, message=reason))
        self.close(reason=reason, code=Code.INTERNAL)

    def offer(self, *, now: float, has_room: bool) -> Iterator[Offer]:
        """Windows that should be computed now, each with its due (None = burst).

        Args:
            now: Present time, seconds, monotonic.
            has_room: False while the client is too slow for more burst poses.
        """
        alive = self._hearing.alive
        self._hearing.tell_credit()
        yield from self._offer_rest(now)
        if not self.setup.is_visible:
            for utterance in self._offering.pass_by(alive, self.setup, now=now):
                self._hearing.settle(utterance)
                self._finish(utterance)
        elif has_room or not self.setup.is_burst:
            yield from self._offering.offer(alive, self.setup, now=now)

    def cut(self, window: Window) -> Cut | None:
        """What the pipeline needs for a window, or None when nobody needs it any more."""
        self._offering.queued -= 1
        utterance = window.utterance
        if utterance is None:
            return None if self._rest_emotion is None else self._cut(self._rest_emotion)
        if window.is_dead:
            return None
        at = utterance.fps.sample(window.i)
        if window.is_ease:
            self._hearing.settle(utterance)
            return self._cut(self._mood.held)
        track = utterance.plan.begin(self._mood.held)
        track.drop_before(utterance.fps.sample(utterance.shown))
        return self._cut(track.value(at), samples=utterance.cut(window.i), state=utterance.state)

    def take_faces(self, windows: Sequence[Window], faces: Floats) -> None:
        """Say what faces show.

        Args:
            windows: Windows of this session, in the order they were offered.
            faces: float32 (B, 82).
        """
        if self.is_closed:
            return
        run: list[Floats] = []
        for k, (window, face) in enumerate(zip(windows, faces, strict=True)):
            utterance = window.utterance
            if utterance is None:
                self._showing.rest(face, setup=self.setup, layout=self._layout)
            elif window.is_dead:
                continue
            elif window.is_ease:
                self._showing.ease(utterance, face, setup=self.setup, layout=self._layout)
                self._finish(utterance)
            else:
                run.append(face)
                utterance.show(window.i, face)
                if k + 1 == len(windows) or not window.is_before(windows[k + 1]):
                    first = window.i + 1 - len(run)
                    self._showing.poses(
                        utterance, run, i=first, setup=self.setup, layout=self._layout
                    )
                    run = []

    @property
    def queued(self) -> int:
        """Windows that wait for the backend or are in it."""
        return self._offering.queued

    def tell_load(self, busy: float) -> None:
        """Say how busy the model is, 0 … 1, and what came late or was dropped since last time."""
        late, dropped = self._offering.take_counts()
        self.saying.status(
            "load",
            f"the model is busy {busy:.0%}",
            level="info",
            busy=busy,
            late=late,
            dropped=dropped,
        )

    def unqueue(self, windows: int) -> None:
        """Note that the scheduler has dropped windows of this session."""
        self._offering.queued -= windows

    def position(self, *, now: float) -> tuple[int, int]:
        """The play head (u, t_us), behind which a slow client can do without live poses."""
        return self._offering.position(self._hearing.alive, now=now)

    def _finish(self, utterance: Utterance) -> None:
        self._offering.retire(utterance, self.setup)
        self._hearing.finish(utterance, "poses_done")

    def _offer_rest(self, now: float) -> Iterator[Offer]:
        """The rest row's window, when the emotion in force is not the one it shows."""
        if self._rest_at is not None and now - self._rest_at < REST_GAP_S:
            return
        emotion = self._hearing.emotion_in_force()
        if emotion is None:
            emotion = self._mood.resting(now)
        if self._rest_emotion is None or not np.array_equal(emotion, self._rest_emotion):
            self._rest_at, self._rest_emotion = now, emotion
            self._offering.queued += 1
            yield Window(None, 0, 0), now

    def _cut(
        self, emotion: Floats, *, samples: Floats | None = None, state: FilterState | None = None
    ) -> Cut:
        return Cut(
            samples=samples,
            emotion=emotion,
            params=self.setup.params,
            state=self.setup.model.pipeline.new_state() if state is None else state,
            dt_s=1.0 / self.setup.fps.hz,
        )
