import numpy as np
import pytest

from a2f_ws.audio.emotion_window import EmotionPace
from a2f_ws.errors import MisuseError
from a2f_ws.session.ear import Ear
from a2f_ws.session.felt import HELD_FRAMES, Felt
from a2f_ws.timebase import PoseRate

PACE = EmotionPace(8_320, 11)
RATE_HZ = 16_000


@pytest.fixture
def ear(bundle):
    return Ear(0, rate_hz=RATE_HZ, fps=PoseRate(60, 1), bundle=bundle, pace=PACE)


@pytest.fixture
def felt(ear):
    return Felt(PACE, ear, first=0)


def answer(k):
    return np.full(6, k, np.float32)


def made(felt):
    """Numbers of all frames that can be made now, with the window that each is made of."""
    found = []
    while (logits := felt.due()) is not None:
        found.append((felt.frame, int(logits[0])))
        felt.key(np.zeros(10, np.float32))
        felt.track.drop_before(felt.keyed)
    return found


def test_a_window_is_heard_once_the_audio_fills_it(ear, felt):
    ear.hear(np.ones(4_159, np.float32))
    assert felt.voice() is None
    ear.hear(np.ones(1, np.float32))
    assert felt.voice().shape == (8_320,)
    assert felt.voice() is None


def test_every_answer_gives_the_frames_of_its_window(ear, felt):
    ear.hear(np.ones(30_000, np.float32))
    felt.take(0, answer(0))
    felt.take(1, answer(1))
    assert made(felt) == [(j, j // 11) for j in range(22)]


def test_an_answer_that_is_missing_is_replaced_by_the_one_before_it(ear, felt):
    ear.hear(np.ones(60_000, np.float32))
    felt.take(0, answer(0))
    felt.take(2, answer(2))
    assert made(felt) == [(j, 0 if j < 22 else 2) for j in range(33)]


def test_answers_are_held_for_a_second_at_most(ear, felt):
    ear.hear(np.ones(600_000, np.float32))
    felt.take(0, answer(0))
    felt.take(50, answer(50))
    found = made(felt)
    assert [frame for frame, k in found if k == 0] == list(range(11 + HELD_FRAMES))
    assert [frame for frame, k in found if k == 50] == list(range(550, 561))


def test_before_the_first_answer_there_are_no_frames(ear, felt):
    ear.hear(np.ones(60_000, np.float32))
    felt.take(3, answer(3))
    assert made(felt) == [(j, 3) for j in range(33, 44)]


def test_no_frame_is_made_after_the_end_of_the_sound(ear, felt):
    ear.hear(np.ones(3_000, np.float32))
    ear.is_ended = True
    assert felt.known_to == -1
    felt.take(0, answer(0))
    assert [frame for frame, _ in made(felt)] == [0, 1, 2, 3, 4, 5]
    assert felt.known_to is None


def test_the_emotion_is_known_as_far_as_answers_and_sound_reach(ear, felt):
    assert felt.known_to == -1
    felt.take(0, answer(0))
    ear.hear(np.ones(1_000, np.float32))
    assert felt.known_to == 533
    ear.hear(np.ones(9_000, np.float32))
    assert felt.known_to == PACE.rate.sample(10)


def test_windows_before_the_last_pose_are_left_out_but_never_the_newest(ear, felt):
    ear.hear(np.ones(30_000, np.float32))
    assert felt.available == 5
    assert felt.listen(12_000) == 2
    assert felt.listen(0) == 2
    assert felt.listen(10**9) == 4


def test_a_line_that_begins_late_begins_with_the_window_that_covers_it(ear):
    assert Felt(PACE, ear, first=5_865).next == 0
    late = Felt(PACE, ear, first=12_000)
    assert (late.next, late.next_at) == (2, PACE.steps.sample(2))


def test_answers_out_of_order_are_misuse(felt):
    felt.take(3, answer(3))
    with pytest.raises(MisuseError, match="answer 2"):
        felt.take(2, answer(2))
