"""Who wants to speak while the agent does: somebody at the keyboard or at the microphone."""

import asyncio
import sys
import threading
from collections import deque
from contextlib import suppress
from typing import Any, Final

import numpy as np

LOUD_S: Final = 0.15
"""A voice lasts longer than a cough or the click of a key."""


class Microphone:
    """Tells that somebody speaks.

    Attributes:
        is_loud: True while it has been louder than the limit for `LOUD_S`.
    """

    def __init__(self, limit_db: float) -> None:
        """Listen.

        Args:
            limit_db: Level of a voice, decibels below full scale, such as -30.
        """
        import sounddevice  # noqa: PLC0415 - nothing else here needs a sound card

        self.is_loud = False
        self._limit, self._loud_s = 10.0 ** (limit_db / 20.0), 0.0
        self._stream = sounddevice.InputStream(channels=1, dtype="float32", callback=self._hear)
        self._stream.start()

    def _hear(self, block: Any, frames: int, *rest: object) -> None:  # noqa: ANN401 - an array
        del rest
        level = float(np.sqrt(np.mean(np.square(block))))
        lasts_s = frames / float(self._stream.samplerate)
        self._loud_s = self._loud_s + lasts_s if level > self._limit else 0.0
        self.is_loud = self._loud_s > LOUD_S


class User:
    """Types lines, and may be heard."""

    def __init__(self, microphone: Microphone | None) -> None:
        """Begin to read stdin, in a thread of its own."""
        self._microphone = microphone
        self._lines: deque[str] = deque()
        self._is_gone = False
        self._has_news = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def barges_in(self) -> bool:
        """True when a line or just Enter was typed, or somebody speaks."""
        return bool(self._lines) or (self._microphone is not None and self._microphone.is_loud)

    async def line(self) -> str | None:
        """The next line, without its end; None after the last."""
        while not self._lines and not self._is_gone:
            self._has_news.clear()
            await self._has_news.wait()
        return self._lines.popleft() if self._lines else None

    def _read(self) -> None:
        with suppress(RuntimeError):  # The loop is closed: nobody wants to know.
            for line in sys.stdin:
                self._loop.call_soon_threadsafe(self._take, line.strip())
            self._loop.call_soon_threadsafe(self._take, None)

    def _take(self, line: str | None) -> None:
        self._is_gone = line is None
        if line is not None:
            self._lines.append(line)
        self._has_news.set()
