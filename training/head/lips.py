"""Lips that meet: moves both until the slit between them is as wide as wanted."""

from typing import Final

import numpy as np

from training.head.base import Base, Opening
from training.head.source import Array
from training.head.surface import spread

INNER: Final = (0, 1, 2, 3, 4)
"""Rings of the lips' red that can touch the other lip."""

MOVED: Final = (0, 1, 2, 3, 4, 5, 6)
"""Rings that move with a lip as a whole."""

REACH_CM: Final = 1.6
"""How far around the lips the skin yields."""

HALF_CM: Final = 2.25
"""Half the width over which lips are compared; the corners are one piece anyway."""

OUTLINE: Final = 3
"""Ring that bounds an open mouth as one sees it."""

ROUNDNESS: Final = 2.3
"""Exponent of an open mouth's outline: 1 is a V, 2 a parabola."""

STEPS: Final = np.linspace(-HALF_CM, HALF_CM, 46)
"""Places along the mouth at which lips are compared, x in cm."""


def gaps(positions: Array, mouth: Opening) -> Array:
    """Height of the slit between the lips as seen from the front; negative where they overlap.

    Args:
        positions: float64 (V, 3), centimetres.
        mouth: The lips.

    Returns:
        float64 (46,), centimetres, at `STEPS`.
    """
    lowest = np.min([_height(positions, mouth, ring=ring, upper=True) for ring in INNER], axis=0)
    highest = np.max([_height(positions, mouth, ring=ring, upper=False) for ring in INNER], axis=0)
    between: Array = lowest - highest
    return between


def fitted(base: Base, positions: Array, *, low: float, high: float, share: float = 0.5) -> Array:
    """The displacement that brings the slit between the lips into a range.

    Args:
        base: The head.
        positions: float64 (V, 3), a pose.
        low: Least height of the slit, cm; negative is overlap.
        high: Greatest height of the slit, cm.
        share: Part of the way that the lower lip makes, 0 … 1.

    Returns:
        float64 (V, 3), centimetres.
    """
    total = np.zeros_like(positions)
    for _ in range(3):
        found = gaps(positions + total, base.mouth)
        way = found - found.clip(low, high)
        total = total + _moved(base, positions + total, way=way, share=share)
    return total


def rounded(base: Base, positions: Array) -> Array:
    """The displacement that gives the lower lip of an open mouth the outline of an oval.

    Args:
        base: The head.
        positions: float64 (V, 3), jaw open.

    Returns:
        float64 (V, 3), centimetres.
    """
    edge = _height(positions, base.mouth, ring=OUTLINE, upper=False)
    half = float(np.abs(positions[list(base.mouth.corners), 0]).min()) * 0.97
    middle, corner = np.interp([0.0, half], STEPS, edge)
    along = np.abs(STEPS / half).clip(None, 1.0)
    oval = corner + (middle - corner) * (1.0 - along**ROUNDNESS)
    way = (oval - edge).clip(None, 0.0) * (1.0 - along**6)
    return _moved(base, positions, way=way, share=1.0)


def _moved(base: Base, positions: Array, *, way: Array, share: float) -> Array:
    handles, values = [], []
    for upper, part in ((True, share - 1.0), (False, share)):
        vertices = base.mouth.part(*MOVED, upper=upper)
        x = positions[vertices, 0]
        fade = np.clip((2.5 - np.abs(x)) / 0.4, 0.0, 1.0)
        lift = np.zeros((len(vertices), 3))
        lift[:, 1] = np.interp(x, STEPS, way) * part * fade
        handles.append(vertices)
        values.append(lift)
    near = _near(base)
    return spread(
        base.positions,
        near,
        handles=np.concatenate(handles),
        values=np.concatenate(values),
        reach=REACH_CM,
    )


def _near(base: Base) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Triangles of the head's front."""
    corners = base.positions[base.triangles]
    inside = (np.abs(corners - base.pivot) < (8.0, 14.0, 16.0)).all(axis=(1, 2))
    return base.triangles[inside]


def _height(positions: Array, mouth: Opening, *, ring: int, upper: bool) -> Array:
    vertices = mouth.part(ring, upper=upper)
    ordered = vertices[np.argsort(positions[vertices, 0])]
    heights: Array = np.interp(STEPS, positions[ordered, 0], positions[ordered, 1])
    return heights
