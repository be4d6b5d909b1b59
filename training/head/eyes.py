"""Eyeballs: a sphere with a cornea that bulges, painted iris, pupil and white."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from training.head.lids import EYEBALL_CM
from training.head.mesh import Mesh
from training.head.source import Array, Ints

AROUND: Final = 28
"""Vertices of a ring."""

PUPIL_CM: Final = 0.20
IRIS_CM: Final = 0.60
"""Radii seen from the front.

Source: iris 11.7 mm across, pupil 2 to 4 mm in daylight (Rüfer et al., 2005), on an eyeball that is
a quarter too large as in the base mesh.
"""

RINGS_CM: Final = (
    0.10, 0.19, 0.21, 0.28, 0.37, 0.46, 0.545, 0.575, 0.625, 0.70, 0.95, 1.25, 1.48,
)  # fmt: skip
"""Distances of the rings from the eye's axis."""

CORNEA_CM: Final = 0.06
"""How far the cornea stands out; less than a real one, which the lids of the base mesh leave no
room for."""

LOOKS: Final[Mapping[str, tuple[float, float]]] = {
    "eyeLookUp": (-20.0, 0.0),
    "eyeLookDown": (24.0, 0.0),
    "eyeLookIn": (0.0, 30.0),
    "eyeLookOut": (0.0, 30.0),
}
"""Degrees of pitch (down is positive) and of yaw at weight 1.

Source: the angles at which ARKit's coefficients are about 1; unofficial, read off recordings.
"""


def eyeball(centre: Array, *, side: str) -> Mesh:
    """One eye, looking ahead.

    Args:
        centre: float64 (3,), centimetres.
        side: "Left" or "Right", the character's own.
    """
    points, triangles = _sphere()
    towards_left = 1.0 if side == "Left" else -1.0
    shapes = {}
    for name, (pitch, yaw) in LOOKS.items():
        outwards = -1.0 if name == "eyeLookIn" else 1.0
        turn = _turn(pitch, yaw * towards_left * outwards)
        shapes[f"{name}{side}"] = points @ turn.T - points
    return Mesh(
        name=f"{side}Eye",
        positions=points + centre,
        triangles=triangles,
        colours=_painted(points),
        shapes=shapes,
        material="eye",
        is_shaded=True,
    )


def _turn(pitch_deg: float, yaw_deg: float) -> Array:
    """Rotation matrix; positive pitch looks down, positive yaw to +x."""
    pitch, yaw = np.radians([pitch_deg, yaw_deg])
    about_x = np.array(
        [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    )
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    turn: Array = about_y @ about_x
    return turn


def _sphere() -> tuple[Array, Ints]:
    """The front of a sphere about the origin, to a little behind its equator."""
    angles = np.arange(AROUND) * (2.0 * np.pi / AROUND)
    polar = [*np.arcsin(np.array(RINGS_CM) / EYEBALL_CM), np.radians(112.0)]
    points = [np.array([[0.0, 0.0, EYEBALL_CM + CORNEA_CM]])]
    for angle in polar:
        away = EYEBALL_CM * np.sin(angle)
        in_front = angle < np.pi / 2
        bulge = CORNEA_CM * max(0.0, 1.0 - (away / 0.68) ** 2) if in_front else 0.0
        height = np.full(AROUND, EYEBALL_CM * np.cos(angle) + bulge)
        points.append(np.column_stack([away * np.cos(angles), away * np.sin(angles), height]))
    around = np.arange(AROUND)
    after = (around + 1) % AROUND
    triangles = [np.column_stack([np.zeros(AROUND, np.int64), 1 + around, 1 + after])]
    for ring in range(len(polar) - 1):
        inner, outer = 1 + ring * AROUND, 1 + (ring + 1) * AROUND
        triangles.append(np.column_stack([inner + around, outer + around, outer + after]))
        triangles.append(np.column_stack([inner + around, outer + after, inner + after]))
    return np.concatenate(points), np.concatenate(triangles).astype(np.int64)


def _painted(points: Array) -> Array:
    """Linear colours; darker under the upper lid, reddish towards the corners."""
    away = np.hypot(points[:, 0], points[:, 1])
    angle = np.arctan2(points[:, 1], points[:, 0])
    colours = np.tile([0.72, 0.69, 0.66], (len(points), 1))
    side = np.clip((np.abs(points[:, 0]) - 0.75) / 0.6, 0.0, 1.0)[:, None]
    colours = colours * (1.0 - side) + side * np.array([0.62, 0.42, 0.38])
    streaks = 0.5 + 0.28 * np.sin(angle * 17.0 + 3.0) + 0.22 * np.sin(angle * 29.0 + 1.0)
    inner = np.clip((away - PUPIL_CM) / (IRIS_CM - PUPIL_CM), 0.0, 1.0)[:, None]
    amber, green = np.array([0.21, 0.105, 0.028]), np.array([0.055, 0.105, 0.075])
    iris = (amber * (1.0 - inner) + green * inner) * (0.65 + 0.7 * streaks[:, None])
    iris *= 0.75 - 0.35 * np.sin(angle)[:, None] * inner
    iris = np.where(away[:, None] > 0.56, iris * 0.18, iris)
    colours = np.where(away[:, None] < IRIS_CM, iris, colours)
    colours = np.where(away[:, None] < PUPIL_CM, 0.002, colours)
    shade = 1.0 - 0.55 * np.clip((points[:, 1:2] - 0.05) / 0.6, 0.0, 1.0)
    return np.asarray(colours * shade)
