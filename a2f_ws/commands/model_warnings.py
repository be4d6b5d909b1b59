"""What a bundle says that can be served, and that nobody is likely to mean."""

from collections.abc import Iterator
from typing import Final

from a2f_ws.inference.bundle import Bundle

AHEAD_S: Final = 1.0
"""Look-ahead beyond which a live face is of no use, seconds (ours; NVIDIA's networks that give one
face at a time have 0.26, those in blocks 0.75)."""

BEGIN_S: Final = 2.0
"""Frames before the first pose beyond which an utterance begins late, seconds (ours; what a state
needs to settle is well below 1)."""


def warnings(bundle: Bundle) -> Iterator[str]:
    """What a bundle in blocks says that makes it slow, each with what follows from it."""
    blocks = bundle.blocks
    if blocks is None:
        return
    ahead_s = bundle.look_ahead / bundle.samplerate
    if ahead_s > AHEAD_S:
        found = f"buffer_len {bundle.buffer_len} and buffer_ofs {bundle.buffer_ofs}"
        yield (
            f"audio_params: {found} are a look-ahead of {ahead_s:.2f} s: a live face comes as much "
            "after its sound at least"
        )
    hz, first = blocks.rate.hz, blocks.rate.block(0)
    if first / hz > BEGIN_S:
        yield (
            f"block_params.first_frame: {-blocks.rate.before} is {first / hz:.2f} s before the "
            f"sound: the first pose costs {first + 1} inferences"
        )
    if blocks.warmup / hz > BEGIN_S:
        yield (
            f"block_params.warmup_frames: {blocks.warmup * blocks.rate.frames} are "
            f"{blocks.warmup / hz:.2f} s: the first pose after a correction costs "
            f"{blocks.warmup + 1} inferences"
        )
