"""The normal equations of a rig: what a fit of its poses costs, as one small matrix."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.errors import ModelError
from a2f_ws.names import Floats
from a2f_ws.solver.pairs import active_pairs, check_pairs
from a2f_ws.solver.projection import gram
from a2f_ws.solver.soundness import KEYS, Origin, why_singular

_L1_SCALE: Final = 0.25
_L2_SCALE: Final = 10.0
_TEMPORAL_SCALE: Final = 100.0
_SYMMETRY_SCALE: Final = 10.0
"""Source of the four: SDK, `blendshape_solver_base.cpp`."""


NOWHERE: Final = Origin()

_MOST: Final = 1e9
"""Of every price and of the template's size (ours): what is far above fits nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regularisation:
    """What a fit pays beside its distance to the mesh; no units.

    Attributes:
        l1: Price of the sum of all weights, >= 0; enters squared.
        l2: Price of every weight, >= 0.
        symmetry: Price of a difference within a symmetric pair, >= 0.
        temporal: Price of a change from frame to frame, >= 0.
        template_bb_size: Diagonal of the mesh for which the prices were set, in its units, >= 1.

    Raises:
        ModelError: A value is out of range, 1e9 at most; the text has the key of the file.

    Source:
        SDK, `blendshape_solver_base.cpp`; keys of `bs_*_config.json`.
    """

    l1: float = 1.0
    l2: float = 3.5
    symmetry: float = 100.0
    temporal: float = 0.0
    template_bb_size: float = 54.7

    def __post_init__(self) -> None:
        wanted = (
            *((key, getattr(self, name), 0.0) for name, key in KEYS.items()),
            ("templateBBSize", self.template_bb_size, 1.0),
        )
        for key, value, lowest in wanted:
            if not lowest <= value <= _MOST:
                raise ModelError(f"{key}: found {value}, wanted {lowest:g} … {_MOST:g}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Poses:
    """Which poses are fitted, and which of them belong together; n poses.

    Attributes:
        active: bool (n,), at least one.
        cancel: int (n,), id of the pair of which only one may be on, -1 = none.
        symmetry: int (n,), id of the pair that should be alike, -1 = none.

    Raises:
        ModelError: Lengths differ, no pose is active, or an id is not on exactly two poses.
    """

    active: NDArray[np.bool_]
    cancel: NDArray[np.integer]
    symmetry: NDArray[np.integer]

    def __post_init__(self) -> None:
        count = len(self.active)
        for key, ids in (("cancelPoses", self.cancel), ("symmetryPoses", self.symmetry)):
            if len(ids) != count:
                raise ModelError(f"{key}: found {len(ids)} ids, wanted {count}, as in activePoses")
            check_pairs(key, ids)
        if not np.any(self.active):
            raise ModelError(f"activePoses: none of {count} is active, wanted at least one")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Normal:
    """The prepared problem of one track, with a active poses of n.

    Attributes:
        matrix: float32 (a, a), A: products of the poses and all regularisation.
        active: intp (a,), the active poses in increasing order.
        size: n.
        scale: s, the square of the mesh's diagonal over the template's, no unit.
        pull: temporal · s, the SDK's factor on the previous weights in the right-hand side.
        hold: (l2 · 10 + temporal · 100) · s, what A has on its diagonal beside the poses' products.
        cancel_pairs: Pairs of places among the active poses.
        fault: Why A cannot be inverted, with the place of what is to blame; None = it can.
    """

    matrix: Floats
    active: NDArray[np.intp]
    size: int
    scale: float
    pull: float
    hold: float
    cancel_pairs: tuple[tuple[int, int], ...]
    fault: str | None


def prepare(
    deltas: Floats,
    *,
    diagonal: float,
    poses: Poses,
    regularisation: Regularisation,
    origin: Origin = NOWHERE,
) -> Normal:
    """The normal equations of a rig.

    A = DᵀD + l1²·0.25·s·𝟏𝟏ᵀ + (l2·10 + temporal·100)·s·I + symmetry·10·s·SᵀS; a row of S is a pair.

    Args:
        deltas: float32 (n, R, 3), all poses minus the neutral, on the rows that count.
        diagonal: Of the bounding box of the whole neutral, in the units of `deltas`, >= 0.
        poses: Which are active, and their pairs; n of them.
        regularisation: The prices.
        origin: Where all of that was found, for messages.

    Returns:
        The problem; A is summed in float64 and rounded once.

    Raises:
        ModelError: The numbers of poses differ, or A is beyond float32.

    Source:
        SDK, `blendshape_solver_base.cpp` (Prepare).
    """
    if len(deltas) != len(poses.active):
        raise ModelError(f"activePoses: found {len(poses.active)}, the rig has {len(deltas)} poses")
    prices, active = regularisation, np.flatnonzero(poses.active)
    scale = float(np.square(np.float32(diagonal) / np.float32(prices.template_bb_size)))
    hold = (prices.l2 * _L2_SCALE + prices.temporal * _TEMPORAL_SCALE) * scale
    products = gram(deltas, active) + hold * np.eye(len(active))
    rows = _differences(active_pairs(poses.symmetry, active), len(active))
    pulls = {
        "l1": np.full_like(products, prices.l1**2 * _L1_SCALE * scale),
        "symmetry": prices.symmetry * _SYMMETRY_SCALE * scale * (rows.T @ rows),
    }
    matrix = _rounded(products + sum(pulls.values()), origin)
    return Normal(
        matrix=matrix,
        active=active,
        size=len(deltas),
        scale=scale,
        pull=prices.temporal * scale,
        hold=hold,
        cancel_pairs=active_pairs(poses.cancel, active),
        fault=why_singular(
            products,
            pulls,
            prices={name: getattr(prices, name) for name in pulls},
            origin=origin,
        ),
    )


def _rounded(matrix: NDArray[np.float64], origin: Origin) -> Floats:
    largest = float(np.abs(matrix).max())
    if not largest <= float(np.finfo(np.float32).max):
        found = f"{origin.poses}: found poses whose products are up to {largest:.3g}"
        raise ModelError(f"{found}, wanted float32 numbers")
    return matrix.astype(np.float32)


def _differences(pairs: tuple[tuple[int, int], ...], count: int) -> NDArray[np.float64]:
    """S, float64 (pairs, a): 1 and −1 at the members of each pair."""
    rows = np.zeros((len(pairs), count))
    for row, (first, second) in zip(rows, pairs, strict=True):
        row[first], row[second] = 1.0, -1.0
    return rows
