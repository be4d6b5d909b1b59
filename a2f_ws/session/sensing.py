"""The emotion of a session as its voice gives it: what is asked, what is in force. No I/O."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import numpy as np

from a2f_ws.animation.emotion import EmotionTrack
from a2f_ws.animation.recognition import IS_ON
from a2f_ws.names import Floats
from a2f_ws.recognizer import Recognizer
from a2f_ws.session.felt import Felt
from a2f_ws.session.saying import Saying
from a2f_ws.session.setup import Setup
from a2f_ws.session.streaming import Feel
from a2f_ws.session.utterance import Utterance
from a2f_ws.timebase import MODEL_RATE_HZ

QUEUED_MAX: Final = 16
"""Windows of one burst utterance that are asked for at a time; of a live one it is one, since a
newer window replaces one that waits (ours)."""

KEPT_SAMPLES: Final = 5 * MODEL_RATE_HZ
"""How long explicit emotions are kept for frames that a slow recognizer owes, samples (ours): a
bound on memory."""

ON: Final = 0.5
"""Value of `emotion_recognition` from which on the voice decides."""

REST_STEP: Final = 0.05
"""Least change of the emotion of a speaking face that is worth a rest row (ours)."""


@dataclass(slots=True, eq=False)
class Question:
    """What the voice of an utterance sounds like next.

    Attributes:
        utterance: Whose it is.
        k: Window, chosen when it is cut: the newest that still matters.
    """

    utterance: Utterance
    k: int = -1


Asked: TypeAlias = tuple[Question, float | None]
"""A question, and when its answer is due on the clock of `now`; None = burst."""


class Sensing:
    """What a session's voice says about its emotion, kept over its utterances.

    The client's explicit emotion is the preferred one while recognition is on, and the only one
    while it is off.

    Attributes:
        has_failed: True once the classifier could not hear this session.
    """

    def __init__(self, recognizer: Recognizer | None, saying: Saying) -> None:
        """Feel nothing yet; without a recognizer nothing is ever felt."""
        self.has_failed = False
        self._recognizer, self._saying = recognizer, saying
        self._current: Felt | None = None
        self._latest: Floats | None = None
        if recognizer is not None:
            self._state = recognizer.recognition.new_state(recognizer.beginning)

    def is_on(self, setup: Setup) -> bool:
        """True when the voice decides."""
        return self._heard_by(setup) is not None

    def ask(self, alive: Sequence[Utterance], setup: Setup, *, now: float) -> Iterator[Asked]:
        """Questions that should be answered now, each with its due (None = burst)."""
        is_on = setup.is_seen and self.is_on(setup)
        most = QUEUED_MAX if setup.is_burst else 1
        for utterance in alive:
            felt = utterance.felt
            if felt is None:
                return
            first, available = _listened(utterance, felt), felt.available
            if not is_on:
                continue
            to = min(available, _needed(utterance, felt, most=most))
            while felt.waiting + felt.under_way < most and first + felt.waiting < to:
                felt.waiting += 1
                yield Question(utterance), None if setup.is_burst else now
            if not utterance.is_ended or first + felt.waiting < available:
                return

    def clip(self, question: Question, setup: Setup) -> Floats | None:
        """The window of a question, float32 (S,), or None when nobody needs it any more."""
        utterance, felt = question.utterance, question.utterance.felt
        if felt is None:
            return None
        felt.waiting -= 1
        question.k = _listened(utterance, felt)
        if utterance.is_over or not self.is_on(setup):
            return None
        window = felt.voice()
        felt.under_way += window is not None
        return window

    def take(self, questions: Sequence[Question], logits: Floats) -> None:
        """Take answers, float32 (B, C), in the order they were cut."""
        for question, row in zip(questions, logits, strict=True):
            felt = question.utterance.felt
            if felt is not None:
                felt.under_way -= 1
                felt.take(question.k, row)

    def fail(self, reason: str) -> None:
        """Go on without: the classifier cannot hear this session."""
        if not self.has_failed:
            self.has_failed = True
            text = f"the voice's emotion is not recognised any more: {reason}; only `emotion` acts"
            self._saying.status("recognition", text)

    def known(self, utterance: Utterance, setup: Setup) -> int:
        """Index after the last available pose whose emotion is known for good."""
        felt, available = utterance.felt, utterance.available
        if felt is None or not self.is_on(setup):
            return available
        known_to = felt.known_to
        if known_to is None:
            return available
        return utterance.known(known_to)

    def feel(self, utterance: Utterance, *, explicit: EmotionTrack, setup: Setup) -> Feel:
        """The emotion of an utterance at any sample from its `needed_at` on."""
        return partial(
            self._at, utterance, past=utterance.needed_at, explicit=explicit, setup=setup
        )

    def _at(
        self, utterance: Utterance, at: int, *, past: int, explicit: EmotionTrack, setup: Setup
    ) -> Floats:
        """The emotion at a sample, float32 (10,); those before `past` are not asked for again."""
        recognizer, felt = self._heard_by(setup), utterance.felt
        if recognizer is None or felt is None:
            if felt is not None:
                felt.forgotten = max(felt.forgotten, past)
            explicit.drop_before(past)
            return explicit.value(at)
        if felt is not self._current:
            self._begin(felt, explicit.value(max(at, felt.forgotten)), setup=setup)
        while felt.keyed < at and (logits := felt.due()) is not None:
            self._advance(felt, logits, explicit=explicit, setup=setup)
        needed = max(felt.next_at, past - KEPT_SAMPLES)
        felt.forgotten = max(felt.forgotten, min(past, needed))
        explicit.drop_before(felt.forgotten)
        if felt.track is None:
            return self.resting(explicit.value(at), setup)
        felt.track.drop_before(past)
        self._latest = felt.track.value(at)
        return self._latest

    def resting(self, explicit: Floats, setup: Setup) -> Floats:
        """The emotion of a face that does not speak, float32 (10,)."""
        recognizer = self._heard_by(setup)
        if recognizer is None:
            return explicit
        preferred, prefers = recognizer.wanted(explicit)
        return recognizer.recognition.rest(
            self._state, params=setup.sensing_params, preferred=preferred, prefers=prefers
        )

    def speaking(self, explicit: Floats, setup: Setup) -> Floats:
        """The emotion of a face that speaks now, for a rest row, float32 (10,)."""
        if not self.is_on(setup):
            return explicit
        return self.resting(explicit, setup) if self._latest is None else self._latest

    def is_near(self, emotion: Floats, other: Floats, *, setup: Setup) -> bool:
        """True when a speaking face needs no other rest row for such a change."""
        if not self.is_on(setup):
            return np.array_equal(emotion, other)
        return bool(np.abs(emotion - other).max() < REST_STEP)

    def _heard_by(self, setup: Setup) -> Recognizer | None:
        """The recognizer, while it is listened to."""
        if self._recognizer is None or self.has_failed or not len(setup.sensing_params):
            return None
        return self._recognizer if setup.sensing_params[IS_ON] >= ON else None

    def _begin(self, felt: Felt, explicit: Floats, *, setup: Setup) -> None:
        """Let an utterance go on from the emotion that rests."""
        self._current = felt
        recognizer = self._heard_by(setup)
        if recognizer is not None:
            preferred, prefers = recognizer.wanted(explicit)
            recognizer.recognition.settle(
                self._state, params=setup.sensing_params, preferred=preferred, prefers=prefers
            )

    def _advance(self, felt: Felt, logits: Floats, *, explicit: EmotionTrack, setup: Setup) -> None:
        """Make the next frame."""
        recognizer = self._heard_by(setup)
        if recognizer is None:
            return
        preferred, prefers = recognizer.wanted(explicit.value(max(felt.next_at, felt.forgotten)))
        values = recognizer.recognition.step(
            logits[None],
            [self._state],
            params=setup.sensing_params[None],
            preferred=preferred[None],
            prefers=np.array([prefers]),
            dt_s=felt.pace.rate.den / felt.pace.rate.num,
        )
        felt.key(values[0])


def _listened(utterance: Utterance, felt: Felt) -> int:
    """The window that is heard next: nobody needs what lies before the last pose computed."""
    return felt.listen(utterance.fps.sample(max(0, utterance.taken - 1)))


def _needed(utterance: Utterance, felt: Felt, *, most: int) -> int:
    """Index after the last window worth asking for: so many beyond the next pose's."""
    return felt.pace.block(utterance.fps.sample(utterance.next)) + most + 1
