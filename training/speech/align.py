"""Forced alignment with pocketsphinx: the phones are known, the times are wanted.

Source: cmusphinx/pocketsphinx, `examples/` (two passes: words, then phones of the found words).
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from pocketsphinx import Decoder  # type: ignore[import-untyped, import-not-found, unused-ignore]

from a2f_ws.names import Floats
from training.rule import SILENCE, Phone
from training.speech.phones import arpabet_of
from training.speech.store import RATE_HZ, Utterance

FRAME_S: Final = 0.01
PAD_S: Final = 0.25
"""Near-silence around the clip: the aligner expects some, and prompts are cut tight."""
_NOISE: Final = 0.0005
ATTEMPTS: Final = 3
"""Tries, each with other faint noise, before a clip is given up."""
_ONSET_DB: Final = -40.0
"""Speech starts and ends where 10 ms reach this level below the loudest."""


@cache
def _decoder() -> Decoder:
    return Decoder(lm=None, loglevel="FATAL")


def align(samples: Floats, words: Sequence[Sequence[str]]) -> list[Phone] | None:
    """Phones of a clip with their times, or None where the aligner loses its way.

    Args:
        samples: float32 (n,) at 16 kHz.
        words: ARPAbet phones of each word, without stress.

    Returns:
        Phones and pauses from 0 to the end of the clip, ARPAbet and "SIL".
    """
    names = _learned(words)
    wanted = [phone for phones in words for phone in phones]
    for attempt in range(ATTEMPTS):
        raw = _passes(_padded(samples, seed=attempt), " ".join(names))
        if [phone.name for phone in raw if phone.name not in SILENCE] == wanted:
            return _unpadded(raw, samples)
    return None


def _learned(words: Sequence[Sequence[str]]) -> list[str]:
    """Names in the aligner's dictionary for the words; no other word has such names."""
    decoder, names = _decoder(), []
    for phones in words:
        name = "-".join(("", *phones))
        if decoder.lookup_word(name) is None:
            decoder.add_word(name, " ".join(phones), True)
        names.append(name)
    return names


def _passes(pcm: bytes, text: str) -> list[Phone]:
    """Words, then the phones of the found words; empty where the aligner gives up."""
    decoder = _decoder()
    try:
        decoder.set_align_text(text)
        _decode(decoder, pcm)
        decoder.set_alignment()
        _decode(decoder, pcm)
        found = decoder.get_alignment()
    except RuntimeError:
        return []
    return [
        Phone(phone.name, phone.start * FRAME_S, (phone.start + phone.duration) * FRAME_S)
        for word in found or ()
        for phone in word
    ]


def words_of(utterance: Utterance) -> list[list[str]]:
    """ARPAbet phones between the pauses of an utterance."""
    words: list[list[str]] = [[]]
    for symbol in utterance.symbols:
        phones = arpabet_of(symbol).split()
        if phones:
            words[-1] += phones
        elif words[-1]:
            words.append([])
    return [word for word in words if word]


def _decode(decoder: Decoder, pcm: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()


def _padded(samples: Floats, *, seed: int) -> bytes:
    pad = np.zeros(round(PAD_S * RATE_HZ), np.float32)
    sound = np.concatenate([pad, samples, pad])
    sound += np.random.default_rng(seed).standard_normal(len(sound)).astype(np.float32) * _NOISE
    pcm: bytes = (np.clip(sound, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()
    return pcm


def _unpadded(phones: Sequence[Phone], samples: Floats) -> list[Phone]:
    """Times of the clip itself; outer boundaries where its sound begins and ends."""
    length_s = len(samples) / RATE_HZ
    moved = [
        Phone(
            "SIL" if phone.name in SILENCE else phone.name,
            min(max(phone.start_s - PAD_S, 0.0), length_s),
            min(max(phone.end_s - PAD_S, 0.0), length_s),
        )
        for phone in phones
    ]
    spoken = [phone for phone in moved if phone.end_s > phone.start_s]
    onset_s, offset_s = _sounding_s(samples)
    while spoken and spoken[0].name == "SIL":
        spoken.pop(0)
    while spoken and spoken[-1].name == "SIL":
        spoken.pop()
    if not spoken:
        return []
    first, last = spoken[0], spoken[-1]
    start_s = onset_s if first.start_s < onset_s < first.end_s - FRAME_S else first.start_s
    spoken[0] = Phone(first.name, start_s, first.end_s)
    last = spoken[-1]
    end_s = offset_s if last.start_s + FRAME_S < offset_s < last.end_s else last.end_s
    spoken[-1] = Phone(last.name, last.start_s, end_s)
    return [Phone("SIL", 0.0, start_s), *spoken, Phone("SIL", end_s, length_s)]


def _sounding_s(samples: Floats) -> tuple[float, float]:
    step = round(FRAME_S * RATE_HZ)
    count = max(len(samples) // step, 1)
    power = np.mean(samples[: count * step].reshape(count, -1).astype(np.float64) ** 2, axis=1)
    loud = np.flatnonzero(power >= power.max() * 10 ** (_ONSET_DB / 10))
    return float(loud[0]) * FRAME_S, float(loud[-1] + 1) * FRAME_S
