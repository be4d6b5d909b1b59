import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from a2f_ws.animation.recognition import RECOGNITION_PARAMS, Recognition
from a2f_ws.errors import MisuseError
from a2f_ws.names import EMOTIONS

CLASSES = (1, 3, 4, 6, -1, 9)
E = len(EMOTIONS)
DT_S = 1 / 30
LOGITS = hnp.arrays(np.float32, (6, 6), elements=st.floats(-20, 20, width=32))


def row(**changes):
    values = {param.name: param.default for param in RECOGNITION_PARAMS.params} | changes
    return np.array([values[name] for name in RECOGNITION_PARAMS.names], np.float32)


def raw(**changes):
    """Parameters without any smoothing: the frame shows what the logits say."""
    still = {"live_blend_coef": 0.0, "transition_smoothing": 0.0, "emotion_strength": 1.0}
    return row(**(still | changes))


def step(recognition, logits, states, *, params, preferred=None, dt_s=DT_S):
    logits = np.atleast_2d(np.asarray(logits, np.float32))
    count = len(logits)
    wanted = np.zeros(E, np.float32) if preferred is None else np.asarray(preferred, np.float32)
    return recognition.step(
        logits,
        states,
        params=np.tile(params, (count, 1)),
        preferred=np.tile(wanted, (count, 1)),
        prefers=np.full(count, preferred is not None),
        dt_s=dt_s,
    )


@pytest.fixture
def recognition():
    return Recognition(CLASSES)


def test_the_shares_of_classes_with_an_emotion_are_shown_and_neutral_is_not(recognition):
    shown = step(recognition, np.zeros(6), [recognition.new_state()], params=raw())[0]
    assert np.flatnonzero(shown).tolist() == [1, 3, 4, 6, 9]
    np.testing.assert_allclose(shown[[1, 3, 4, 6, 9]], 1 / 6, rtol=1e-6)


def test_the_largest_classes_are_kept_and_neutral_counts_among_the_smallest(recognition):
    logits = np.array([3, 1, 2, 5, 9, 4])
    for most, kept in ((6, 5), (5, 5), (4, 4), (2, 2), (1, 1)):
        params = raw(max_emotions=most)
        shown = step(recognition, logits, [recognition.new_state()], params=params)[0]
        assert np.count_nonzero(shown) == kept
        assert shown.argmax() == EMOTIONS.index("joy")


def test_of_equal_classes_the_first_ones_go_first(recognition):
    params = raw(max_emotions=2)
    shown = step(recognition, np.zeros(6), [recognition.new_state()], params=params)[0]
    assert np.flatnonzero(shown).tolist() == [6, 9]


def test_more_contrast_gives_the_largest_class_more(recognition):
    logits = np.array([2, 0, 0, 0, 0, 0])
    shares = [
        step(recognition, logits, [recognition.new_state()], params=raw(emotion_contrast=c))[0, 1]
        for c in (0.3, 1.0, 3.0)
    ]
    assert shares[0] < 0.4 < shares[1] < 0.7
    assert shares[2] > 0.98


def test_the_first_frame_begins_from_the_beginning_emotion_without_a_transition(recognition):
    beginning = np.zeros(E, np.float32)
    beginning[6] = 1.0
    state = recognition.new_state(beginning)
    shown = step(recognition, [40, 0, 0, 0, 0, 0], [state], params=row())[0]
    assert shown[1] == pytest.approx(0.3 * 0.6)
    assert shown[6] == pytest.approx(0.7 * 0.6)


