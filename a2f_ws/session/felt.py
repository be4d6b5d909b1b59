"""What was heard of the emotion in one utterance: answers of the classifier, frames, keys."""

from collections import deque
from typing import Final

from a2f_ws.animation.emotion import EmotionTrack
from a2f_ws.audio.emotion_window import EmotionPace
from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats
from a2f_ws.session.ear import Ear

HELD_FRAMES: Final = 30
"""Frames that an answer is held for where those after it are missing: a second, in which every
filter has arrived (ours)."""


class Felt:
    """Answers come in order, some may be missing; frames are made of them when a pose needs them.

    Attributes:
        pace: When which window is heard.
        next: Window that is cut next, unless it is left out.
        waiting: Questions that have not been cut.
        under_way: Questions that have been cut and not answered.
        frame: Frame that is made next.
        track: Keys made so far, or None.
        forgotten: Sample before which explicit emotions are not known any more.
    """

    def __init__(self, pace: EmotionPace, ear: Ear, *, first: int) -> None:
        """Begin with the window whose frames cover sample `first`, that of the first pose.

        Args:
            pace: When which window is heard.
            ear: Hears the utterance, with the same pace.
            first: Sample, >= 0.
        """
        self.pace = pace
        self._ear = ear
        self.next = pace.block(first)
        self.waiting = self.under_way = 0
        self.frame = self.next * pace.frames
        self.track: EmotionTrack | None = None
        self.forgotten = 0
        self._end = self.next
        self._answers: deque[tuple[int, Floats]] = deque()

    @property
    def next_at(self) -> int:
        """Sample of the frame made next."""
        return self.pace.rate.sample(self.frame)

    @property
    def keyed(self) -> int:
        """Sample of the last key; −1 before the first."""
        return -1 if self.track is None else self.track.last_at

    @property
    def available(self) -> int:
        """Index after the last window that the received audio fills."""
        return self._ear.heard_voices

    def listen(self, at: int) -> int:
        """The window that is heard next; audio before it is given up.

        Args:
            at: Sample of the last pose computed: what gives frames before it only is left out,
                but never the newest window.
        """
        newest = self.available - 1
        self.next = max(self.next, min(self.pace.block(max(0, at)), newest))
        self._ear.forget_voices(self.next)
        return self.next

    def voice(self) -> Floats | None:
        """The next window, float32 (S,), or None while the received audio does not fill it."""
        if self.next >= self.available:
            return None
        self.next += 1
        return self._ear.voice(self.next - 1)

    def take(self, k: int, logits: Floats) -> None:
        """Take the answer for window k, later than all before.

        Args:
            k: Window.
            logits: float32 (C,).

        Raises:
            MisuseError: One for this window or a later one is here.
        """
        if k < self._end:
            raise MisuseError(f"answer {k}: those up to {self._end - 1} are here")
        self._answers.append((k, logits))
        self._end = k + 1

    @property
    def known_to(self) -> int | None:
        """Last sample at which the emotion will not change by what is still to be heard.

        Returns:
            A sample, −1 = none, or None = all samples.

        Source:
            SDK, `audio2x/executor.cpp`: a pose needs a key at or after it; once the sound has
            ended the last key before its end holds.
        """
        frames = self._end * self.pace.frames
        total = self.pace.frames_before(self._ear.end)
        if self._ear.is_ended and frames >= total:
            return None
        last = min(frames, total) - 1
        return self.pace.rate.sample(last) if last >= 0 else -1

    def due(self) -> Floats | None:
        """Logits (C,) that the next frame is made of.

        Frames of a window that was left out are made of the answer before it.

        Returns:
            None where the next frame cannot be made yet, or never will: none is made at or after
            the end of the sound.

        Source:
            SDK, `audio2emotion-core/executor_core.cpp`, for the end of the sound.
        """
        if self.frame >= self._end * self.pace.frames:
            return None
        if self._ear.is_ended and self.next_at >= self._ear.end:
            return None
        answers, frames = self._answers, self.pace.frames
        while len(answers) > 1 and answers[1][0] * frames <= self.frame:
            answers.popleft()
        if answers[0][0] * frames > self.frame:
            self.frame = answers[0][0] * frames
        elif len(answers) > 1:
            later = answers[1][0] * frames
            held_to = (answers[0][0] + 1) * frames + HELD_FRAMES
            if held_to <= self.frame:
                self.frame = later
                answers.popleft()
        return answers[0][1]

    def key(self, values: Floats) -> None:
        """Note what the next frame shows, float32 (10,)."""
        at = self.next_at
        if self.track is None:
            self.track = EmotionTrack(values, at)
        else:
            self.track.key(at, values)
        self.frame += 1
