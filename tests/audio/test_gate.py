"""Who opens the gate, who does not, and for how long."""

import numpy as np
import pytest

from a2f_ws.audio.gate import FLOOR_MIN, HANGOVER, Floor, NoiseGate
from a2f_ws.audio.spectrum import BANDS, BLOCK, Block, Spectrum
from tests.noises import STEADY, keys, level, steady, vowel

SECOND = 100
"""Blocks."""


def gated(samples, floor=None):
    """Whether the gate is open after each block, bool (n,)."""
    gate, spectrum = NoiseGate(floor or Floor()), Spectrum()
    whole = len(samples) // BLOCK * BLOCK
    return np.array(
        [gate.hear(spectrum.look(samples[at : at + BLOCK])) for at in range(0, whole, BLOCK)]
    )


def heard(floor, power, blocks):
    for _ in range(blocks):
        floor.hear(np.full(BANDS, 5 * power, np.float32))
    return float(floor.powers[0])


@pytest.mark.parametrize("db", [-60, -50, -40, -30])
@pytest.mark.parametrize("kind", STEADY)
def test_steady_noise_is_shut_out_after_the_first_two_seconds(kind, db):
    is_open = gated(steady(kind, 20, db=db))
    assert not is_open[200:].any()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("peak_db", [-40, -20, -6])
def test_keys_that_are_struck_never_open_it(peak_db, seed):
    sound = keys(20, peak_db=peak_db, seed=seed) + steady("pink", 20, db=-60)
    assert not gated(sound).any()


@pytest.mark.parametrize("snr_db", [10, 20])
@pytest.mark.parametrize("kind", ["white", "pink", "fan"])
def test_a_voice_above_the_noise_opens_it_within_50_ms(kind, snr_db):
    sound = steady(kind, 6, db=-50)
    sound[4 * 16_000 : 5 * 16_000] += vowel(1.0, db=-50 + snr_db)
    is_open = gated(sound)
    assert not is_open[150 : 4 * SECOND].any()
    assert is_open[4 * SECOND + 5 : 5 * SECOND].all()


def test_it_closes_300_ms_after_the_voice():
    sound = steady("pink", 6, db=-60)
    sound[2 * 16_000 : 3 * 16_000] += vowel(1.0)
    is_open = gated(sound)
    last = int(np.flatnonzero(is_open)[-1])
    assert HANGOVER <= last + 1 - 3 * SECOND <= HANGOVER + 5


def test_it_is_open_through_the_pauses_within_words():
    sound = steady("pink", 6, db=-60)
    for k in range(8):
        at = 32_000 + k * 6_400
        sound[at : at + 3_200] += vowel(0.2)
    assert gated(sound)[2 * SECOND + 5 : 5 * SECOND].all()


def test_a_whisper_that_lasts_opens_it_as_well():
    sound = steady("pink", 6, db=-60)
    sound[64_000:70_400] += steady("white", 0.4, db=-35)
    is_open = gated(sound)
    assert not is_open[: 4 * SECOND].any()
    assert is_open[4 * SECOND + 20]


def test_a_fan_that_is_switched_on_belongs_to_the_room_after_three_seconds_and_a_half():
    sound = steady("pink", 12, db=-60)
    sound[64_000:] += steady("fan", 8, db=-35)
    is_open = gated(sound)
    assert not is_open[: 4 * SECOND].any()
    assert not is_open[8 * SECOND :].any()


def test_a_vowel_that_is_held_for_five_seconds_keeps_it_open():
    sound = steady("pink", 9, db=-60)
    sound[32_000 : 32_000 + 5 * 16_000] += vowel(5.0)
    assert gated(sound)[205:700].all()


@pytest.mark.parametrize("quiet_s", [0, 3])
def test_a_hum_like_a_voice_belongs_to_the_room_after_ten_seconds(quiet_s):
    sound = steady("pink", 16, db=-70)
    sound[quiet_s * 16_000 :] += steady("hum 100", 16 - quiet_s, db=-35)
    assert not gated(sound)[quiet_s * SECOND + 10 * SECOND :].any()


def test_a_room_that_is_known_is_known_at_once():
    floor = Floor()
    gated(steady("white", 5, db=-30), floor)
    assert not gated(steady("white", 2, db=-30, seed=1), floor).any()


def test_the_floor_is_the_least_of_three_seconds():
    floor = Floor()
    quiet, loud = heard(floor, 1e-6, 300), None
    assert quiet == pytest.approx(1.6e-6)
    assert heard(floor, 1e-3, 250) == quiet
    loud = heard(floor, 1e-3, 100)
    assert loud == pytest.approx(1.6e-3)
    assert heard(floor, 1e-6, 1) == quiet


def test_the_floor_of_the_first_second_is_no_higher_than_that_of_a_quiet_room():
    floor = Floor()
    assert heard(floor, 1e-2, 99) < 1e-6
    assert heard(floor, 1e-2, 2) == pytest.approx(1.6e-2)


def test_no_room_is_quieter_than_the_floor_goes():
    assert heard(Floor(), 0.0, 300) == pytest.approx(FLOOR_MIN)


def test_a_microphone_that_is_switched_off_tells_nothing_of_the_room():
    floor = Floor()
    gated(steady("pink", 5, db=-30), floor)
    known = floor.powers.copy()
    gated(np.zeros(10 * 16_000, np.float32), floor)
    assert np.array_equal(floor.powers, known)


def test_a_block_that_reaches_back_before_the_sound_tells_nothing_of_the_room():
    floor, gate = Floor(), None
    before = floor.powers.copy()
    gate = NoiseGate(floor)
    for _ in range(20):
        gate.hear(Block(np.full(BANDS, 0.1, np.float32), voicing=0.1, peak=0.5, is_whole=False))
    assert np.array_equal(floor.powers, before)


def test_a_quiet_voice_opens_it_in_a_quiet_room():
    sound = level(np.random.default_rng(0).standard_normal(64_000), -75)
    sound[32_000:48_000] += vowel(1.0, db=-50)
    assert gated(sound)[205:300].all()
