"""Tracks one after another, as one block-diagonal problem."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from a2f_ws.errors import ModelError
from a2f_ws.solver.normal import Normal

Doubles: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]

CANCELLED: Final = 1e-10
"""Upper bound of the loser of a cancel pair. Source: SDK, `blendshape_solver.cpp`."""

WORST_CONDITION: Final = 1e7
"""Largest eigenvalue of A over the smallest; beyond, A is only known to be singular.

Ours: A is stored in float32, whose rounding alone makes quotients of up to 1.7e7.
"""


def slices(parts: Sequence[Normal]) -> list[slice]:
    """The places of each track among all active poses."""
    ends = np.cumsum([len(part.active) for part in parts]).tolist()
    return [slice(end - len(part.active), end) for part, end in zip(parts, ends, strict=True)]


def check_invertible(parts: Sequence[Normal]) -> None:
    """A unique solution needs poses of which none is a sum of others, or an L2 price.

    Raises:
        ModelError: There is none.
    """
    for part in parts:
        values = np.linalg.eigvalsh(part.matrix.astype(np.float64))
        if not values[0] * WORST_CONDITION > values[-1]:
            raise ModelError(
                f"{len(part.active)} active poses depend on one another (eigenvalues of A from"
                f" {values[0]:.3g} to {values[-1]:.3g}): wanted independent poses, or"
                " strengthL2regularization > 0"
            )


def block_diagonal(parts: Sequence[Normal]) -> Doubles:
    """The matrices of all tracks on one diagonal, float64 (a, a)."""
    places = slices(parts)
    matrix = np.zeros((places[-1].stop, places[-1].stop))
    for part, place in zip(parts, places, strict=True):
        matrix[place, place] = part.matrix
    return matrix


def pulls(parts: Sequence[Normal]) -> Doubles:
    """The factor on each previous weight in the right-hand side, float64 (a,)."""
    return np.concatenate([np.full(len(part.active), part.pull) for part in parts])


def holds(parts: Sequence[Normal]) -> Doubles:
    """What A has on its diagonal beside the poses' products, float64 (a,)."""
    return np.concatenate([np.full(len(part.active), part.hold) for part in parts])


def joined_pairs(parts: Sequence[Normal]) -> tuple[Places, Places]:
    """First and second members of all cancel pairs, among all active poses."""
    pairs = [
        (place.start + first, place.start + second)
        for part, place in zip(parts, slices(parts), strict=True)
        for first, second in part.cancel_pairs
    ]
    both = np.array(pairs, np.intp).reshape(-1, 2)
    return both[:, 0].copy(), both[:, 1].copy()
