"""Where the skin ends: a plain shirt with a round collar, cut off below the shoulders."""

from typing import Final

import numpy as np

from training.head.base import Base
from training.head.mesh import Mesh, joined, normals, triangulated
from training.head.source import Array, Ints
from training.head.surface import clipped

COLLAR: Final = (-11.9, 0.42)
"""Height of the collar at the head's pivot, cm, and how much it falls per cm to the front."""

BOTTOM: Final = (-18.0, 0.10)
"""The same of the lower edge."""

SHOULDER_CM: Final = 13.0
"""Half the width of what is left of the shoulders."""

OFF_CM: Final = 0.35
"""How far the cloth stands off the skin."""

RIB_CM: Final = 0.42
"""Thickness of the collar's rib."""

CLOTH: Final = np.array([0.030, 0.075, 0.105])
RIB: Final = np.array([0.022, 0.055, 0.078])
"""Linear colours."""


def plane(base: Base, where: tuple[float, float]) -> tuple[Array, Array]:
    """A point of a slanting plane and its normal, which points up."""
    height, fall = where
    up = np.array([0.0, 1.0, fall])
    return base.pivot + np.array([0.0, height, 0.0]), up / np.linalg.norm(up)


def shirt(base: Base) -> Mesh:
    """The shirt with its collar, without shapes."""
    corners = base.positions[base.quads] - base.pivot
    near = (corners[..., 1] > -32.0).all(axis=1) & (np.abs(corners[..., 0]) < 22.0).all(axis=1)
    near &= (corners[..., 1] < -2.0).any(axis=1) & (corners[..., 2] < 9.5).all(axis=1)
    whole = Mesh(
        name="Shirt",
        positions=base.positions + normals(base.positions, base.triangles) * OFF_CM,
        triangles=triangulated(base.quads[near]),
        colours=np.tile(CLOTH, (len(base.positions), 1)),
        material="cloth",
    )
    point, up = plane(base, BOTTOM)
    part = _capped(whole, point=point, normal=up)
    for side in (-1.0, 1.0):
        shoulder = base.pivot + np.array([side * SHOULDER_CM, BOTTOM[0], 0.0])
        part = _capped(part, point=shoulder, normal=np.array([-side * 0.92, 0.39, 0.0]))
    point, up = plane(base, COLLAR)
    part, rim = clipped(part, point=point, normal=-up)
    return joined("Shirt", [part, _rib(part.positions[rim], up)])


def _capped(mesh: Mesh, *, point: Array, normal: Array) -> Mesh:
    """The part above a plane with the cut closed by a fan of triangles."""
    part, rim = clipped(mesh, point=point, normal=normal)
    edge = part.positions[rim]
    middle = edge.mean(axis=0, keepdims=True)
    around = np.arange(len(rim))
    fan = np.column_stack([around, np.roll(around, -1), np.full(len(rim), len(rim))])
    cap = Mesh(
        name="cap",
        positions=np.concatenate([edge, middle]),
        triangles=fan,
        colours=np.tile(RIB, (len(rim) + 1, 1)),
        material="cloth",
    )
    return joined(mesh.name, [part, cap])


def _rib(rim: Array, up: Array) -> Mesh:
    """A tube along the collar."""
    for _ in range(3):
        rim = 0.5 * rim + 0.25 * (np.roll(rim, 1, axis=0) + np.roll(rim, -1, axis=0))
    rim = rim[: len(rim) // 3 * 3 : 3]
    along = np.roll(rim, -1, axis=0) - np.roll(rim, 1, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    outward = np.cross(along, up)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    if float(((rim - rim.mean(axis=0)) * outward).sum()) < 0.0:
        rim, outward = rim[::-1], outward[::-1] * -1.0
        outward = -outward
    angles = np.arange(6) * (2.0 * np.pi / 6.0)
    tall = RIB_CM * 1.25
    rings = [
        rim + outward * (RIB_CM * 0.5 * np.cos(a) - 0.08) + up * (tall * 0.5 * np.sin(a) + 0.06)
        for a in angles
    ]
    count = len(rim)
    quads = [
        [r * count + i, r * count + (i + 1) % count,
         (r + 1) % 6 * count + (i + 1) % count, (r + 1) % 6 * count + i]
        for r in range(6) for i in range(count)
    ]  # fmt: skip
    points = np.concatenate(rings)
    triangles = triangulated(np.array(quads, np.int64))
    return Mesh(
        name="rib",
        positions=points,
        triangles=_outwards(points, triangles, centre=rim, count=count),
        colours=np.tile(RIB, (len(points), 1)),
        material="cloth",
    )


def _outwards(points: Array, triangles: Ints, *, centre: Array, count: int) -> Ints:
    """The triangles, turned over if most of them face the tube's middle line."""
    away = points - np.tile(centre, (len(points) // count, 1))
    is_out = float((normals(points, triangles) * away).sum()) > 0.0
    return triangles if is_out else triangles[:, ::-1]
