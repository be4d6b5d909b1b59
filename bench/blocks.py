"""Networks in blocks: what frames and the first face cost: `python bench/blocks.py --model PATH`.

Sessions speak side by side, one block of each at a time, as in steady streaming: the blocks and the
faces at 60 poses a second of the pipeline, without sockets and sessions. One thread. The first face
of a line is what the blocks before it cost as well.
"""

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from a2f_ws.inference.backend import BlockBackend, States
from a2f_ws.inference.bundle import Bundle, embedded_path, load_bundle
from a2f_ws.inference.onnx_blocks import OnnxBlocks
from a2f_ws.names import Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.session.streaming import Places, streaming, unfelt
from a2f_ws.shaping.cut import Cut, work_of
from a2f_ws.timebase import PoseRate

SESSIONS: Final = (1, 8, 32, 64)
FPS: Final = PoseRate(60, 1)
POSES: Final = 240
"""Four seconds."""

ROUNDS: Final = 3
FIRSTS: Final = 50


def cuts_of(
    pipeline: Pipeline, places: Places, *, sessions: int, sound: Floats, count: int = POSES
) -> list[list[Cut]]:
    """Batches of one pose of every session, in order of time, so many of each."""
    lines = [(streaming(places, 0), pipeline.new_state()) for _ in range(sessions)]
    batches = []
    for i in range(count):
        batch = []
        for line, state in lines:
            cut = Cut(None, unfelt(0), params=pipeline.defaults, state=state, dt_s=1 / FPS.hz)
            cut.hear(line.give(i, lambda _: sound, feel=unfelt))
            batch.append(cut)
        batches.append(batch)
    return batches


class Timed:
    """A backend that adds up what its calls take.

    Attributes:
        spent_s: Seconds so far.
    """

    def __init__(self, own: BlockBackend) -> None:
        """Run that."""
        self.name, self.max_batch, self.cost_s = own.name, own.max_batch, own.cost_s
        self.initial, self.spent_s, self._own = own.initial, 0.0, own

    def run(
        self, windows: Floats, emotions: Floats, *, states: Sequence[States]
    ) -> tuple[Floats, list[States]]:
        """See `BlockBackend.run`."""
        begun = perf_counter()
        result = self._own.run(windows, emotions, states=states)
        self.spent_s += perf_counter() - begun
        return result

    def close(self) -> None:
        """Free the network."""
        self._own.close()


def measured_us(bundle: Bundle, places: Places, *, sessions: int) -> tuple[float, float]:
    """Microseconds of a block in all, and in the network: the quickest of some rounds."""
    backend = Timed(OnnxBlocks(bundle, threads=1))
    pipeline = Pipeline(bundle, backend)
    sound = np.random.default_rng(0).standard_normal(bundle.buffer_len).astype(np.float32) * 0.1
    found = []
    for _ in range(ROUNDS):
        batches = cuts_of(pipeline, places, sessions=sessions, sound=sound)
        blocks = sum(work_of(cut) for batch in batches for cut in batch)
        backend.spent_s, begun = 0.0, perf_counter()
        for batch in batches:
            pipeline.run(batch)
        found.append(((perf_counter() - begun) / blocks * 1e6, backend.spent_s / blocks * 1e6))
    return min(found)


def first_us(bundle: Bundle, places: Places) -> tuple[float, int]:
    """Microseconds until the first face of a line is there, the quickest; blocks that it takes."""
    pipeline = Pipeline(bundle, OnnxBlocks(bundle, threads=1))
    sound = np.random.default_rng(0).standard_normal(bundle.buffer_len).astype(np.float32) * 0.1
    found = []
    for _ in range(FIRSTS):
        (batch,) = cuts_of(pipeline, places, sessions=1, sound=sound, count=1)
        begun = perf_counter()
        pipeline.run(batch)
        found.append((perf_counter() - begun) * 1e6)
    return min(found), work_of(batch[0])


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=embedded_path(), help="a bundle in blocks")
    bundle = load_bundle(parser.parse_args().model)
    places = Places.of(FPS, bundle.blocks)
    if places is None:
        print(f"{bundle.path}: one face per window, nothing to measure")
        return 0
    rate = places.blocks
    print(f"{bundle.name}: {rate.frames} frames a block, {rate.rate.hz:g} frames a second")
    print(f"{platform.processor() or platform.machine()}, load {os.getloadavg()[0]:.1f}")
    print("| sessions | µs a block | of these in the network | frames/s on one core |")
    print("|---|---|---|---|")
    with threadpool_limits(1):
        for sessions in SESSIONS:
            all_us, network_us = measured_us(bundle, places, sessions=sessions)
            frames = rate.frames / all_us * 1e6
            print(f"| {sessions} | {all_us:.0f} | {network_us:.0f} | {frames:,.0f} |")
        first, blocks = first_us(bundle, places)
    print(f"\nfirst face of a line, {blocks} blocks: {first / 1000:.2f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
