"""The matrices of `admm`, made once for a rig."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.solver.joined import (
    Doubles,
    Places,
    block_diagonal,
    check_invertible,
    joined_pairs,
    pulls,
)
from a2f_ws.solver.normal import Normal

_RELAXATION: Final = 1.9
_WEIGHT: Final = 1 / 16
"""Of diag(AᵀA) in W²; the SDK has W = 0.25·sqrt(diag(AᵀA)).

Source of both: SDK, `blendshape_solver_gpu.cpp`.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matrices:
    """Everything that a step multiplies with: float32, columns contiguous.

    Attributes:
        of_data: (3a, a), data to [A⁻¹b | c | 1.9·c].
        of_previous: (3a, a), the same from the previous weights; None without temporal term.
        first: (2a, a), z to [e, q] in the first step, where y = 0.
        step: (2a, 2a), T.
        last: (a, 2a), the rows of T that give e.
        pairs: intp (p,) twice, the members of the cancel pairs.
    """

    of_data: Floats
    of_previous: Floats | None
    first: Floats
    step: Floats
    last: Floats
    pairs: tuple[Places, Places]


def prepare_admm(parts: Sequence[Normal]) -> Matrices:
    """The matrices of all tracks, one after another.

    Raises:
        ModelError: A cannot be inverted.
    """
    check_invertible(parts)
    matrix, pull = block_diagonal(parts), pulls(parts)
    a = len(matrix)
    square = matrix.T @ matrix
    weight = _WEIGHT * np.diag(square)
    inverse = np.linalg.inv(square + np.diag(weight))
    of_difference = inverse * weight
    along = np.vstack((of_difference, _RELAXATION * of_difference))
    # y = q − 1.9·z, so e and q get y itself besides M·W²·(z − y).
    of_dual = np.vstack((np.eye(a), np.eye(a))) - along
    step = np.hstack((along - _RELAXATION * of_dual, of_dual))
    shift = inverse @ matrix.T
    of_data = np.vstack((np.linalg.inv(matrix), shift, _RELAXATION * shift))
    return Matrices(
        of_data=_columns(of_data),
        of_previous=_columns(of_data * pull) if pull.any() else None,
        first=_columns(along),
        step=_columns(step),
        last=_columns(step[:a]),
        pairs=joined_pairs(parts),
    )


def _columns(matrix: Doubles) -> Floats:
    return np.asfortranarray(matrix, np.float32)
