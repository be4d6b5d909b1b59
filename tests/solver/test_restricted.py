import numpy as np
import pytest

from a2f_ws.solver.restricted import Restricted


@pytest.mark.parametrize("bound", [(), (2,), (0, 3, 4), (0, 1, 2, 3), (0, 1, 2, 3, 4)])
def test_free_unknowns_solve_their_rows_and_bound_ones_stay(bound):
    rng = np.random.default_rng(0)
    half = rng.normal(size=(5, 5))
    matrix = half @ half.T + np.eye(5)
    b, held = rng.normal(size=5), rng.normal(size=5)
    free = [i for i in range(5) if i not in bound]
    equations = Restricted(matrix)
    x = equations.solve(
        held,
        free=np.array(free, np.intp),
        bound=np.array(bound, np.intp),
        unheld=equations.unheld(b),
    )
    assert (x[list(bound)] == held[list(bound)]).all()
    np.testing.assert_allclose((matrix @ x)[free], b[free], atol=1e-10)
