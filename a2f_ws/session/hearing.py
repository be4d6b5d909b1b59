"""The session's ear: which audio belongs to which utterance, and what is refused."""

from typing import Final

import numpy as np

from a2f_ws.audio.microphone import Microphone, Room
from a2f_ws.errors import PeerError
from a2f_ws.names import Floats
from a2f_ws.session.crediting import Crediting
from a2f_ws.session.ear import Ear
from a2f_ws.session.memory import End, Memory, State
from a2f_ws.session.mood import Mood
from a2f_ws.session.repeats import Repeats
from a2f_ws.session.saying import Saying
from a2f_ws.session.setup import Setup
from a2f_ws.session.utterance import Utterance
from a2f_ws.timebase import MICROSECONDS, frames_to_us, us_to_frames
from a2f_ws.wire import replies
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import INT53
from a2f_ws.wire.messages import Received
from a2f_ws.wire.requests import Audio

UTTERANCES_MAX: Final = 8
"""Most live utterances of a session (protocol §6)."""

GAP_US: Final = 2_000_000
"""Longest gap that is filled with silence, microseconds (protocol §6)."""

STALE_MAX: Final = 1_024
"""Stale utterances that are remembered as told (ours: a bound on memory)."""


class Hearing:
    """Utterances that are alive, in order, and the rules for their audio.

    Attributes:
        alive: Utterances without a terminal state, in order of u.
        newest: Largest u that was seen, 0 before the first.
        stride: Of utterances that begin: every how many poses one is computed.
        takes_new: False = no further utterance may begin; those that go on may end.
        credit: Tells how much audio may come.
    """

    def __init__(
        self, saying: Saying, memory: Memory, *, mood: Mood, credit_us: int, repeats: Repeats
    ) -> None:
        """Hear nothing yet."""
        self.alive: list[Utterance] = []
        self.newest = 0
        self.stride = 1
        self.takes_new = True
        self._saying, self._mood, self._credit_us = saying, mood, credit_us
        self._room, self._memory = Room(), memory
        self._received_us = 0
        self._told_stale: set[int] = set()
        self.credit = Crediting(saying, credit_us=credit_us)
        self._repeats = repeats

    def hear(self, message: Audio, setup: Setup, *, now: float) -> None:
        """Take a chunk.

        Raises:
            PeerError: 4422 `pcm` or `first`, 4413; the chunk is dropped whole, and a gap that is
                too long interrupts the utterance.
        """
        utterance = self._open(message.u)
        if utterance is None and message.u <= self.newest:
            self._stale(message.u)
            return
        try:
            samples = setup.pcm.decode(message.pcm)
        except ValueError as error:
            raise PeerError(Code.BAD_VALUE, str(error), field="pcm") from None
        self._check_room(message, utterance, frames=len(samples), rate_hz=setup.rate_hz)
        if utterance is None:
            utterance = self._start(message.u, message.first, setup=setup, now=now, message=message)
            if utterance.is_ended:
                return
        gap = message.first - utterance.received
        if gap > 0:
            utterance.hear(np.zeros(gap, np.float32), now=now)
            text = f"{gap} sample frames are missing: filled with silence"
            self._saying.status("gap", text, u=message.u, frames=gap)
            self._repeats.spoil(message.u)
        skip = max(0, -gap)
        utterance.hear(samples[skip:], now=now)
        self._received_us = utterance.received_us
        self._repeats.hear(message.u, message.pcm[skip * setup.pcm.frame_bytes :])
        self._memory.hear(message, skip, frame_bytes=setup.pcm.frame_bytes, rate_hz=setup.rate_hz)

    def end(self, u: int, setup: Setup, *, now: float) -> None:
        """Let an utterance end; without audio it starts and ends at once."""
        utterance = self._open(u)
        if utterance is None:
            if u <= self.newest:
                self._stale(u)
                return
            self._check_number(u)
            utterance = self._start(u, 0, setup=setup, now=now)
        self._end(utterance, now=now)

    def check_begun(self, u: int) -> None:
        """Refuse what is about an utterance to come.

        Raises:
            PeerError: 4409.
        """
        if u > self.newest:
            text = f"found u {u}, wanted one that has begun (newest: {self.newest})"
            raise PeerError(Code.WRONG_STATE, text, field="u")

    def refuse_while_alive(self) -> None:
        """Refuse other rows while an utterance has rows of the old kind.

        Raises:
            PeerError: 4409.
        """
        if self.alive:
            text = f"found u {self.alive[0].u} alive, wanted none when model, rig, have or fps"
            raise PeerError(Code.WRONG_STATE, f"{text} change")

    def interrupt(self, utterance: Utterance) -> None:
        """Give an utterance its terminal state `interrupted`."""
        if utterance is self.computed_next(None):
            self.settle(utterance)
        self.finish(utterance, "interrupted")

    def settle(self, utterance: Utterance) -> None:
        """Hand on the emotion that an utterance ends with, before the next one begins."""
        track = utterance.plan.begin(self._mood.held)
        self._mood.keep(track.reached(utterance.open_at))
        utterance.is_settled = True

    def finish(self, utterance: Utterance, state: End) -> None:
        """Say the terminal state; the outbox fills in what was really handed over."""
        utterance.is_over = True
        self._memory.finish(utterance.u, state)
        self.alive.remove(utterance)
        self.credit.forget(utterance.u)
        self._repeats.spoil(utterance.u)
        self._say_state(utterance, state, t_us=utterance.start_us)

    def tell_credit_again(self) -> None:
        """Say `credit` for the utterance that takes audio: the last ones may have got lost."""
        self.credit.tell_again(self._open(self.newest))

    @property
    def received(self) -> Received | None:
        """Where the audio of the newest utterance goes on; None before the first."""
        return Received(u=self.newest, to_us=self._received_us) if self.newest else None

    def tell_late(self, u: int | None) -> None:
        """Say that the time of an emotion is past."""
        text = "the time of the emotion is past: it acts from the next pose on"
        self._saying.status("late", text, u=u)

    def computed_next(self, u: int | None) -> Utterance | None:
        """The utterance whose face is computed next; with `u`, of those from `u` on.

        None = there is none, and only an utterance to come can have one.
        """
        return next((one for one in self.alive if not one.is_settled and one.u >= (u or 0)), None)

    def emotion_in_force(self) -> Floats | None:
        """The emotion of the pose computed next, float32 (10,); None between utterances."""
        utterance = self.computed_next(None)
        if utterance is None or utterance.plan.track is None:
            return None
        return utterance.plan.track.value(utterance.open_at)

    def _open(self, u: int) -> Utterance | None:
        """The utterance u, if it still takes audio."""
        if self.alive and self.alive[-1].u == u and not self.alive[-1].is_ended:
            return self.alive[-1]
        return None

    def _start(
        self, u: int, first: int, *, setup: Setup, now: float, message: Audio | None = None
    ) -> Utterance:
        """Begin an utterance, which ends all older ones; one that is known ends at once."""
        for older in self.alive:
            self._end(older, now=now)
        self.newest = u
        if not self.takes_new:
            text = f"found a new u {u}, wanted none: the server takes nothing new"
            raise PeerError(Code.DRAINING, text, field="u")
        first_pose = setup.fps.first_at(first, setup.rate_hz)
        plan, passed = self._mood.adopt(u, setup.fps.sample(first_pose))
        utterance = Utterance(
            u,
            self._ear(first, setup),
            plan=plan,
            new_state=setup.model.pipeline.new_state,
            now=now,
            stride=self.stride,
        )
        cached = None
        if message is not None:
            cached = self._repeats.answer(message, utterance, alive=self.alive, setup=setup)
        self.alive.append(utterance)
        self._received_us = utterance.start_us
        self._memory.begin(u, start_us=utterance.start_us, fps=setup.fps)
        self._say_state(utterance, "started", t_us=utterance.start_us, cached=cached)
        if cached:
            self._received_us = utterance.received_us
            self._told_stale.add(u)
            self._end(utterance, now=now)
        for number in passed:
            text = f"u {number} never came: its emotion acts from the first pose of u {u}"
            self._saying.status("late", text, u=number)
        return utterance

    def _ear(self, first: int, setup: Setup) -> Ear:
        """What hears an utterance that begins at sample frame `first`."""
        return Ear(
            first,
            rate_hz=setup.rate_hz,
            fps=setup.fps,
            bundle=setup.model.bundle,
            pace=setup.model.pace,
            microphone=Microphone(self._room) if setup.is_mic else None,
        )

    def _end(self, utterance: Utterance, *, now: float) -> None:
        if not utterance.is_ended:
            utterance.end(now=now)
            if utterance.received > utterance.first:
                self._memory.end(utterance.u, t_us=utterance.received_us)
                self._say_state(utterance, "audio_done", t_us=utterance.received_us)

    def _check_room(
        self, message: Audio, utterance: Utterance | None, *, frames: int, rate_hz: int
    ) -> None:
        """Refuse a chunk that does not fit in."""
        credit = us_to_frames(self._credit_us, rate_hz)
        if utterance is None:
            self._check_number(message.u)
            bound = message.first + credit
        else:
            self._check_gap(message, utterance, rate_hz=rate_hz)
            freed_us = utterance.processed_us + self._credit_us
            bound = max(utterance.first + credit, us_to_frames(freed_us, rate_hz))
        if frames_to_us(bound, rate_hz) + MICROSECONDS > INT53:
            raise PeerError(
                Code.BAD_VALUE,
                f"found first {message.first}, wanted a time below 2^53 microseconds",
                field="first",
            )
        if message.first + frames > bound:
            raise PeerError(
                Code.OVER_LIMIT,
                f"found audio up to sample frame {message.first + frames}, wanted at most {bound}"
                f" now ({self._credit_us / MICROSECONDS:g} s beyond what is processed);"
                " send it again after `credit`",
                field="pcm",
            )

    def _check_gap(self, message: Audio, utterance: Utterance, *, rate_hz: int) -> None:
        gap = message.first - utterance.received
        if gap * MICROSECONDS > GAP_US * rate_hz:
            self.interrupt(utterance)
            raise PeerError(
                Code.BAD_VALUE,
                f"found first {message.first} after {utterance.received} received sample"
                f" frames, wanted a gap of at most {GAP_US / MICROSECONDS:g} s;"
                f" u {message.u} is interrupted",
                field="first",
            )

    def _check_number(self, u: int) -> None:
        if len(self.alive) >= UTTERANCES_MAX:
            raise PeerError(
                Code.OVER_LIMIT,
                f"found u {u} while {len(self.alive)} utterances are alive,"
                f" wanted at most {UTTERANCES_MAX}",
                field="u",
            )

    def _stale(self, u: int) -> None:
        """Tell once for an utterance that its audio comes too late."""
        if u not in self._told_stale:
            if len(self._told_stale) >= STALE_MAX:
                self._told_stale.clear()
            self._told_stale.add(u)
            text = f"u {u} takes no audio any more (newest is {self.newest}): dropped"
            self._saying.status("stale", text, u=u)

    def _say_state(
        self, utterance: Utterance, state: State, *, t_us: int, cached: bool | None = None
    ) -> None:
        self._saying.tally[state] += 1
        if cached is not None:
            self._saying.tally["cache hit" if cached else "cache miss"] += 1
        sid, u = self._saying.sid, utterance.u
        self._saying.say(
            replies.Utterance(sid=sid, u=u, state=state, poses=0, t_us=t_us, cached=cached)
        )
