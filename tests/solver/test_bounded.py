import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import lsq_linear

from a2f_ws.solver.bounded import BoundedLeastSquares


def solved(matrix, b):
    matrix = np.array(matrix, np.float64)
    bounds = np.zeros(matrix.shape[1]), np.ones(matrix.shape[1])
    return BoundedLeastSquares(matrix).solve(
        np.array(b, np.float64), lower=bounds[0], upper=bounds[1]
    )


def test_a_solution_within_the_bounds_is_that_of_the_equations():
    assert solved([(2, 1), (1, 2)], (1.2, 1.5)) == pytest.approx((0.3, 0.6))


def test_an_unknown_at_its_bound_pulls_the_others_along():
    """Without bounds (1, −1); with x₂ = 0 the first column alone gives (2·1 − 1·1) / 5."""
    assert solved([(2, 1), (1, 2)], (1, -1)) == pytest.approx((0.2, 0))


def test_an_unknown_that_was_fixed_too_early_is_freed_again():
    """For the second to fourth: the first point is all at bounds, as (0, 1, 0); the last is not."""
    matrix = np.array([(1, 2, 1), (0, 1, 1), (1, 1, 2)], np.float64)
    for b in ((1.5, 1.0, 1.2), (0.1, 2.0, -1.0), (-3.0, 4.0, 0.5), (3.0, -1.0, 2.0)):
        wanted = lsq_linear(matrix, b, bounds=(0, 1), method="bvls", tol=1e-12).x
        assert solved(matrix, b) == pytest.approx(wanted, abs=1e-9)


def test_everything_may_end_at_a_bound():
    assert solved(np.eye(3), (5, -5, 5)).tolist() == [1, 0, 1]
    assert solved(np.eye(3), (-5, -5, -5)).tolist() == [0, 0, 0]


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    columns=st.integers(1, 12),
    more=st.integers(0, 8),
    width=st.floats(0.01, 3),
)
def test_any_well_posed_problem_is_solved_as_scipy_solves_it(seed, columns, more, width):
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(columns + more, columns)) + np.eye(columns + more, columns) * 2
    b = rng.normal(size=columns + more) * 3
    lower = rng.normal(size=columns)
    upper = lower + width
    x = BoundedLeastSquares(matrix).solve(b, lower=lower, upper=upper)
    wanted = lsq_linear(matrix, b, bounds=(lower, upper), method="bvls", tol=1e-12)
    assert ((lower <= x) & (x <= upper)).all()
    # The SDK's rules end a search that scipy would go on with for another 1e-6 of the gradient.
    cost = 0.5 * np.square(matrix @ x - b).sum()
    assert cost == pytest.approx(wanted.cost, rel=1e-4, abs=1e-6)


def test_dependent_columns_share_what_is_wanted():
    """The SVD gives the shortest of all solutions, as in the SDK."""
    assert solved([(1, 1), (2, 2), (0, 0)], (1, 2, 0)) == pytest.approx((0.5, 0.5))


def test_more_unknowns_than_equations_are_solved():
    x = solved([(1, 0, 1), (0, 1, 0)], (0.8, 0.3))
    assert x == pytest.approx((0.4, 0.3, 0.4))
