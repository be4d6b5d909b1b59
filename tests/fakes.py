"""Stand-ins for what is slow or heavy, for tests of everything around it."""

import numpy as np

from a2f_ws.errors import MisuseError
from a2f_ws.names import WEIGHTS, Floats
from a2f_ws.pipeline import Pipeline


class FakeBackend:
    """A backend whose results can be worked out by hand, with the same bits in any batch.

    Weight k is clip(|window[centre + k]| + explicit emotion k / 10, 0, 1), the emotion counting for
    k < 10 only; all other columns are 0. The centre is the sample that the face belongs to.

    Attributes:
        calls: Rows of each call so far.
        windows: The windows of the last call.
        emotions: The emotions of the last call.
        fail_with: Raised by the next call and cleared, if set.
        is_closed: True once `close` has been called.
    """

    name = "fake"

    def __init__(
        self,
        *,
        buffer_len: int = 8320,
        buffer_ofs: int = 4160,
        width: int = 87,
        emotion_len: int = 26,
        max_batch: int = 8,
    ) -> None:
        self.max_batch = max_batch
        self.calls: list[int] = []
        self.windows: Floats = np.zeros((0, buffer_len), np.float32)
        self.emotions: Floats = np.zeros((0, emotion_len), np.float32)
        self.fail_with: Exception | None = None
        self.is_closed = False
        self._shape = (buffer_len, emotion_len, width)
        self._centre = buffer_ofs

    def run(self, windows: Floats, emotions: Floats) -> Floats:
        buffer_len, emotion_len, width = self._shape
        rows = len(windows)
        if self.fail_with is not None:
            fault, self.fail_with = self.fail_with, None
            raise fault
        if windows.shape != (rows, buffer_len) or emotions.shape != (rows, emotion_len):
            raise MisuseError(f"found {windows.shape} and {emotions.shape}, wanted {self._shape}")
        if not 1 <= rows <= self.max_batch or self.is_closed:
            raise MisuseError(f"{rows} rows, closed: {self.is_closed}")
        self.calls.append(rows)
        self.windows, self.emotions = windows.copy(), emotions.copy()
        seen = min(len(WEIGHTS), buffer_len - self._centre, width)
        result = np.zeros((rows, width), np.float32)
        result[:, :seen] = np.abs(windows[:, self._centre : self._centre + seen])
        tenth = emotions[:, -10:] * np.float32(0.1)
        result[:, :10] += tenth[:, : min(10, width)]
        clipped: Floats = np.clip(result, 0.0, 1.0)
        return clipped

    def close(self) -> None:
        self.is_closed = True


def scripted_pipeline(bundle, *, max_batch=64):
    """A pipeline of a bundle on such a backend."""
    backend = FakeBackend(
        buffer_len=bundle.buffer_len,
        buffer_ofs=bundle.buffer_ofs,
        width=bundle.columns.width,
        emotion_len=bundle.emotion_len,
        max_batch=max_batch,
    )
    return Pipeline(bundle, backend)
