"""Audio of one utterance on its way to windows: kept as received, resampled when it is needed."""

from collections import deque
from typing import Final

from a2f_ws.audio.emotion_window import EmotionPace
from a2f_ws.audio.microphone import Microphone
from a2f_ws.audio.resample import Resampler, reach_frames
from a2f_ws.audio.window import Windows
from a2f_ws.errors import MisuseError
from a2f_ws.inference.bundle import Bundle
from a2f_ws.names import Floats
from a2f_ws.session.streaming import Places
from a2f_ws.timebase import MODEL_RATE_HZ, BlockRate, PoseRate

SLICES_PER_S: Final = 20
"""Audio is resampled at most 50 ms at a time, when a window needs it: a minute that arrives at
once must not hold up the loop (ours)."""

LISTENED_S: Final = 5
"""A microphone listens to the room even where nobody looks at the face, but for no more at a time:
what lies before is left out (ours, for the same reason)."""


class Ear:
    """Hears mono audio at the client's rate and cuts windows at the model's.

    There is a window for each pose, or for each block of frames where the network gives such.

    Attributes:
        rate_hz: The client's rate.
        fps: Poses per second.
        places: Where poses lie among blocks; None = each has a window of its own.
        pace: When which voice is cut; None = none is.
        received: Sample frame after the last one received.
        is_ended: True when no more will come.
    """

    def __init__(
        self,
        first: int,
        *,
        rate_hz: int,
        fps: PoseRate,
        bundle: Bundle,
        pace: EmotionPace | None = None,
        microphone: Microphone | None = None,
    ) -> None:
        """Begin at sample frame `first`; before it is silence.

        Args:
            first: Sample frame of the client's rate.
            rate_hz: That rate.
            fps: Poses per second.
            bundle: Says what a window is.
            pace: When which voice is cut; None = none is.
            microphone: What shapes all windows; None = a line, which nothing touches.
        """
        self.rate_hz, self.fps, self.pace = rate_hz, fps, pace
        self.received = first
        self.is_ended = False
        self._bundle, self._microphone = bundle, microphone
        self.places = Places.of(fps, bundle.blocks)
        self._steps: PoseRate | BlockRate = fps if self.places is None else self.places.blocks
        self._faces_from = self._voices_from = 0
        self._input: deque[Floats] = deque()
        self._begin(first)

    @property
    def available(self) -> int:
        """Index after the last pose whose windows the received audio fills."""
        if self.is_ended:
            return self.speech_poses
        ready = self._resampler.ready(self.received) - self._bundle.look_ahead + 1
        windows = max(0, self._steps.first_at(ready, MODEL_RATE_HZ))
        return windows if self.places is None else self.places.poses(windows)

    def known(self, at: int) -> int:
        """Index after the last pose that needs no emotion after a sample."""
        if self.places is None:
            return self.fps.first_at(at + 1, MODEL_RATE_HZ)
        return self.places.poses_known(at)

    @property
    def speech_poses(self) -> int:
        """Index after the last speech pose that the received audio has room for."""
        return self.fps.first_at(self.received, self.rate_hz)

    @property
    def end(self) -> int:
        """Index after the last sample of the model's rate that the received audio gives."""
        if self.is_ended:
            return -(-self.received * MODEL_RATE_HZ // self.rate_hz)
        return self._resampler.ready(self.received)

    @property
    def heard_voices(self) -> int:
        """Index after the last window of recognition that the received audio fills."""
        if self.pace is None:
            return 0
        return self.pace.available(self.end, is_closed=self.is_ended)

    @property
    def memory_bytes(self) -> int:
        """Audio kept, both as received and resampled, bytes."""
        parts = [self._windows, self._voices, self._microphone]
        kept = sum(part.memory_bytes for part in parts if part is not None)
        return kept + sum(chunk.nbytes for chunk in self._input)

    def hear(self, samples: Floats) -> None:
        """Append audio, float32 (n,), −1 … 1."""
        self._input.append(samples)
        self.received += len(samples)

    def window(self, k: int) -> Floats:
        """The window of pose or block k, float32 (S,), silence where there is no audio.

        Those before k, back to the last `forget` or `skip`, can still be asked for.
        """
        self._resample_to(self._steps.sample(k) + self._bundle.look_ahead)
        window = self._windows.cut(k)
        if self._microphone is None:
            return window
        return self._microphone.shape(window, self._steps.sample(k) - self._bundle.buffer_ofs)

    def voice(self, k: int) -> Floats:
        """Window k of recognition, float32 (S,), silence where there is no audio.

        Raises:
            MisuseError: There is no pace, or the window is not filled yet or partly forgotten.
        """
        if self.pace is None or self._voices is None:
            raise MisuseError("a window of recognition without a pace")
        self._resample_to(self.pace.steps.sample(k) + self.pace.look_ahead)
        voice = self._voices.cut(k)
        if self._microphone is None:
            return voice
        return self._microphone.shape(voice, self._voice_begin(k))

    def forget(self, k: int) -> None:
        """Give up the audio that only windows before k need."""
        self._windows.drop_before(k)
        self._faces_from = max(self._faces_from, self._steps.sample(k) - self._bundle.buffer_ofs)
        self._forget_room()

    def forget_voices(self, k: int) -> None:
        """Give up the audio that only windows of recognition before k need."""
        if self._voices is not None:
            self._voices.drop_before(k)
            self._voices_from = max(self._voices_from, self._voice_begin(k))
            self._forget_room()

    def skip(self, k: int) -> None:
        """As `forget`, and leave out the work for audio that was not resampled yet.

        The resampler begins anew where window k begins, less what its filter hears before that:
        all windows from k on have the same bits as without.
        """
        begin = (self._steps.sample(k) - self._look_back) * self.rate_hz // MODEL_RATE_HZ
        begin -= reach_frames(self.rate_hz)
        if self._microphone is not None and begin - self._next <= LISTENED_S * self.rate_hz:
            self._resample_to(self._steps.sample(k) - self._look_back)
        if begin <= self._next:
            self.forget(k)
            return
        while self._input and self._next < begin:
            chunk = self._input.popleft()
            rest = chunk[begin - self._next :]
            self._next += len(chunk) - len(rest)
            if len(rest):
                self._input.appendleft(rest)
        self._begin(self._next)

    def _voice_begin(self, k: int) -> int:
        """First sample of window k of recognition."""
        return 0 if self.pace is None else self.pace.steps.sample(k) - self.pace.window // 2

    def _forget_room(self) -> None:
        """Give up what a microphone knows of audio that neither faces nor voices need."""
        if self._microphone is not None:
            no_voices = self._voices is None
            needed = self._faces_from if no_voices else min(self._faces_from, self._voices_from)
            self._microphone.drop_before(needed)

    @property
    def _look_back(self) -> int:
        """Samples before a pose, or a block, that the windows of its face and its voice hear."""
        if self.pace is None:
            return self._bundle.buffer_ofs
        voice = self.pace.window // 2 + self.pace.steps.sample(1) + 1
        return max(self._bundle.buffer_ofs, voice)

    def _begin(self, first: int) -> None:
        self._next = first
        self._resampler = Resampler(self.rate_hz, first=first)
        self._windows = Windows(
            buffer_len=self._bundle.buffer_len,
            buffer_ofs=self._bundle.buffer_ofs,
            rate=self._steps,
            start=self._resampler.start,
        )
        self._voices = None if self.pace is None else self.pace.windows(self._resampler.start)
        self._faces_from = self._voices_from = self._resampler.start
        if self._microphone is not None:
            self._microphone.begin(self._resampler.start)

    def _resample_to(self, sample: int) -> None:
        """Turn received audio into model-rate samples until index `sample` is filled."""
        step = max(1, self.rate_hz // SLICES_PER_S)
        while self._windows.end < sample and self._input:
            chunk = self._input.popleft()
            if len(chunk) > step:
                self._input.appendleft(chunk[step:])
            self._next += len(chunk[:step])
            self._keep(self._resampler.push(chunk[:step]))
        if self.is_ended and not self._input and not self._windows.is_closed:
            self._keep(self._resampler.finish())
            self._windows.close()
            for part in (self._voices, self._microphone):
                if part is not None:
                    part.close()

    def _keep(self, samples: Floats) -> None:
        self._windows.hear(samples)
        for part in (self._voices, self._microphone):
            if part is not None:
                part.hear(samples)
