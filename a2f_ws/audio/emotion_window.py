"""When the emotion of a voice is asked for, and which stretch of sound each answer is about."""

from dataclasses import dataclass
from typing import Final

from a2f_ws.audio.window import Windows
from a2f_ws.timebase import MODEL_RATE_HZ, PoseRate

FRAME_RATE: Final = PoseRate(30, 1)
"""Emotions per second. Source: the SDK's samples (`GetExecutorCreationParameters`, 30/1)."""

WINDOW_MIN: Final = 5_000
WINDOW_MAX: Final = 60_000
"""Samples that an Audio2Emotion network takes. Source: optimisation profile and samples of the
SDK."""

SKIP: Final = 10
"""Frames after each inference that need none. Source: NVIDIA's service, `inference_interval`."""


@dataclass(frozen=True, slots=True)
class EmotionPace:
    """The rhythm of recognition: window k is centred on the first of its frames.

    Attributes:
        window: Samples of a window, >= 1.
        frames: Emotion frames that one window gives, >= 1.
        rate: Frames per second.
    """

    window: int
    frames: int
    rate: PoseRate = FRAME_RATE

    def __post_init__(self) -> None:
        """Refuse windows that leave sound between them out.

        Raises:
            ValueError: They do.

        Source:
            SDK, `audio2emotion-core/executor_core.cpp`: the stride is at most the window.
        """
        if self.frames < 1 or self.frames > self.frames_max(self.window, self.rate):
            raise ValueError(
                f"{self.frames} frames from a window of {self.window} samples: wanted 1 to"
                f" {self.frames_max(self.window, self.rate)}, or sound would be left out"
            )

    @staticmethod
    def frames_max(window: int, rate: PoseRate = FRAME_RATE) -> int:
        """Most frames that windows of so many samples can give without a gap."""
        return window * rate.num // (MODEL_RATE_HZ * rate.den)

    @property
    def look_ahead(self) -> int:
        """Samples after a window's centre that it hears."""
        return self.window - self.window // 2

    @property
    def reach_s(self) -> float:
        """Audio that has to follow a frame's own sample at most before it is made, seconds."""
        return (self.look_ahead + self.steps.sample(1)) / MODEL_RATE_HZ

    @property
    def steps(self) -> PoseRate:
        """Windows per second."""
        return PoseRate(self.rate.num, self.rate.den * self.frames)

    def block(self, at: int) -> int:
        """The window whose frames cover a sample, >= 0: the last one centred on or before it."""
        return max(0, self.steps.first_at(at + 1, MODEL_RATE_HZ) - 1)

    def frames_before(self, end: int) -> int:
        """Number of frames whose own sample lies before a sample."""
        return self.rate.first_at(end, MODEL_RATE_HZ)

    def available(self, end: int, *, is_closed: bool) -> int:
        """Index after the last window that samples up to `end` fill.

        Args:
            end: Index after the last sample.
            is_closed: True when no more will come: windows are filled up with silence.
        """
        room = end if is_closed else max(0, end - self.look_ahead + 1)
        return self.steps.first_at(room, MODEL_RATE_HZ)

    def windows(self, start: int = 0) -> Windows:
        """The windows of a voice whose first sample has the index `start`."""
        return Windows(
            buffer_len=self.window, buffer_ofs=self.window // 2, rate=self.steps, start=start
        )


def fitted(look_ahead: int) -> int:
    """The window that can be answered as soon as the face's own is there.

    Its right half fits into the look-ahead, unless that is too short for the network: then the
    emotion lags.

    Args:
        look_ahead: Samples after a pose that its window hears.

    Returns:
        Samples, even, `WINDOW_MIN` … `WINDOW_MAX`.
    """
    return min(max(2 * look_ahead, WINDOW_MIN), WINDOW_MAX)
