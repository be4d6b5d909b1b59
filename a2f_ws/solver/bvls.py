"""Bounded least squares on the normal equations: what the SDK's host path computes."""

from collections.abc import Sequence
from typing import Self

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.solver.bounded import BoundedLeastSquares
from a2f_ws.solver.joined import CANCELLED, Doubles, slices
from a2f_ws.solver.normal import Normal


class Bvls:
    """Solves rows of any states, one after another, each track for itself.

    Minimises ½·‖A·x − b‖² over weights in 0 … 1: the residual of the normal equations, not the
    distance to the mesh. Right-hand sides are float32 and the work is float64, where the SDK works
    in float32 and stops early in some frames for the noise of it.

    Source:
        SDK, `blendshape_solver.cpp` and `bvls.cpp`.
    """

    def __init__(self, parts: Sequence[Normal]) -> None:
        """Prepare every track; matrices that cannot be inverted are solved by the SVD."""
        self._tracks = [
            _Track(part, place) for part, place in zip(parts, slices(parts), strict=True)
        ]

    def beside(self) -> Self:
        """See `Method.beside`: nothing is kept from row to row."""
        return self

    def run(self, data: Floats, previous: Sequence[Floats]) -> Floats:
        """Weights for rows of data.

        Args:
            data: float32 (B, a), right-hand sides without the temporal term.
            previous: B arrays float32 (a,), the last weights of each row's state; overwritten.
                Rows of one state stand in the order of time.

        Returns:
            float32 (B, a), 0 … 1, new array.
        """
        out = np.empty_like(data)
        for row, last in enumerate(previous):
            for track in self._tracks:
                place = track.place
                b = data[row, place] + track.pull * last[place]
                out[row, place] = last[place] = track.solve(b.astype(np.float64))
        return out


class _Track:
    """One bounded problem.

    Attributes:
        place: Where its weights stand among all.
        pull: float32, the factor on the previous weights.
    """

    def __init__(self, part: Normal, place: slice) -> None:
        self.place, self.pull = place, np.float32(part.pull)
        self._problem = BoundedLeastSquares(part.matrix)
        self._pairs = np.array(part.cancel_pairs, np.intp).reshape(-1, 2)
        self._zero, self._one = np.zeros(len(part.active)), np.ones(len(part.active))

    def solve(self, b: Doubles) -> Doubles:
        x = self._problem.solve(b, lower=self._zero, upper=self._one)
        if len(self._pairs) == 0:
            return x
        first, second = self._pairs.T
        upper = self._one.copy()
        upper[np.where(x[first] >= x[second], second, first)] = CANCELLED
        return self._problem.solve(b, lower=self._zero, upper=upper)
