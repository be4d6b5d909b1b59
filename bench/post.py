"""Cost of a pose beside the network, by stage and batch: `python bench/post.py [--rig NAME]`.

What the network takes with it, and what its blocks bring: `bench/blocks.py`.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _costs import ROUNDS, cost_us
from _mark import costs_by_title

from a2f_ws.animation.emotion import EmotionTrack
from a2f_ws.audio.pcm import Pcm
from a2f_ws.audio.resample import Resampler
from a2f_ws.audio.window import Windows
from a2f_ws.inference.bundle import Bundle, embedded_path, load_bundle
from a2f_ws.names import EMOTIONS, FACE, Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.table import load_rigs
from a2f_ws.shaping.cut import Cut
from a2f_ws.timebase import PoseRate
from a2f_ws.wire.codec import encode
from a2f_ws.wire.replies import Poses

Work: TypeAlias = Callable[[], object]
Stage: TypeAlias = Callable[[int], Work]
"""From a batch size to one call that does the stage for that many poses."""

BATCHES: Final = (1, 8, 32, 128)
RATE_HZ: Final = 48_000
FPS: Final = PoseRate(60, 1)
CHUNK_FRAMES: Final = RATE_HZ // FPS.num


class NullBackend:
    """A network that costs nothing and gives zeros."""

    name = "null"
    max_batch = max(BATCHES)
    cost_s = 0.0

    def __init__(self, bundle: Bundle) -> None:
        """Prepare the results."""
        self._result = np.zeros((self.max_batch, bundle.columns.width), np.float32)

    def run(self, windows: Floats, emotions: Floats) -> Floats:
        """Zeros of the shape that the bundle's network has."""
        del emotions
        return self._result[: len(windows)].copy()

    def close(self) -> None:
        """Nothing to free."""


def hearing(batch: int) -> Work:
    """PCM of 48 kHz to samples of the model rate, as many as the poses need."""
    pcm = Pcm("s16le", 1)
    chunk = np.random.default_rng(0).integers(-8000, 8000, CHUNK_FRAMES, np.int16).tobytes()
    resampler = Resampler(RATE_HZ)

    def work() -> None:
        for _ in range(batch):
            resampler.push(pcm.decode(chunk))

    return work


def cutting(batch: int) -> Work:
    """A window of audio and an emotion in a ramp for every pose."""
    windows = Windows(buffer_len=8320, buffer_ofs=4160, rate=FPS)
    windows.hear(np.random.default_rng(0).random(64_000, np.float32))
    track = EmotionTrack(np.zeros(len(EMOTIONS), np.float32))
    track.ramp(0, np.ones(len(EMOTIONS), np.float32), over=64_000)

    def work() -> None:
        for i in range(batch):
            windows.cut(i)
            track.value(FPS.sample(i))

    return work


def animating(pipeline: Pipeline) -> Stage:
    """Everything between windows and faces."""

    def prepare(batch: int) -> Work:
        samples = np.random.default_rng(0).random(pipeline.bundle.buffer_len, np.float32)
        emotion = np.zeros(len(EMOTIONS), np.float32)
        state = pipeline.new_state()
        cut = Cut(
            samples=samples, emotion=emotion, params=pipeline.defaults, state=state, dt_s=1 / 60
        )
        return lambda: pipeline.run([cut] * batch)

    return prepare


def mapping(rig: str) -> Stage:
    """Rows of faces."""
    mapper = Mapper(load_rigs()[rig])

    def prepare(batch: int) -> Work:
        faces = np.random.default_rng(0).random((batch, len(FACE)), np.float32)
        return lambda: mapper.map(faces)

    return prepare


def sending(rig: str) -> Stage:
    """One `poses` message in msgpack."""
    row = load_rigs()[rig].row

    def prepare(batch: int) -> Work:
        message = Poses(sid=1, u=1, layout=1, i=0, t_us=0, n=batch, data=bytes(4 * row * batch))
        return lambda: encode(message, is_json=False)

    return prepare


def stages(rig: str) -> dict[str, Stage]:
    """Every row of the table; the pipeline has a window per pose, and no network."""
    bundle = replace(load_bundle(embedded_path()), blocks=None)
    return {
        "audio: 48 kHz pcm to 16 kHz": hearing,
        "audio: window and emotion": cutting,
        "pipeline without network": animating(Pipeline(bundle, NullBackend(bundle))),
        f"rig: map to {rig}": mapping(rig),
        "wire: poses in msgpack": sending(rig),
    }


def _print_row(title: str, costs_us: Sequence[float]) -> None:
    print(f"{title:34}" + "".join(f"{cost:10.2f}" for cost in costs_us))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rig", default="arkit", help="the rig to map to")
    rig = parser.parse_args(arguments).rig
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},", end=""
    )
    print(f" numpy {np.__version__}; one thread, processor time, median of {ROUNDS} rounds")
    print(f"{'µs per pose':34}" + "".join(f"{f'batch {batch}':>10}" for batch in BATCHES))
    total = np.zeros(len(BATCHES))
    for title, prepare in stages(rig).items():
        costs = [cost_us(prepare(batch)) / batch for batch in BATCHES]
        total += costs
        _print_row(title, costs)
    _print_row("all of it", total.tolist())
    print()
    print("Mark size (61,520 + 5,602 vertices, 272 + 10 components), after the network")
    for title, row in costs_by_title(BATCHES).items():
        _print_row(title, row)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
