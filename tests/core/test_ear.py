"""What is heard becomes windows, and what is skipped costs nothing and changes nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.session.ear import Ear
from a2f_ws.timebase import PoseRate

RATES = st.sampled_from([8_000, 11_025, 16_000, 22_050, 44_100, 44_101, 48_000, 96_000])


def noise(frames, seed=0):
    return np.random.default_rng(seed).normal(size=frames).astype(np.float32)


def ear_of(bundle, samples, *, rate_hz, fps, first=0, chunk=1_000):
    ear = Ear(first, rate_hz=rate_hz, fps=fps, bundle=bundle)
    for start in range(0, len(samples), chunk):
        ear.hear(samples[start : start + chunk])
    ear.is_ended = True
    return ear


@given(
    rate_hz=RATES,
    fps=st.sampled_from([PoseRate(60, 1), PoseRate(30_000, 1_001), PoseRate(240, 1)]),
    first=st.sampled_from([0, 777, 2**40 + 1]),
    steps=st.lists(st.integers(0, 50), min_size=1, max_size=4),
    reads=st.booleans(),
)
def test_windows_after_a_skip_have_the_same_bits(bundle, rate_hz, fps, first, steps, reads):
    samples = noise(int(rate_hz * 1.5))
    whole = ear_of(bundle, samples, rate_hz=rate_hz, fps=fps, first=first)
    ear = ear_of(bundle, samples, rate_hz=rate_hz, fps=fps, first=first, chunk=rate_hz // 7)
    i = fps.first_at(first, rate_hz)
    for step in steps:
        i = min(i + step, whole.speech_poses - 1)
        ear.skip(i)
        if reads:
            assert ear.window(i).tobytes() == whole.window(i).tobytes()
    last = whole.speech_poses - 1
    for k in (i, last):
        assert ear.window(k).tobytes() == whole.window(k).tobytes()


@pytest.mark.parametrize("rate_hz", [16_000, 48_000])
def test_skipped_audio_is_not_resampled(bundle, monkeypatch, rate_hz):
    pushed = []

    class Counting(Ear.__init__.__globals__["Resampler"]):
        def push(self, samples):
            pushed.append(len(samples))
            return super().push(samples)

    monkeypatch.setattr("a2f_ws.session.ear.Resampler", Counting)
    ear = ear_of(bundle, noise(58 * rate_hz), rate_hz=rate_hz, fps=PoseRate(60, 1), chunk=rate_hz)
    ear.skip(57 * 60)
    ear.window(57 * 60)
    assert sum(pushed) < rate_hz


def test_a_skip_backwards_keeps_what_was_heard(bundle):
    ear = ear_of(bundle, noise(48_000), rate_hz=48_000, fps=PoseRate(60, 1))
    early = ear.window(10)
    ear.window(50)
    ear.skip(10)
    assert ear.window(10).tobytes() == early.tobytes()
