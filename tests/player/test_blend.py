import numpy as np
import pytest

from a2f_ws.player.blend import Blend
from a2f_ws.player.layout import Layout
from a2f_ws.timebase import PoseRate

ONE = Layout(id=1, curves=1, transforms=0, rate=PoseRate(50, 1), idle={})
TWO = Layout(id=2, curves=2, transforms=0, rate=PoseRate(50, 1), idle={})


def row(*values):
    return np.array(values, np.float32)


@pytest.fixture
def blend():
    blend = Blend(ONE)
    blend.take_rest(row(0.0), ONE)
    return blend


def pose(blend, value, now_us, is_apart=False):
    return float(blend.to_pose(row(value), ONE, is_apart=is_apart, now_us=now_us)[0])


def rest(blend, length_us, now_us):
    return float(blend.to_rest(length_us, now_us=now_us)[0])


def test_a_start_takes_80_ms_from_the_row_shown(blend):
    shown = [pose(blend, 0.8, now_us) for now_us in (0, 20_000, 40_000, 79_999, 80_000, 90_000)]
    assert shown == pytest.approx([0, 0.2, 0.4, 0.79999, 0.8, 0.8])


def test_the_aim_of_a_blend_may_move(blend):
    pose(blend, 0.8, 0)
    assert pose(blend, 0.4, 40_000) == pytest.approx(0.2)


def test_a_blend_replaces_the_running_one_and_begins_at_the_row_shown(blend):
    pose(blend, 0.8, 0)
    assert pose(blend, 0.8, 40_000) == pytest.approx(0.4)
    assert pose(blend, 1.0, 50_000, is_apart=True) == pytest.approx(0.4)
    assert pose(blend, 1.0, 90_000, is_apart=False) == pytest.approx(0.7)
    assert pose(blend, 1.0, 130_000) == pytest.approx(1.0)


def test_a_way_to_rest_is_not_slowed_by_a_second_cause(blend):
    pose(blend, 1.0, 0)
    pose(blend, 1.0, 100_000)
    assert rest(blend, 150_000, 100_000) == 1.0
    assert rest(blend, 250_000, 175_000) == pytest.approx(0.5)
    assert rest(blend, 150_000, 175_000) == pytest.approx(0.5)
    assert rest(blend, 150_000, 250_000) == 0.0


def test_a_way_to_rest_is_hastened_by_a_cause_that_ends_sooner(blend):
    pose(blend, 1.0, 0)
    pose(blend, 1.0, 100_000)
    rest(blend, 250_000, 100_000)
    assert rest(blend, 250_000, 150_000) == pytest.approx(0.8)
    assert rest(blend, 150_000, 150_000) == pytest.approx(0.8)
    assert rest(blend, 150_000, 225_000) == pytest.approx(0.4)
    assert rest(blend, 150_000, 300_000) == 0.0


def test_a_new_rest_row_takes_100_ms_and_the_same_one_again_changes_nothing(blend):
    assert rest(blend, 150_000, 0) == 0.0
    blend.take_rest(row(0.5), ONE)
    assert rest(blend, 150_000, 10_000) == 0.0
    blend.take_rest(row(0.5), ONE)
    assert rest(blend, 150_000, 60_000) == pytest.approx(0.25)
    assert rest(blend, 150_000, 110_000) == 0.5


def test_a_rest_row_that_comes_before_anything_is_shown_is_not_blended_to():
    blend = Blend(ONE)
    blend.take_rest(row(0.3), ONE)
    assert rest(blend, 150_000, 0) == np.float32(0.3)


def test_another_layout_switches_at_once(blend):
    pose(blend, 0.8, 0)
    pose(blend, 0.8, 40_000)
    shown = blend.to_pose(row(0.1, 0.2), TWO, is_apart=True, now_us=50_000)
    assert shown.tolist() == row(0.1, 0.2).tolist()
    assert blend.layout is TWO
    assert blend.to_pose(row(0.3, 0.4), TWO, is_apart=False, now_us=60_000).tolist() == (
        row(0.3, 0.4).tolist()
    )


def test_a_changed_answer_does_not_change_what_is_shown_next(blend):
    shown = blend.to_rest(150_000, now_us=0)
    shown[:] = 9
    assert rest(blend, 150_000, 10_000) == 0.0
