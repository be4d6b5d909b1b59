"""Recognition over the life of a session: lines, rest, settings, faults, memory."""

import numpy as np
import pytest

from a2f_ws.animation.recognition import RECOGNITION_PARAMS
from a2f_ws.recognizer import EmotionOptions, Recognizer
from tests.core.desk import Desk, codes, errors, finals, rest_rows
from tests.core.voices import (
    ANGER,
    JOY,
    LOUD,
    QUIET,
    burst,
    emotions,
    opened,
    speak,
    table,
    voice,
)
from tests.data.emotion_bundles import logits_of
from tests.fakes import FakeClassifier


def test_strength_and_switch_act_while_talking(scripted, recognizer):
    desk = opened(scripted, recognizer, pacing="live")
    speak(desk, voice(LOUD, 1.5))
    before = emotions(desk.read())[-1, ANGER]
    desk.set(params={"emotion_strength": 0.0})
    speak(desk, voice(LOUD, 0.5), first=24_000)
    shown = emotions(desk.read())
    assert before > 0.4
    assert shown[-1, ANGER] == 0.0
    desk.set(params={"emotion_recognition": 0, "emotion_strength": 0.6})
    desk.emotion(joy=0.5)
    speak(desk, voice(LOUD, 0.5), first=32_000)
    assert emotions(desk.read())[-1, JOY] == np.float32(0.5)
    desk.set(params={"emotion_recognition": 1})
    speak(desk, voice(LOUD, 1.0), first=40_000)
    assert emotions(desk.read())[-1, ANGER] > 0.1


def test_the_greeting_lists_parameters_and_the_capability_only_with_a_recognizer(
    scripted, recognizer
):
    names = set(RECOGNITION_PARAMS.names)
    for ears in (recognizer, None):
        hello = Desk(scripted, recognizer=ears).catalog.hello({})
        listed = {param.name: param for param in hello.models[0].params}
        assert ("audio2emotion" in hello.capabilities) is (ears is not None)
        assert names <= set(listed) if ears else not names & set(listed)
        if ears:
            strength = listed["emotion_strength"]
            assert (strength.min, strength.max) == (0.0, 1.0)
            assert strength.default == pytest.approx(0.6)


def test_values_out_of_range_and_parameters_that_are_not_there_are_refused(scripted, recognizer):
    desk = opened(scripted, recognizer)
    desk.set(params={"emotion_contrast": 9.0})
    assert errors(desk.read()) == [(4422, "params.emotion_contrast")]
    deaf = opened(scripted, None)
    deaf.set(params={"emotion_contrast": 1.0})
    assert errors(deaf.read()) == [(4422, "params.emotion_contrast")]


def test_a_voice_that_has_stopped_leaves_its_emotion_to_the_rest_row_and_the_next_line(
    scripted, recognizer
):
    desk = opened(scripted, recognizer, pacing="burst")
    first = rest_rows(desk.read())[-1]
    assert not first.any()
    desk.line(voice(LOUD, 2.0))
    desk.finish()
    desk.wait(0.5)
    desk.read()
    rest = rest_rows(desk.log)[-1]
    assert rest[ANGER] > 0.4
    ends = emotions(desk.log, u=1)[-1]
    assert np.allclose(ends, rest, atol=1e-6)
    desk.line(voice(QUIET, 2.0), u=2)
    shown = emotions(desk.finish(), u=2)
    assert np.abs(shown[0] - rest).max() < 0.06
    assert shown[110, JOY] > 0.3
    desk.wait(0.3)
    desk.read()
    assert desk.sessions._voices[1].session.is_quiet


def test_rest_rows_are_few_while_the_emotion_drifts(scripted, recognizer):
    desk = opened(scripted, recognizer, pacing="live")
    desk.read()
    speak(desk, voice(LOUD, 3.0))
    assert 1 <= len(rest_rows(desk.read())) <= 12


