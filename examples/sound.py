"""Where a line is heard: on a sound card, or on a clock alone."""

import threading
from time import perf_counter
from typing import Any, Final

SAMPLE_BYTES: Final = 2
MICROSECONDS: Final = 1_000_000


class Silence:
    """Plays lines, 16 bit mono, on a clock, unheard; also all but the device of `Speaker`.

    Attributes:
        is_running: Whether sound may be heard; set it as the pose player's gate says.
        latency_us: Time from a sample's being played to its being heard, microseconds.
    """

    def __init__(self, rate_hz: int) -> None:
        """Be silent."""
        self.is_running = False
        self.latency_us = 0
        self._rate_hz = rate_hz
        self._lock = threading.Lock()
        self._since_s = perf_counter()
        self.begin()

    def begin(self) -> None:
        """Forget the line before; the next one stands still."""
        with self._lock:
            self.is_running, self._is_whole = False, False
            self._pcm, self._played = bytearray(), 0

    def add(self, pcm: bytes) -> None:
        """Take the next piece of the line."""
        with self._lock:
            self._pcm += pcm

    def end(self) -> None:
        """The line is whole: after it comes silence, no waiting."""
        with self._lock:
            self._is_whole = True

    def head_us(self) -> int | None:
        """Time of the sample that is played now, microseconds; None before the line has begun."""
        now_s = perf_counter()
        frames = int((now_s - self._since_s) * self._rate_hz)
        self._since_s += frames / self._rate_hz
        self.pull(frames)
        return self._head_us()

    def pull(self, frames: int) -> bytes:
        """What is played next: as many sample frames, fewer where there are no more."""
        with self._lock:
            if not self.is_running:
                return b""
            pcm = bytes(self._pcm[: frames * SAMPLE_BYTES])
            del self._pcm[: len(pcm)]
            self._played += frames if self._is_whole else len(pcm) // SAMPLE_BYTES
            return pcm

    def _head_us(self) -> int | None:
        has_begun = self.is_running or self._played > 0
        return self._played * MICROSECONDS // self._rate_hz if has_begun else None


class Speaker(Silence):
    """Plays lines on the sound card."""

    def __init__(self, rate_hz: int) -> None:
        """Open it."""
        import sounddevice  # noqa: PLC0415 - nothing else needs a sound card

        super().__init__(rate_hz)
        self._stream = sounddevice.RawOutputStream(
            samplerate=rate_hz, channels=1, dtype="int16", latency="low", callback=self._fill
        )
        self._stream.start()
        self.latency_us = int(self._stream.latency * MICROSECONDS)

    def head_us(self) -> int | None:
        """As above; here the card moves it."""
        return self._head_us()

    def _fill(self, out: Any, frames: int, *rest: object) -> None:  # noqa: ANN401 - a buffer
        del rest
        out[:] = self.pull(frames).ljust(frames * SAMPLE_BYTES, b"\0")
