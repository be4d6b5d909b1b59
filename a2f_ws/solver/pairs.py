"""Pairs of poses: two poses that carry the same id."""

from collections import Counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.errors import ModelError

NONE: Final = -1
"""The id of a pose without partner. Source: SDK, `blendshape_solver_base.cpp`."""

PAIR: Final = 2
"""Poses of a pair."""


def check_pairs(key: str, ids: NDArray[np.integer]) -> None:
    """Every id but -1 has to be on exactly two poses.

    Raises:
        ModelError: One is not; the text begins with `key`.

    Source:
        SDK, `blendshape_solver_base.cpp` (ValidatePairs).
    """
    for pair, count in Counter(ids.tolist()).items():
        if pair != NONE and count != PAIR:
            raise ModelError(f"{key}: id {pair} is on {count} poses, wanted on exactly {PAIR}")


def active_pairs(ids: NDArray[np.integer], active: NDArray[np.intp]) -> tuple[tuple[int, int], ...]:
    """Places, among the active poses, of those that share an id with exactly one other.

    The id -1 is not left out: where exactly two active poses have no partner, they become one,
    as in the SDK. A pair with only one active member is none.

    Args:
        ids: int (n,), checked by `check_pairs`.
        active: intp (a,), increasing.

    Returns:
        Pairs (i, j) with i < j, in the order of i.

    Source:
        SDK, `blendshape_solver_base.cpp`.
    """
    places: dict[int, list[int]] = {}
    for place, pair in enumerate(ids[active].tolist()):
        places.setdefault(pair, []).append(place)
    return tuple((found[0], found[1]) for found in places.values() if len(found) == PAIR)
