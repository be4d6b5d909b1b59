"""Teeth and gums along two arches.

Lengths in centimetres from the middle of the lips: y up, z to the front.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from training.head.mesh import Mesh, joined, triangulated
from training.head.source import Array

HALF: Final = (0.92, 0.72, 0.80, 0.74, 0.74, 1.0)
"""Widths of a half's six teeth from the middle, upper jaw; nobody sees the others.

Source: mean crown widths (Wheeler) times 1.08, the mouth of the base mesh being large.
"""

LENGTHS: Final = (1.02, 0.90, 1.0, 0.84, 0.78, 0.70)
"""Heights of the crowns (same source)."""

DEPTHS: Final = (0.55, 0.52, 0.62, 0.80, 0.85, 1.0)
"""Thickness from the lips inwards (same source)."""

ENAMEL: Final = np.array([0.72, 0.66, 0.54])
"""Linear colour. Ours."""

CORNERS: Final = 8
"""Vertices of a crown's ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arch:
    """Where one row of teeth stands.

    Attributes:
        name: Name of the mesh.
        gum_y: Height of the gum's edge.
        front_z: The middle of the front teeth's faces.
        half_x: Half the width of the arch at its ends.
        depth: From the front to the ends.
        grows: -1 for the upper row (crowns hang down), 1 for the lower.
        scale: Size of the teeth against the upper row's.
    """

    name: str
    gum_y: float
    front_z: float
    half_x: float
    depth: float
    grows: float
    scale: float


UPPER: Final = Arch(
    name="UpperTeeth", gum_y=0.74, front_z=-0.52, half_x=2.75, depth=4.6, grows=-1.0, scale=1.0
)
LOWER: Final = Arch(
    name="LowerTeeth", gum_y=-1.02, front_z=-0.80, half_x=2.6, depth=4.35, grows=1.0, scale=0.94
)


def row(arch: Arch, middle: Array) -> Mesh:
    """One row of teeth with its gum.

    Args:
        arch: Which.
        middle: float64 (3,), middle of the lips.
    """
    line = _line(arch)
    lengths = _lengths(line)
    fits = min(1.0, lengths[-1] / (sum(HALF) * arch.scale * 1.02))
    parts = [_gum(arch, line)]
    for side in (1.0, -1.0):
        at = 0.0
        for index, width in enumerate(HALF):
            wide = width * arch.scale * fits * (0.72 if arch.grows > 0 and index < 2 else 1.0)
            spot = at + wide / 2.0
            at += wide
            parts.append(_tooth(arch, line, index=index, spot=spot, wide=wide, side=side))
    whole = joined(arch.name, parts)
    return Mesh(
        name=arch.name,
        positions=whole.positions + middle,
        triangles=whole.triangles,
        colours=whole.colours,
        material="teeth",
    )


def _line(arch: Arch) -> Array:
    """The left half of the arch seen from above, x and z, from the middle to the end.

    Source:
        A superellipse of exponent 2.2, close to the catenary of dental arches.
    """
    angle = np.linspace(0.0, np.pi / 2.0, 60)
    x = arch.half_x * np.sin(angle) ** (2.0 / 2.2)
    z = arch.front_z - arch.depth * (1.0 - np.cos(angle) ** (2.0 / 2.2))
    return np.column_stack([x, z])


def _lengths(line: Array) -> Array:
    """Way along a line to each of its points."""
    return np.concatenate([[0.0], np.linalg.norm(np.diff(line, axis=0), axis=1).cumsum()])


