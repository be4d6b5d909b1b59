import numpy as np
import pytest

from a2f_ws.solver.bounded import BoundedLeastSquares

ATOL = 1e-4
"""Of weights: the reference works in float32, whose noise on these problems is below 1e-6."""


@pytest.fixture(scope="module")
def vectors(reference):
    return reference("bvls")


def test_random_problems_with_any_bounds_have_the_solutions_of_the_reference(vectors):
    for i in range(vectors.meta["n"]):
        matrix, b, lower, upper, wanted = (
            vectors.arrays[f"{name}_{i}"].astype(np.float64) for name in "Ablux"
        )
        x = BoundedLeastSquares(matrix).solve(b, lower=lower, upper=upper)
        assert np.abs(x - wanted).max() < ATOL, i
        assert ((lower <= x) & (x <= upper)).all(), i
