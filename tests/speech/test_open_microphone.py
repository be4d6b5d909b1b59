"""Real speech through an open microphone, and rooms in which nobody speaks."""

from functools import cache

import numpy as np
import pytest

from a2f_ws.audio.microphone import Microphone, Room
from a2f_ws.names import ARKIT
from tests.noises import STEADY, keys, steady
from tests.speech import measure
from tests.speech.measure import Clip, Take, bilabials_closed, clips, take
from training.lips import lip_aperture

FPS = 30
JAW = ARKIT.index("jawOpen")
SECOND = 16_000


def weights(samples, room=None):
    """Faces that a microphone gives live, float32 (n, 52)."""
    microphone = Microphone(room or Room())

    def shape(window, start, fresh):
        microphone.hear(fresh)
        return microphone.shape(window, start)

    return measure.weights(samples, FPS, shape)[:, : len(ARKIT)]


@cache
def spoken():
    """The five clips with a second between them, and what the clean line gives."""
    pause = np.zeros(SECOND, np.float32)
    samples = np.concatenate([part for clip in clips() for part in (clip.samples, pause)])
    line = Clip(clips()[0].path, samples, ())
    return samples, lip_aperture(take(line, FPS).weights)


def likeness(aperture):
    """Correlation with the clean line, and how far the mouth moves in comparison."""
    line = spoken()[1]
    return np.corrcoef(line, aperture)[0, 1], aperture.std() / line.std()


@pytest.mark.parametrize("db", [-60, -50, -40])
@pytest.mark.parametrize("kind", STEADY)
def test_the_mouth_rests_in_a_minute_of_a_room(kind, db):
    faces = weights(steady(kind, 60, db=db))
    assert faces[:, JAW].max() < 0.05
    assert lip_aperture(faces).max() < 0.02


@pytest.mark.parametrize("peak_db", [-40, -20, -6])
def test_the_mouth_rests_while_keys_are_struck(peak_db):
    sound = keys(20, peak_db=peak_db) + steady("pink", 20, db=-60)
    faces = weights(sound)
    assert faces[:, JAW].max() < 0.05
    assert lip_aperture(faces).max() < 0.02


def test_speech_in_silence_moves_the_mouth_as_a_line_does():
    same, moved = likeness(lip_aperture(weights(spoken()[0])))
    assert same > 0.995
    assert moved == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("snr_db", [10, 15, 20])
@pytest.mark.parametrize("kind", ["white", "pink", "fan", "hum 50"])
def test_speech_in_noise_loses_at_most_a_twentieth_by_the_gate(kind, snr_db):
    samples, _ = spoken()
    noisy = samples + steady(kind, len(samples) / SECOND, db=-24 - snr_db)
    line = Clip(clips()[0].path, noisy, ())
    without, _ = likeness(lip_aperture(take(line, FPS).weights))
    same, moved = likeness(lip_aperture(weights(noisy)))
    assert same > 0.95 * without
    assert moved > 0.95


@pytest.mark.parametrize("off_db", [-18, -10, 10])
def test_a_quiet_and_a_loud_headset_move_the_mouth_alike(off_db):
    samples, _ = spoken()
    room = Room()
    other = np.clip(samples * np.float32(10 ** (off_db / 20)), -1.0, 1.0)
    weights(other, room)
    same, moved = likeness(lip_aperture(weights(other, room)))
    assert same > 0.97
    assert moved == pytest.approx(1.0, abs=0.04)


def test_the_lips_close_on_as_many_bilabials_as_on_a_line():
    takes = []
    for clip in clips():
        faces = weights(clip.samples + steady("pink", len(clip.samples) / SECOND, db=-60))
        times_s = np.arange(len(faces)) / FPS
        takes.append(Take(times_s, faces, clip.phones, clip.samples))
    line = bilabials_closed([take(clip, FPS) for clip in clips()])
    assert bilabials_closed(takes)[0] >= line[0] - 1
