"""The geometry of the embedded bundle: rigs of skin and tongue in the files of NVIDIA's bundles.

Source: arrays and keys as in bundles of Audio2Face-3D v2.3 (`bs_skin.npz`, `bs_skin_config.json`).
"""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import ARKIT, TONGUE
from training.head.assemble import Head
from training.head.mesh import Mesh
from training.head.source import Array

FRONT_CM: Final = 4.0
"""How far in front of the head's pivot the frontal mask begins."""

CHIN_CM: Final = -9.5
"""How far below the pivot it ends."""

DIGITS: Final = 3
"""Decimals of a centimetre that are kept: 10 µm."""

NO_PAIR: Final = -1
PAIRS: Final = (
    "eyeBlink", "eyeWide", "mouthSmile", "mouthFrown", "mouthDimple", "mouthStretch", "mouthPress",
    "mouthLowerDown", "mouthUpperUp", "browOuterUp", "browDown", "cheekSquint", "noseSneer",
)  # fmt: skip
"""Shapes whose left and right are solved alike, in the order of their group numbers.

Source: `bsSolveSymmetryPoses` of the Mark bundle.
"""


def files(head: Head) -> dict[str, bytes]:
    """The four files by name."""
    pivot = head.base.pivot
    tongue = next(mesh for mesh in head.jaw if mesh.name == "Tongue")
    at = head.skin.positions - pivot
    frontal = np.flatnonzero((at[:, 2] > FRONT_CM) & (at[:, 1] > CHIN_CM)).astype(np.int32)
    return {
        "bs_skin.npz": _rig(head.skin, ARKIT, pivot=pivot, frontalMask=frontal),
        "bs_skin_config.json": _config(head.skin, ARKIT, strengths=(0.5, 0.5, 0.3)),
        "bs_tongue.npz": _rig(tongue, TONGUE, pivot=pivot),
        "bs_tongue_config.json": _config(tongue, TONGUE, strengths=(1.0, 3.5, 5.0)),
    }


def _rig(mesh: Mesh, names: tuple[str, ...], *, pivot: Array, **more: NDArray[Any]) -> bytes:
    """Neutral and one displacement for each pose, centimetres, the order of `head.glb`."""
    nothing = np.zeros_like(mesh.positions)
    arrays = {
        "poseNames": np.array([b"neutral", *(name.encode() for name in names)]),
        "neutral": _float32(mesh.positions - pivot),
        **{name: _float32(mesh.shapes.get(name, nothing)) for name in names},
        **more,
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, array in arrays.items():
            entry = io.BytesIO()
            np.save(entry, array)
            item = zipfile.ZipInfo(f"{name}.npy")
            file.writestr(item, entry.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return archive.getvalue()


def _float32(values: Array) -> NDArray[np.float32]:
    result: NDArray[np.float32] = (values.round(DIGITS) + 0.0).astype(np.float32)
    return result


def _config(mesh: Mesh, names: tuple[str, ...], *, strengths: tuple[float, float, float]) -> bytes:
    """What a solver needs to find these poses in a moving mesh.

    Args:
        mesh: The rig.
        names: Its poses.
        strengths: L1, L2 and temporal regularisation; those of the Mark bundle.
    """
    size = float(np.linalg.norm(np.ptp(mesh.positions, axis=0)))
    lasso, ridge, temporal = strengths
    params: Mapping[str, object] = {
        "strengthL1regularization": lasso,
        "strengthL2regularization": ridge,
        "strengthTemporalSmoothing": temporal,
        "strengthSymmetry": 100.0,
        "templateBBSize": round(size, DIGITS),
        "numPoses": len(names),
        "bsSolveActivePoses": [int(not _is_idle(name)) for name in names],
        "bsSolveCancelPoses": [NO_PAIR] * len(names),
        "bsSolveSymmetryPoses": [_pair(name) for name in names],
        "bsWeightMultipliers": [1.0] * len(names),
        "bsWeightOffsets": [0.0] * len(names),
    }
    return (json.dumps({"blendshape_params": params}, indent=2) + "\n").encode()


def _is_idle(name: str) -> bool:
    """Shapes that no solve finds: the skin shows little of gaze and nothing of the tongue."""
    return name.startswith("eyeLook") or name == "tongueOut"


def _pair(name: str) -> int:
    stem = name.removesuffix("Left").removesuffix("Right")
    return PAIRS.index(stem) if stem != name and stem in PAIRS else NO_PAIR
