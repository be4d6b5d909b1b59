"""The five test clips, poses for them without a server, and the measures of `training.evaluate`.

For poses that came through a server: `Take(times_s, weights, clip.phones, clip.samples)` for each
of `clips()`, then `bilabials_closed(takes)` and `median_lag_ms(takes)`.
"""

import json
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from a2f_ws.inference.backend import Backend
from a2f_ws.inference.bundle import Bundle
from a2f_ws.names import EMOTIONS, WEIGHTS, Floats
from a2f_ws.timebase import MODEL_RATE_HZ, PoseRate
from training.evaluate import Take, bilabials_closed, jitter, lag_ms, median_lag_ms
from training.rule import Phone

__all__ = ["Clip", "Take", "bilabials_closed", "clips", "jitter", "lag_ms", "median_lag_ms", "take"]

FOLDER = Path(__file__).parents[1] / "data" / "speech"


@dataclass(frozen=True, eq=False)
class Clip:
    """A clip of speech with its alignment.

    Attributes:
        path: The WAV file, 16 kHz mono.
        samples: float32 (n,), -1 … 1.
        phones: Its phones in the order of time.
    """

    path: Path
    samples: Floats
    phones: tuple[Phone, ...]


@cache
def clips() -> tuple[Clip, ...]:
    return tuple(_clip(path) for path in sorted(FOLDER.glob("*.wav")))


def take(clip: Clip, bundle: Bundle, backend: Backend, fps: int = 60) -> Take:
    """The network's weights for a clip: windows cut here, nothing smoothed or scaled."""
    rate = PoseRate.of(fps)
    count = rate.first_at(len(clip.samples), MODEL_RATE_HZ)
    padded = np.concatenate(
        [
            np.zeros(bundle.buffer_ofs, np.float32),
            clip.samples,
            np.zeros(bundle.look_ahead, np.float32),
        ]
    )
    starts = [rate.sample(i) for i in range(count)]
    windows = np.stack([padded[s : s + bundle.buffer_len] for s in starts])
    emotions = bundle.emotion_rows(np.zeros((count, len(EMOTIONS)), np.float32))
    rows = [backend.run(windows[i : i + 8], emotions[i : i + 8]) for i in range(0, count, 8)]
    weights = np.concatenate(rows)[:, : len(WEIGHTS)]
    times_s = np.arange(count) / rate.hz
    return Take(times_s, weights, clip.phones, clip.samples)


def _clip(path: Path) -> Clip:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16000, 1, 2)
        pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    words = json.loads(path.with_suffix(".phone.json").read_text(encoding="utf-8"))["w"]
    phones = tuple(
        Phone(phone["t"], phone["b"], phone["b"] + phone["d"])
        for word in words
        for phone in word["w"]
    )
    return Clip(path, pcm.astype(np.float32) / np.float32(32768.0), phones)
