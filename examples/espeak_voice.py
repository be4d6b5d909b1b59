"""An offline voice, eSpeak NG, as the package espeakng-loader brings it for Linux, Windows, macOS.

eSpeak NG is under GPL-3.0-or-later; the sound that it makes is not. Whatever gives 16-bit mono
sound in pieces fits in its place.
"""

import asyncio
import ctypes
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, Final

import espeakng_loader

RATE_HZ: Final = 22_050
SYNCHRONOUS: Final = 2
UTF8: Final = 1
GO_ON, STOP = 0, 1
"""Numbers of `espeak-ng/speak_lib.h`."""

OnSound = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class Voice:
    """Speaks one text at a time."""

    def __init__(self, language: str = "en-us") -> None:
        """Load it.

        Args:
            language: Of eSpeak NG, such as de or en-gb; also with a variant, en-us+f3.
        """
        self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        data = Path(espeakng_loader.get_data_path()).parent
        rate_hz = self._library.espeak_Initialize(SYNCHRONOUS, 0, str(data).encode(), 0)
        if rate_hz != RATE_HZ:
            raise OSError(f"eSpeak NG: found rate {rate_hz}, wanted {RATE_HZ}; its data: {data}")
        if self._library.espeak_SetVoiceByName(language.encode()) != 0:
            raise ValueError(f"eSpeak NG has no voice {language!r}")

    async def speak(self, text: str) -> AsyncGenerator[bytes, None]:
        """Sound as it is made, 16 bit, mono, at `RATE_HZ`. Leaving the loop stops the voice."""
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[bytes] = asyncio.Queue()
        is_wanted = True

        def take(samples: Any, count: int, *events: int | None) -> int:  # noqa: ANN401 - a pointer
            del events
            if samples and count > 0:
                loop.call_soon_threadsafe(pieces.put_nowait, ctypes.string_at(samples, 2 * count))
            return GO_ON if is_wanted else STOP

        def make() -> None:
            on_sound = OnSound(take)
            self._library.espeak_SetSynthCallback(on_sound)
            content = text.encode()
            self._library.espeak_Synth(content, len(content) + 1, 0, 0, 0, UTF8, None, None)
            loop.call_soon_threadsafe(pieces.put_nowait, b"")

        making = loop.run_in_executor(None, make)
        try:
            while piece := await pieces.get():
                yield piece
        finally:
            is_wanted = False
            await making
