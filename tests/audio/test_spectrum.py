"""What a block of sound is said to be."""

import numpy as np
import pytest

from a2f_ws.audio.spectrum import BANDS, BLOCK, EDGES_HZ, FRAME, Spectrum
from tests.noises import RATE_HZ, keys, steady, vowel


def blocks_of(samples):
    spectrum = Spectrum()
    whole = len(samples) // BLOCK * BLOCK
    return [spectrum.look(samples[at : at + BLOCK]) for at in range(0, whole, BLOCK)]


def tone(hz, *, amplitude=0.5, seconds=0.2):
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (amplitude * np.sin(2 * np.pi * hz * t)).astype(np.float32)


@pytest.mark.parametrize("band", range(BANDS))
def test_a_tone_has_its_power_in_its_own_band(band):
    hz = (EDGES_HZ[band] + EDGES_HZ[band + 1]) / 2
    powers = blocks_of(tone(hz))[-1].powers
    assert powers.dtype == np.float32
    assert int(powers.argmax()) == band
    assert powers.sum() == pytest.approx(0.5**2 / 2, rel=0.02)


@pytest.mark.parametrize("hz", [50, 100, 6_000])
def test_hum_and_hiss_outside_of_speech_do_not_count(hz):
    assert blocks_of(tone(hz))[-1].power < 1e-4


def test_a_block_is_whole_once_its_frame_lies_in_the_sound():
    found = [block.is_whole for block in blocks_of(tone(500))]
    count = FRAME // BLOCK
    assert found[: count + 1] == [False] * (count - 1) + [True, True]


def test_the_peak_is_that_of_the_own_samples():
    samples = np.zeros(3 * BLOCK, np.float32)
    samples[BLOCK + 5] = -0.75
    assert [block.peak for block in blocks_of(samples)] == [0.0, 0.75, 0.0]


@pytest.mark.parametrize("pitch_hz", [80, 120, 200, 380])
def test_a_voice_is_periodic_at_every_pitch(pitch_hz):
    voicing = [block.voicing for block in blocks_of(vowel(0.3, pitch_hz=pitch_hz))[4:]]
    assert min(voicing) > 0.8


@pytest.mark.parametrize("kind", ["white", "pink", "fan"])
def test_noise_is_hardly_ever_periodic(kind):
    voicing = [block.voicing for block in blocks_of(steady(kind, 5, db=-30))[4:]]
    assert np.mean(np.array(voicing) > 0.62) < 0.15


def test_keys_that_are_struck_are_not_periodic():
    found = [block for block in blocks_of(keys(10, peak_db=-10)) if block.power > 1e-6]
    assert np.mean([block.voicing > 0.62 for block in found]) < 0.02


def test_silence_has_neither_power_nor_voice():
    last = blocks_of(np.zeros(8 * BLOCK, np.float32))[-1]
    assert (last.power, last.voicing, last.peak) == (0.0, 0.0, 0.0)
