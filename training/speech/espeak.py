"""eSpeak NG through its C library: speech with the exact sample of every phoneme, and IPA of texts.

Source: `espeak-ng/speak_lib.h` (struct `espeak_EVENT`, `espeak_TextToPhonemes`).
"""

import ctypes
import ctypes.util
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from a2f_ws.names import Floats

_RETRIEVAL: Final = 1
_PHONEME_EVENTS_IN_IPA: Final = 1 | 2
_UTF8: Final = 1
_IPA_WITH_TIES: Final = 0x02 | 0x80 | ord("^") << 8
_EVENT_PHONEME: Final = 7
_RATE, _PITCH, _RANGE = 1, 3, 4


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """What eSpeak NG said.

    Attributes:
        samples: float32 (n,), -1 … 1.
        rate_hz: Sample rate.
        symbols: IPA and start in seconds of each phoneme; the IPA of a pause is empty.
    """

    samples: Floats
    rate_hz: int
    symbols: tuple[tuple[str, float], ...]


@cache
def _library() -> tuple[Any, int]:
    name = ctypes.util.find_library("espeak-ng")
    if name is None:
        raise FileNotFoundError("libespeak-ng: not installed; wanted Debian package libespeak-ng1")
    library = ctypes.CDLL(name)
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    rate_hz = library.espeak_Initialize(_RETRIEVAL, 0, None, _PHONEME_EVENTS_IN_IPA)
    if rate_hz <= 0:
        raise OSError(f"espeak_Initialize: found {rate_hz}, wanted a sample rate")
    return library, rate_hz


def ipa(text: str, *, voice: str) -> str:
    """IPA of a text, clauses one after another, affricates and diphthongs tied with ^.

    Args:
        text: What to say, without punctuation that matters.
        voice: Language of eSpeak NG, such as en-us.
    """
    library, _ = _library()
    _choose(library, voice)
    kept = ctypes.create_string_buffer(text.encode())
    rest = ctypes.c_void_p(ctypes.addressof(kept))
    clauses = []
    while rest.value:
        clause = library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA_WITH_TIES)
        clauses.append((clause or b"").decode("utf-8", "ignore").strip())
    return " ".join(clauses)


def speak(text: str, *, voice: str, words_per_min: int, pitch: int, pitch_range: int) -> Spoken:
    """Say a text.

    Args:
        text: What to say.
        voice: Language and variant, such as en-us+f3.
        words_per_min: 80 … 450.
        pitch: 0 … 99.
        pitch_range: 0 … 99.
    """
    library, rate_hz = _library()
    _choose(library, voice)
    for parameter, value in ((_RATE, words_per_min), (_PITCH, pitch), (_RANGE, pitch_range)):
        library.espeak_SetParameter(parameter, value, 0)
    pieces: list[bytes] = []
    symbols: list[tuple[str, float]] = []

    def take(*arguments: Any) -> int:  # noqa: ANN401 - ctypes pointers
        wav, count, events = arguments
        if wav and count > 0:
            pieces.append(ctypes.string_at(wav, 2 * count))
        index = 0
        while events[index].type:
            if events[index].type == _EVENT_PHONEME:
                symbol = bytes(events[index].id.string).decode("utf-8", "ignore")
                symbols.append((symbol, events[index].sample / rate_hz))
            index += 1
        return 0

    callback = _Callback(take)
    library.espeak_SetSynthCallback(callback)
    encoded = text.encode()
    library.espeak_Synth(encoded, len(encoded) + 1, 0, 0, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    pcm = np.frombuffer(b"".join(pieces), "<i2").astype(np.float32) / np.float32(32768.0)
    return Spoken(pcm, rate_hz, tuple(symbols))


def _choose(library: Any, voice: str) -> None:  # noqa: ANN401 - a ctypes library
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise ValueError(f"eSpeak NG has no voice {voice!r}")
