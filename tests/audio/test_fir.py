import numpy as np
import pytest

from a2f_ws.audio.fir import PHASES_MAX, fir_for

RATES_HZ = [8_000, 8_001, 11_025, 15_999, 16_001, 22_050, 24_000, 44_100, 44_101, 48_000, 192_000]


def response_db(rate_hz, frequency_hz):
    """Gain of the filter as one long prototype: all phases interleaved by their distance."""
    fir = fir_for(rate_hz)
    taps = np.arange(1 - fir.half, fir.half + 1)
    seconds = (taps - np.arange(fir.phases)[:, None] / fir.phases) / rate_hz
    wave = np.exp(-2j * np.pi * frequency_hz * seconds)
    return 20 * np.log10(np.abs((fir.table.astype(np.float64) * wave).sum() / fir.phases))


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 22_050, 44_100, 48_000, 192_000])
def test_the_pass_band_is_flat_to_042_of_the_lower_rate(rate_hz):
    edge_hz = 0.42 * min(rate_hz, 16_000)
    gains = [response_db(rate_hz, f) for f in np.linspace(0, edge_hz, 40)]
    assert max(abs(gain) for gain in gains) < 0.1


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 22_050, 24_000])
def test_the_stop_band_lies_90_db_below_from_half_of_the_lower_rate_on(rate_hz):
    fir = fir_for(rate_hz)
    lower = min(rate_hz, 16_000)
    upper = min(rate_hz * fir.phases / 2, 10 * lower)
    gains = [response_db(rate_hz, f) for f in np.linspace(lower / 2 + 1, upper, 400)]
    assert max(gains) < -90


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_every_phase_passes_a_constant_unchanged(rate_hz):
    sums = fir_for(rate_hz).table.sum(axis=1, dtype=np.float64)
    np.testing.assert_allclose(sums, 1.0, rtol=0, atol=5e-7)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_the_filter_is_symmetric_in_time(rate_hz):
    table = fir_for(rate_hz).table
    np.testing.assert_allclose(table[1:], table[:0:-1, ::-1], rtol=0, atol=1e-9)
    np.testing.assert_allclose(table[0, :-1], table[0, -2::-1], rtol=0, atol=1e-9)


def test_no_rate_needs_a_large_table():
    rates_hz = [8_001, 11_111, 16_001, 22_051, 44_101, 95_999, 191_999]
    firs = [fir_for(rate_hz) for rate_hz in rates_hz]
    assert max(fir.phases for fir in firs) == PHASES_MAX
    assert max(fir.table.nbytes for fir in firs) < 1_200_000


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("frame", [0, 1, 7, 1000, 2**53])
def test_the_first_output_from_a_frame_on_is_the_smallest(rate_hz, frame):
    fir = fir_for(rate_hz)
    n = fir.first_from(frame)
    assert fir.at(n)[0] >= frame * fir.phases > fir.at(n - 1)[0]


def test_filters_are_shared_and_cannot_be_changed():
    assert fir_for(48_000) is fir_for(48_000)
    with pytest.raises(ValueError, match="read-only"):
        fir_for(48_000).table[0, 0] = 1
