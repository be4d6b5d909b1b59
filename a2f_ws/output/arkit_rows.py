"""Recordings in ARKit's curves, whatever way their rig spells them."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from a2f_ws.names import WEIGHTS, Floats
from a2f_ws.output.recording import Recording

NVIDIA: Final = "nim"
"""The rig whose JawOpen is what ARKit's jawOpen opens beyond mouthClose (engines/nim.toml)."""

RIGS: Final = (
    "arkit", "arkit-lr", "browser/arkit", "browser/rpm", "unity/arkit", "unity/perfect-sync",
    "unreal/livelink", NVIDIA,
)  # fmt: skip
"""Rigs that have ARKit's 52 curves under other names, in another order, or with others beside."""

SIDES: Final = (("_L", "Left"), ("_R", "Right"))
"""Ends of names that say a side."""


def arkit_names(curves: Iterable[str]) -> tuple[str, ...]:
    """The curves as ARKit and the tongue poses are called; others begin with a small letter."""
    return tuple(KNOWN.get(_folded(name), name[:1].lower() + name[1:]) for name in curves)


def arkit_curves(recording: Recording) -> Floats:
    """The curves of a recording with ARKit's meaning.

    Args:
        recording: Of one of `RIGS`.

    Returns:
        float32 (N, C), in the order of `arkit_names`. Where the rig is NVIDIA's the result is what
        it was made of wherever mouthClose did not exceed jawOpen, and else jawOpen = mouthClose.

    Source:
        JawOpen = jawOpen - mouthClose, held at 0 (engines/nim.toml), the other way round.
    """
    names = arkit_names(recording.curves)
    rows = recording.rows[:, : len(names)]
    if recording.rig == NVIDIA and {"jawOpen", "mouthClose"} <= set(names):
        rows = rows.copy()
        jaw, close = names.index("jawOpen"), names.index("mouthClose")
        rows[:, jaw] = np.minimum(rows[:, jaw] + rows[:, close], np.float32(1))
    return rows


def _folded(name: str) -> str:
    """A name without what spellings differ in: capitals, underscores, L for Left."""
    for short, side in SIDES:
        if name.endswith(short):
            name = name.removesuffix(short) + side
    return name.replace("_", "").casefold()


KNOWN: Final = {_folded(name): name for name in WEIGHTS}
