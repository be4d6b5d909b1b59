"""Linear equations of which some unknowns are known."""

import numpy as np

from a2f_ws.solver.joined import Doubles, Places


class Restricted:
    """Solves H·x = b for the free unknowns, the others held; in float64.

    Of the two systems that give the solution, the smaller one is solved: of the free unknowns,
    or of the forces that hold the others.
    """

    def __init__(self, matrix: Doubles) -> None:
        """Invert once.

        Args:
            matrix: float64 (a, a), symmetric, positive definite.
        """
        self._matrix = matrix
        self._inverse = np.linalg.inv(matrix)

    def unheld(self, b: Doubles) -> Doubles:
        """The solution with every unknown free, float64 (a,)."""
        solution: Doubles = self._inverse @ b
        return solution

    def solve(self, held: Doubles, *, free: Places, bound: Places, unheld: Doubles) -> Doubles:
        """The solution with some unknowns held.

        Args:
            held: float64 (a,), the values of the bound unknowns; the others do not count.
            free: The free unknowns.
            bound: All others.
            unheld: The solution with every unknown free.

        Returns:
            float64 (a,), new array; the bound ones exactly as held.
        """
        if len(bound) <= len(free):
            columns = self._inverse.take(bound, 0)
            short = held.take(bound) - unheld.take(bound)
            x: Doubles = unheld + np.linalg.solve(columns.take(bound, 1), short) @ columns
        else:
            rows = self._matrix.take(free, 0)
            # H·x = H·unheld on the free rows, so only the deviation has to be found.
            short = rows.take(bound, 1) @ (unheld.take(bound) - held.take(bound))
            x = held.copy()
            x[free] = unheld.take(free) + np.linalg.solve(rows.take(free, 1), short)
        x[bound] = held.take(bound)
        return x
