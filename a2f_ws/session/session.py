"""One talking head: chunks in → windows out, faces in → poses out. No I/O, no clock."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from a2f_ws.names import Floats
from a2f_ws.session.announcing import Announcing, Greeting
from a2f_ws.session.cache import Cache
from a2f_ws.session.cutting import Cutting
from a2f_ws.session.feeling import move_emotion
from a2f_ws.session.hearing import Hearing
from a2f_ws.session.memory import Memory
from a2f_ws.session.meshing import Meshing
from a2f_ws.session.mood import Mood
from a2f_ws.session.offering import Offer, Offering
from a2f_ws.session.playhead import PlayHead
from a2f_ws.session.recall import Recall
from a2f_ws.session.recalling import Recalling
from a2f_ws.session.repeats import Repeats
from a2f_ws.session.resting import REST_DUE_S, Resting
from a2f_ws.session.saying import Saying
from a2f_ws.session.sensing import Asked, Question, Sensing
from a2f_ws.session.setup import Setup
from a2f_ws.session.showing import Showing
from a2f_ws.session.utterance import Utterance
from a2f_ws.session.windows import Window
from a2f_ws.shaping.cut import Cut
from a2f_ws.wire import replies, requests
from a2f_ws.wire.codes import Code
from a2f_ws.wire.requests import Audio, Played


class Session:
    """State of one session. What calls have to say is added to `saying`, in order.

    Attributes:
        setup: Model, rig, rate, audio, parameters.
        saying: Messages for the connection to pick up.
        memory: What it has heard and shown of late.
        recall: Tells it to those who follow, or come back.
        offering: Which of its windows should be computed now.
        meshing: Which poses come with their mesh.
        sensing: What its voice says about its emotion.
        is_closed: True once it can do nothing more.
    """

    def __init__(
        self, sid: int, setup: Setup, *, emotion: Floats, credit_us: int, is_named: bool = False,
        cache: Cache | None = None,
    ) -> None:  # fmt: skip
        """Open with settled settings; `announce` tells the client."""
        self.setup, self.saying, self.is_closed = setup, Saying(sid), False
        self.memory = Memory(keeps_poses=not setup.is_burst, keeps_sound=is_named)
        if is_named:
            credit_us = min(credit_us, setup.kept_us)
        self._announcing = Announcing(self.saying, credit_us=credit_us)
        self._mood = Mood(emotion)
        sensing = self.sensing = Sensing(setup.model.recognizer, self.saying)
        self._repeats = Repeats(cache, mood=self._mood, sensing=self.sensing)
        self._hearing = Hearing(
            self.saying, self.memory, mood=self._mood, credit_us=credit_us, repeats=self._repeats
        )
        self.offering = Offering(self.saying, PlayHead(setup.ahead_us if setup.is_mic else None))
        meshing = self.meshing = Meshing(self.saying)
        self._cutting = Cutting(self._hearing, self._mood, meshing=meshing, sensing=sensing)
        self._showing = Showing(self.saying, meshing, memory=self.memory, repeats=self._repeats)
        self.recall = Recall(
            self.memory, self.saying, hearing=self._hearing, offering=self.offering,
            showing=self._showing,
        )  # fmt: skip
        self._recalling = Recalling(self.offering, self._cutting, showing=self._showing)
        self._resting = Resting(self._hearing, self._mood, sensing=self.sensing)

    @property
    def sid(self) -> int:
        """Number on its connection."""
        return self.saying.sid

    @property
    def look_ahead_us(self) -> int:
        """Audio after a pose's time that it needs now, microseconds."""
        return self.setup.look_ahead_us(self._hearing.stride)

    @property
    def is_quiet(self) -> bool:
        """True while only the client can change anything: no utterance, no rest row to come."""
        return not self.meshing.left_out and self._resting.is_settled(self.setup)

    @property
    def is_speaking(self) -> bool:
        """True while windows of utterances wait for the backend."""
        return any(one.is_waiting for one in self._hearing.alive)

    @property
    def newest(self) -> int:
        """Largest u that was seen, 0 before the first."""
        return self._hearing.newest

    @property
    def utterances(self) -> int:
        """Utterances that are alive."""
        return len(self._hearing.alive)

    def drain(self) -> None:
        """Let no further utterance begin."""
        self._hearing.takes_new = False

    def announce(self, greeting: Greeting) -> None:
        """Say `opened`, with a new row layout; a rest row follows."""
        self._showing.layout, self._hearing.stride = greeting.layout, greeting.stride
        self._announcing.opened(self.setup, greeting)
        self._resting.begin()

    def come_back(self, sid: int, greeting: Greeting) -> None:
        """Be on another connection: say what is in force; `recall` says the rest."""
        self.saying.take()
        self.saying.sid = sid
        stride, received = self._hearing.stride, self._hearing.received
        self.announce(replace(greeting, stride=stride, received=received))

    def watch(self, is_watched: bool) -> None:
        """Compute poses for watchers too, or not any more."""
        if is_watched is not self.setup.is_watched:
            self.change(replace(self.setup, is_watched=is_watched), None)

    def pace(self, stride: int) -> bool:
        """Compute every stride-th pose, from the last computed one on; True when that is new."""
        old, self._hearing.stride = self._hearing.stride, stride
        if stride == old:
            return False
        for utterance in self._hearing.alive:
            utterance.pace(stride)
        self._announcing.rate(self.setup, stride, level="warning" if stride > old else "info")
        return True

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
        self._hearing.check_begun(message.u)
        self.offering.head.told(
            message.u, message.t_us, rate=message.rate, paused=message.paused, now=now
        )

    def interrupt(self, up_to: int | None) -> int:
        """Cancel utterances up to a number; None = all that were seen.

        Returns:
            Largest u whose poses may not be sent any more.
        """
        last = self.newest if up_to is None else min(up_to, self.newest)
        for utterance in [one for one in self._hearing.alive if one.u <= last]:
            self._hearing.interrupt(utterance)
        return last

    def emotion(self, message: requests.Emotion, *, now: float) -> None:
        """Move the emotion, from T on: a given pose, or the first one not yet computed.

        Raises:
            PeerError: 4422 for an emotion that the model does not know, 4413 for too many.
        """
        move_emotion(message, self.setup, hearing=self._hearing, mood=self._mood, now=now)

    def refuse_while_alive(self) -> None:
        """Refuse other rows while an utterance is alive: 4409."""
        self._hearing.refuse_while_alive()

    def change(self, setup: Setup, greeting: Greeting | None) -> None:
        """Take new settings.

        Args:
            setup: What `setup.changed` made of a `set`.
            greeting: For `opened`; None = model, rows and rate stay.

        Raises:
            PeerError: 4409, model, rows and rate cannot change while an utterance is alive.
        """
        if greeting is not None:
            self._hearing.refuse_while_alive()
        old, self.setup = self.setup, setup
        self._repeats.spoil()
        if old.is_seen and not setup.is_seen:
            for utterance in self._hearing.alive:
                utterance.take_back(utterance.shown)
        if greeting is not None:
            if setup.model is not old.model:
                self._mood.keep(setup.model.default_emotion)
            self.memory.drop_poses()
            self.announce(greeting)
        elif setup.changes_faces(old):
            self._resting.emotion = None

    def close(self, *, reason: str, code: Code = Code.NORMAL, re: int | None = None) -> None:
        """Interrupt everything and say `closed`."""
        self.interrupt(None)
        self.is_closed = True
        self.saying.say(replies.Closed(re=re, sid=self.sid, code=code, reason=reason))

    def fail(self, reason: str) -> None:
        """The server cannot go on with this session; telling it again changes nothing."""
        if self.is_closed:
            return
        # Whoever cannot compute any more is about to stop, and another server may take over.
        code = Code.DRAINING if self.setup.model.pipeline.is_lost else Code.INTERNAL
        self.saying.say(replies.Error(sid=self.sid, code=code, message=reason))
        self.close(reason=reason, code=code)

    def offer(self, *, now: float, has_room: bool) -> Iterator[Offer]:
        """Windows that should be computed now, each with its due (None = burst).

        None until the pipeline was prepared for the face parameters once; while it is prepared for
        others, what was there stays in force.

        Args:
            now: Present time, seconds, monotonic.
            has_room: False while the client is too slow for more burst poses.
        """
        alive = self._hearing.alive
        self._hearing.credit.tell(alive)
        self.meshing.tell(now)
        self._showing.go_on(self.setup, self._finish)
        if self._cutting.holding.renew(self.setup):
            self._resting.emotion = None
        is_prepared = self._cutting.holding.ready is not None
        if is_prepared and self._resting.offer(self.setup, now=now):
            self.offering.queued += 1
            yield Window(None, 0, 0), now if alive else now + REST_DUE_S
        if not self.setup.is_seen:
            for utterance in self.offering.pass_by(alive, self.setup, now=now):
                self._hearing.settle(utterance)
                self._finish(utterance)
        elif is_prepared and (has_room or not self.setup.is_burst):
            if self._cutting.holding.params(self.setup) is not self.setup.params:
                self._repeats.spoil()
            yield from self._recalling.offer(
                alive, self.setup, now=now, known=self.sensing.known, finish=self._finish
            )

    def ask(self, *, now: float) -> Iterator[Asked]:
        """What should be recognised in its voice now, each with its due (None = burst)."""
        if not self.is_closed:
            yield from self.sensing.ask(self._hearing.alive, self.setup, now=now)

    def clip(self, question: Question) -> Floats | None:
        """The stretch of its voice that a question is about; None when nobody asks any more."""
        return self.sensing.clip(question, self.setup)

    def cut(self, window: Window) -> Cut | None:
        """What the pipeline needs for a window, or None when nobody needs it any more."""
        self.offering.queued -= 1
        if window.utterance is not None:
            return self._cutting.speech(window, self.setup)
        rest = self._resting.emotion
        return None if rest is None else self._cutting.rest(rest, self.setup)

    def take_faces(self, windows: Sequence[Window], faces: Floats) -> bool:
        """Say what faces show; True when more can be offered now that they are there.

        Args:
            windows: Windows of this session, in the order they were offered.
            faces: float32 (B, 82).
        """
        if self.is_closed:
            return False
        self._showing.take(windows, faces, setup=self.setup, finish=self._finish)
        self._hearing.credit.tell(self._hearing.alive)
        return self.offering.is_held or self.meshing.is_waiting

    def tell_load(self, busy: float) -> None:
        """Say how busy the model is, 0 … 1, and what came late or was dropped since last time."""
        late, dropped = self.offering.take_counts()
        self._announcing.load(busy, late=late, dropped=dropped)

    def position(self, *, now: float) -> tuple[int, int]:
        """The play head (u, t_us), behind which a slow client can do without live poses."""
        return self.offering.position(self._hearing.alive, now=now)

    def _finish(self, utterance: Utterance) -> None:
        self.offering.retire(utterance, self.setup)
        self._repeats.finish(utterance, self.setup)
        self._hearing.finish(utterance, "poses_done")
