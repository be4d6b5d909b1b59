"""Least squares with bounds, by the SDK's algorithm."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import Floats
from a2f_ws.solver.joined import Doubles
from a2f_ws.solver.restricted import Restricted

_LEAST_OPTIMALITY: Final = 1e-10
_LEAST_PROGRESS: Final = 1e-6
"""Source of both: SDK, `blendshape_solver_base.h` (tolerance) and `bvls.cpp`."""

_RANK_THRESHOLD: Final = float(np.finfo(np.float32).eps)
"""Times the number of columns: singular values below that part of the largest count as 0.

Source: Eigen 3.4, `SVDBase.h`, for float32 as in the SDK.
"""

_WORST_CONDITION: Final = 1e4
"""Of the matrix, up to which its normal equations keep eight digits in float64 (ours)."""

Claims: TypeAlias = NDArray[np.bool_]
Sides: TypeAlias = NDArray[np.int_]


class BoundedLeastSquares:
    """Minimises ½·‖A·x − b‖² over l <= x <= u, in float64.

    Source:
        SDK, `bvls.cpp`; the algorithm is that of Stark and Parker, Computational Statistics 10
        (1995).
    """

    def __init__(self, matrix: Floats | Doubles) -> None:
        """Prepare.

        Args:
            matrix: float32 or float64 (m, k), finite.
        """
        self.matrix: Doubles = matrix.astype(np.float64)
        self.transposed: Doubles = np.ascontiguousarray(self.matrix.T)
        self._normal: Restricted | None = None
        values = np.linalg.svd(self.matrix, compute_uv=False)
        has_full_rank = len(values) == self.matrix.shape[1]
        if has_full_rank and values[0] < _WORST_CONDITION * values[-1]:
            self._normal = Restricted(self.transposed @ self.matrix)

    def solve(self, b: Doubles, *, lower: Doubles, upper: Doubles) -> Doubles:
        """The point at which the SDK's algorithm ends.

        Args:
            b: float64 (m,), finite.
            lower: float64 (k,), l.
            upper: float64 (k,), u, above l.

        Returns:
            float64 (k,), new array.
        """
        unheld = None if self._normal is None else self._normal.unheld(self.transposed @ b)
        return _Search(self, b, unheld=unheld, lower=lower, upper=upper).run()

    def refit(self, x: Doubles, b: Doubles, *, is_free: Claims, unheld: Doubles | None) -> Doubles:
        """The best fit without bounds, the unknowns that are not free held as they are in x."""
        free = is_free.nonzero()[0]
        if len(free) == 0:
            return x.copy()
        bound = (~is_free).nonzero()[0]
        if self._normal is not None and unheld is not None:
            return self._normal.solve(x, free=free, bound=bound, unheld=unheld)
        columns = self.matrix.take(free, 1)
        threshold = _RANK_THRESHOLD * min(columns.shape)
        rest = b - self.matrix.take(bound, 1) @ x[bound]
        fitted = x.copy()
        fitted[free] = np.linalg.lstsq(columns, rest, rcond=threshold)[0]
        return fitted


class _Search:
    """One search for the solution, from its first point to its last.

    Attributes:
        x: The point reached.
        side: −1 for unknowns that stand at l, 1 for those at u, else 0.
    """

    def __init__(
        self,
        problem: BoundedLeastSquares,
        b: Doubles,
        *,
        unheld: Doubles | None,
        lower: Doubles,
        upper: Doubles,
    ) -> None:
        self._problem, self._b, self._unheld = problem, b, unheld
        self._lower, self._upper = lower, upper
        self.x = self._feasible()
        self.side = self._sides()

    def run(self) -> Doubles:
        """Free one unknown at a time for as long as the SDK would."""
        cost, gradient = self._slope()
        optimality = self._optimality(gradient)
        for _ in range(len(self.x)):
            gain = self.side * gradient
            freed = int(gain.argmax())
            if optimality < _LEAST_OPTIMALITY or not gain[freed] > 0.0:
                break
            self.side[freed] = 0
            self._descend()
            last_cost, last_optimality = cost, optimality
            cost, gradient = self._slope()
            optimality = self._optimality(gradient)
            if cost > last_cost or abs(last_optimality - optimality) < _LEAST_PROGRESS:
                break
        return self.x

    def _feasible(self) -> Doubles:
        """Fits without bounds, what leaves them being fixed there, until nothing does."""
        lower, upper = self._lower, self._upper
        x, is_free = np.zeros_like(lower), np.ones(len(lower), np.bool_)
        while True:
            x = self._refit(x, is_free)
            outside = is_free & ((x < lower) | (x > upper))
            if not outside.any():
                return x
            x = np.minimum(np.maximum(x, lower), upper)
            is_free &= ~outside

    def _descend(self) -> None:
        """Go to the best fit of what is free, stopping at every bound on the way."""
        while True:
            wanted = self._refit(self.x, self.side == 0)
            part, blocking = self._room(wanted)
            if part >= 1.0:
                self.x = wanted
                return
            self.x = self.x + part * (wanted - self.x)
            is_low = wanted[blocking] < self._lower[blocking]
            self.x[blocking] = (self._lower if is_low else self._upper)[blocking]
            self.side = self._sides()

    def _room(self, wanted: Doubles) -> tuple[float, int]:
        """The part of the way to `wanted` that the bounds allow, and the unknown that ends it."""
        low, high = wanted < self._lower, wanted > self._upper
        blocked = (low | high).nonzero()[0]
        if len(blocked) == 0:
            return 1.0, 0
        bound = np.where(low[blocked], self._lower[blocked], self._upper[blocked])
        way = wanted[blocked] - self.x[blocked]
        parts = (bound - self.x[blocked]) / way
        first = int(parts.argmin())
        return float(parts[first]), int(blocked[first])

    def _refit(self, x: Doubles, is_free: Claims) -> Doubles:
        return self._problem.refit(x, self._b, is_free=is_free, unheld=self._unheld)

    def _sides(self) -> Sides:
        return np.where(self.x == self._lower, -1, np.where(self.x == self._upper, 1, 0))

    def _slope(self) -> tuple[float, Doubles]:
        """Cost and gradient at x."""
        residual = self._problem.matrix @ self.x - self._b
        return float(residual @ residual) * 0.5, self._problem.transposed @ residual

    def _optimality(self, gradient: Doubles) -> float:
        return float(np.where(self.side == 0, np.abs(gradient), self.side * gradient).max())