def _tooth(arch: Arch, line: Array, *, index: int, spot: float, wide: float, side: float) -> Mesh:
    lengths = _lengths(line)
    x, z = (np.interp(spot, lengths, line[:, axis]) for axis in (0, 1))
    ahead = [
        np.interp(spot + step, lengths, line[:, axis]) for step in (-0.1, 0.1) for axis in (0, 1)
    ]
    along = np.array([ahead[2] - ahead[0], ahead[3] - ahead[1]])
    along /= np.linalg.norm(along)
    outward = np.array([-along[1], along[0]])
    long, deep = LENGTHS[index] * arch.scale, DEPTHS[index] * arch.scale
    is_front = index < 3
    angle = np.arange(CORNERS) * (2.0 * np.pi / CORNERS) + np.pi / CORNERS
    power = 0.55
    u = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power
    v = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power
    levels = (
        (-0.25, 0.80, 0.95, 0.0), (0.05, 0.88, 1.0, 0.0), (0.45, 0.97, 0.95, 0.02),
        (0.85, 0.95, 0.55 if is_front else 0.9, 0.03),
        (1.0, 0.78, 0.22 if is_front else 0.62, 0.02),
    )  # fmt: skip
    points, shades = [], []
    for height, broad, thick, lean in levels:
        inward = (v - 1.0) * 0.5 * deep * thick - lean * deep
        flat = (x, z) + (u * wide * 0.5 * broad)[:, None] * along + inward[:, None] * outward
        y = arch.gum_y + arch.grows * height * long
        points.append(np.column_stack([flat[:, 0] * side, np.full(CORNERS, y), flat[:, 1]]))
        shades.append(np.full(CORNERS, 0.72 + 0.28 * min(1.0, height + 0.45)))
    points.append(points[-1].mean(axis=0, keepdims=True))
    shades.append(np.ones(1))
    back = max(0.35, 1.0 - 0.10 * index)
    return _solid(points, np.concatenate(shades) * back)


def _solid(rings: list[Array], shades: Array) -> Mesh:
    """A crown from its rings and its top, open towards the gum."""
    around = np.arange(CORNERS)
    after = (around + 1) % CORNERS
    quads = [
        np.column_stack([r + around, r + after, r + CORNERS + after, r + CORNERS + around])
        for r in range(0, (len(rings) - 2) * CORNERS, CORNERS)
    ]
    last = (len(rings) - 2) * CORNERS
    cap = np.column_stack([last + around, last + after, np.full(CORNERS, last + CORNERS)])
    triangles = np.concatenate([triangulated(np.concatenate(quads)), cap])
    points = np.concatenate(rings)
    corners = points[triangles] - points.mean(axis=0)
    volume = float((np.cross(corners[:, 0], corners[:, 1]) * corners[:, 2]).sum())
    return Mesh(
        name="tooth",
        positions=points,
        triangles=triangles[:, ::-1] if volume < 0.0 else triangles,
        colours=ENAMEL * shades[:, None],
    )


def _gum(arch: Arch, line: Array) -> Mesh:
    """A swelling along the arch that the crowns stand in."""
    half = line[::4]
    whole = np.concatenate([half[:0:-1] * (-1.0, 1.0), half])
    tangent = np.gradient(whole, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    outward = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    profile = ((0.14, 0.9), (0.19, 0.35), (0.12, 0.0), (-0.3, -0.14), (-0.85, 0.0), (-0.95, 0.9))
    rings = []
    for away, height in profile:
        flat = whole + outward * away
        y = np.full(len(whole), arch.gum_y - arch.grows * height)
        rings.append(np.column_stack([flat[:, 0], y, flat[:, 1]]))
    count = len(whole)
    quads = [
        [r * count + i, r * count + i + 1, (r + 1) * count + i + 1, (r + 1) * count + i]
        for r in range(len(profile) - 1)
        for i in range(count - 1)
    ]
    triangles = triangulated(np.array(quads, np.int64))
    fade = np.clip(1.0 - (whole[:, 1].max() - whole[:, 1]) / 6.0, 0.3, 1.0)
    colours = np.array([0.52, 0.16, 0.15]) * np.tile(fade, len(profile))[:, None]
    return Mesh(
        name="gum",
        positions=np.concatenate(rings),
        triangles=triangles[:, ::-1] if arch.grows < 0 else triangles,
        colours=colours,
    )
