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


def slices(parts: Sequence[Normal]) -> list[slice]:
    """The places of each track among all active poses."""
    ends = np.cumsum([len(part.active) for part in parts]).tolist()
    return [slice(end - len(part.active), end) for part, end in zip(parts, ends, strict=True)]


def check_invertible(parts: Sequence[Normal]) -> None:
    """See that every track has one solution.

    Raises:
        ModelError: One has not.
    """
    for part in parts:
        if part.fault is not None:
            raise ModelError(part.fault)


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
