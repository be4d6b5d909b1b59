"""Lids that turn about the eyeball's centre: blinks that close, lids that follow the gaze.

Source: the falloff over the lid is that of Face Units 01; the meeting is ours.
"""

from typing import Final

import numpy as np

from training.head.base import Base, Opening
from training.head.mesh import smoothstep
from training.head.source import Array

EYEBALL_CM: Final = 1.5
"""Radius of the eyeball; the base mesh's lids were shaped over one of 1.52 cm (measured)."""

EDGE: Final = 2
"""Ring of the lids' touching edges, counted from the inner edge."""

LOWER_REACH: Final = np.radians(32.0)
"""Angle below the lower edge at which the lower lid is at rest. Ours."""


def turned(base: Base, side: int, *, upper: float, lower: float) -> Array:
    """The lids of one eye turned towards each other; (1, 0) and (0.88, 0.12) close it.

    Args:
        base: The head.
        side: 0 for the left eye, 1 for the right.
        upper: How far the upper lid comes down, as a share of the opening; negative lifts it.
        lower: How far the lower lid comes up.

    Returns:
        float64 (V, 3), centimetres.
    """
    lids, centre = base.eyes[side], base.centres[side]
    source = base.shapes[("eyeBlinkLeft", "eyeBlinkRight")[side]]
    at = base.positions - centre
    top, bottom = (_edge(lids, at, upper=is_upper) for is_upper in (True, False))
    opening = np.interp(at[:, 0], top[:, 0], top[:, 1]) - np.interp(
        at[:, 0], bottom[:, 0], bottom[:, 1]
    )
    low, high = top[[0, -1], 0]
    opening = np.where((at[:, 0] > low) & (at[:, 0] < high), opening, 0.0).clip(0.0)
    angles = np.arctan2(at[:, 1], at[:, 2])
    falls = angles - np.arctan2(at[:, 1] + source[:, 1], at[:, 2] + source[:, 2])
    share = _share_of_upper(base, side, falls=falls)
    below = np.interp(at[:, 0], bottom[:, 0], bottom[:, 1]) - angles
    near = (np.linalg.norm(at, axis=1) < 2.2) & (at[:, 2] > 0.2) & (share == 0.0)
    rises = np.where(near & ~lids.is_upper, smoothstep(below, low=LOWER_REACH, high=0.0), 0.0)
    turn = opening * (rises * lower - share * upper)
    way: Array = _turned(at, turn) - at
    return way


def _edge(lids: Opening, at: Array, *, upper: bool) -> Array:
    """Points of the touching edge, x and angle, by x, (E, 2); from corner to corner."""
    vertices = np.concatenate([lids.part(EDGE, upper=upper), _corners(lids, at)])
    curve = np.column_stack([at[vertices, 0], np.arctan2(at[vertices, 1], at[vertices, 2])])
    ordered: Array = curve[np.argsort(curve[:, 0])]
    return ordered


def _corners(lids: Opening, at: Array) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The outermost vertices of the touching edge, which both lids share."""
    ring = np.flatnonzero(lids.ring == EDGE)
    return ring[[int(np.argmin(at[ring, 0])), int(np.argmax(at[ring, 0]))]]


def _share_of_upper(base: Base, side: int, *, falls: Array) -> Array:
    """0 … 1: how much of the upper edge's turn each vertex makes."""
    lids = base.eyes[side]
    edge = lids.part(EDGE, upper=True)
    edge = edge[np.argsort(base.positions[edge, 0])]
    x = base.positions[:, 0]
    most = np.interp(x, base.positions[edge, 0], falls[edge])
    share = np.where(falls > 1e-4, falls / np.maximum(most, 0.05), 0.0).clip(0.0, 1.0)
    share[lids.part(0, 1, EDGE, upper=True)] = 1.0
    share[~lids.is_upper & (lids.ring >= 0) & (lids.ring <= 8)] = 0.0
    return share


def _turned(at: Array, angle: Array) -> Array:
    """Points turned about the x axis through the origin; a positive angle lifts the front."""
    cos, sin = np.cos(angle), np.sin(angle)
    y = at[:, 1] * cos + at[:, 2] * sin
    z = at[:, 2] * cos - at[:, 1] * sin
    return np.column_stack([at[:, 0], y, z])