def test_the_transition_takes_its_time_whatever_the_frame_rate(recognition):
    for frames in (30, 60, 120):
        state = recognition.new_state()
        params = raw(transition_smoothing=0.5)
        step(recognition, [0, 0, 0, 0, 40, 0], [state], params=params, dt_s=1 / frames)
        for _ in range(frames // 2):
            shown = step(recognition, [40, 0, 0, 0, 0, 0], [state], params=params, dt_s=1 / frames)
        assert shown[0, 1] == pytest.approx(1 - np.exp(-1), abs=0.03)


def test_the_preferred_emotion_is_blended_in_by_its_strength(recognition):
    preferred = np.zeros(E)
    preferred[0] = 0.8
    for strength in (0.0, 0.25, 1.0):
        state = recognition.new_state()
        params = raw(preferred_emotion_strength=strength)
        shown = step(recognition, [40, 0, 0, 0, 0, 0], [state], params=params, preferred=preferred)
        assert shown[0, 0] == pytest.approx(0.8 * strength)
        assert shown[0, 1] == pytest.approx(1 - strength)


def test_an_emotion_without_a_class_fades_from_the_last_output(recognition):
    """A quirk of the SDK: what was preferred of it counts as its own until it has faded."""
    preferred = np.zeros(E)
    preferred[0] = 1.0
    state = recognition.new_state()
    step(recognition, np.zeros(6), [state], params=row(), preferred=preferred)
    shown = [step(recognition, np.zeros(6), [state], params=raw())[0, 0] for _ in range(3)]
    assert shown[0] == pytest.approx(0.5 * 0.6)
    assert shown == sorted(shown, reverse=True)


def test_a_voice_at_rest_is_where_the_transition_leads(recognition):
    preferred = np.full(E, 0.25, np.float32)
    state = recognition.new_state()
    for _ in range(400):
        shown = step(recognition, [5, 0, 0, 3, 0, 0], [state], params=row(), preferred=preferred)
    rest = recognition.rest(state, params=row(), preferred=preferred, prefers=True)
    np.testing.assert_allclose(rest[[1, 3, 4, 6, 9]], shown[0, [1, 3, 4, 6, 9]], atol=1e-5)


def test_a_settled_voice_goes_on_from_its_rest(recognition):
    state = recognition.new_state()
    for _ in range(5):
        step(recognition, [9, 0, 0, 0, 0, 0], [state], params=row())
    nothing = np.zeros(E, np.float32)
    rest = recognition.rest(state, params=row(), preferred=nothing, prefers=False)
    recognition.settle(state, params=row(), preferred=nothing, prefers=False)
    shown = step(recognition, [9, 0, 0, 0, 0, 0], [state], params=row())[0]
    assert np.abs(shown - rest).max() < 0.02


def test_a_voice_that_has_not_spoken_rests_at_its_beginning(recognition):
    state = recognition.new_state(np.full(E, 0.5, np.float32))
    nothing = np.zeros(E, np.float32)
    recognition.settle(state, params=row(), preferred=nothing, prefers=False)
    assert not state.is_started
    rest = recognition.rest(state, params=row(), preferred=nothing, prefers=False)
    np.testing.assert_allclose(rest, 0.3)


@given(logits=LOGITS, order=st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_a_batch_gives_the_bits_that_its_rows_give_alone(logits, order):
    recognition = Recognition(CLASSES)
    found = []
    for begin in (None, range(6)):
        states = [recognition.new_state() for _ in range(3)]
        mine = [states[k] for k in order]
        if begin is None:
            found.append(step(recognition, logits, mine, params=row()))
        else:
            rows = [step(recognition, logits[k], [mine[k]], params=row()) for k in begin]
            found.append(np.concatenate(rows))
    assert np.array_equal(found[0], found[1])


@given(logits=LOGITS, most=st.integers(1, 6), past=st.floats(0, 1), wanted=st.floats(0, 1))
def test_emotions_stay_between_nothing_and_all(logits, most, past, wanted):
    recognition = Recognition(CLASSES)
    params = row(max_emotions=most, live_blend_coef=past)
    states = [recognition.new_state()] * 6
    shown = step(recognition, logits, states, params=params, preferred=np.full(E, wanted))
    assert shown.min() >= 0.0
    assert shown.max() <= 1.0 + 1e-6


def test_any_number_of_classes_can_drive_any_emotion():
    recognition = Recognition((2, 2, -1), emotions=3)
    state = recognition.new_state()
    shown = recognition.step(
        np.array([[0.0, 1.0, 0.0]], np.float32),
        [state],
        params=raw(max_emotions=3)[None],
        preferred=np.zeros((1, 3), np.float32),
        prefers=np.array([False]),
        dt_s=DT_S,
    )
    assert shown[0, 2] == pytest.approx(np.e / (np.e + 2))


def test_a_correspondence_or_logits_that_do_not_fit_are_misuse(recognition):
    with pytest.raises(MisuseError, match="wanted −1 to 9"):
        Recognition((10,))
    with pytest.raises(MisuseError, match="logits"):
        step(recognition, np.zeros(5), [recognition.new_state()], params=row())


def test_parameters_have_the_defaults_and_ranges_of_nvidia():
    listed = {
        param.name: (param.min, param.max, param.default) for param in (RECOGNITION_PARAMS.params)
    }
    assert listed["emotion_contrast"] == (0.3, 3.0, 1.0)
    assert listed["max_emotions"] == (1.0, 6.0, 6.0)
    assert listed["transition_smoothing"] == (0.0, 5.0, 0.5)
    assert listed["emotion_strength"] == (0.0, 1.0, 0.6)
