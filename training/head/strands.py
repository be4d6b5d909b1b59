"""Brows and lashes: single hairs that stand on the skin and follow its shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from training.head.base import Base
from training.head.mesh import Mesh, normals
from training.head.source import Array, Ints

BROW: Final = ((-1.35, 1.22), (-0.70, 1.40), (0.05, 1.58), (0.85, 1.70), (1.65, 1.58), (2.35, 1.18))
"""Middle line of the left brow from the nose outwards, x and y from the eyeball's centre, cm.

Ours, along the ridge of the base mesh's brow.
"""

BROW_THICK: Final = (0.55, 0.66, 0.62, 0.50, 0.34, 0.12)
"""Height of the brow at these points."""

BROW_HAIRS: Final = 150
"""Hairs of one brow."""

BROW_HALF_CM: Final = 0.026
"""Half the width of a hair where it is thickest."""

BROW_LIFT_CM: Final = (0.0, 0.035, 0.035, 0.03)
"""How far root, both middles and tip of a hair stand off the skin."""

UPPER_LASHES: Final = 36
LOWER_LASHES: Final = 16
"""Hairs of one lid."""

DARK: Final = (0.022, 0.013, 0.009)
"""Linear colour of the hairs."""

SEED: Final = 7
"""Start of the random numbers that make hairs unlike one another."""


@dataclass(frozen=True, slots=True, eq=False)
class Pins:
    """Points on a triangle mesh, each by the three vertices around it.

    Attributes:
        corners: int64 (P, 3).
        shares: float64 (P, 3), adding up to 1.
    """

    corners: Ints
    shares: Array

    def of(self, values: Array) -> Array:
        """Values of vertices (V, N) at the points, (P, N)."""
        result: Array = (values[self.corners] * self.shares[..., None]).sum(axis=1)
        return result


def pinned(positions: Array, triangles: Ints, *, spots: Array) -> Pins:
    """The points of a surface that one sees from the front at given x and y.

    Args:
        positions: float64 (V, 3).
        triangles: int64 (T, 3), those that face the viewer.
        spots: float64 (P, 2), each over the surface.
    """
    corners = positions[triangles]
    a, ab, ac = corners[:, 0], corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    faces_us = area > 1e-9
    found, shares = [], []
    for spot in spots:
        away = spot - a[:, :2]
        v = (away[:, 0] * ac[:, 1] - away[:, 1] * ac[:, 0]) / np.where(faces_us, area, 1.0)
        w = (ab[:, 0] * away[:, 1] - ab[:, 1] * away[:, 0]) / np.where(faces_us, area, 1.0)
        inside = np.minimum(np.minimum(v, w), 1.0 - v - w)
        depth = a[:, 2] + v * ab[:, 2] + w * ac[:, 2]
        best = int(np.argmax(np.where(faces_us & (inside >= -1e-9), depth, -np.inf)))
        found.append(triangles[best])
        shares.append([1.0 - v[best] - w[best], v[best], w[best]])
    return Pins(np.array(found), np.array(shares))


def brows(base: Base, triangles: Ints) -> Mesh:
    """Both brows as one mesh.

    Args:
        base: The mended head.
        triangles: int64 (T, 3), skin around the brows.
    """
    random = np.random.default_rng(SEED)
    roots, tips = _brow(random)
    across = np.column_stack([-(tips - roots)[:, 1], (tips - roots)[:, 0]])
    across *= BROW_HALF_CM / np.linalg.norm(across, axis=1, keepdims=True)
    middles = roots * 0.62 + tips * 0.38
    flat = np.stack([roots, middles - across, middles + across, tips], axis=1).reshape(-1, 2)
    left, right = base.centres[:, :2]
    spots = np.concatenate([flat + left, flat * (-1.0, 1.0) + right])
    pins = pinned(base.positions, triangles, spots=spots)
    lift = np.tile(BROW_LIFT_CM, len(spots) // 4)[:, None]
    positions = pins.of(base.positions) + pins.of(normals(base.positions, triangles)) * lift
    first = np.arange(0, len(positions), 4)
    blades = np.concatenate(
        [
            np.column_stack([first, first + 1, first + 2]),
            np.column_stack([first + 2, first + 1, first + 3]),
        ]
    )
    light = 0.7 + 0.6 * random.random(len(first))
    return Mesh(
        name="Brows",
        least_cm=0.03,
        positions=positions,
        triangles=blades,
        colours=np.array(DARK) * 1.8 * np.repeat(light, 4)[:, None],
        shapes={name: pins.of(delta) for name, delta in base.shapes.items()},
        material="lashes",
    )


def _brow(random: np.random.Generator) -> tuple[Array, Array]:
    """Roots and tips of the left brow's hairs in its own plane, (H, 2) each."""
    knots = np.linspace(0.0, 1.0, len(BROW))
    line = np.array(BROW)
    at = (np.arange(BROW_HAIRS) + random.random(BROW_HAIRS)) / BROW_HAIRS
    at = at**0.92
    across = random.random(BROW_HAIRS) - 0.5
    thick = np.interp(at, knots, BROW_THICK)
    roots = np.column_stack([np.interp(at, knots, line[:, axis]) for axis in (0, 1)])
    ahead = np.column_stack([np.interp(at + 0.02, knots, line[:, axis]) for axis in (0, 1)])
    behind = np.column_stack([np.interp(at - 0.02, knots, line[:, axis]) for axis in (0, 1)])
    along = (ahead - behind) / np.linalg.norm(ahead - behind, axis=1, keepdims=True)
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    roots += normal * (across * thick)[:, None]
    lift = np.radians(
        62.0 * (1.0 - at) ** 2.2 - 22.0 * across * 2.0 + random.normal(0.0, 6.0, BROW_HAIRS)
    )
    way = along * np.cos(lift)[:, None] + normal * np.sin(lift)[:, None]
    length = (0.50 - 0.12 * at) * (0.75 + 0.4 * random.random(BROW_HAIRS))
    return roots, roots + way * length[:, None]


