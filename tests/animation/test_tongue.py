import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.animation.tongue import tongue_vertices
from tests.animation.geometry import any_rows, floats, rows


def test_the_neutral_parameters_add_the_displacements_to_the_neutral_tongue():
    deltas, neutral = floats(0, 3, 5, 3), floats(1, 5, 3)
    found = tongue_vertices(deltas, neutral=neutral, params=rows(3))
    assert np.array_equal(found, neutral + deltas)


def test_strength_scales_displacements_and_offsets_raise_and_push():
    params = rows(1, tongue_strength=1.5, tongue_height_offset=0.25, tongue_depth_offset=-0.5)
    deltas = np.array([[[1.0, 2.0, 4.0], [0.0, 0.0, 0.0]]], np.float32)
    neutral = np.array([[10.0, 20.0, 30.0], [1.0, 2.0, 3.0]], np.float32)
    found = tongue_vertices(deltas, neutral=neutral, params=params)
    assert found.tolist() == [[[11.5, 23.25, 35.5], [1.0, 2.25, 2.5]]]


@given(count=st.integers(1, 12), seed=st.integers(0, 2**31))
def test_a_batch_of_tongues_gives_what_its_members_give_alone(count, seed):
    deltas, neutral, params = floats(seed, count, 9, 3), floats(1, 9, 3), any_rows(count, seed)
    together = tongue_vertices(deltas, neutral=neutral, params=params)
    for i in range(count):
        alone = tongue_vertices(deltas[[i]], neutral=neutral, params=params[[i]])
        assert alone[0].tobytes() == together[i].tobytes()


def test_the_tongue_s_input_is_left_alone():
    deltas, neutral = floats(0, 2, 4, 3), floats(1, 4, 3)
    before = deltas.copy(), neutral.copy()
    tongue_vertices(deltas, neutral=neutral, params=any_rows(2, 0))
    assert np.array_equal(deltas, before[0])
    assert np.array_equal(neutral, before[1])
