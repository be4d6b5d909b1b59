"""An utterance of which only every so many poses are computed."""

import numpy as np
import pytest

from a2f_ws.animation.weights import FilterState
from a2f_ws.session.ear import Ear
from a2f_ws.session.faces import between
from a2f_ws.session.mood import Plan
from a2f_ws.session.utterance import Utterance
from a2f_ws.timebase import PoseRate
from tests.core.desk import ramp

SECOND = 16_000


@pytest.fixture
def begin(bundle):
    """Begins an utterance whose first audio came at 50 s."""

    def begin(stride, *, first=0, fps=60):
        return Utterance(
            1,
            Ear(first, rate_hz=SECOND, fps=PoseRate.of(fps), bundle=bundle),
            plan=Plan(),
            new_state=FilterState,
            now=50.0,
            stride=stride,
        )

    return begin


def offered(utterance):
    """Indices of all windows that it has now, each of them cut at once."""
    found = []
    while not utterance.is_easing and (utterance.is_ended or utterance.next < utterance.available):
        window = utterance.offer()
        found.append(window.i)
        if not window.is_ease:
            utterance.cut(window.i)
    return found


def heard(utterance, frames, *, now=50.0):
    utterance.hear(ramp(frames, start=utterance.received), now=now)
    return utterance


def ended(utterance, frames):
    heard(utterance, frames).end(now=50.0)
    return utterance


def test_the_first_pose_then_every_so_many_and_always_the_last_one_are_computed(begin):
    assert offered(ended(begin(4), 16 * SECOND // 60)) == [0, 4, 8, 12, 15, 16]
    assert offered(ended(begin(4), 17 * SECOND // 60)) == [0, 4, 8, 12, 16, 17]
    assert offered(ended(begin(4, first=SECOND), SECOND // 10)) == [60, 64, 65, 66]


def test_sound_shorter_than_a_stride_has_its_first_and_its_last_pose(begin):
    assert offered(ended(begin(100), SECOND // 10)) == [0, 5, 6]
    assert offered(ended(begin(100), 100)) == [0, 1]
    assert offered(ended(begin(100), 0)) == [0]


def test_when_the_end_comes_does_not_change_what_is_computed(begin):
    late, soon = begin(4, fps=240), ended(begin(4, fps=240), SECOND)
    found = []
    for _ in range(50):
        found += offered(heard(late, SECOND // 50))
    late.end(now=51.0)
    assert found + offered(late) == offered(soon)


def test_a_window_waits_for_its_own_audio_and_brings_the_poses_before_it(begin):
    utterance = heard(begin(10), SECOND // 2)
    assert offered(utterance) == [0, 10, 20]
    assert utterance.available > utterance.reach == 21
    assert utterance.asked == 21
    heard(utterance, SECOND // 2)
    assert utterance.reach == 51


def test_a_new_stride_acts_from_the_last_face_on_that_was_cut(begin):
    utterance = heard(begin(2), SECOND)
    windows = [utterance.offer() for _ in range(6)]
    for window in windows[:3]:
        window.is_cut = True
        utterance.cut(window.i)
    utterance.pace(5)
    assert [window.is_dead for window in windows] == [False] * 3 + [True] * 3
    assert [utterance.offer().i for _ in range(3)] == [9, 14, 19]
    utterance.take_back(utterance.shown)
    assert [window.is_dead for window in windows] == [True] * 6
    assert [utterance.offer().i for _ in range(3)] == [0, 5, 10]


def test_the_same_stride_takes_nothing_back(begin):
    utterance = heard(begin(3), SECOND)
    window = utterance.offer()
    utterance.pace(3)
    assert not window.is_dead


def test_the_rest_face_that_is_being_computed_is_not_offered_again(begin):
    utterance = ended(begin(3), 100)
    first, ease = utterance.offer(), utterance.offer()
    assert ease.is_ease
    utterance.pace(2)
    assert ease.is_dead
    assert not utterance.is_easing
    assert [utterance.offer().i for _ in range(2)] == [first.i, ease.i]
    utterance.cut(0)
    utterance.is_settled = True
    utterance.pace(1)
    assert utterance.is_easing


def test_time_between_faces_counts_from_the_one_computed_before(begin):
    utterance = heard(begin(4), SECOND)
    steps = []
    for _ in range(3):
        window = utterance.offer()
        steps.append(utterance.steps_to(window.i))
        utterance.cut(window.i)
    assert steps == [1, 4, 4]
    utterance.take_back(7)
    assert utterance.steps_to(utterance.offer().i) == 1


def test_faces_between_two_computed_ones_lie_evenly_on_the_line_between_them(begin):
    utterance = heard(begin(4), SECOND)
    first, later = np.full(82, 0.25, np.float32), np.linspace(0, 1, 82, dtype=np.float32)
    assert [face.tolist() for face in utterance.show(0, first)] == [first.tolist()]
    faces = utterance.show(4, later)
    assert len(faces) == 4
    for k, face in enumerate(faces[:3], start=1):
        np.testing.assert_allclose(face, first + (later - first) * k / 4, atol=1e-7)
    assert faces[3].tobytes() == later.tobytes()
    assert between(first, first, poses=2).tolist() == [first.tolist()] * 2
    assert between(first, later, poses=0).shape == (0, 82)


def test_nothing_is_interpolated_over_poses_that_were_left_out(begin):
    utterance = heard(begin(4), SECOND)
    face = np.ones(82, np.float32)
    utterance.show(0, face)
    utterance.take_back(20)
    assert len(utterance.show(20, face)) == 1
    assert len(utterance.show(24, face)) == 4


def test_waiting_counts_from_the_audio_of_the_face_that_is_computed(begin):
    utterance = begin(6)
    heard(utterance, SECOND // 6)
    utterance.cut(0)
    # 0.17 s reach to pose 4, so that pose 6 is computed when the next piece has come.
    assert utterance.waiting_s(now=60.0) == 0.0
    heard(utterance, SECOND // 5, now=51.0)
    assert utterance.waiting_s(now=51.5) == 0.5


def test_what_poses_wait_for_a_later_ones_audio_is_imposed_on_them(begin):
    utterance = heard(begin(6), SECOND // 6)
    utterance.cut(0)
    assert utterance.imposed_us == 0
    heard(utterance, SECOND // 5, now=50.4)
    utterance.cut(6)
    assert utterance.imposed_us == 400_000
    at_once = heard(begin(6), SECOND, now=50.0)
    for i in (0, 6, 12):
        at_once.cut(i)
    assert at_once.imposed_us == 0


def test_the_end_of_what_audio_allows_goes_in_steps_of_the_stride(begin):
    utterance = heard(begin(10), SECOND)
    assert utterance.stretch().stop_us == utterance.fps.t_us(50)
    utterance.cut(0)
    utterance.cut(10)
    utterance.pace(7)
    assert utterance.stretch().stop_us == utterance.fps.t_us(52)
    utterance.end(now=51.0)
    assert utterance.stretch().stop_us == utterance.fps.t_us(75)


def test_it_is_waiting_while_windows_of_it_have_not_been_cut(begin):
    utterance = heard(begin(10), SECOND // 5)
    assert not utterance.is_waiting
    window = utterance.offer()
    assert utterance.is_waiting
    utterance.cut(window.i)
    assert not utterance.is_waiting
    utterance.end(now=51.0)
    offered(utterance)
    assert utterance.is_waiting
    utterance.is_settled = True
    assert not utterance.is_waiting
