"""Speech that no training and no tuning has heard, with alignments.

Source: `training/README.md`, section "The measures".
"""

import json
import random
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from a2f_ws.names import Floats
from training.rule import Phone
from training.speech.pack import aligned, calibration, moved
from training.speech.phones import parts_of
from training.speech.prompts import (
    DOCS,
    JUNE,
    RUSSIAN,
    SOUNDS,
    Recorded,
    heard,
    is_plausible,
    phones_of,
    texts,
)
from training.speech.store import RATE_HZ, Utterance, at_16_khz, load, save

ALLISON: Final = Recorded(
    "allison",
    SOUNDS / "en_US_f_Allison",
    DOCS / "asterisk-core-sounds-en" / "core-sounds-en.txt.gz",
    "en-us",
    (("ɐ", "ə"),),
    unsaid="[",
)
"""Packages asterisk-core-sounds-en and -en-g722; CC-BY-SA-3.0, heard by the evaluation only."""
LIBRIVOX: Final = Path(__file__).parents[2] / "tests" / "data" / "speech"
"""Five clips of LibriVox, public domain, with alignments; from the sdist of pocketsphinx 5.1.1."""

PROMPT_COUNT: Final = 110
FOREIGN_COUNT: Final = 40
SHORTEST_PROMPT_S: Final = 2.2
_SEED: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """One clip.

    Attributes:
        name: For messages.
        samples: float32 (n,) at 16 kHz.
        phones: Its classes (`training.speech.phones.KINDS`) with their times.
    """

    name: str
    samples: Floats
    phones: tuple[Phone, ...]


def allison(cache: Path) -> list[Speech]:
    """Real female speaker: 110 prompts of more than 2.2 s, chosen at random."""
    return _prompts(ALLISON, cache, count=PROMPT_COUNT)


def june(cache: Path) -> list[Speech]:
    """Real female speaker of French: 40 prompts of more than 2.2 s, chosen at random.

    The variant that learned from her other prompts and from these is not measured here.
    """
    return _prompts(JUNE, cache, count=FOREIGN_COUNT, accept=is_plausible)


def russian(cache: Path) -> list[Speech]:
    """Real female speaker of Russian, as in `june`."""
    return _prompts(RUSSIAN, cache, count=FOREIGN_COUNT, accept=is_plausible)


def _prompts(
    recorded: Recorded,
    cache: Path,
    *,
    count: int,
    accept: Callable[[Sequence[Phone]], bool] = bool,
) -> list[Speech]:
    """The first prompts in random order that are long enough and aligned."""
    said = texts(recorded)
    names = sorted(said)
    random.Random(_SEED).shuffle(names)
    found: list[Speech] = []
    for name in names:
        if len(found) == count:
            break
        path = cache / recorded.name / f"{name.replace('/', '_')}.npz"
        if not path.is_file():
            save(path, heard(recorded, name, text=said[name], shortest_s=SHORTEST_PROMPT_S))
        utterance = load(path)
        if accept(phones_of(utterance)):
            found.append(_speech(name, utterance))
    return found


def librivox() -> list[Speech]:
    """Real male speaker: 25 s of read prose."""
    found = []
    for path in sorted(LIBRIVOX.glob("*.wav")):
        samples, _ = soundfile.read(path, dtype="float32")
        words = json.loads(path.with_suffix(".phone.json").read_text("utf-8"))["w"]
        phones = tuple(
            Phone(phone["t"], phone["b"], phone["b"] + phone["d"])
            for word in words
            for phone in word["w"]
        )
        found.append(Speech(path.stem, at_16_khz(samples, RATE_HZ), phones))
    return found


def slt(folder: Path) -> list[Speech]:
    """Unseen voice of Flite and Festival with its own exact times."""
    return _synthetic(folder, ("flite", "festival"))


def kokoro(folder: Path) -> list[Speech]:
    """Two unseen voices of Kokoro with the aligner's times."""
    return _synthetic(folder, ("kokoro",))


def _synthetic(folder: Path, sources: tuple[str, ...]) -> list[Speech]:
    found = []
    for source in sources:
        paths = sorted((folder / "speech" / source).glob("evaluate-*.npz"))
        utterances = [load(path) for path in paths]
        if source == "kokoro":
            timed = [one for one in map(aligned, utterances) if one is not None]
        else:
            offset_s = calibration(utterances).offset_s
            timed = [moved(u, offset_s) for u in utterances]
        found += [_speech(f"{source} {i}", u) for i, u in enumerate(timed)]
    return found


def noisy(speech: Speech, snr_db: float) -> Speech:
    """The clip with pink noise, below the power of its loud half."""
    chance = np.random.default_rng(len(speech.samples))
    spectrum = np.fft.rfft(chance.standard_normal(len(speech.samples)))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    noise = np.fft.irfft(spectrum, len(speech.samples))
    power = speech.samples.astype(np.float64) ** 2
    loud = float(power[power >= np.median(power)].mean())
    noise *= np.sqrt(loud / np.mean(noise**2) * 10.0 ** (-snr_db / 10.0))
    return replace(speech, samples=(speech.samples + noise).astype(np.float32))


def levelled(speech: Speech, gain_db: float) -> Speech:
    """The clip louder or softer."""
    factor = np.float32(10.0 ** (gain_db / 20.0))
    return replace(speech, samples=np.clip(speech.samples * factor, -1.0, 1.0))


def through(speech: Speech, *options: str) -> Speech:
    """The clip through an encoder and decoder of FFmpeg.

    Args:
        speech: The clip.
        options: The encoder's, container last: `-c:a libopus -b:a 24k -f ogg`.
    """
    raw = ("-f", "f32le", "-ar", str(RATE_HZ), "-ac", "1")
    quiet = ("ffmpeg", "-hide_banner", "-loglevel", "error")
    with tempfile.NamedTemporaryFile(suffix=f".{options[-1]}") as file:
        encode = [*quiet, "-y", *raw, "-i", "-", *options, file.name]
        subprocess.run(encode, input=speech.samples.tobytes(), check=True, capture_output=True)
        decode = [*quiet, "-i", file.name, *raw, "-"]
        decoded = subprocess.run(decode, check=True, capture_output=True).stdout
    samples = np.frombuffer(decoded, np.float32)[: len(speech.samples)]
    padded = np.zeros_like(speech.samples)
    padded[: len(samples)] = samples
    return replace(speech, samples=padded)


CONDITIONS: Final[Mapping[str, Callable[[Speech], Speech]]] = {
    "noise 20 dB": lambda speech: noisy(speech, 20.0),
    "noise 10 dB": lambda speech: noisy(speech, 10.0),
    "8 kHz": lambda speech: through(speech, "-ar", "8000", "-c:a", "pcm_mulaw", "-f", "wav"),
    "MP3 24 kb/s": lambda speech: through(speech, "-c:a", "libmp3lame", "-b:a", "24k", "-f", "mp3"),
    "Opus 24 kb/s": lambda speech: through(speech, "-c:a", "libopus", "-b:a", "24k", "-f", "ogg"),
    "-30 dB": lambda speech: levelled(speech, -30.0),
}
"""What may happen to speech on its way."""


def _speech(name: str, utterance: Utterance) -> Speech:
    phones = tuple(Phone(kind, start, end) for kind, start, end in parts_of(utterance))
    return Speech(name, utterance.samples, phones)
