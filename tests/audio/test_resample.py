from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.audio.resample import Resampler, delay_us
from a2f_ws.errors import MisuseError

COMMON_HZ = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000]
ODD_HZ = [8_001, 15_999, 16_001, 44_101, 48_001, 191_999]
ANY_HZ = st.one_of(st.sampled_from(COMMON_HZ + ODD_HZ), st.integers(8_000, 192_000))


def noise(count, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, count).astype(np.float32)


def whole(rate_hz, samples, first=0):
    stream = Resampler(rate_hz, first)
    return np.concatenate((stream.push(samples), stream.finish()))


def tone(rate_hz, frequency_hz, seconds=0.2):
    times = np.arange(round(rate_hz * seconds)) / rate_hz
    return np.sin(2 * np.pi * frequency_hz * times + 0.7).astype(np.float32)


@settings(max_examples=60)
@given(
    rate_hz=ANY_HZ,
    first=st.sampled_from([0, 1, 777, 2**40 + 3]),
    cuts=st.lists(st.integers(0, 3000), max_size=30),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_split_gives_the_same_bits(rate_hz, first, cuts, seed):
    samples = noise(3000, seed)
    stream = Resampler(rate_hz, first)
    edges = [0, *sorted(cuts), 3000]
    pieces = [stream.push(samples[left:right]) for left, right in pairwise(edges)]
    split = np.concatenate((*pieces, stream.finish()))
    assert split.tobytes() == whole(rate_hz, samples, first).tobytes()


@pytest.mark.parametrize("rate_hz", [8_000, 24_000, 44_100, 44_101, 192_000])
def test_sample_by_sample_gives_the_bits_of_two_seconds_at_once(rate_hz):
    samples = noise(2 * rate_hz)
    stream = Resampler(rate_hz)
    head = [stream.push(samples[i : i + 1]) for i in range(2000)]
    split = np.concatenate((*head, stream.push(samples[2000:]), stream.finish()))
    assert split.tobytes() == whole(rate_hz, samples).tobytes()


@pytest.mark.parametrize("rate_hz", [11_025, 48_000])
def test_the_alignment_of_the_memory_does_not_matter(rate_hz):
    samples = noise(2000)
    wanted = whole(rate_hz, samples).tobytes()
    for shift in range(1, 17):
        memory = np.empty(4 * 2000 + 64, dtype=np.uint8)
        moved = memory[shift : shift + 8000].view(np.float32)
        moved[:] = samples
        assert whole(rate_hz, moved).tobytes() == wanted


@pytest.mark.parametrize(
    ("rate_hz", "tolerance"),
    [
        (8_000, 3e-7),
        (11_025, 3e-7),
        (22_050, 3e-7),
        (24_000, 3e-7),
        (44_100, 3e-7),
        (44_101, 3e-4),
        (48_000, 3e-7),
        (96_000, 3e-7),
        (191_999, 3e-4),
    ],
)
def test_noise_comes_out_as_in_float64(rate_hz, tolerance, golden):
    """3e-7: a few float32 roundings. 3e-4: 1/8192 sample of time (nearest phase) in white noise."""
    outputs = whole(rate_hz, golden[f"in_{rate_hz}"])
    wanted = golden[f"out_{rate_hz}"]
    assert outputs.shape == wanted.shape
    np.testing.assert_allclose(outputs, wanted, rtol=0, atol=tolerance)


def test_the_golden_arrays_are_those_of_their_program(golden, golden_maker):
    for format in ("ulaw", "alaw"):
        expand = getattr(golden_maker, f"expand_{format}")
        assert golden[format].tolist() == [expand(code) for code in range(256)]
    for rate_hz in golden_maker.RESAMPLED_HZ:
        samples, wanted = golden[f"in_{rate_hz}"], golden[f"out_{rate_hz}"]
        few = range(3, len(wanted), 53)
        made = golden_maker.resample(samples, rate_hz, few)
        np.testing.assert_allclose(wanted[few.start :: few.step], made, rtol=0, atol=1e-12)


def test_sixteen_khz_goes_through_untouched():
    samples = noise(500)
    stream = Resampler(16_000, 123)
    assert (stream.start, stream.delay_us) == (123, 0)
    assert stream.push(samples).tobytes() == samples.tobytes()
    assert len(stream.finish()) == 0


@pytest.mark.parametrize("rate_hz", [r for r in COMMON_HZ + ODD_HZ if r != 16_000])
@pytest.mark.parametrize("part", [0.02, 0.2, 0.4])
def test_a_tone_keeps_its_time_and_its_size(rate_hz, part):
    """0.001 of full scale: 0.01 dB, or 0.06 samples at 0.02 and 0.0004 samples at 0.4."""
    frequency_hz = part * min(rate_hz, 16_000)
    outputs = whole(rate_hz, tone(rate_hz, frequency_hz))
    wanted = tone(16_000, frequency_hz)
    middle = slice(200, len(wanted) - 200)
    np.testing.assert_allclose(outputs[middle], wanted[middle], rtol=0, atol=1e-3)


@pytest.mark.parametrize("rate_hz", [22_050, 24_000, 44_100, 44_101, 48_000, 96_000, 192_000])
def test_what_16_khz_cannot_carry_is_90_db_down(rate_hz):
    for frequency_hz in np.linspace(8_001, rate_hz / 2 - 1, 23):
        outputs = whole(rate_hz, tone(rate_hz, frequency_hz))[200:-200]
        assert 20 * np.log10(np.sqrt(2 * np.mean(np.square(outputs, dtype=np.float64)))) < -90


@pytest.mark.parametrize("rate_hz", [8_000, 24_000, 44_100, 48_000])
def test_soxr_agrees_where_both_pass(rate_hz):
    spectrum = np.zeros(rate_hz // 2 + 1, dtype=np.complex128)
    spectrum[50 : int(0.4 * min(rate_hz, 16_000)) : 7] = 1
    spectrum *= np.exp(1j * np.random.default_rng(5).uniform(0, 2 * np.pi, len(spectrum)))
    samples = np.fft.irfft(spectrum)
    samples = (samples / np.abs(samples).max()).astype(np.float32)
    theirs = soxr.resample(samples, rate_hz, 16_000, quality="VHQ")
    middle = slice(1000, -1000)
    np.testing.assert_allclose(whole(rate_hz, samples)[middle], theirs[middle], atol=2e-4, rtol=0)


@given(rate_hz=ANY_HZ, first=st.integers(0, 2**53), count=st.integers(0, 700))
def test_a_stream_ends_with_the_last_output_that_lies_before_its_end(rate_hz, first, count):
    stream = Resampler(rate_hz, first)
    given = len(stream.push(noise(count))) + len(stream.finish())
    assert stream.start + given == ceil(Fraction((first + count) * 16_000, rate_hz))


@given(rate_hz=ANY_HZ, first=st.integers(0, 5000))
def test_a_late_start_gives_what_silence_before_it_gives(rate_hz, first):
    samples = noise(300)
    late = Resampler(rate_hz, first)
    outputs = np.concatenate((late.push(samples), late.finish()))
    wanted = whole(rate_hz, np.concatenate((np.zeros(first, dtype=np.float32), samples)))
    assert not wanted[: late.start].any()
    assert outputs.tobytes() == wanted[late.start :].tobytes()


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 44_101, 48_000])
@pytest.mark.parametrize("periods", [10**6, 2**40 // 192_000, 2**53 // 192_000])
def test_days_into_a_stream_the_same_sound_gives_the_same_bits(rate_hz, periods):
    """A whole number of seconds later every output stands on the same phase."""
    samples = noise(1000)
    near, far = Resampler(rate_hz, 5 * rate_hz), Resampler(rate_hz, periods * rate_hz)
    assert far.start - near.start == (periods - 5) * 16_000
    assert far.push(samples).tobytes() == near.push(samples).tobytes()
    assert far.finish().tobytes() == near.finish().tobytes()


@given(rate_hz=ANY_HZ, first=st.integers(0, 2**53), sizes=st.lists(st.integers(0, 400)))
def test_outputs_are_never_later_than_the_delay_that_was_told(rate_hz, first, sizes):
    stream = Resampler(rate_hz, first)
    end, known = first, stream.start
    for size in sizes:
        end += size
        known += len(stream.push(noise(size)))
        time = Fraction(end, rate_hz) - Fraction(stream.delay_us, 10**6)
        assert known >= floor(time * 16_000)


@given(rate_hz=ANY_HZ, first=st.integers(0, 2**53), sizes=st.lists(st.integers(0, 400)))
def test_what_will_be_ready_is_known_before_it_is_pushed(rate_hz, first, sizes):
    stream = Resampler(rate_hz, first)
    wanted = [stream.ready(first + sum(sizes[: i + 1])) for i in range(len(sizes))]
    known, found = stream.start, []
    for size in sizes:
        known += len(stream.push(noise(size)))
        found.append(known)
    assert found == wanted


@pytest.mark.parametrize(
    ("rate_hz", "delay"),
    [(8_000, 4063), (16_000, 0), (24_000, 1980), (44_100, 1979), (48_000, 1959), (192_000, 1943)],
)
def test_the_delay_is_two_milliseconds_or_half_of_the_filter(rate_hz, delay):
    assert delay_us(rate_hz) == Resampler(rate_hz).delay_us == delay


@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000, 44_101])
def test_outputs_come_without_bursts(rate_hz):
    stream = Resampler(rate_hz)
    chunk = noise(rate_hz // 100)
    counts = [len(stream.push(chunk)) for _ in range(50)][5:]
    assert max(counts) - min(counts) <= 1


@pytest.mark.parametrize("rate_hz", [8_000, 44_101, 192_000])
def test_an_endless_stream_keeps_no_more_than_the_filter_hears(rate_hz):
    stream = Resampler(rate_hz)
    for _ in range(200):
        stream.push(noise(rate_hz // 100))
    assert stream.kept_frames < 2 * 32 * max(1, rate_hz / 16_000) + 16


def test_an_empty_push_gives_nothing():
    stream = Resampler(48_000)
    assert stream.push(noise(0)).shape == (0,)


def test_a_finished_stream_takes_nothing_more():
    for rate_hz in (16_000, 48_000):
        stream = Resampler(rate_hz)
        stream.finish()
        with pytest.raises(MisuseError, match="push to a finished resampler"):
            stream.push(noise(1))
        with pytest.raises(MisuseError, match="finished twice"):
            stream.finish()


@pytest.mark.parametrize("rate_hz", [-1, 0, 7_999, 192_001])
def test_a_rate_out_of_range_is_refused(rate_hz):
    wanted = f"^rate {rate_hz}: wanted 8000 to 192000 Hz$"
    with pytest.raises(ValueError, match=wanted):
        Resampler(rate_hz)
    with pytest.raises(ValueError, match=wanted):
        delay_us(rate_hz)


def test_a_negative_first_frame_is_refused():
    with pytest.raises(ValueError, match=r"^first -1: wanted >= 0$"):
        Resampler(48_000, -1)
