"""From articulators to the weights of a face: constant tables, and the same sums as ONNX nodes.

Source: `training/README.md`, section "From articulators to a face".
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from a2f_ws.names import EMOTIONS, WEIGHTS, Floats
from training.lips import LIP_SHARES
from training.speech.targets import ARTICULATORS

SHARES: Final[Mapping[str, Mapping[str, float]]] = {
    **LIP_SHARES,
    "ttip": {"tongueTipUp": 1.0, "tongueUp": 0.2},
    "tout": {"tongueOut": 0.45, "tongueStretch": 0.8},
    "tback": {"tongueUp": 0.7, "tongueIn": 0.3},
    "twide": {"tongueWide": 1.0},
    "tnarrow": {"tongueNarrow": 1.0},
    "tdown": {"tongueDown": 0.8, "tongueTipDown": 0.3},
    "troll": {"tongueRollUp": 0.8, "tongueIn": 0.2},
}  # fmt: skip
"""What each articulator adds to the 68 weights (ours)."""

JAW_POINTS_CM: Final = np.array(
    [[0.0, -4.5, 9.0], [1.4, -4.5, 8.3], [-1.4, -4.5, 8.3], [2.6, -4.1, 6.2], [-2.6, -4.1, 6.2]],
    np.float32,
)
"""Five points of the lower teeth, centimetres from the hinge, y up, z forward.

Front tooth, both canines, both first molars. Ours: an adult's jaw rounded to millimetres; the
points do not lie in one plane, so that they determine a rigid transform.
"""
JAW_OPEN_DEG: Final = 20.0
"""Turn about the axis through the jaw joints at jawOpen 1 (ours: front teeth 3.5 cm apart)."""
JAW_FORWARD_CM: Final = 0.7
"""Way of the lower teeth at jawForward 1 (ours: what a person can push the jaw forward)."""
JAW_LEN: Final = JAW_POINTS_CM.size
EYES_LEN: Final = 4
RESULT_LEN: Final = len(WEIGHTS) + JAW_LEN + EYES_LEN
"""Columns of `result`: 52 + 16 weights, 15 jaw displacements, 4 eye angles."""
IMPLICIT_LEN: Final = 16
"""Implicit emotions ahead of the ten explicit ones; the network ignores them."""
EMOTION_LEN: Final = IMPLICIT_LEN + len(EMOTIONS)

REST: Final = {"jaw": 0.02, "close": 0.15, "ttip": 0.10}
"""Articulators of a mouth that does not speak; the others are 0 (`visemes.csv`, class sil)."""

BROW_POSES: Final = {"browInnerUp": 1.0, "browOuterUpLeft": 0.6, "browOuterUpRight": 0.6}
"""What a stressed syllable lifts."""


def share_matrix() -> Floats:
    """float32 (15, 68): articulators to weights, without the products."""
    matrix = np.zeros((len(ARTICULATORS), len(WEIGHTS)), np.float32)
    for articulator, shares in SHARES.items():
        for pose, share in shares.items():
            matrix[ARTICULATORS.index(articulator), WEIGHTS.index(pose)] = share
    return matrix


def rest_row() -> Floats:
    """float32 (15,): the articulators of silence."""
    return np.array([REST.get(name, 0.0) for name in ARTICULATORS], np.float32)


def emotion_matrix() -> Floats:
    """float32 (26, 68): what each emotion adds at intensity 1; implicit emotions add nothing."""
    matrix = np.zeros((EMOTION_LEN, len(WEIGHTS)), np.float32)
    path = Path(__file__).parents[1] / "emotions.csv"
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    columns = [IMPLICIT_LEN + EMOTIONS.index(name) for name in header[1:]]
    for pose, *values in rows:
        matrix[columns, WEIGHTS.index(pose)] = np.array(values, np.float32)
    return matrix


def opening_poses() -> Floats:
    """float32 (68,): 1 for the poses of emotions that would part closed lips."""
    names = ("jawOpen", "mouthLowerDown", "mouthUpperUp", "mouthFunnel")
    return np.array([float(name.startswith(names)) for name in WEIGHTS], np.float32)


def jaw_displacements_cm() -> tuple[Floats, Floats]:
    """Displacements of the five jaw points at jawOpen 1 and at jawForward 1, float32 (15,) each.

    The displacement at smaller weights is proportional, so that it needs no sine in the graph; the
    angle of the rigid transform fitted to it differs from proportional by less than 0.1°.
    """
    turn = np.deg2rad(JAW_OPEN_DEG)
    turned = np.array(
        [[1, 0, 0], [0, np.cos(turn), -np.sin(turn)], [0, np.sin(turn), np.cos(turn)]]
    )
    opened = JAW_POINTS_CM @ turned.T - JAW_POINTS_CM
    forward = np.tile([0.0, 0.0, JAW_FORWARD_CM], len(JAW_POINTS_CM))
    return opened.astype(np.float32).ravel(), forward.astype(np.float32)


def result_matrix() -> Floats:
    """float32 (68, 87): weights to a row of `result`; the eyes stay 0."""
    matrix = np.zeros((len(WEIGHTS), RESULT_LEN), np.float32)
    np.fill_diagonal(matrix, 1.0)
    opened, forward = jaw_displacements_cm()
    jaw = slice(len(WEIGHTS), len(WEIGHTS) + JAW_LEN)
    matrix[WEIGHTS.index("jawOpen"), jaw] = opened
    matrix[WEIGHTS.index("jawForward"), jaw] = forward
    return matrix


def brow_row() -> Floats:
    """float32 (68,): what full stress adds."""
    return np.array([BROW_POSES.get(name, 0.0) for name in WEIGHTS], np.float32)
