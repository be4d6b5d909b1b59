import numpy as np
import pytest

pytest.importorskip("scipy")
pytest.importorskip("pocketsphinx")

from a2f_ws.names import ARKIT
from training.evaluation.measures import FPS, Performance, false_closed, macro, pauses, take, times
from training.evaluation.sets import CONDITIONS, Speech, levelled, noisy
from training.evaluation.systems import from_visemes, oracle, viseme_articulators
from training.evaluation.table import recall_table, table
from training.lips import lip_aperture
from training.rule import Phone
from training.speech.phones import VISEMES

PHONES = (
    Phone("sil", 0.0, 0.5),
    Phone("aa", 0.5, 0.7),
    Phone("PP", 0.7, 0.8),
    Phone("iy", 0.8, 1.0),
    Phone("sil", 1.0, 1.5),
)


@pytest.fixture
def speech():
    sound = np.random.default_rng(2).standard_normal(24_000).astype(np.float32) * 0.1
    sound[:8000] = 0.0
    return Speech("some", sound, PHONES)


def test_the_oracle_recognises_everything(speech):
    assert macro([oracle(speech)], [speech]) == 1.0


def test_saying_one_thing_always_is_right_for_one_viseme(speech):
    count = len(times(speech))
    constant = Performance(np.zeros((count, 52), np.float32), np.full(count, 0, np.int64))
    assert macro([constant], [speech]) == pytest.approx(1 / 4)


def test_an_open_mouth_in_pauses_is_measured(speech):
    apertures = [np.full(len(times(speech)), 0.25)]
    assert pauses([speech], apertures) == pytest.approx(0.25)
    assert np.isnan(pauses([Speech("none", speech.samples, PHONES[1:4])], apertures))


def test_a_closed_vowel_is_false(speech):
    weights = np.zeros((len(times(speech)), 52), np.float32)
    shut = Performance(weights, np.zeros(len(weights), np.int64))
    taken = [take(shut, speech)]
    assert false_closed(taken, [lip_aperture(weights)], limit=0.1) == 1.0
    weights[:, ARKIT.index("jawOpen")] = 0.5
    assert false_closed(taken, [lip_aperture(weights)], limit=0.1) == 0.0


def test_missing_visemes_are_silence():
    aa = np.array([1.0, 0.0], np.float32)
    assert from_visemes({"aa": aa}).visemes.tolist() == [VISEMES.index("aa"), 0]


def test_every_viseme_has_a_pose_and_only_pp_seals():
    close = viseme_articulators()[:, 1]
    assert np.flatnonzero(close > 0.5).tolist() == [VISEMES.index("PP")]


def test_noise_has_the_asked_level(speech):
    noise = noisy(speech, 20.0).samples - speech.samples
    power = speech.samples.astype(np.float64) ** 2
    loud = power[power >= np.median(power)].mean()
    assert 10 * np.log10(loud / np.mean(noise**2)) == pytest.approx(20.0, abs=0.1)


def test_a_level_is_clipped_at_full_scale(speech):
    assert np.abs(levelled(speech, 60.0).samples).max() == 1.0
    assert set(CONDITIONS) >= {"noise 20 dB", "8 kHz", "Opus 24 kb/s"}


def test_there_are_60_moments_a_second(speech):
    assert len(times(speech)) == 1.5 * FPS


def test_tables_are_markdown(speech):
    assert table({}).splitlines()[0].startswith("| system | acc-14")
    assert recall_table({}).count("\n") == 2