def test_a_classifier_that_fails_ends_recognition_and_not_the_session(scripted, recognizer):
    desk = opened(scripted, recognizer, pacing="burst", emotion={"joy": 0.4})
    listening = desk.hall.running._listening
    desk.hears = False
    desk.line(voice(LOUD, 0.5))
    (listener,) = listening._listeners.values()
    listener.fail("the model failed")
    shown = emotions(desk.finish())
    assert codes(desk.log).count("recognition") == 1
    assert finals(desk.log) == [(1, "poses_done")]
    assert (shown[:30, JOY] == np.float32(0.4)).all()
    desk.hears = True
    desk.line(voice(LOUD, 0.5), u=2)
    desk.finish()
    assert not recognizer.classifier.calls


def test_an_interrupted_line_is_not_recognised_any_more(scripted, recognizer):
    desk = opened(scripted, recognizer, pacing="burst")
    desk.hears = False
    desk.line(voice(LOUD, 3.0))
    desk.interrupt()
    desk.hears = True
    desk.work()
    assert not recognizer.classifier.calls


@pytest.mark.parametrize("is_on", [0, 1])
@pytest.mark.parametrize("window", [0, 60_000])
def test_an_open_microphone_keeps_little_audio(scripted, moods, window, is_on):
    options = EmotionOptions(window_samples=window)
    recognizer = Recognizer(moods, FakeClassifier(logits_of), options=options)
    params = {"emotion_recognition": is_on}
    desk = opened(scripted, recognizer, pacing="live", params=params)
    line = voice(LOUD, 40.0)
    speak(desk, line, chunk_s=0.5)
    (utterance,) = desk.sessions._voices[1].session._hearing.alive
    assert utterance._ear.memory_bytes < 700_000
    assert (len(recognizer.classifier.calls) > 60) is bool(is_on)


def test_with_the_longest_window_burst_and_live_lines_come_to_their_end(scripted, moods):
    options = EmotionOptions(window_samples=60_000, inferences_to_skip=30)
    for pacing in ("live", "burst"):
        recognizer = Recognizer(moods, FakeClassifier(logits_of), options=options)
        desk = opened(scripted, recognizer, pacing=pacing)
        speak(desk, voice(LOUD, 3.0))
        desk.end()
        shown = emotions(desk.finish())
        assert len(shown) == 195
        assert shown[-1, ANGER] > 0.2
        assert {samples for _, samples in recognizer.classifier.calls} == {60_000}


def test_lines_of_one_session_are_recognised_one_after_the_other(scripted, recognizer):
    desk = opened(scripted, recognizer, pacing="burst")
    for u, level in ((1, LOUD), (2, QUIET), (3, LOUD)):
        desk.line(voice(level, 1.0), u=u)
    desk.finish()
    together = [emotions(desk.log, u=u) for u in (1, 2, 3)]
    apart = opened(scripted, recognizer, pacing="burst")
    for u, level in ((1, LOUD), (2, QUIET), (3, LOUD)):
        apart.line(voice(level, 1.0), u=u)
        apart.finish()
        assert np.array_equal(emotions(apart.log, u=u), together[u - 1])


def test_other_sessions_change_nothing(scripted, recognizer):
    alone = burst(scripted, recognizer, voice(LOUD, 1.0))
    desk = Desk(scripted, recognizer=recognizer, max_batch=3)
    for sid in (1, 2, 3):
        pacing = "live" if sid == 2 else "burst"
        desk.open(sid=sid, rig="felt", table=table(), pacing=pacing)
        desk.line(voice(LOUD if sid == 1 else QUIET, 1.0), sid=sid)
    assert np.array_equal(emotions(desk.finish(), sid=1), alone)


def test_a_recognizer_that_never_answers_lets_emotions_be_changed_for_ever(scripted, recognizer):
    desk = opened(scripted, recognizer, pacing="live")
    desk.hears = False
    for k in range(450):
        desk.say(voice(LOUD, 0.05), first=k * 800)
        for joy in range(10):
            desk.emotion(joy=joy / 10)
        desk.wait(0.05)
    assert errors(desk.read()) == []
