"""What a model makes of files of speech: for calibration, and for comparing two networks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import soxr

from a2f_ws.audio.window import Windows
from a2f_ws.errors import ConfigError
from a2f_ws.inference.bundle import Bundle
from a2f_ws.names import EMOTIONS, WEIGHTS, Floats
from a2f_ws.output.speech import SpeechFile
from a2f_ws.pipeline import Pipeline
from a2f_ws.shaping.cut import Cut
from a2f_ws.timebase import MODEL_RATE_HZ, PoseRate

RATE: Final = PoseRate(10, 1)
"""How often speech is looked at (ours): faces of neighbouring poses say much the same."""

MOST: Final = 1_500
"""Faces that are looked at: 150 s of speech."""

FULL_SCALE: Final = 32_768.0

CLIP: Final = Path(__file__).parents[1] / "samples" / "speech.flac"
"""Real speech that comes with the package."""


def speech_of(files: Sequence[Path]) -> list[Floats]:
    """The samples of each file at the model's rate, float32 (n,).

    Raises:
        ConfigError: A file is missing, is not sound, or is empty.
    """
    found = []
    for path in files:
        with SpeechFile(path) as speech:
            dtype = {"s16le": "<i2", "f32le": "<f4"}[speech.format]
            frames = np.frombuffer(b"".join(speech.blocks()), dtype).reshape(-1, speech.channels)
            mono = frames.mean(axis=1, dtype=np.float64)
            mono = (mono / FULL_SCALE if speech.format == "s16le" else mono).astype(np.float32)
            found.append(np.asarray(soxr.resample(mono, speech.rate_hz, MODEL_RATE_HZ), np.float32))
    if not sum(len(samples) for samples in found):
        raise ConfigError("speech: found no sound, wanted at least one file of it")
    return found


def windows_of(bundle: Bundle, speech: Sequence[Floats]) -> list[Floats]:
    """Windows (k, S) of each piece of speech, `MOST` at the most of all together."""
    found: list[Floats] = []
    left = MOST
    for samples in speech:
        windows = Windows(buffer_len=bundle.buffer_len, buffer_ofs=bundle.buffer_ofs, rate=RATE)
        windows.hear(samples)
        windows.close()
        count = min(left, len(samples) * RATE.num // (MODEL_RATE_HZ * RATE.den))
        if count:
            found.append(np.stack([windows.cut(k) for k in range(count)]))
            left -= count
    return found


def emotions_of(bundle: Bundle, count: int) -> Floats:
    """Emotion inputs (count, E): the default, and each emotion in turn, so that all are heard."""
    explicit = np.repeat(bundle.default_emotion[None], count, axis=0)
    for row in range(1, count, 2):
        explicit[row] = 0.0
        explicit[row, (row // 2) % len(EMOTIONS)] = 1.0
    return bundle.emotion_rows(explicit)


def weights_of(pipeline: Pipeline, windows: Sequence[Floats]) -> Floats:
    """Weights (k, 68) of the faces of each piece of speech, one after the other."""
    rows = []
    for piece in windows:
        state = pipeline.new_state()
        for window in piece:
            cut = Cut(
                samples=window,
                emotion=pipeline.bundle.default_emotion,
                params=pipeline.defaults,
                state=state,
                dt_s=1 / RATE.hz,
            )
            rows.append(pipeline.run([cut])[0, : len(WEIGHTS)])
    return np.stack(rows)
