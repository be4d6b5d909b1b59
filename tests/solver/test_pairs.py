import numpy as np
import pytest

from a2f_ws.errors import ModelError
from a2f_ws.solver.pairs import active_pairs, check_pairs


def pairs_of(ids, active):
    return active_pairs(np.array(ids), np.array(active))


def test_poses_with_the_same_id_are_a_pair_of_places_among_the_active():
    assert pairs_of([7, -1, 3, 7, -1, 3, -1], [0, 1, 2, 3, 4, 5, 6]) == ((0, 3), (2, 5))
    assert pairs_of([7, -1, 3, 7, -1, 3, -1], [1, 2, 4, 5, 6]) == ((1, 3),)


def test_a_pair_with_one_active_member_is_none():
    assert pairs_of([7, 7, 8, 8, -1], [0, 2, 4]) == ()


def test_exactly_two_active_poses_without_id_are_a_pair_as_in_the_sdk():
    assert pairs_of([-1, 5, 5, -1], [0, 1, 2, 3]) == ((0, 3), (1, 2))
    assert pairs_of([-1, -1, -1], [0, 1, 2]) == ()
    assert pairs_of([-1, -1, -1], [0, 2]) == ((0, 1),)


@pytest.mark.parametrize(("ids", "count"), [([4, -1], 1), ([4, 4, 4], 3)])
def test_an_id_that_is_not_on_two_poses_is_refused(ids, count):
    with pytest.raises(ModelError, match=f"cancelPoses: id 4 is on {count} poses"):
        check_pairs("cancelPoses", np.array(ids))


def test_ids_on_two_poses_and_none_at_all_are_fine():
    check_pairs("cancelPoses", np.array([-1, 0, 0, -1, -1, 9, 9]))
