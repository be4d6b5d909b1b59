import numpy as np
import pytest

from a2f_ws.errors import ModelError
from a2f_ws.solver.normal import Regularisation, prepare
from tests.solver.rigs import COUPLED, FREE, poses, rig


def test_without_prices_the_matrix_holds_the_products_of_the_poses():
    normal = rig(COUPLED)
    assert normal.matrix.dtype == np.float32
    assert normal.matrix.tolist() == [[2, 1, 0], [1, 2, 0], [0, 0, 1]]
    assert (normal.size, normal.pull, normal.hold) == (3, 0, 0)
    assert normal.cancel_pairs == ()


def test_every_price_enters_with_its_own_scale():
    """s = (6 / 3)² = 4; l1 is squared, the others are not."""
    prices = Regularisation(l1=2, l2=3, symmetry=5, temporal=7, template_bb_size=3)
    normal = rig(COUPLED, diagonal=6, regularisation=prices, symmetry=(4, 4, -1))
    assert normal.scale == 4
    beside = 2 + 2**2 * 0.25 * 4 + 3 * 10 * 4 + 7 * 100 * 4
    assert normal.matrix[0, 0] == beside + 5 * 10 * 4
    assert normal.matrix[2, 2] == beside - 1
    assert normal.matrix[0, 1] == 1 + 2**2 * 0.25 * 4 - 5 * 10 * 4
    assert normal.pull == 7 * 4
    assert normal.hold == 3 * 10 * 4 + 7 * 100 * 4


def test_only_active_poses_are_in_the_matrix():
    normal = rig([(1, 0, 0), (0, 2, 0), (0, 0, 3)], active=(1, 0, 1))
    assert normal.active.tolist() == [0, 2]
    assert normal.matrix.tolist() == [[1, 0], [0, 9]]
    assert normal.size == 3


def test_products_of_many_vertices_are_summed_without_losing_small_ones():
    deltas = np.full((1, 100_000, 3), 1e-3, np.float32)
    deltas[0, 0] = 10.0
    normal = prepare(deltas, diagonal=1, poses=poses(1), regularisation=FREE)
    exact = np.square(deltas.astype(np.float64)).sum()
    assert normal.matrix[0, 0] == np.float32(exact)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"l1": -1.0}, "strengthL1regularization"),
        ({"l2": float("nan")}, "strengthL2regularization"),
        ({"symmetry": float("inf")}, "strengthSymmetry"),
        ({"temporal": -0.1}, "strengthTemporalSmoothing"),
        ({"template_bb_size": 0.5}, "templateBBSize"),
        ({"l1": 10**400}, "strengthL1regularization"),
    ],
)
def test_a_price_out_of_range_is_refused_with_its_key(changes, key):
    with pytest.raises(ModelError, match=key):
        Regularisation(**changes)


def test_poses_too_large_for_float32_are_refused():
    with pytest.raises(ModelError, match=r"products are up to 1e\+50, wanted float32"):
        rig([(1e25, 0, 0)])


def test_a_rig_without_active_poses_is_refused():
    with pytest.raises(ModelError, match="none of 2 is active"):
        poses(2, active=(0, 0))


def test_lists_of_another_length_are_refused():
    with pytest.raises(ModelError, match="symmetryPoses: found 1 ids, wanted 2"):
        poses(2, symmetry=(-1,))
    with pytest.raises(ModelError, match="found 3, the rig has 2 poses"):
        prepare(np.zeros((2, 1, 3), np.float32), diagonal=1, poses=poses(3), regularisation=FREE)
