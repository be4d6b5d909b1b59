"""Articulators, the ARKit weights that they ask for, and how far those part the lips.

Source: `training/README.md`, section "The rule model".
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import ARKIT

Reals: TypeAlias = NDArray[np.float64]

ARTICULATORS: Final = (
    "jaw", "close", "round", "funnel", "spread", "tuck", "ulr", "lld", "ttip", "tout", "tback",
)  # fmt: skip
"""Columns of `visemes.csv`, targets first, then dominances in the same order."""

LIP_SHARES: Final[Mapping[str, Mapping[str, float]]] = {
    "jaw": {"jawOpen": 0.80},
    "close": {
        "mouthRollLower": 0.18, "mouthRollUpper": 0.15, "mouthShrugLower": 0.15,
        "mouthPressLeft": 0.45, "mouthPressRight": 0.45,
    },
    "round": {"mouthFunnel": 0.10, "mouthPucker": 0.80},
    "funnel": {"jawForward": 0.12, "mouthFunnel": 0.75},
    "spread": {
        "mouthSmileLeft": 0.18, "mouthSmileRight": 0.18, "mouthDimpleLeft": 0.10,
        "mouthDimpleRight": 0.10, "mouthStretchLeft": 0.40, "mouthStretchRight": 0.40,
    },
    "tuck": {"mouthRollLower": 0.75, "mouthShrugLower": 0.20, "mouthShrugUpper": 0.10},
    "ulr": {"mouthUpperUpLeft": 0.50, "mouthUpperUpRight": 0.50},
    "lld": {"mouthLowerDownLeft": 0.55, "mouthLowerDownRight": 0.55},
}  # fmt: skip
"""What each articulator of jaw and lips adds to the ARKit weights (ours)."""


def arkit_of(articulators: NDArray[np.floating]) -> Reals:
    """ARKit weights of jaw and lips, 0 … 1.

    Args:
        articulators: (n, 11), order `ARTICULATORS`.

    Returns:
        float64 (n, 52), order `names.ARKIT`.
    """
    value = dict(zip(ARTICULATORS, np.clip(articulators, 0.0, 1.0).T, strict=True))
    weights = np.zeros((len(articulators), len(ARKIT)))
    for name, shares in LIP_SHARES.items():
        for pose, share in shares.items():
            weights[:, ARKIT.index(pose)] += share * value[name]
    weights[:, ARKIT.index("mouthClose")] = value["close"] * weights[:, ARKIT.index("jawOpen")]
    for side in ("Left", "Right"):
        column = ARKIT.index(f"mouthLowerDown{side}")
        weights[:, column] *= (1.0 - value["close"]) * (1.0 - 0.7 * value["tuck"])
    return np.asarray(np.clip(weights, 0.0, 1.0))


def lip_aperture(weights: NDArray[np.floating]) -> Reals:
    """How far the lips are apart, 0 … 1.2.

    Args:
        weights: (n, >= 52), the ARKit weights first, in the order of `names.ARKIT`.

    Returns:
        float64 (n,).
    """
    pose = {name: weights[:, i].astype(np.float64) for i, name in enumerate(ARKIT)}
    down = pose["mouthLowerDownLeft"] + pose["mouthLowerDownRight"]
    up = pose["mouthUpperUpLeft"] + pose["mouthUpperUpRight"]
    press = pose["mouthPressLeft"] + pose["mouthPressRight"]
    roll = pose["mouthRollLower"] + pose["mouthRollUpper"]
    gap = pose["jawOpen"] - pose["mouthClose"] + 0.175 * (down + up)
    shape = 0.2 * pose["mouthFunnel"] - 0.1 * pose["mouthPucker"] - 0.125 * press - 0.075 * roll
    return np.clip(gap + shape, 0.0, 1.2)
