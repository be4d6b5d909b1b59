import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.player.layout import Layout
from a2f_ws.player.track import NEVER, Track
from a2f_ws.timebase import PoseRate

ONE = Layout(id=1, curves=1, transforms=0, rate=PoseRate(50, 1), idle={})
TWO = Layout(id=2, curves=1, transforms=0, rate=PoseRate(25, 1), idle={})


def numbered(first, count):
    return np.arange(first, first + count, dtype=np.float32)[:, None]


def track_of(*parts):
    track = Track()
    for first, count in parts:
        track.add(ONE, first, rows=numbered(first, count))
    return track


def shown(track, t_us):
    found = track.at(t_us)
    return float(found.row[0]), found.late_us


def test_an_empty_track_shows_nothing_and_reaches_nowhere():
    assert Track().at(0) is None
    assert Track().reach_us == NEVER


def test_between_two_poses_the_row_is_linear():
    assert shown(track_of((0, 5)), 30_000) == (1.5, None)


def test_at_a_poses_time_the_row_is_that_pose():
    assert shown(track_of((0, 5)), 40_000) == (2.0, None)


def test_before_the_first_pose_the_first_pose_shows():
    assert shown(track_of((3, 5)), 0) == (3.0, None)
    assert shown(track_of((3, 5)), -500_000) == (3.0, None)


def test_the_newest_pose_stands_until_the_next_is_due_and_counts_as_late_from_then_on():
    track = track_of((0, 5))
    assert shown(track, 80_000) == (4.0, None)
    assert shown(track, 99_999) == (4.0, None)
    assert shown(track, 100_000) == (4.0, 0)
    assert shown(track, 130_000) == (4.0, 30_000)


def test_a_hole_of_100_ms_is_crossed_a_wider_one_is_not():
    assert shown(track_of((0, 3), (7, 2)), 90_000) == (4.5, None)
    wide = track_of((0, 3), (8, 2))
    assert shown(wide, 59_999) == (2.0, None)
    assert shown(wide, 90_000) == (2.0, 30_000)
    assert shown(wide, 160_000) == (8.0, None)


def test_a_hole_that_is_filled_later_is_none():
    track = track_of((0, 3), (20, 3))
    track.add(ONE, 3, rows=numbered(3, 17))
    assert shown(track, 210_000) == (10.5, None)
    assert track.rows == 23


def test_the_order_in_which_poses_come_does_not_matter():
    parts = [(0, 4), (4, 4), (8, 2), (12, 3)]
    wanted = [shown(track_of(*parts), t_us) for t_us in range(0, 300_000, 7_000)]
    for order in itertools.permutations(parts):
        assert [shown(track_of(*order), t_us) for t_us in range(0, 300_000, 7_000)] == wanted


def test_rows_that_come_twice_replace_the_earlier_ones_and_join_what_lies_around():
    track = track_of((0, 3), (6, 3))
    track.add(ONE, 2, rows=numbered(102, 5))
    assert [shown(track, 20_000 * i)[0] for i in range(9)] == [0, 1, 102, 103, 104, 105, 106, 7, 8]
    assert track.rows == 9


def test_what_is_forgotten_leaves_the_pose_that_shows_that_time():
    track = track_of((0, 50))
    track.forget(510_000)
    assert track.rows == 25
    assert shown(track, 510_000) == (25.5, None)


def test_going_back_to_what_is_forgotten_finds_nothing():
    track = track_of((0, 50))
    track.forget(500_000)
    assert shown(track, 400_000) == (25.0, None)
    assert shown(track, 399_999) == (25.0, 0)


def test_forgetting_keeps_the_last_row_of_what_ended_long_ago():
    track = track_of((0, 50))
    track.forget(90_000_000)
    assert track.rows == 1
    assert shown(track, 1_000_000) == (49.0, 0)


def test_parts_that_lie_behind_are_forgotten_as_a_whole():
    track = track_of((0, 5), (100, 5), (200, 5))
    track.forget(4_000_000)
    assert track.rows == 5


def test_an_index_far_ahead_costs_no_memory():
    track = track_of((0, 3), (10**15, 2))
    assert track.rows == 5
    assert track.reach_us == 20_000 * (10**15 + 1)


def test_rows_of_an_older_layout_end_where_those_of_a_newer_begin():
    track = track_of((0, 20))
    track.add(TWO, 4, rows=numbered(504, 3))
    assert track.at(159_999).layout is ONE
    assert track.at(160_000).layout is TWO
    assert (track.rows, track.reach_us) == (8 + 3, 240_000)
    track.add(TWO, 2, rows=numbered(502, 2))
    assert track.at(79_999).layout is ONE
    assert track.at(80_000).layout is TWO


def test_rows_of_two_layouts_are_not_mixed():
    track = track_of((0, 8))
    track.add(TWO, 4, rows=numbered(504, 3))
    assert shown(track, 150_000) == (7.0, None)


def test_a_killed_track_forgets_its_rows_and_takes_none():
    track = track_of((0, 8))
    track.kill()
    track.add(ONE, 0, rows=numbered(0, 8))
    assert (track.rows, track.at(0)) == (0, None)


@pytest.mark.parametrize(
    ("head_us", "play_us", "is_over"),
    [(380_000, 380_000, True), (379_999, 400_000, False), (400_000, 379_999, False)],
)
def test_an_utterance_is_over_when_both_poses_and_sound_have_been_played(head_us, play_us, is_over):
    track = track_of((0, 20))
    track.tell("audio_done", poses=20, t_us=380_000)
    track.tell("poses_done", poses=20, t_us=380_000)
    assert track.is_over(head_us, play_us) is is_over


def test_an_utterance_without_a_pose_is_over_unless_there_is_sound_to_play():
    track = Track()
    track.tell("started", poses=0, t_us=0)
    track.tell("poses_done", poses=0, t_us=0)
    assert track.is_over(None, None)
    track.tell("audio_done", poses=0, t_us=300_000)
    assert not track.is_over(None, None)
    assert not track.is_over(299_999, 299_999)
    assert track.is_over(300_000, 300_000)


def test_states_that_are_not_known_change_nothing():
    track = track_of((0, 3))
    track.tell("paused_for_tea", poses=3, t_us=40_000)
    assert (track.is_done, track.is_dead, track.first_us) == (False, False, 0)
    assert shown(track, 20_000) == (1.0, None)


@given(
    parts=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), min_size=1, max_size=12),
    t_us=st.integers(0, 1_600_000),
)
def test_a_track_finds_what_a_plain_table_of_poses_would(parts, t_us):
    table = {i for first, count in parts for i in range(first, first + count)}
    track = track_of(*parts)
    below = [i for i in table if 20_000 * i <= t_us]
    above = [i for i in table if 20_000 * i > t_us]
    assert track.rows == len(table)
    value, late_us = shown(track, t_us)
    if not below:
        assert (value, late_us) == (min(table), None)
    elif above and 20_000 * (min(above) - max(below)) <= 100_000:
        assert value == pytest.approx(t_us / 20_000, abs=1e-4)
        assert late_us is None
    else:
        due_us = 20_000 * (max(below) + 1)
        assert value == max(below)
        assert late_us == (t_us - due_us if t_us >= due_us else None)