def lashes(base: Base) -> Mesh:
    """The lashes of all four lids as one mesh."""
    random = np.random.default_rng(SEED + 1)
    parts: list[tuple[Array, Array, Mapping[str, Array]]] = []
    for side in (0, 1):
        for upper, count in ((True, UPPER_LASHES), (False, LOWER_LASHES)):
            parts.append(_lid(base, side, upper=upper, count=count, random=random))
    positions = np.concatenate([part[0] for part in parts])
    starts = np.cumsum([0, *(len(part[0]) for part in parts)])
    names = list(parts[0][2])
    return Mesh(
        name="Lashes",
        least_cm=0.03,
        positions=positions,
        triangles=np.concatenate(
            [part[1] + start for part, start in zip(parts, starts[:-1], strict=True)]
        ),
        colours=np.tile(DARK, (len(positions), 1)),
        shapes={name: np.concatenate([part[2][name] for part in parts]) for name in names},
        material="lashes",
    )


def _lid(
    base: Base, side: int, *, upper: bool, count: int, random: np.random.Generator
) -> tuple[Array, Array, Mapping[str, Array]]:
    centre = base.centres[side]
    edge = base.eyes[side].part(3, upper=upper)
    edge = edge[np.argsort(base.positions[edge, 0])]
    x = base.positions[edge, 0]
    inner, outer = (x[0], x[-1]) if side == 0 else (x[-1], x[0])
    at = (np.arange(count) + 0.3 + 0.4 * random.random(count)) / count
    spots = inner + (outer - inner) * (0.12 + 0.85 * at)

    def along(values: Array) -> Array:
        return np.column_stack([np.interp(spots, x, values[edge, axis]) for axis in range(3)])

    roots = along(base.positions)
    fan = np.where(side == 0, 1.0, -1.0) * (at - 0.38) * 0.95
    rise = (0.62 if upper else -0.62) + random.normal(0.0, 0.05, count)
    way = np.column_stack([fan, rise, np.full(count, 0.95)])
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    longest = 0.50 if upper else 0.24
    length = (
        longest
        * (0.55 + 0.55 * np.sin(np.pi * (0.15 + 0.75 * at)))
        * (0.85 + 0.3 * random.random(count))
    )
    bend = np.array([0.0, 0.5 if upper else -0.25, -0.12]) * length[:, None]
    middles, tips = roots + way * length[:, None] * 0.55, roots + way * length[:, None] + bend
    thick = np.array([0.019 if upper else 0.010, 0.0, 0.0])
    points = np.stack(
        [roots - thick, roots + thick, middles - thick * 0.6, middles + thick * 0.6, tips], axis=1
    )
    first = np.arange(0, 5 * count, 5)[:, None]
    pattern = np.array([[0, 1, 3], [0, 3, 2], [2, 3, 4]])
    shapes = {
        name: _carried(points, roots, moved=along(delta), centre=centre).reshape(-1, 3)
        for name, delta in base.shapes.items()
    }
    return points.reshape(-1, 3), (first[:, None] + pattern).reshape(-1, 3), shapes


def _carried(points: Array, roots: Array, *, moved: Array, centre: Array) -> Array:
    """Displacement of hairs whose roots move about the eyeball and take the hairs along."""
    before, after = roots - centre, roots + moved - centre
    turn = np.arctan2(after[:, 1], after[:, 2]) - np.arctan2(before[:, 1], before[:, 2])
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    arm = points - roots[:, None]
    y = arm[..., 1] * cos + arm[..., 2] * sin
    z = arm[..., 2] * cos - arm[..., 1] * sin
    return np.stack([arm[..., 0], y, z], axis=-1) - arm + moved[:, None]
