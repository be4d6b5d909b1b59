import re
from dataclasses import replace

import numpy as np
import pytest

from a2f_ws.errors import ModelError
from a2f_ws.solver.normal import Regularisation, prepare
from a2f_ws.solver.soundness import KEYS, Origin
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


PLACED = Origin(poses="bs.npz", prices={name: f"bs.json: {key}" for name, key in KEYS.items()})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"symmetry": 1e9}, "bs.json: strengthSymmetry: found 1e+09, wanted at most 100000: be"),
        ({"l1": 1e6}, "bs.json: strengthL1regularization: found 1e+06, wanted at most 1000: besi"),
        ({"symmetry": 1e9, "l1": 9.0}, "bs.json: strengthSymmetry: found 1e+09"),
    ],
)
def test_a_price_that_drowns_the_poses_is_named_with_one_that_does_not(changes, said):
    def fault(prices):
        regularisation = replace(FREE, **prices)
        return rig(COUPLED, symmetry=(0, 0, -1), regularisation=regularisation, origin=PLACED).fault

    text = fault(changes)
    assert text.startswith(said)
    assert text.endswith("the poses of bs.npz count for nothing")
    ((name, most),) = re.findall(r"strength(L1|Symmetry).* at most ([0-9.e+]+):", text)
    price = {"L1": "l1", "Symmetry": "symmetry"}[name]
    assert fault(changes | {price: float(most)}) is None
    assert fault(changes | {price: float(most) * 10.0}) is not None


def test_dependent_poses_name_the_file_and_the_price_that_would_do():
    text = rig([(1, 0, 0), (1, 0, 0)], origin=PLACED).fault
    assert text.startswith("bs.npz: 2 active poses depend on one another (eigenvalues of A from ")
    assert text.endswith("strengthL2regularization > 0 (bs.json: strengthL2regularization)")
    priced = replace(FREE, l2=1.0)
    assert rig([(1, 0, 0), (1, 0, 0)], regularisation=priced, origin=PLACED).fault is None
