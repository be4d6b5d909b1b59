"""Points on a bust and on a tongue: centimetres, x to the character's left, y up, z forward."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

Doubles: TypeAlias = NDArray[np.float64]

MOUTH: Final = (0.0, 149.0)
"""Middle of the lips, x and y; with the face mask's level of 0.6 the lower face ends above it."""

BUST_DIAGONAL: Final = 53.4505028
"""Of the box around the bust. Source: templateBBSize of the skin in Mark's bundle."""

TONGUE_DIAGONAL: Final = 7.9358663
"""Of the box around the tongue. Source: templateBBSize of the tongue in Mark's bundle."""

TONGUE: Final = (0.0, 147.5, 5.0)
"""Middle of the tongue."""

_GOLDEN: Final = (5.0**0.5 - 1.0) / 2.0
_PROFILE: Final = np.array(
    [
        (128.0, 15.0, 7.0), (131.0, 14.0, 7.0), (135.0, 9.0, 6.3), (139.0, 6.0, 5.6),
        (142.0, 5.6, 6.2), (146.0, 6.2, 7.6), (150.0, 6.9, 8.6), (156.0, 7.4, 9.4),
        (162.0, 6.8, 8.8), (166.0, 4.2, 5.5), (168.0, 0.3, 0.3),
    ]
)  # fmt: skip
"""Height, half width and half depth of the bust."""

_RELIEF: Final = (
    (0.0, 3.5, 1.2, 2.2),
    (0.0, 0.0, 1.3, 0.5),
    (0.0, -4.0, 1.6, 0.8),
    (3.2, 7.0, 1.4, -0.8),
    (-3.2, 7.0, 1.4, -0.8),
)
"""Nose, lips, chin, eyes: x and y from the mouth, radius, height."""


def bust(count: int) -> Doubles:
    """Points of a head with neck and shoulders, denser in the face, from the lowest to the highest.

    Args:
        count: Number of points, any.

    Returns:
        float64 (count, 3).
    """
    rank = (np.arange(count) + 0.5) / count
    low, high = _PROFILE[0, 0], _PROFILE[-1, 0]
    y = low + (high - low) * (rank + 0.1 * np.sin(2.0 * np.pi * rank))
    turn = 2.0 * np.pi * (np.arange(count) * _GOLDEN % 1.0) - np.pi
    turn -= 0.7 * np.sin(turn)
    width, depth = PchipInterpolator(_PROFILE[:, 0], _PROFILE[:, 1:])(y).T
    x, z = width * np.sin(turn), depth * np.cos(turn)
    z += np.where(z > 0.0, 1.0, 0.0) * np.minimum(z, 1.0) * _relief(x, y)
    return _fitted(np.stack([x, y, z], axis=1), BUST_DIAGONAL, about=(*MOUTH, 0.0))


def tongue(count: int) -> Doubles:
    """Points of a flat ellipsoid in the mouth, tip forward; float64 (count, 3)."""
    rank = (2.0 * np.arange(count) + 1.0) / count - 1.0
    turn = 2.0 * np.pi * (np.arange(count) * _GOLDEN % 1.0)
    ring = np.sqrt(1.0 - rank**2)
    points = np.stack([2.25 * ring * np.cos(turn), 1.1 * ring * np.sin(turn), 3.0 * rank], axis=1)
    return _fitted(points + TONGUE, TONGUE_DIAGONAL, about=TONGUE)


def frontal(points: Doubles, count: int) -> NDArray[np.int32]:
    """The points of a bust that lie nearest to the middle of its face, indices rising."""
    away = (points[:, 0] / 6.0) ** 2 + ((points[:, 1] - MOUTH[1] - 3.0) / 8.5) ** 2
    away += np.where(points[:, 2] > 0.0, 0.0, 100.0)
    return np.sort(np.argsort(away, kind="stable")[:count]).astype(np.int32)


def spacing(points: Doubles) -> float:
    """Roughly the distance of neighbours on a closed surface of this extent, centimetres."""
    extent = np.ptp(points, axis=0)
    return float(np.sqrt(2.0 * extent[1] * (extent[0] + extent[2]) / len(points)))


def _relief(x: Doubles, y: Doubles) -> Doubles:
    height = np.zeros_like(x)
    for across, up, radius, size in _RELIEF:
        away = (x - MOUTH[0] - across) ** 2 + (y - MOUTH[1] - up) ** 2
        height += size * np.exp(-0.5 * away / radius**2)
    return height


def _fitted(points: Doubles, diagonal: float, *, about: tuple[float, ...]) -> Doubles:
    """The points scaled about a fixed one until their box has the diagonal."""
    scale = diagonal / float(np.linalg.norm(np.ptp(points, axis=0)))
    middle = np.asarray(about)
    fitted: Doubles = middle + scale * (points - middle)
    return fitted
