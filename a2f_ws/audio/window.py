"""The stretch of sound that the network hears for each pose or block, and when it is complete."""

import numpy as np

from a2f_ws.audio.store import SampleStore
from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats
from a2f_ws.timebase import MODEL_RATE_HZ, BlockRate, PoseRate


class Windows:
    """Windows over the samples of one utterance, one per pose, or one per block of frames.

    The window of pose i covers `buffer_len` samples from `rate.sample(i)` - `buffer_ofs` on.

    Source:
        AudioAccumulator and WindowProgress of the reference SDK (audio2x `audio_accumulator.cpp`).
    """

    def __init__(
        self, *, buffer_len: int, buffer_ofs: int, rate: PoseRate | BlockRate, start: int = 0
    ) -> None:
        """No samples yet.

        Args:
            buffer_len: Samples of a window, >= 1.
            buffer_ofs: Samples of it before the pose's own sample, at most buffer_len; negative
                where it begins after that, since the network remembers what came before.
            rate: Poses per second, or blocks; below, a pose is a block then.
            start: Index of the first sample that will be heard; before it is silence.
        """
        may_remember = isinstance(rate, BlockRate)
        if buffer_len < 1 or not (may_remember or buffer_ofs >= 0) or buffer_ofs > buffer_len:
            raise MisuseError(f"window of {buffer_len} samples with {buffer_ofs} before its pose")
        self._len = buffer_len
        self._ofs = buffer_ofs
        self._rate = rate
        self._samples = SampleStore(start)
        self._is_closed = False

    @property
    def start(self) -> int:
        """Index of the first sample ever heard; before it is silence."""
        return self._samples.start

    @property
    def end(self) -> int:
        """Index after the last sample heard."""
        return self._samples.end

    @property
    def is_closed(self) -> bool:
        """True when no more samples will come."""
        return self._is_closed

    @property
    def memory_bytes(self) -> int:
        """Memory of the samples, bytes."""
        return self._samples.memory_bytes

    @property
    def available(self) -> int:
        """Index after the last pose whose window can be cut.

        While open: its window ends at or before `end`. Closed: its own sample lies before `end`;
        that may be one pose more than `PoseRate.first_at` gives for the frames of another rate,
        because `end` was rounded up to a whole sample.
        """
        if self._is_closed:
            return self._rate.first_at(self.end, MODEL_RATE_HZ)
        last_sample = self.end - (self._len - self._ofs)
        return max(0, self._rate.first_at(last_sample + 1, MODEL_RATE_HZ))

    def hear(self, samples: Floats) -> None:
        """Take the next samples.

        Args:
            samples: float32 (n,), model rate; copied.

        Raises:
            MisuseError: Closed.
        """
        if self._is_closed:
            raise MisuseError("samples after the end of an utterance")
        self._samples.append(samples)

    def close(self) -> None:
        """No more samples will come; after them is silence. Repeating it changes nothing."""
        self._is_closed = True

    def cut(self, i: int, out: Floats | None = None) -> Floats:
        """The window of pose i, zeros where there is no sound.

        Args:
            i: Pose, 0 … available - 1; once closed any later one too, which hears silence.
            out: float32 (buffer_len,) to write to, for instance a row of a batch; None makes one.

        Returns:
            `out`, or a new array.

        Raises:
            MisuseError: The window is not complete yet, or partly dropped.
        """
        if i < 0 or not (self._is_closed or i < self.available):
            raise MisuseError(f"window {i}: only those up to {self.available - 1} are complete")
        row = np.empty(self._len, dtype=np.float32) if out is None else out
        self._samples.read(self._rate.sample(i) - self._ofs, row)
        return row

    def drop_before(self, i: int) -> None:
        """Forget the samples that no window from pose i on covers."""
        self._samples.drop_before(self._rate.sample(i) - self._ofs)
