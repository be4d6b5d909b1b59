import numpy as np
import pytest

from a2f_ws.errors import ModelError
from a2f_ws.solver.admm import Admm
from a2f_ws.solver.normal import Regularisation
from tests.solver.rigs import COUPLED, data_for, face, rig

MARK = Regularisation(l1=0.5, l2=0.5, symmetry=100, temporal=0.3, template_bb_size=53.45)


def literally(matrix, b, *, upper):
    """Four steps as the SDK's sources have them, in float64."""
    matrix = matrix.astype(np.float64)
    square = matrix.T @ matrix
    weight = 0.25 * np.sqrt(np.diag(square))
    step = np.linalg.inv(square + np.diag(weight**2))
    y = np.zeros(len(b))
    z = np.clip(np.linalg.inv(matrix) @ b, 0, upper)
    for _ in range(4):
        x = step @ (weight**2 * (z - y) + matrix.T @ b)
        z = np.clip(y + x, 0, upper)
        y = y + 1.9 * (x - z)
    return z


def zeros(normal):
    return np.zeros(len(normal.active), np.float32)


def test_the_steps_are_those_of_the_sdk():
    normal = face(12, regularisation=MARK)
    data = data_for(normal, 40)
    found = Admm([normal]).run(data, [zeros(normal) for _ in data])
    wanted = [literally(normal.matrix, b, upper=np.ones(12)) for b in data]
    np.testing.assert_allclose(found, wanted, atol=2e-6)
    assert 0 < np.mean((found == 0) | (found == 1)) < 1


def test_the_loser_of_a_cancel_pair_is_left_no_room_and_all_is_solved_again():
    normal = rig(COUPLED, cancel=(3, 3, -1))
    data = np.array([(2.0, 1.8, 0.5), (1.8, 2.0, 0.5), (1.5, 1.5, 0.5)], np.float32)
    found = Admm([normal]).run(data, [zeros(normal) for _ in data])
    for row, b in zip(found, data, strict=True):
        upper = np.array((1, 1e-10, 1) if b[0] >= b[1] else (1e-10, 1, 1))
        np.testing.assert_allclose(row, literally(normal.matrix, b, upper=upper), atol=1e-6)
    assert (found[0, 1], found[1, 0], found[2, 1]) == (np.float32(1e-10),) * 3
    assert (found.max(axis=1) > 0.5).all()


def test_pairs_of_the_second_track_are_found_behind_the_first():
    one, two = rig([(1, 0, 0)]), rig(COUPLED, cancel=(0, 0, -1))
    data = np.array([(0.3, 1.8, 2.0, 0.5)], np.float32)
    found = Admm([one, two]).run(data, [np.zeros(4, np.float32)])
    assert found[0, 0] == pytest.approx(0.3, abs=1e-6)
    assert found[0, 1] == np.float32(1e-10)


def test_no_weight_is_a_negative_zero():
    normal = face(12, regularisation=MARK)
    found = Admm([normal]).run(-data_for(normal, 5, reach=0), [zeros(normal) for _ in range(5)])
    quiet = Admm([normal]).run(np.full((1, 12), -0.0, np.float32), [zeros(normal)])
    assert not np.signbit(found).any()
    assert not np.signbit(quiet).any()


def test_poses_of_which_one_is_a_sum_of_others_are_refused():
    with pytest.raises(ModelError, match="3 active poses depend on one another"):
        Admm([rig([(1, 0, 0), (0, 1, 0), (1, 1, 0)])])
    with pytest.raises(ModelError, match="strengthL2regularization > 0"):
        Admm([rig([(1, 0, 0), (0, 0, 0)])])
