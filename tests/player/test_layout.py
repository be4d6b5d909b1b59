import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.player.layout import Layout
from a2f_ws.timebase import PoseRate

HALF = 0.5**0.5


RATE = PoseRate(60, 1)


def layout(curves=1, transforms=1, rate=RATE):
    return Layout(id=1, curves=curves, transforms=transforms, rate=rate, idle={})


def test_a_row_is_curves_and_seven_numbers_per_transform():
    assert layout(curves=68, transforms=2).row == 82


def test_the_neutral_row_is_zero_without_rotation():
    assert layout(curves=2, transforms=2).neutral().tolist() == (
        [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    )


def test_curves_and_positions_mix_linearly():
    a = np.array([0.2, 0, 0, 0, 1, 1, 2, 3], np.float32)
    b = np.array([0.6, 0, 0, 0, 1, 2, 4, 5], np.float32)
    mixed = layout().mix(a, b, share=0.25)
    assert mixed == pytest.approx([0.3, 0, 0, 0, 1, 1.25, 2.5, 3.5])


def test_half_way_between_two_rotations_is_half_the_angle():
    a = np.array([0, 0, 0, 0, 1, 0, 0, 0], np.float32)
    b = np.array([0, 0, 0, HALF, HALF, 0, 0, 0], np.float32)
    mixed = layout().mix(a, b, share=0.5)
    assert mixed[1:5] == pytest.approx([0, 0, 0.38268343, 0.92387953])


def test_the_sign_of_a_quaternion_does_not_matter_and_the_result_is_on_the_first_ones_side():
    a = np.array([0, 0, 0, HALF, HALF, 0, 0, 0], np.float32)
    b = np.array([0, 0, 0, 0, -1, 0, 0, 0], np.float32)
    mixed = layout().mix(a, b, share=0.5)
    assert mixed[1:5] == pytest.approx([0, 0, 0.38268343, 0.92387953])
    assert layout().mix(b, a, share=0.5)[1:5] == pytest.approx([0, 0, -0.38268343, -0.92387953])


def test_each_transform_takes_its_own_shorter_arc():
    a = np.array([0, 0, 0, 1, 0, 0, 0] * 2, np.float32)
    b = np.array([0, 0, 0, -1, 0, 0, 0, 0, 0, HALF, HALF, 0, 0, 0], np.float32)
    mixed = layout(curves=0, transforms=2).mix(a, b, share=0.5)
    assert mixed == pytest.approx([0, 0, 0, 1, 0, 0, 0, 0, 0, 0.38268343, 0.92387953, 0, 0, 0])


def test_quaternions_of_zero_do_not_become_nan():
    a = np.zeros(8, np.float32)
    assert layout().mix(a, a, share=0.5).tolist() == [0] * 8


def test_mixing_changes_neither_row():
    a, b = layout().neutral(), layout().neutral() * -1
    layout().mix(a, b, share=0.5)
    assert a.tolist() == [0, 0, 0, 0, 1, 0, 0, 0]
    assert b.tolist() == [0, 0, 0, 0, -1, 0, 0, 0]


@given(
    num=st.integers(1, 240_000), den=st.integers(1, 1001), i=st.integers(0, 10**8), gap=st.data()
)
def test_a_pose_is_found_from_its_own_microsecond_until_the_one_before_the_next(num, den, i, gap):
    shape = layout(rate=PoseRate(num, den))
    first_us, after_us = shape.rate.t_us(i), shape.rate.t_us(i + 1)
    if first_us < after_us:
        t_us = gap.draw(st.integers(first_us, after_us - 1))
        assert shape.pose_at(t_us) == i
