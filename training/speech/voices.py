"""What each source of speech says in which voice; every utterance follows from its number alone."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from training.speech import classic, espeak, kokoro
from training.speech.store import Utterance, at_16_khz
from training.speech.text import sentences

USES: Final = ("train", "validate", "evaluate")


@dataclass(frozen=True, slots=True)
class Source:
    """A synthesiser.

    Attributes:
        name: Folder of its utterances.
        counts: Utterances for each of `USES`.
        say: Gives the utterance of a use and a number.
    """

    name: str
    counts: Sequence[int]
    say: Callable[[str, int], Utterance]


def _random(source: str, use: str, *, number: int) -> random.Random:
    return random.Random(f"{source} {use} {number}")


def _sentence(language: str, use: str, *, number: int) -> str:
    texts = sentences(language)[use]
    return texts[number % len(texts)]


KOKORO_MIXED: Final = 0.7
"""Share of utterances in a mixture of the voices instead of one of them."""


def _kokoro(use: str, number: int) -> Utterance:
    chance = _random("kokoro", use, number=number)
    language = (
        "en" if use == "evaluate" else chance.choices(("en", "it", "pt", "es"), (85, 5, 5, 5))[0]
    )
    symbols = kokoro.phonemes(_sentence(language, use, number=number), language=language)
    if use == "evaluate":
        style = kokoro.styles()[kokoro.HELD_OUT[number % len(kokoro.HELD_OUT)]]
        return kokoro.speak(symbols, style=style, speed=1.0)
    return kokoro.speak(symbols, style=_style(chance), speed=chance.uniform(0.8, 1.3))


def _style(chance: random.Random) -> Floats:
    """A voice, or a mixture that may lie outside of the voices it is made of."""
    voices = np.stack([kokoro.styles()[name] for name in kokoro.VOICES])
    if chance.random() >= KOKORO_MIXED:
        return np.asarray(voices[chance.randrange(len(voices))])
    middle = voices.mean(axis=0)
    halves = []
    for half in (slice(0, 128), slice(128, 256)):
        shares = np.array([chance.gammavariate(0.6, 1.0) + 1e-6 for _ in voices])
        mixed = np.tensordot(shares / shares.sum(), voices[..., half], axes=1)
        stretch = chance.uniform(0.8, 1.5) if half.start == 0 else 1.0
        halves.append(middle[:, half] + stretch * (mixed - middle[:, half]))
    return np.asarray(np.concatenate(halves, axis=1), np.float32)


WORLD_LANGUAGES: Final = {"en": 82, "it": 6, "pt": 6, "es": 6}
WORLD_ALONE: Final = 0.4
"""Share of utterances in one voice of the world; the others mix up to three."""
HOME: Final = ("a", "b")
"""First letters of the voices that speak English; they are drawn twice as often."""


def _world(use: str, number: int) -> Utterance:
    """Kokoro in the voices of all countries; the validation has voices of its own."""
    chance = _random("world", use, number=number)
    language = chance.choices(list(WORLD_LANGUAGES), list(WORLD_LANGUAGES.values()))[0]
    texts = sentences(language)[use]
    symbols = kokoro.phonemes(texts[-1 - number % len(texts)], language=language)
    if use == "validate":
        style = kokoro.world_styles()[kokoro.VALIDATED[number % len(kokoro.VALIDATED)]]
        return kokoro.speak(symbols, style=style, speed=chance.uniform(0.85, 1.2))
    return kokoro.speak(symbols, style=_world_style(chance), speed=chance.uniform(0.8, 1.3))


def _world_style(chance: random.Random) -> Floats:
    """A voice, or a mixture of up to three: another one for the timbre than for the manner."""
    styles = kokoro.world_styles()
    unheard = {*kokoro.HELD_OUT, *kokoro.VALIDATED}
    names = [name for name in styles if name not in unheard]
    shares = [2 if name.startswith(HOME) else 1 for name in names]
    if chance.random() < WORLD_ALONE:
        return styles[chance.choices(names, shares)[0]]
    halves = []
    for half in (slice(0, 128), slice(128, 256)):
        mixed = [styles[name][:, half] for name in chance.choices(names, shares, k=3)]
        parts = np.array([chance.gammavariate(0.6, 1.0) + 1e-6 for _ in mixed])
        halves.append(np.tensordot(parts / parts.sum(), np.stack(mixed), axes=1))
    return np.asarray(np.concatenate(halves, axis=1), np.float32)


ESPEAK_VOICES: Final = (
    ("en-us", "en", 40), ("en", "en", 12), ("en-gb-x-rp", "en", 4), ("en-gb-scotland", "en", 3),
    ("en-029", "en", 3), ("de", "de", 8), ("es", "es", 6), ("it", "it", 6), ("pt-br", "pt", 5),
    ("fr", "it", 6), ("nl", "de", 4), ("pl", "it", 3),
)  # fmt: skip
"""Voice, language of the text, share; French, Dutch and Polish speak texts of others."""
ESPEAK_VARIANTS: Final = (
    "", "+m1", "+m2", "+m3", "+m4", "+m5", "+m6", "+m7", "+m8", "+f1", "+f2", "+f3", "+f4", "+f5",
    "+klatt", "+klatt2", "+klatt3", "+klatt4", "+steph", "+anika", "+linda", "+quincy", "+iven",
)  # fmt: skip


SHORTEST_PAUSE_S: Final = 0.06
"""Shorter nameless events of eSpeak NG belong to the phoneme before them."""


def _espeak(use: str, number: int) -> Utterance:
    chance = _random("espeak", use, number=number)
    shares = [share for _, _, share in ESPEAK_VOICES]
    voice, language, _ = chance.choices(ESPEAK_VOICES, shares)[0]
    spoken = espeak.speak(
        _sentence(language, use, number=number),
        voice=voice + chance.choice(ESPEAK_VARIANTS),
        words_per_min=chance.randint(110, 210),
        pitch=chance.randint(20, 80),
        pitch_range=chance.randint(30, 70),
    )
    end_s = len(spoken.samples) / spoken.rate_hz
    starts = [*(start for _, start in spoken.symbols), end_s]
    symbols, ends = [""], [starts[0]]
    for (symbol, start), end in zip(spoken.symbols, starts[1:], strict=True):
        if symbol or end - start >= SHORTEST_PAUSE_S:
            symbols.append(symbol)
            ends.append(end)
        else:
            ends[-1] = end
    sound = at_16_khz(spoken.samples, spoken.rate_hz)
    return Utterance(sound, tuple(symbols), np.array(ends, np.float64))


def _flite(use: str, number: int) -> Utterance:
    chance = _random("flite", use, number=number)
    voice = "slt" if use == "evaluate" else chance.choices(("rms", "awb", "kal16"), (5, 2, 3))[0]
    stretch = 1.0 if use == "evaluate" else chance.uniform(0.8, 1.3)
    return classic.flite(_sentence("en", use, number=number), voice=voice, stretch=stretch)


def _festival(use: str, number: int) -> Utterance:
    chance = _random("festival", use, number=number)
    voice = chance.choice(("kal_diphone", "ked_diphone"))
    if use == "evaluate":
        voice = "cmu_us_slt_arctic_hts"
    stretch = 1.0 if use == "evaluate" else chance.uniform(0.8, 1.3)
    return classic.festival(_sentence("en", use, number=number), voice=voice, stretch=stretch)


SOURCES: Final = (
    Source("kokoro", (2400, 60, 30), _kokoro),
    Source("world", (1500, 90, 0), _world),
    Source("espeak", (1400, 40, 0), _espeak),
    Source("flite", (800, 40, 30), _flite),
    Source("festival", (900, 40, 30), _festival),
)
