"""One stretch of speech: which poses are there, what is remembered of it."""

import numpy as np
import pytest

from a2f_ws.animation.weights import FilterState
from a2f_ws.session.ear import Ear
from a2f_ws.session.faces import ease
from a2f_ws.session.mood import Plan
from a2f_ws.session.utterance import Utterance
from a2f_ws.timebase import PoseRate
from tests.core.desk import ramp

SECOND = 16_000


@pytest.fixture
def begin(bundle):
    """Begins an utterance at 60 poses a second, its first audio at 50 s."""

    def begin(first=0, *, rate_hz=SECOND, fps=60):
        return Utterance(
            1,
            Ear(first, rate_hz=rate_hz, fps=PoseRate.of(fps), bundle=bundle),
            plan=Plan(),
            new_state=FilterState,
            now=50.0,
        )

    return begin


def test_a_pose_is_available_with_the_last_sample_of_its_window(begin, bundle):
    utterance = begin()
    lead = bundle.buffer_len - bundle.buffer_ofs
    utterance.hear(ramp(lead - 1), now=50.0)
    assert utterance.available == 0
    utterance.hear(ramp(1), now=50.0)
    assert utterance.available == 1
    utterance.hear(ramp(265), now=50.0)
    assert utterance.available == 1
    utterance.hear(ramp(1), now=50.0)
    assert utterance.available == 2


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 44_100, 48_000, 192_000])
def test_what_is_available_can_be_cut_at_any_rate(begin, rate_hz):
    utterance = begin(rate_hz=rate_hz)
    for _ in range(40):
        utterance.hear(ramp(rate_hz // 37), now=50.0)
        for i in range(utterance.taken, utterance.available):
            assert utterance.cut(i).shape == (8_320,)
    utterance.end(now=50.0)
    for i in range(utterance.taken, utterance.available):
        utterance.cut(i)
    assert utterance.available == utterance.speech_poses == utterance.taken


def test_its_windows_are_offered_once_and_the_rest_face_after_them(begin):
    utterance = begin()
    utterance.hear(ramp(500), now=50.0)
    utterance.end(now=50.0)
    windows = [utterance.offer() for _ in range(utterance.speech_poses + 1)]
    assert [window.i for window in windows] == [0, 1, 2]
    assert [window.is_ease for window in windows] == [False, False, True]
    assert utterance.is_easing
    assert windows[0].is_before(windows[1])
    assert not windows[1].is_before(windows[2])


def test_offers_that_were_taken_back_are_dead(begin):
    utterance = begin()
    utterance.hear(ramp(SECOND), now=50.0)
    old = [utterance.offer() for _ in range(5)]
    utterance.cut(0)
    state = utterance.state
    utterance.take_back(2)
    fresh = utterance.offer()
    assert [window.is_dead for window in old] == [True] * 5
    assert (fresh.i, fresh.is_dead) == (2, False)
    assert utterance.state is not state
    utterance.is_over = True
    assert fresh.is_dead


def test_the_waiting_time_is_that_of_the_audio_that_completed_the_window(begin):
    utterance = begin()
    assert utterance.waiting_s(now=51.0) == 0.0
    utterance.hear(ramp(1_500), now=51.0)
    assert utterance.waiting_s(now=52.0) == 0.0
    utterance.hear(ramp(SECOND - 1_500), now=52.0)
    utterance.hear(ramp(SECOND), now=53.0)
    assert utterance.waiting_s(now=55.0) == 3.0
    for i in range(55):
        utterance.cut(i)
    assert utterance.waiting_s(now=55.0) == 2.0
    for i in range(55, utterance.available):
        utterance.cut(i)
    assert utterance.waiting_s(now=55.0) == 0.0
    utterance.end(now=54.0)
    assert utterance.waiting_s(now=55.0) == 1.0


def test_its_stretch_ends_where_the_audio_allows_no_pose(begin):
    utterance = begin(first=1_600)
    assert utterance.stretch().stop_us == utterance.stretch().start_us == 100_000
    utterance.hear(ramp(SECOND), now=50.0)
    stretch = utterance.stretch()
    assert (stretch.stop_us, stretch.is_over_at_stop) == (1_000_000, False)
    utterance.end(now=51.0)
    stretch = utterance.stretch()
    assert (stretch.stop_us, stretch.is_over_at_stop) == (1_350_000, True)
    assert stretch.heard_at == 50.0


def test_easing_is_a_smoothstep_that_ends_in_the_rest_face():
    face, rest = np.full(82, 0.75, np.float32), np.full(82, 0.25, np.float32)
    rest[3] = 0.1
    faces = ease(face, rest, poses=4)
    x = np.array([0.25, 0.5, 0.75, 1.0])
    assert faces[:, 0].tolist() == pytest.approx((0.75 - 0.5 * (3 * x**2 - 2 * x**3)).tolist())
    assert faces[-1].tolist() == rest.tolist()
    assert faces.dtype == np.float32
    assert ease(face, rest, poses=1).tolist() == [rest.tolist()]
