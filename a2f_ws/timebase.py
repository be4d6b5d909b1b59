"""Rational time: which pose belongs to which sample and microsecond, exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd
from typing import Final

MODEL_RATE_HZ: Final = 16_000
"""Sample rate of every network (`audio_params.samplerate` of the v2.3 bundles)."""

MICROSECONDS: Final = 1_000_000
EASE_S: Final = (1, 4)
"""Time that eases an ended utterance to its rest row, seconds, as a fraction."""

FPS_MIN: Final = 10
FPS_MAX: Final = 240


@dataclass(frozen=True, slots=True)
class PoseRate:
    """Poses per second as a reduced fraction.

    Attributes:
        num: Numerator, >= 1.
        den: Denominator, >= 1.
    """

    num: int
    den: int

    @classmethod
    def of(cls, value: int | Sequence[int]) -> "PoseRate":
        """The rate that a number or a [numerator, denominator] pair names.

        Raises:
            ValueError: Not 10 … 240 poses per second, or not a pair of positive integers.
        """
        try:
            num, den = (value, 1) if isinstance(value, int) else value
        except ValueError:
            num = den = 0
        if min(num, den) < 1:
            raise ValueError(f"fps {value!r}: wanted an integer or [num, den], both >= 1")
        if not FPS_MIN * den <= num <= FPS_MAX * den:
            raise ValueError(f"fps {value!r}: wanted {FPS_MIN} to {FPS_MAX} poses per second")
        common = gcd(num, den)
        return cls(num // common, den // common)

    @property
    def hz(self) -> float:
        """Poses per second."""
        return self.num / self.den

    @property
    def wire(self) -> int | list[int]:
        """The form sent on the wire: an integer where it is one, else [num, den]."""
        return self.num if self.den == 1 else [self.num, self.den]

    def t_us(self, i: int) -> int:
        """Time of pose i after sample 0 of its utterance, microseconds, floored."""
        return i * MICROSECONDS * self.den // self.num

    def sample(self, i: int) -> int:
        """Sample of the model rate on which the window of pose i is centred.

        Source:
            WindowProgress of the reference SDK (audio2x `audio_accumulator.cpp`).
        """
        return i * MODEL_RATE_HZ * self.den // self.num

    def first_at(self, frames: int, rate_hz: int) -> int:
        """Smallest i whose exact time is at or after sample frame `frames` at `rate_hz`.

        It is also the number of speech poses of an utterance of that many frames.
        """
        return -(-frames * self.num // (rate_hz * self.den))

    @property
    def ease_poses(self) -> int:
        """Poses that ease an ended utterance to its rest row: ceil(0.25 s · rate)."""
        return -(-self.num * EASE_S[0] // (self.den * EASE_S[1]))


@dataclass(frozen=True, slots=True)
class BlockRate:
    """Blocks of consecutive frames of a grid whose frame 0 is sample 0.

    Block k has the frames from `frame(k)` to `frame(k + 1)` - 1, on the same samples in every
    utterance.

    Attributes:
        rate: Frames per second.
        frames: Frames of a block, >= 1.
        before: Frames before sample 0 with which block 0 begins, >= 0.
    """

    rate: PoseRate
    frames: int
    before: int = 0

    @property
    def hz(self) -> float:
        """Blocks per second."""
        return self.rate.hz / self.frames

    def frame(self, k: int) -> int:
        """First frame of block k."""
        return k * self.frames - self.before

    def block(self, frame: int) -> int:
        """Block of a frame, the first one for those before it."""
        return max(0, (frame + self.before) // self.frames)

    def sample(self, k: int) -> int:
        """Sample of the model rate to which the first frame of block k belongs."""
        return self.rate.sample(self.frame(k))

    def first_at(self, frames: int, rate_hz: int) -> int:
        """Smallest k whose first frame is at or after sample frame `frames` at `rate_hz`."""
        return max(0, -(-(self.rate.first_at(frames, rate_hz) + self.before) // self.frames))


def frames_to_us(frames: int, rate_hz: int) -> int:
    """Time of a sample frame, microseconds, floored."""
    return frames * MICROSECONDS // rate_hz


def us_to_frames(t_us: int, rate_hz: int) -> int:
    """Sample frames that fit into a time, floored."""
    return t_us * rate_hz // MICROSECONDS
