import numpy as np
import pytest

from training.speech.targets import (
    ARTICULATORS,
    DECISIONS,
    FIRST_S,
    STEP_S,
    first_formant_hz,
    targets,
)


def noise(seconds):
    return np.random.default_rng(1).standard_normal(int(16_000 * seconds)).astype(np.float32) * 0.1


def curve(found, name):
    return found.curves[:, ARTICULATORS.index(name)]


def decision(found, name):
    return found.decisions[:, DECISIONS.index(name)]


def at(seconds):
    return round((seconds - FIRST_S) / STEP_S)


SPOKEN = [
    ("sil", 0.0, 0.3),
    ("aa", 0.3, 0.5),
    ("PP", 0.5, 0.6),
    ("uw", 0.6, 0.8),
    ("sil", 0.8, 1.2),
]


@pytest.fixture(scope="module")
def found():
    return targets(SPOKEN, noise(1.2))


def test_there_is_a_target_every_10_ms_from_5_ms_on(found):
    assert found.curves.shape == (120, 15)
    assert found.decisions.shape == (120, 3)
    assert found.kinds.shape == (120,)
    assert found.curves.min() >= 0.0


def test_lips_are_fully_together_inside_a_bilabial_and_nowhere_else(found):
    assert decision(found, "seal")[at(0.53)] == 1.0
    assert curve(found, "close")[at(0.53)] == 1.0
    assert decision(found, "seal")[at(0.4)] == 0.0
    assert decision(found, "seal")[at(0.7)] == 0.0


def test_the_jaw_stays_up_behind_closed_lips(found):
    assert curve(found, "jaw")[at(0.53)] <= 0.22


def test_rounding_begins_before_its_vowel(found):
    assert curve(found, "round")[at(0.575)] > 0.3


def test_silence_is_decided_in_long_pauses_only(found):
    silence = decision(found, "silence")
    assert silence[at(0.15)] == 1.0
    assert silence[at(1.0)] == 1.0
    assert silence[at(0.3) : at(0.8)].max() < 0.05


def test_a_tongue_is_down_in_aa_and_narrow_in_uw(found):
    assert curve(found, "tdown")[at(0.4)] > 0.3
    assert curve(found, "tnarrow")[at(0.7)] > 0.3


def test_the_first_formant_of_a_resonance_is_found():
    moments = np.arange(10_000) / 10_000
    pulses = (np.arange(10_000) % 80 == 0).astype(np.float64)
    ring = np.exp(-200 * moments[:400]) * np.sin(2 * np.pi * 600 * moments[:400])
    sound = np.convolve(pulses, ring)[:10_000]
    assert first_formant_hz(sound, 0.5) == pytest.approx(600, abs=60)


def test_silence_has_no_formant():
    assert first_formant_hz(np.zeros(10_000), 0.5) is None
