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

from a2f_ws.inference.bundle import embedded_path, load_bundle
from a2f_ws.inference.onnx_blocks import OnnxBlocks
from a2f_ws.names import WEIGHTS, Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.session.streaming import Places, Streaming, unfelt
from a2f_ws.shaping.cut import Cut
from a2f_ws.timebase import MODEL_RATE_HZ, PoseRate
from training.evaluate import Take, bilabials_closed, jitter, lag_ms, median_lag_ms
from training.rule import Phone

__all__ = [
    "Clip", "Take", "bilabials_closed", "clips", "jitter", "lag_ms", "median_lag_ms", "take",
    "weights",
]  # fmt: skip

AT_ONCE = 64
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


@cache
def _pipeline():
    bundle = load_bundle(embedded_path())
    return Pipeline(bundle, OnnxBlocks(bundle))


def weights(samples, fps, shape=None):
    """The embedded network's weights (n, 68): blocks cut here, nothing smoothed or scaled.

    Args:
        samples: float32 (n,) at 16 kHz.
        fps: Poses per second.
        shape: What a block's window becomes, asked in order with it, its first sample, and the
            sound that came since the block before; None = itself.
    """
    pipeline, rate = _pipeline(), PoseRate.of(fps)
    bundle, places = pipeline.bundle, Places.of(rate, pipeline.bundle.blocks)
    line, state, heard = Streaming(places, 0), pipeline.new_state(), 0
    lead = bundle.buffer_ofs - places.blocks.sample(0)
    padded = np.concatenate(
        [np.zeros(lead, np.float32), samples, np.zeros(2 * MODEL_RATE_HZ, np.float32)]
    )

    def hear(k):
        nonlocal heard
        start = places.blocks.sample(k) - bundle.buffer_ofs
        window = padded[lead + start :][: bundle.buffer_len].copy()
        if shape is None:
            return window
        end = max(heard, min(start + bundle.buffer_len, len(samples)))
        fresh, heard = samples[heard:end], end
        return shape(window, start, fresh)

    cuts = []
    for i in range(rate.first_at(len(samples), MODEL_RATE_HZ)):
        cuts.append(Cut(None, unfelt(0), pipeline.defaults, state, 1 / rate.hz))
        cuts[-1].hear(line.give(i, hear, feel=unfelt))
    rows = [pipeline.run(cuts[i : i + AT_ONCE]) for i in range(0, len(cuts), AT_ONCE)]
    return np.concatenate(rows)[:, : len(WEIGHTS)]


def take(clip, fps=60):
    """What the network says to a clip."""
    rows = weights(clip.samples, fps)
    return Take(np.arange(len(rows)) / PoseRate.of(fps).hz, rows, clip.phones, clip.samples)


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
