import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.animation.jaw import jaw_transforms
from tests.animation.geometry import any_rows, floats, rows

JAW = np.array(
    [[-2.0, 0.0, 3.0], [2.0, 0.0, 3.0], [0.0, 0.5, 5.0], [-1.0, -1.0, 4.0], [1.0, -1.0, 4.0]],
    np.float32,
)
STILL = np.eye(4).ravel()
QUARTER = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
"""A quarter turn about z: x becomes y."""


def one(jaw, neutral=JAW, **changes):
    """The 16 numbers of one row, in float64."""
    jaw = np.asarray(jaw, np.float32)[None]
    return jaw_transforms(jaw, neutral=neutral, params=rows(1, **changes))[0].astype(np.float64)


def moved(flat, points):
    matrix = flat.reshape(4, 4).T
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def test_a_jaw_that_stands_still_has_no_motion():
    np.testing.assert_allclose(one(np.zeros((5, 3))), STILL, rtol=0, atol=1e-12)


def test_offsets_raise_and_push_without_a_turn():
    offsets = {"lower_teeth_height_offset": 0.5, "lower_teeth_depth_offset": -0.25}
    wanted = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0.5, -0.25, 1]
    np.testing.assert_allclose(one(np.zeros((5, 3)), **offsets), wanted, rtol=0, atol=1e-12)


@given(seed=st.integers(0, 2**31), points=st.integers(1, 6), is_line=st.booleans())
def test_points_that_leave_the_turn_open_are_not_turned(seed, points, is_line):
    """One point, or several in a line, fit as well with any turn about themselves."""
    random = np.random.default_rng(seed)
    across = random.normal(0, 2, (1 if is_line else points, 3))
    neutral = (across * random.normal(0, 1, (points, 1))).astype(np.float32)
    shift = random.normal(0, 1, 3)
    found = one(np.tile(shift, (points, 1)), neutral).reshape(4, 4).T
    np.testing.assert_allclose(found[:3, :3], np.eye(3), rtol=0, atol=2e-6)
    np.testing.assert_allclose(found[:3, 3], shift, rtol=0, atol=2e-5)


def test_the_strength_scales_the_displacements():
    shift = np.tile([0.5, -1.0, 2.0], (5, 1))
    assert one(shift, lower_teeth_strength=0.5)[12:15] == pytest.approx([0.25, -0.5, 1.0])
    assert one(shift, lower_teeth_strength=0.0) == pytest.approx(STILL)


def test_a_quarter_turn_stands_column_by_column():
    found = one(JAW @ QUARTER.T + [1.0, 2.0, 3.0] - JAW)
    wanted = [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 1, 2, 3, 1]
    np.testing.assert_allclose(found, wanted, rtol=0, atol=2e-6)


@given(seed=st.integers(0, 2**31), points=st.integers(3, 9))
def test_any_rigid_motion_is_found_again(seed, points):
    random = np.random.default_rng(seed)
    neutral = random.normal(0, 2, (points, 3)).astype(np.float32)
    turn = np.linalg.qr(random.normal(0, 1, (3, 3)))[0]
    turn *= np.linalg.det(turn)
    target = (neutral @ turn.T + random.normal(0, 3, 3)).astype(np.float32)
    found = one(target - neutral, neutral)
    assert np.linalg.det(found.reshape(4, 4)) == pytest.approx(1.0, abs=1e-6)
    # The points themselves are float32 numbers up to 20.
    np.testing.assert_allclose(moved(found, neutral), target, rtol=0, atol=5e-5)


def misfit(flat, target):
    return np.square(moved(flat, JAW.astype(np.float64)) - target).sum()


@settings(max_examples=40)
@given(seed=st.integers(0, 2**31), is_mirrored=st.booleans())
def test_no_other_rigid_motion_nearby_fits_better(seed, is_mirrored):
    random = np.random.default_rng(seed)
    target = JAW * ([-1.0, 1.0, 1.0] if is_mirrored else 1.0) + random.normal(0, 0.2, (5, 3))
    target = (JAW + (target - JAW).astype(np.float32)).astype(np.float64)
    found = one(target - JAW)
    assert np.linalg.det(found.reshape(4, 4)) == pytest.approx(1.0, abs=1e-6)
    best = misfit(found, target)
    for axis in np.eye(3):
        for angle in (-0.02, 0.02):
            cross = np.cross(np.eye(3), axis) * -1.0
            turn = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
            other = found.reshape(4, 4).T.copy()
            other[:3, :3] = turn @ other[:3, :3]
            other[:3, 3] = target.mean(0) - other[:3, :3] @ JAW.mean(0)
            assert misfit(other.T.ravel(), target) >= best - 1e-4


def test_two_points_take_the_smallest_turn_that_fits():
    line = np.array([[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0]], np.float32)
    found = one(line @ QUARTER.T - line, line)
    np.testing.assert_allclose(found.reshape(4, 4).T[:3, :3], QUARTER, rtol=0, atol=1e-6)


@given(count=st.integers(1, 12), seed=st.integers(0, 2**31), points=st.integers(1, 20))
def test_a_batch_of_jaws_gives_what_its_members_give_alone(count, seed, points):
    jaw, neutral, params = floats(seed, count, points, 3), floats(1, points, 3), any_rows(count, 1)
    together = jaw_transforms(jaw, neutral=neutral, params=params)
    for i in range(count):
        alone = jaw_transforms(jaw[[i]], neutral=neutral, params=params[[i]])
        assert alone[0].tobytes() == together[i].tobytes()
