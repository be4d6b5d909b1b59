from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.animation.eyes import EyesState, eye_rotations
from a2f_ws.errors import MisuseError
from tests.animation.geometry import any_rows, floats, rows

TABLE = np.stack([np.arange(10.0), np.arange(100.0, 110.0)], axis=1).astype(np.float32)
"""Ten rows whose x is their number."""


def read(state, count, *, fps=60, table=TABLE, **changes):
    """The rows of the table that poses with still eyes get."""
    found = eye_rotations(
        np.zeros((count, 4), np.float32),
        [state] * count,
        saccades=table,
        params=rows(count, **changes),
        dt_s=np.full(count, 1 / fps, np.float32),
    )
    return found[:, 0].astype(int).tolist()


def test_every_number_is_offset_plus_eyes_plus_saccade():
    params = rows(
        1,
        eyeballs_strength=2.0,
        saccade_strength=0.5,
        right_eye_rot_x_offset=1.0,
        right_eye_rot_y_offset=2.0,
        left_eye_rot_x_offset=3.0,
        left_eye_rot_y_offset=4.0,
        eye_saccade_seed=6,
    )
    eyes = np.array([[0.25, 0.5, 0.75, 1.0]], np.float32)
    found = eye_rotations(
        eyes, [EyesState()], saccades=TABLE, params=params, dt_s=np.array([1 / 60], np.float32)
    )
    assert found.dtype == np.float32
    assert found.tolist() == [[4.5, 56.0, 0.0, 7.5, 59.0, 0.0]]


def test_at_60_poses_a_second_each_row_holds_for_two_and_the_table_begins_anew():
    assert read(EyesState(), 23) == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9,
                                     0, 0, 1]  # fmt: skip


def test_at_30_poses_a_second_each_row_is_read_once():
    assert read(EyesState(), 12, fps=30) == [*range(10), 0, 1]


def test_the_seed_is_added_and_wraps_by_the_table_s_length():
    assert read(EyesState(), 4, fps=30, eye_saccade_seed=8) == [8, 9, 0, 1]
    assert read(EyesState(), 3, fps=30, eye_saccade_seed=4999) == [9, 0, 1]


def test_a_fractional_seed_shifts_where_the_row_changes():
    assert read(EyesState(), 6, eye_saccade_seed=3.75) == [3, 4, 4, 5, 5, 6]
    assert read(EyesState(), 4, eye_saccade_seed=9.75) == [9, 0, 0, 1]


def test_a_table_of_one_row_is_always_that_row():
    assert read(EyesState(), 5, table=TABLE[7:8], eye_saccade_seed=12.5) == [7] * 5


def test_a_new_state_stands_at_the_seed_and_a_set_time_does_not_wrap():
    state = EyesState()
    assert state.live_time == 0.0
    state.seek(12.5)
    assert state.live_time == 375.0
    assert isinstance(state.live_time, np.float32)
    assert read(state, 3, fps=30) == [5, 6, 7]
    assert state.live_time == 7.0


def test_times_before_the_seed_wrap_to_the_table_s_end():
    state = EyesState()
    state.seek(-0.1)
    assert read(state, 5, fps=30) == [7, 8, 9, 0, 1]
    state.seek(-1e-12)
    assert read(state, 1, fps=30) == [0]


@pytest.mark.parametrize("fps", [24, 25, 29.97, 50, 144])
def test_the_time_adds_up_in_float32(fps):
    """Rounding errors of a long utterance add up as in the SDK."""
    state, live, step = EyesState(), np.float32(0), np.float32(1 / fps) * np.float32(30)
    wanted = []
    for k in range(20_000):
        live = np.fmod(live + step, np.float32(10)) if k else live
        wanted.append(int(np.fmod(np.float32(0.5) + live, np.float32(10))))
    assert read(state, 20_000, fps=fps, eye_saccade_seed=0.5) == wanted
    assert state.live_time == live


@pytest.mark.parametrize("stride", [2, 3, 8])
def test_poses_left_out_before_a_pose_do_not_change_its_saccade(stride):
    state, every = EyesState(), read(EyesState(), 49, fps=30)
    found = read(state, 1, fps=30) + read(state, 48 // stride, fps=30 / stride)
    assert found == every[::stride]


def test_a_set_time_is_read_as_it_is_however_long_the_row_before_stood():
    state = EyesState()
    assert read(state, 2, fps=30) == [0, 1]
    state.seek(0.2)
    assert read(state, 2, fps=3.75) == [6, 4]


def test_another_number_of_states_than_of_eyes_is_a_bug():
    with pytest.raises(MisuseError, match=r"^eyes: 1 states, wanted 2$"):
        eye_rotations(
            np.zeros((2, 4), np.float32),
            [EyesState()],
            saccades=TABLE,
            params=rows(2),
            dt_s=np.full(2, 1 / 60, np.float32),
        )


def played(batches, eyes, owners, *, params, dt_s):
    """Run the rows in the given batches, each with the state of its owner."""
    states = {owner: EyesState() for owner in owners}
    out = np.zeros((len(eyes), 6), np.float32)
    table = floats(5, 17, 2)
    for batch in batches:
        out[batch] = eye_rotations(
            eyes[batch],
            [states[owners[row]] for row in batch],
            saccades=table,
            params=params[batch],
            dt_s=dt_s[batch],
        )
    return out.tobytes()


@settings(max_examples=40)
@given(data=st.data())
def test_eyes_have_the_same_bits_in_any_company_and_batch(data):
    count = data.draw(st.integers(1, 24))
    owners = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    seed = data.draw(st.integers(0, 2**31))
    eyes, params = floats(seed, count, 4), any_rows(count, seed)
    dt_s = np.array([(1 / 60, 1 / 30, 1001 / 30000, 1 / 240)[o] for o in owners], np.float32)
    one_by_one = played([[row] for row in range(count)], eyes, owners, params=params, dt_s=dt_s)
    by_owner = [[r for r in range(count) if owners[r] == owner] for owner in sorted(set(owners))]
    cuts = sorted({0, count, *data.draw(st.lists(st.integers(0, count), max_size=4))})
    mixed = [list(range(a, b)) for a, b in pairwise(cuts)]
    for batches in (by_owner, mixed, [list(range(count))]):
        assert played(batches, eyes, owners, params=params, dt_s=dt_s) == one_by_one
