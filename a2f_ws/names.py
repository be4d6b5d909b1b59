"""Names and orders that all stages share: poses of a face, eyes, emotions."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
"""A float32 array; its shape is given where it is used."""

ARKIT: Final[tuple[str, ...]] = (
    "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft",
    "eyeSquintLeft", "eyeWideLeft",
    "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight",
    "eyeSquintRight", "eyeWideRight",
    "jawForward", "jawLeft", "jawRight", "jawOpen",
    "mouthClose", "mouthFunnel", "mouthPucker", "mouthLeft", "mouthRight",
    "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft", "mouthFrownRight",
    "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper",
    "mouthPressLeft", "mouthPressRight", "mouthLowerDownLeft", "mouthLowerDownRight",
    "mouthUpperUpLeft", "mouthUpperUpRight",
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "noseSneerLeft", "noseSneerRight",
    "tongueOut",
)  # fmt: skip
"""The 52 ARKit poses in the order of NVIDIA's service and of Unreal's Live Link Face.

Source: rig tables of Audio2Face-3D-Samples (`mark_stylization_config.yaml`); names as in Apple's
`ARFaceAnchor.BlendShapeLocation`.
"""

TONGUE: Final[tuple[str, ...]] = (
    "tongueTipUp", "tongueTipDown", "tongueTipLeft", "tongueTipRight",
    "tongueRollUp", "tongueRollDown", "tongueRollLeft", "tongueRollRight",
    "tongueUp", "tongueDown", "tongueLeft", "tongueRight",
    "tongueIn", "tongueStretch", "tongueWide", "tongueNarrow",
)  # fmt: skip
"""The 16 tongue poses that follow the 52 in NVIDIA's service, in its order (same source)."""

WEIGHTS: Final[tuple[str, ...]] = ARKIT + TONGUE
"""The 68 weights of a solved face, 0 … 1 each; MouthClose has ARKit's meaning."""

EYES: Final[tuple[str, ...]] = ("eyeRightX", "eyeRightY", "eyeLeftX", "eyeLeftY")
"""Eye rotations in degrees: x = pitch, y = yaw, in the order of the network's last four outputs."""

EMOTIONS: Final[tuple[str, ...]] = (
    "amazement", "anger", "cheekiness", "disgust", "fear",
    "grief", "joy", "outofbreath", "pain", "sadness",
)  # fmt: skip
"""The ten explicit emotions, 0 … 1 each, in the order of the v2.3 bundles' `network_info.json`."""

FACE: Final[tuple[str, ...]] = WEIGHTS + EYES + EMOTIONS
"""Columns of a face as the pipeline gives it and rigs take it: 68 weights, 4 eyes, 10 emotions."""

UPPER: Final[frozenset[str]] = frozenset(
    name for name in ARKIT if name.startswith(("eye", "brow", "nose", "cheekSquint"))
)
"""Poses of the upper face; all others belong to the lower face.

Ours: the regions that NVIDIA's face mask (level 0.6) separates on a mesh, said per pose.
"""

NEAREST: Final = 3
LISTED: Final = 10
"""Names that a text about an unknown one has: near ones, and all where none is near (ours)."""

NAME_CHARS: Final = 100
"""Characters of an unknown name that are looked at for the nearest one (ours)."""


def instead(name: str, known: Iterable[str]) -> str:
    """What to say of an unknown name: the nearest ones, else all of them or, of many, some."""
    names = tuple(known)
    near = get_close_matches(name[:NAME_CHARS], names, n=NEAREST, cutoff=0.6)
    if near:
        also = f" Near are also {', '.join(near[1:])}." if near[1:] else ""
        return f"did you mean {near[0]!r}?{also}"
    if len(names) > LISTED:
        return f"wanted one of {len(names)}, such as {', '.join(names[:NEAREST])}"
    return f"wanted one of {', '.join(names)}"
