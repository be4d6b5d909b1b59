import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import lsq_linear

from a2f_ws.errors import ModelError
from a2f_ws.solver import exact
from a2f_ws.solver.exact import Exact
from a2f_ws.solver.normal import Regularisation
from tests.solver.rigs import COUPLED, data_for, face, rig

MARK = Regularisation(l1=0.5, l2=0.5, symmetry=100, temporal=0.3, template_bb_size=53.45)


def cost(matrix, b, *, x):
    return 0.5 * x @ matrix @ x - b @ x


def cheapest(matrix, b):
    """The minimum over all ways to hold unknowns at 0 or 1, for a few unknowns."""
    best = None
    for sides in itertools.product((0.0, 1.0, None), repeat=len(b)):
        free = [i for i, side in enumerate(sides) if side is None]
        x = np.array([side or 0.0 for side in sides])
        if free:
            held = matrix @ x
            x[free] = np.linalg.solve(matrix[np.ix_(free, free)], (b - held)[free])
        is_inside = ((x >= -1e-9) & (x <= 1 + 1e-9)).all()
        if is_inside and (best is None or cost(matrix, b, x=x) < cost(matrix, b, x=best)):
            best = x
    return best


def check_minimum(matrix, b, *, x):
    """The conditions of Karush, Kuhn and Tucker, within float32's rounding of the weights."""
    force = matrix @ x - b
    slack = 1e-6 * np.abs(matrix).sum(axis=1)
    assert ((x >= 0) & (x <= 1)).all()
    assert (force[x > 0] <= slack[x > 0]).all()
    assert (force[x < 1] >= -slack[x < 1]).all()


def solve(normal, data):
    """Each row from rest, for the right-hand sides as given."""
    solver = Exact([normal])
    return solver.run(data, [np.zeros(len(normal.active), np.float32) for _ in data])


def test_the_distance_to_the_mesh_is_minimised():
    """Without bounds (1, −1); with the second at 0 the first goes half way: 1 / 2."""
    found = solve(rig(COUPLED), np.array([(1, -1, 0.3), (3, -1, 2), (1.2, 1.5, -1)], np.float32))
    assert found == pytest.approx(np.array([(0.5, 0, 0.3), (1, 0, 1), (0.3, 0.6, 0)]))


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_three_weights_are_the_cheapest_of_all_ways_to_hold_them(seed):
    rng = np.random.default_rng(seed)
    normal = rig(rng.normal(size=(3, 2, 3)))
    data = (rng.uniform(-1, 2, (1, 3)) @ normal.matrix).astype(np.float32)
    matrix = normal.matrix.astype(np.float64)
    wanted = cheapest(matrix, data[0].astype(np.float64))
    assert solve(normal, data)[0] == pytest.approx(wanted, abs=1e-5)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), count=st.integers(3, 30))
def test_many_weights_are_at_the_one_minimum(seed, count):
    normal = face(count, regularisation=MARK, seed=seed)
    data = data_for(normal, 4, seed=seed, reach=2.5)
    matrix = normal.matrix.astype(np.float64)
    factor = np.linalg.cholesky(matrix).T
    previous = np.zeros(count, np.float32)
    for row in data:
        b = row + normal.hold * previous.astype(np.float64)
        x = Exact([normal]).run(row[None], [previous])[0].astype(np.float64)
        check_minimum(matrix, b, x=x)
        wanted = lsq_linear(factor, np.linalg.solve(factor.T, b), bounds=(0, 1), method="bvls")
        assert x == pytest.approx(wanted.x, abs=1e-4)


@pytest.mark.parametrize("patience", [0, -1])
def test_single_exchanges_alone_reach_the_same_minimum(monkeypatch, patience):
    normal = face(20, regularisation=MARK)
    data = data_for(normal, 10, reach=2.5)
    wanted = solve(normal, data)
    monkeypatch.setattr(exact, "_PATIENCE", patience)
    assert solve(normal, data) == pytest.approx(wanted, abs=1e-6)


def test_everything_or_nothing_may_be_at_a_bound():
    normal = face(8, regularisation=MARK)
    ones = normal.matrix.sum(axis=1)
    found = solve(normal, np.stack([ones + 900, -np.abs(ones), ones * 0.5]))
    assert (found[0] == 1).all()
    assert (found[1] == 0).all()
    assert found[2] == pytest.approx(np.full(8, 0.5), abs=1e-5)


def test_a_face_that_is_held_comes_as_close_as_without_smoothing():
    """The prices weigh the step from the last frame, so they end where they would not be."""
    smooth = Regularisation(l1=0, l2=5, symmetry=0, temporal=3, template_bb_size=100)
    normal = rig(COUPLED, diagonal=30, regularisation=smooth)
    previous = np.zeros(3, np.float32)
    solver = Exact([normal])
    shown = [solver.run(np.array([(1.2, 1.5, 0.9)], np.float32), [previous])[0] for _ in range(600)]
    assert shown[-1] == pytest.approx((0.3, 0.6, 0.9), abs=1e-4)
    assert shown[0][1] < 0.1


def test_the_loser_of_a_cancel_pair_is_held_at_zero():
    normal = rig(COUPLED, cancel=(3, 3, -1))
    found = solve(normal, np.array([(1.6, 1.4, 0.3), (1.4, 1.6, 0.3), (1, 1, 2)], np.float32))
    assert found == pytest.approx(np.array([(0.8, 0, 0.3), (0, 0.8, 0.3), (0.5, 0, 1)]))


def test_poses_that_depend_on_one_another_are_refused():
    with pytest.raises(ModelError, match="2 active poses depend on one another"):
        Exact([rig([(1, 0, 0), (1, 0, 0)])])
