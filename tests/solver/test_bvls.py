import numpy as np
import pytest
from scipy.optimize import lsq_linear

from a2f_ws.solver.bvls import Bvls
from a2f_ws.solver.normal import Regularisation
from tests.solver.rigs import COUPLED, data_for, face, rig

MARK = Regularisation(l1=0.5, l2=0.5, symmetry=100, temporal=0.3, template_bb_size=53.45)


def test_the_residual_of_the_normal_equations_is_minimised():
    """Not the distance to the mesh, which would give 0.5: see the same data in `exact`."""
    found = Bvls([rig(COUPLED)]).run(
        np.array([(1, -1, 0.3)], np.float32), [np.zeros(3, np.float32)]
    )
    assert found[0] == pytest.approx((0.2, 0, 0.3))


def test_each_track_is_solved_for_itself():
    one, two = face(10, regularisation=MARK), face(4, regularisation=MARK, seed=5)
    data = np.hstack((data_for(one, 6), data_for(two, 6)))
    found = Bvls([one, two]).run(data, [np.zeros(14, np.float32) for _ in data])
    for row, b in zip(found, data.astype(np.float64), strict=True):
        for normal, place in ((one, slice(0, 10)), (two, slice(10, 14))):
            matrix = normal.matrix.astype(np.float64)
            wanted = lsq_linear(matrix, b[place], bounds=(0, 1), method="bvls", tol=1e-12)
            assert row[place] == pytest.approx(wanted.x, abs=1e-5)


def test_the_loser_of_a_cancel_pair_is_left_no_room():
    normal = rig(COUPLED, cancel=(3, 3, -1))
    data = np.array([(2.0, 1.8, 0.3), (1.8, 2.0, 0.3)], np.float32)
    found = Bvls([normal]).run(data, [np.zeros(3, np.float32) for _ in data])
    # Alone, the winner takes (2·2 + 1·1.8) / 5, which is more than there is.
    assert found == pytest.approx(np.array([(1, 1e-10, 0.3), (1e-10, 1, 0.3)]))


def test_a_rig_whose_poses_depend_on_one_another_is_solved():
    normal = rig([(1, 0, 0), (1, 0, 0), (0, 1, 0)])
    found = Bvls([normal]).run(np.array([(0.6, 0.6, 2)], np.float32), [np.zeros(3, np.float32)])
    assert found[0] == pytest.approx((0.3, 0.3, 1))
