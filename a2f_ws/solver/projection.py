"""Projections on the poses of a rig: the large products, made once and in blocks.

All sums are made in float64 and rounded once to float32.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats

_BLOCK_NUMBERS: Final = 1 << 18
"""float64 numbers of one operand, 2 MiB (ours): measured fastest, and far below any limit."""


def gram(deltas: Floats, active: NDArray[np.intp]) -> NDArray[np.float64]:
    """DᵀD of the active poses.

    Args:
        deltas: float32 (n, R, 3).
        active: intp (a,), which of the n.

    Returns:
        float64 (a, a), symmetric.
    """
    total = np.zeros((len(active), len(active)))
    for rows in _blocks(deltas.shape[1], len(active)):
        block = _flat(deltas[active, rows])
        total += block @ block.T
    return (total + total.T) * 0.5


def evaluate_pose(weights: Floats, *, neutral: Floats, deltas: Floats) -> Floats:
    """The meshes that weights stand for: neutral + Σ weight · delta.

    Args:
        weights: float32 (B, n), after multipliers and offsets.
        neutral: float32 (V, 3).
        deltas: float32 (n, V, 3).

    Returns:
        float32 (B, V, 3), new array.

    Source:
        SDK, `blendshape_solver_base.cpp` (EvaluatePose).
    """
    shape: Floats = weights @ deltas.reshape(len(deltas), -1)
    return shape.reshape(-1, *neutral.shape) + neutral


def project(deltas: Floats, targets: Floats) -> Floats:
    """Dᵀt: how much of every pose is in a displacement of the mesh.

    Args:
        deltas: float32 (n, R, 3).
        targets: float32 (…, R, 3), displacements from the rig's neutral.

    Returns:
        float32 (…, n), new array.

    Raises:
        MisuseError: The meshes differ.
    """
    if targets.shape[-2:] != deltas.shape[1:]:
        raise MisuseError(f"project: targets of {targets.shape}, poses of {deltas.shape}")
    flat = targets.reshape(-1, *targets.shape[-2:])
    return project_whole(deltas, flat).astype(np.float32).reshape(*targets.shape[:-2], len(deltas))


def project_skin(
    deltas: Floats, basis: Floats, *, mask: Floats, whole: NDArray[np.float64] | None = None
) -> tuple[Floats, Floats]:
    """Dᵀ·diag(weight)·Bᵀ for the two regions of a face: what each shape adds to the poses' data.

    Only the lower region is summed; the upper one is the rest of the whole, which no mask changes.

    Args:
        deltas: float32 (a, R, 3), poses.
        basis: float32 (K, R, 3), shapes of the mesh, on the same rows.
        mask: float32 (R,), how much a vertex belongs to the lower face, 0 … 1.
        whole: float64 (K, a), what `project_whole` gives for them; None = find it now.

    Returns:
        Upper (weights 1 − mask) and lower (weights mask), float32 (K, a) each, new arrays.

    Raises:
        MisuseError: The meshes differ.
    """
    if not basis.shape[1:] == deltas.shape[1:] == (len(mask), 3):
        raise MisuseError(
            f"project_skin: basis {basis.shape}, poses {deltas.shape}, mask {mask.shape}"
        )
    if whole is None:
        whole = project_whole(deltas, basis)
    lower = np.zeros_like(whole)
    for rows in _blocks(deltas.shape[1], len(basis)):
        weights = np.repeat(mask[rows].astype(np.float64), 3)
        lower += _flat(basis[:, rows]) @ (_flat(deltas[:, rows]) * weights).T
    return (whole - lower).astype(np.float32), lower.astype(np.float32)


def project_whole(deltas: Floats, basis: Floats) -> NDArray[np.float64]:
    """Dᵀ·Bᵀ, what each shape adds to the poses' data on the whole face.

    Args:
        deltas: float32 (a, R, 3), poses.
        basis: float32 (K, R, 3), shapes of the mesh, on the same rows.

    Returns:
        float64 (K, a), new array.
    """
    total = np.zeros((len(basis), len(deltas)))
    for rows in _blocks(deltas.shape[1], len(basis) + len(deltas)):
        total += _flat(basis[:, rows]) @ _flat(deltas[:, rows]).T
    return total


def _blocks(vertices: int, width: int) -> list[slice]:
    """Slices of the vertices, so that `width` rows of them stay within a block."""
    step = max(1, _BLOCK_NUMBERS // (3 * width))
    return [slice(start, min(start + step, vertices)) for start in range(0, vertices, step)]


def _flat(block: Floats) -> NDArray[np.float64]:
    """Blocks of vertices as rows: (k, r, 3) to float64 (k, 3r)."""
    return block.reshape(len(block), -1).astype(np.float64)
