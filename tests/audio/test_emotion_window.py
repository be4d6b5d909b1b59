import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.audio.emotion_window import WINDOW_MAX, WINDOW_MIN, EmotionPace, fitted
from a2f_ws.timebase import PoseRate

PACES = st.builds(
    lambda window, rate, share: EmotionPace(
        window, 1 + round(share * (EmotionPace.frames_max(window, rate) - 1)), rate
    ),
    window=st.integers(WINDOW_MIN, WINDOW_MAX),
    rate=st.sampled_from([PoseRate(30, 1), PoseRate(60, 1), PoseRate(30_000, 1_001)]),
    share=st.floats(0, 1),
)


def test_windows_are_centred_on_the_first_of_their_frames():
    pace = EmotionPace(8_320, 11)
    assert [pace.steps.sample(k) for k in range(4)] == [0, 5_866, 11_733, 17_600]
    assert [pace.rate.sample(j) for j in (0, 11, 22, 33)] == [0, 5_866, 11_733, 17_600]
    assert pace.look_ahead == 4_160


def test_odd_windows_hear_one_sample_more_ahead():
    assert EmotionPace(8_321, 11).look_ahead == 4_161


@given(pace=PACES, end=st.integers(0, 200_000))
def test_windows_are_available_by_the_counting_rules_of_the_sdk(pace, end):
    centres = [pace.steps.sample(k) for k in range(500)]
    whole = sum(centre + pace.look_ahead <= end for centre in centres)
    begun = sum(centre < end for centre in centres)
    assert min(500, pace.available(end, is_closed=False)) == whole
    assert min(500, pace.available(end, is_closed=True)) == begun


@given(pace=PACES, end=st.integers(0, 100_000))
def test_availability_is_that_of_the_windows_themselves(pace, end):
    windows = pace.windows()
    windows.hear(np.zeros(end, np.float32))
    assert windows.available == pace.available(end, is_closed=False)
    windows.close()
    assert windows.available == pace.available(end, is_closed=True)


@given(pace=PACES, at=st.integers(0, 10**9))
def test_the_block_of_a_sample_is_the_last_window_centred_on_or_before_it(pace, at):
    k = pace.block(at)
    assert pace.steps.sample(k) <= at < pace.steps.sample(k + 1)


@given(pace=PACES, end=st.integers(1, 10**9))
def test_frames_are_counted_up_to_the_end_of_the_sound(pace, end):
    total = pace.frames_before(end)
    assert pace.rate.sample(total - 1) < end <= pace.rate.sample(total)


def test_windows_fit_the_look_ahead_within_what_the_network_takes():
    assert fitted(4_160) == 8_320
    assert fitted(1_920) == WINDOW_MIN
    assert fitted(50_000) == WINDOW_MAX


def test_strides_longer_than_the_window_are_refused():
    assert EmotionPace.frames_max(5_000) == 9
    EmotionPace(5_000, 9)
    for frames in (0, 10):
        with pytest.raises(ValueError, match="wanted 1 to 9"):
            EmotionPace(5_000, frames)
