"""The space in which a rig wants its transforms, and the way there from the head's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi
from typing import Final

import numpy as np

from a2f_ws.names import Floats

AXES: Final = ("+x", "-x", "+y", "-y", "+z", "-z")
HANDS: Final = ("right", "left")
UNITS: Final = {"m": 1.0, "cm": 100.0, "mmd": 12.5}
"""Units in a metre; one of MikuMikuDance is 8 cm (import scale 0.08 of mmd_tools)."""

TURN_MAX_DEG: Final = 180.0
QUATERNION: Final = 4
TRANSFORM: Final = 7
"""Floats of a transform: quaternion x y z w, position x y z (protocol §8)."""

SINE: Final = (1.0, -1 / 6, 1 / 120, -1 / 5040, 1 / 362_880, -1 / 39_916_800)
COSINE: Final = (1.0, -1 / 2, 1 / 24, -1 / 720, 1 / 40_320, -1 / 3_628_800, 1 / 479_001_600)
"""Taylor's series of sin x / x and cos x in x²; within ±π/2 they are off by less than 6e-8.

Sines of a library may depend on where in an array an angle stands, these cannot.
"""


@dataclass(frozen=True, slots=True)
class Space:
    """Axes and unit of a rig.

    Attributes:
        handedness: "right" or "left".
        up: Axis that points upwards.
        forward: Axis that points out of the face.
        unit: Key of `UNITS`.
    """

    handedness: str = "right"
    up: str = "+y"
    forward: str = "+z"
    unit: str = "m"

    @property
    def basis(self) -> tuple[tuple[int, float], ...]:
        """For each axis of the rig, the axis of the head's space that it is, and its sign.

        The head's own space is right-handed: x to the character's left, y up, z out of the face.
        """
        up, forward = _vector(self.up), _vector(self.forward)
        left = np.cross(up, forward) * self.side
        columns = np.stack([left, up, forward], axis=1)
        at = np.abs(columns).argmax(axis=1)
        return tuple((int(k), float(columns[axis, k])) for axis, k in enumerate(at))

    @property
    def side(self) -> float:
        """1 where hands are as in the head's own space, −1 where a mirror lies between."""
        return 1.0 if self.handedness == "right" else -1.0


def transforms(motions: Floats, space: Space) -> Floats:
    """Quaternions and positions of transforms in a rig's space.

    The rotation is intrinsic yaw, then pitch, then roll about the head's y, x and z: + turns the
    face to the character's left, down, and towards its own right shoulder.

    Args:
        motions: float32 (B, T, 6): pitch, yaw, roll in degrees, held within ±180; x, y, z in
            metres; in the head's own space.
        space: The rig's.

    Returns:
        float32 (B, T, 7), new array: quaternion x y z w, position x y z.

    Source:
        Euler angles YXZ to a quaternion (three.js, `Quaternion.setFromEuler`); a change of basis
        with determinant d takes the axis v of a rotation to d · M v.
    """
    if not motions.any():
        return _still(motions.shape[:2])
    half = np.clip(motions[..., :3], -TURN_MAX_DEG, TURN_MAX_DEG) * np.float32(pi / 360)
    square = half * half
    sine = _series(square, SINE) * half
    cosine = _series(square, COSINE)
    sx, sy, sz = sine[..., 0], sine[..., 1], sine[..., 2]
    cx, cy, cz = cosine[..., 0], cosine[..., 1], cosine[..., 2]
    turn = (
        sx * cy * cz + cx * sy * sz,
        cx * sy * cz - sx * cy * sz,
        cx * cy * sz - sx * sy * cz,
    )
    out: Floats = np.empty((*motions.shape[:2], TRANSFORM), np.float32)
    scale = np.float32(UNITS[space.unit])
    for axis, (k, sign) in enumerate(space.basis):
        out[..., axis] = turn[k] * np.float32(sign * space.side) + np.float32(0)
        out[..., QUATERNION + axis] = motions[..., 3 + k] * np.float32(sign) * scale + np.float32(0)
    out[..., 3] = cx * cy * cz + sx * sy * sz
    return out


def _still(shape: tuple[int, ...]) -> Floats:
    """Transforms of what does not move, float32 (B, T, 7): the same bits as computed ones."""
    out: Floats = np.zeros((*shape, TRANSFORM), np.float32)
    out[..., QUATERNION - 1] = 1.0
    return out


def _vector(axis: str) -> Floats:
    vector = np.zeros(3, np.float32)
    vector["xyz".index(axis[1])] = 1.0 if axis[0] == "+" else -1.0
    return vector


def _series(x: Floats, factors: Sequence[float]) -> Floats:
    """Σ factor · xᵏ."""
    total = np.full_like(x, factors[-1])
    for factor in factors[-2::-1]:
        total = total * x + np.float32(factor)
    return total
