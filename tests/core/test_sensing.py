"""The emotion that a session's voice gives its face, without threads and clocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.animation.emotion import EmotionTrack
from a2f_ws.names import EMOTIONS
from a2f_ws.recognizer import EmotionOptions, Recognizer
from a2f_ws.wire import replies
from tests.core.desk import finals, of, poses
from tests.core.voices import (
    ANGER,
    JOY,
    LOUD,
    QUIET,
    RATE_HZ,
    burst,
    emotions,
    opened,
    speak,
    voice,
)
from tests.data.emotion_bundles import logits_of
from tests.fakes import FakeClassifier


def test_a_loud_voice_is_angry_and_a_quiet_one_happy(scripted, recognizer):
    shown = burst(scripted, recognizer, np.concatenate((voice(LOUD, 2), voice(QUIET, 2))))
    assert shown[110, ANGER] > 0.4
    assert shown[110, JOY] < 0.1
    assert shown[230, JOY] > 0.3
    assert shown[230, ANGER] < 0.1
    assert not shown[:, [0, 2, 5, 7, 8]].any()


def test_burst_poses_interpolate_the_keys_that_the_sdk_would_give(scripted, recognizer):
    """Worked out apart: every window, every frame, one track, as in the reference."""
    samples = np.concatenate((voice(QUIET, 0.9), voice(LOUD, 0.77)))
    pace = recognizer.pace(scripted.bundle.look_ahead)
    windows = pace.windows()
    windows.hear(samples)
    windows.close()
    state, track = recognizer.recognition.new_state(), None
    for j in range(pace.frames_before(len(samples))):
        values = recognizer.recognition.step(
            logits_of(windows.cut(j // pace.frames))[None],
            [state],
            params=recognizer.defaults[None],
            preferred=np.zeros((1, 10), np.float32),
            prefers=np.array([False]),
            dt_s=1 / 30,
        )[0]
        if track is None:
            track = EmotionTrack(values, 0)
        else:
            track.key(pace.rate.sample(j), values)
    wanted = np.stack([track.value(i * RATE_HZ // 60) for i in range(100)])
    shown = burst(scripted, recognizer, samples)
    np.testing.assert_allclose(shown[:100], wanted, rtol=0, atol=1e-6)


@settings(max_examples=15)
@given(
    cuts=st.lists(st.integers(160, 20_000), min_size=1, max_size=5),
    waits=st.lists(st.booleans(), min_size=1, max_size=4),
    fps=st.sampled_from([10, 24, 60]),
    skip=st.sampled_from([0, 3, None]),
)
def test_any_split_of_a_burst_line_gives_the_same_emotions(embedded, moods, cuts, waits, fps, skip):
    options = EmotionOptions(inferences_to_skip=skip)
    recognizer = Recognizer(moods, FakeClassifier(logits_of), options=options)
    samples = np.concatenate((voice(QUIET, 0.6), voice(LOUD, 0.7), voice(QUIET, 0.35)))
    desk = opened(embedded, recognizer, pacing="burst", fps=fps)
    at = k = 0
    while at < len(samples):
        desk.say(samples[at : at + cuts[k % len(cuts)]], first=at)
        at, k = at + cuts[k % len(cuts)], k + 1
        desk.hears = waits[k % len(waits)]
        if waits[(k + 1) % len(waits)]:
            desk.work()
    desk.hears = True
    desk.end()
    shown = emotions(desk.finish())
    assert np.array_equal(shown, burst(embedded, recognizer, samples, fps=fps))


def test_burst_poses_wait_for_their_emotion_and_live_ones_do_not(scripted, recognizer):
    for pacing, come in (("burst", False), ("live", True)):
        desk = opened(scripted, recognizer, pacing=pacing)
        desk.hears = False
        desk.line(voice(LOUD, 0.5))
        desk.wait(1.5)
        assert (len(poses(desk.read())) > 0) is come, pacing
        desk.hears = True
        assert finals(desk.finish()) == [(1, "poses_done")]
        assert len(poses(desk.log)) == 45


@pytest.mark.parametrize("pacing", ["live", "burst"])
def test_poses_have_the_times_and_numbers_that_they_have_without(scripted, recognizer, pacing):
    found = []
    for ears in (recognizer, None):
        desk = opened(scripted, ears, pacing=pacing)
        speak(desk, voice(LOUD, 1.25))
        desk.end()
        messages = of(desk.finish(), replies.Poses)
        found.append(
            [(m.i, m.t_us, m.n) for m in messages]
            if pacing == "live"
            else sum(m.n for m in messages)
        )
    assert found[0] == found[1]


def test_live_emotion_follows_the_voice_as_burst_does(scripted, recognizer):
    samples = np.concatenate((voice(LOUD, 1.5), voice(QUIET, 1.5)))
    desk = opened(scripted, recognizer, pacing="live")
    speak(desk, samples, chunk_s=0.05)
    desk.end()
    shown, wanted = emotions(desk.finish()), burst(scripted, recognizer, samples)
    assert shown.shape == wanted.shape
    assert np.abs(shown[10:-15] - wanted[10:-15]).max() < 0.1
    assert np.abs(shown[80:90] - wanted[80:90]).max() < 0.02


def test_a_slow_recognizer_holds_nothing_up_and_its_queue_does_not_grow(scripted, recognizer):
    desk = opened(scripted, recognizer, pacing="live")
    desk.hears = False
    speak(desk, voice(LOUD, 4.0))
    assert len(poses(desk.read())) > 200
    assert desk.ears.scheduler.waiting == 1
    speak(desk, voice(QUIET, 1.0), first=64_000)
    desk.hears = True
    calls = recognizer.classifier.calls
    desk.wait(0.2)
    assert 1 <= len(calls) <= 3
    heard = logits_of(voice(QUIET, 1.0))
    desk.hears = False
    speak(desk, voice(QUIET, 0.5), first=80_000)
    shown = poses(desk.read())
    assert shown[max(shown)][JOY] > shown[max(shown)][ANGER]
    assert heard.argmax() == 3


def test_an_explicit_emotion_is_preferred_but_not_alone(scripted, recognizer):
    plain = burst(scripted, recognizer, voice(LOUD, 2.0))
    mixed = burst(scripted, recognizer, voice(LOUD, 2.0), emotion={"sadness": 1.0})
    sadness = EMOTIONS.index("sadness")
    assert plain[:, sadness].max() < 1e-4
    assert mixed[110, sadness] == pytest.approx(0.5 * 0.6, abs=0.15)
    assert mixed[110, ANGER] == pytest.approx(0.5 * plain[110, ANGER], abs=0.05)


def test_without_recognition_the_explicit_emotion_acts_as_it_is(scripted, recognizer):
    desk = opened(scripted, recognizer, pacing="burst", params={"emotion_recognition": 0})
    desk.emotion(joy=0.7)
    desk.line(voice(LOUD, 1.0))
    shown = emotions(desk.finish())
    assert (shown[:60, JOY] == np.float32(0.7)).all()
    assert not recognizer.classifier.calls
