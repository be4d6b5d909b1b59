"""Gaze as weights: what the rotations of both eyes mean to the eight eyeLook poses."""

from typing import Final

import numpy as np

from a2f_ws.names import EYES, WEIGHTS, Floats

GAZE: Final[tuple[str, ...]] = tuple(
    f"eyeLook{way}{side}" for side in ("Right", "Left") for way in ("Up", "Down", "In", "Out")
)
"""The poses of gaze; those of the right eye first, as its rotations come first."""

LIMIT_DEG: Final = 30.0
"""Rotation that is a whole weight, degrees. Source: the usual travel of ARKit's eyeLook poses."""

_COLUMNS: Final = [WEIGHTS.index(name) for name in GAZE]

_UP, _DOWN, _LEFT, _RIGHT = range(4)
_WAYS: Final = [_UP, _DOWN, _LEFT, _RIGHT, 4 + _UP, 4 + _DOWN, 4 + _RIGHT, 4 + _LEFT]
"""In means towards the nose: left for the right eye, right for the left one."""


def look(weights: Floats, eyes: Floats) -> None:
    """Set the eyeLook weights.

    Args:
        weights: float32 (B, 68), changed in place.
        eyes: float32 (B, 4), right x, right y, left x, left y, degrees; x down, y to the
            character's left.
    """
    turned = (eyes / np.float32(LIMIT_DEG)).reshape(len(eyes), len(EYES) // 2, 2)
    pitch, yaw = turned[:, :, 0], turned[:, :, 1]
    ways = np.stack((-pitch, pitch, yaw, -yaw), axis=2).reshape(len(eyes), -1)
    weights[:, _COLUMNS] = np.clip(ways[:, _WAYS], 0.0, 1.0) + np.float32(0.0)
