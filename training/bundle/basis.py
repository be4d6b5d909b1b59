"""Smooth components whose rows are orthogonal and of length 1, as principal components are."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from training.bundle.surface import Doubles, spacing

_BLOCK: Final = 6144
_NEW: Final = 1e-4
"""Least share of a row that the rows before it do not have, or it would be float32's rounding."""


def components(
    points: Doubles, poses: Sequence[Floats], *, count: int, random: np.random.Generator
) -> tuple[Floats, Doubles]:
    """First what the poses move and the ones before them do not, then waves that fade out.

    Args:
        points: float64 (V, 3), centimetres.
        poses: Deltas (V, 3), the most important one first; two thirds of the components at most.
        count: How many components.
        random: Where the waves come from.

    Returns:
        float32 (count, V, 3), orthonormal rows; float64 (count,), the coefficient that moves as far
        as the pose did, or 1 cm at the middle of a wave.

    Raises:
        ValueError: The mesh has too few vertices for so many components.
    """
    flat = np.empty((count, points.size), np.float32)
    posed = min(len(poses), max(1, 2 * count // 3))
    for row, pose in zip(flat, poses[:posed], strict=False):
        row[:] = pose.reshape(-1)
    for index in range(posed, count):
        flat[index] = _wave(points, fineness=(index - posed) / count, random=random)
    sizes = _orthonormalise(flat)
    return flat.reshape(count, *points.shape), sizes


def _wave(points: Doubles, *, fineness: float, random: np.random.Generator) -> Doubles:
    """A wave of any direction, 1 cm high, around a random point of the front; float64 (3V,)."""
    extent = np.ptp(points, axis=0)
    middle = points.mean(axis=0) + random.uniform(-0.2, 0.2, 3) * extent
    middle[2] = points[:, 2].max()
    reach = float(np.linalg.norm(extent)) / 53.0
    radius = np.hypot(random.uniform(3.0, 6.0) * reach, spacing(points))
    across, along = random.standard_normal(3), random.standard_normal(3)
    length = max(12.0 * reach * (1.0 - fineness) ** 2, 2.5 * reach, 2.0 * spacing(points))
    phase = 2.0 * np.pi * (points @ (across / np.linalg.norm(across))) / length
    away = ((points - middle)[:, :2] ** 2).sum(axis=1) / radius**2
    height = np.exp(-0.5 * away) * np.cos(phase + random.uniform(0.0, 2.0 * np.pi))
    height /= 1.0 + np.exp(4.0 * (points[:, 2].mean() - points[:, 2]) / (0.2 * extent[2]))
    flat: Doubles = (height[:, None] * (along / np.linalg.norm(along))).reshape(-1)
    return flat


def _orthonormalise(rows: Floats) -> Doubles:
    """Gram and Schmidt by Cholesky, in place; the lengths of what was new in each row."""
    starts = range(0, rows.shape[1], _BLOCK)
    gram = np.zeros((len(rows), len(rows)))
    for start in starts:
        block = rows[:, start : start + _BLOCK].astype(np.float64)
        gram += block @ block.T
    lower = _cholesky(gram, vertices=rows.shape[1] // 3)
    inverse = _inverse(lower)
    for start in starts:
        block = rows[:, start : start + _BLOCK].astype(np.float64)
        rows[:, start : start + _BLOCK] = inverse @ block
    return np.diag(lower).copy()


def _cholesky(gram: Doubles, *, vertices: int) -> Doubles:
    """Elementwise: the last bits of LAPACK's depend on the number of threads."""
    rest, lower = gram.copy(), np.zeros_like(gram)
    for index in range(len(gram)):
        pivot = rest[index, index]
        if pivot < _NEW**2 * gram[index, index]:
            raise ValueError(
                f"shapes: found {len(gram)}, wanted fewer: {vertices} vertices do not carry so "
                "many smooth ones"
            )
        lower[index:, index] = rest[index:, index] / np.sqrt(pivot)
        rest -= np.outer(lower[:, index], lower[:, index])
    return lower


def _inverse(lower: Doubles) -> Doubles:
    """Of a triangle, elementwise as well."""
    inverse = np.zeros_like(lower)
    for index, row in enumerate(lower):
        known = (row[:index, None] * inverse[:index]).sum(axis=0)
        inverse[index] = ((np.arange(len(lower)) == index) - known) / row[index]
    return inverse
