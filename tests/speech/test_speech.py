from functools import cache

import numpy as np
import pytest

from a2f_ws.names import ARKIT
from tests.speech.measure import (
    Take,
    bilabials_closed,
    clips,
    jitter,
    lag_ms,
    median_lag_ms,
    take,
)
from training.evaluate import bilabials
from training.lips import lip_aperture
from training.rule import STEP_S, Phone, rule_aperture


@cache
def takes(fps=60):
    return tuple(take(clip, fps) for clip in clips())


def weights_of(aperture):
    """Faces whose lip aperture is the given one."""
    weights = np.zeros((len(aperture), 52), np.float32)
    weights[:, ARKIT.index("jawOpen")] = aperture
    return weights


def rule_take(clip, late_s=0.0):
    """Faces that do what the rule asks for, some time too late."""
    rule = rule_aperture(clip.phones, clip.samples, rate_hz=16_000)
    times = np.arange(0.0, len(clip.samples) / 16_000, 1 / 60)
    aperture = np.interp(times - late_s, np.arange(len(rule)) * STEP_S, rule)
    return Take(times, weights_of(aperture), clip.phones, clip.samples)


def test_the_five_clips_are_25_seconds_with_28_bilabials():
    assert [len(clip.samples) for clip in clips()] == [113600, 47840, 84800, 96800, 52640]
    assert sum(len(bilabials(clip.phones)) for clip in clips()) == 28
    assert all(clip.phones[-1].end_s <= len(clip.samples) / 16_000 + 0.02 for clip in clips())


def test_the_lips_close_on_at_least_26_bilabials_of_real_speech():
    closed, total = bilabials_closed(takes())
    assert total == 28
    assert closed >= 26


@pytest.mark.parametrize("fps", [30, 60])
def test_the_poses_are_within_20_ms_of_the_speech(fps):
    assert abs(median_lag_ms(takes(fps))) <= 20.0


def test_the_mouth_moves_with_the_speech_and_not_by_itself():
    for one in takes():
        aperture = lip_aperture(one.weights)
        rule = rule_aperture(one.phones, one.samples, rate_hz=one.rate_hz)
        asked = np.interp(one.times_s, np.arange(len(rule)) * STEP_S, rule)
        assert np.corrcoef(aperture, asked)[0, 1] >= 0.7
        assert jitter(one) <= 0.2


def test_the_rule_closes_on_every_bilabial_and_has_no_lag():
    perfect = [rule_take(clip) for clip in clips()]
    assert bilabials_closed(perfect) == (28, 28)
    assert median_lag_ms(perfect) == 0.0


@pytest.mark.parametrize("late_s", [-0.1, 0.05, 0.2])
def test_a_late_mouth_is_measured_as_late(late_s):
    assert lag_ms(rule_take(clips()[0], late_s)) == pytest.approx(late_s * 1000, abs=STEP_S * 1000)


def test_a_mouth_that_never_closes_closes_on_nothing():
    clip = clips()[0]
    times = np.arange(0.0, 7.0, 1 / 60)
    stiff = Take(times, weights_of(np.full(len(times), 0.3)), clip.phones, clip.samples)
    assert bilabials_closed([stiff]) == (0, len(bilabials(clip.phones)))


def test_bilabials_at_the_edges_and_short_ones_do_not_count():
    names = ["SIL", "B", "AA", "P", "IY", "M", "SIL", "B", "SIL"]
    lengths = [0.1, 0.1, 0.1, 0.02, 0.1, 0.03, 0.2, 0.1, 0.1]
    ends = np.cumsum(lengths)
    phones = [
        Phone(name, float(end - length), float(end))
        for name, length, end in zip(names, lengths, ends, strict=True)
    ]
    assert [phone.name for phone in bilabials(phones)] == ["M"]


def test_the_aperture_is_the_documented_sum():
    weights = np.zeros((3, 52), np.float32)
    values = {
        "jawOpen": 0.6, "mouthClose": 0.1, "mouthLowerDownLeft": 0.2, "mouthLowerDownRight": 0.4,
        "mouthUpperUpLeft": 0.2, "mouthFunnel": 0.5, "mouthPucker": 0.3, "mouthPressLeft": 0.4,
        "mouthRollLower": 0.2,
    }  # fmt: skip
    for name, value in values.items():
        weights[0, ARKIT.index(name)] = value
    weights[1, ARKIT.index("mouthPressLeft")] = 1.0
    weights[2, [ARKIT.index("jawOpen"), ARKIT.index("mouthFunnel")]] = 1.0
    weights[2, ARKIT.index("mouthUpperUpLeft")] = 1.0
    wanted = 0.6 - 0.1 + 0.35 * 0.3 + 0.35 * 0.1 + 0.2 * 0.5 - 0.1 * 0.3 - 0.25 * 0.2 - 0.15 * 0.1
    assert lip_aperture(weights).tolist() == pytest.approx([wanted, 0.0, 1.2])
