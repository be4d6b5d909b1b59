"""One level for all who speak; levels are decibels of full scale."""

import pytest

from a2f_ws.audio.gain import CEILING, RANGE_DB, TARGET_DB, SlowGain


def power(db):
    return 10 ** (db / 10)


def speak(gain, db, *, blocks, peak=0.1, is_speech=True):
    """Factors of so many blocks of one level."""
    return [gain.hear(power(db), peak=peak, is_speech=is_speech) for _ in range(blocks)]


@pytest.mark.parametrize("off_db", [-15, -6, 0, 6, 15])
def test_speech_of_any_level_is_brought_to_the_target(off_db):
    gain = SlowGain()
    speak(gain, TARGET_DB + off_db, blocks=1_000, peak=0.001)
    assert gain.gain_db == pytest.approx(-off_db, abs=0.01)


@pytest.mark.parametrize(("db", "wanted_db"), [(-70, RANGE_DB), (0, -RANGE_DB)])
def test_no_more_than_18_decibels_are_added_or_taken(db, wanted_db):
    gain = SlowGain()
    speak(gain, db, blocks=2_000, peak=0.001)
    assert gain.gain_db == pytest.approx(wanted_db)


def test_it_changes_by_no_more_than_3_decibels_a_second():
    gain = SlowGain()
    speak(gain, -40, blocks=129, peak=0.001)
    assert gain.gain_db == pytest.approx(3.0)


def test_only_speech_is_measured():
    gain = SlowGain()
    speak(gain, -60, blocks=1_000, is_speech=False)
    assert gain.gain_db == 0.0
    speak(gain, TARGET_DB, blocks=300)
    speak(gain, TARGET_DB - 16, blocks=1_000)
    assert gain.level_db == pytest.approx(TARGET_DB)


def test_the_first_word_is_heard_as_it_is():
    gain = SlowGain()
    assert speak(gain, -50, blocks=29) == [1.0] * 29


def test_a_peak_never_passes_the_ceiling_and_lets_go_slowly():
    gain = SlowGain()
    factor = gain.hear(power(-3), peak=4.0, is_speech=False)
    assert factor * 4.0 == pytest.approx(CEILING)
    after = speak(gain, -60, blocks=100, is_speech=False)
    assert after == sorted(after)
    assert after[0] / factor == pytest.approx(10 ** (0.2 / 20))
    assert after[-1] == 1.0


def test_noise_as_loud_as_the_speech_gives_finite_gains():
    gain = SlowGain()
    for _ in range(1_000):
        factor = gain.hear(-1e-9, peak=0.0, is_speech=True)
    assert 0.0 < factor <= 10 ** (RANGE_DB / 20) + 1e-9
