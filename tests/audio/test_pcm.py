from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.audio.pcm import FORMATS, Pcm

SAMPLE_BYTES = {"s16le": 2, "f32le": 4, "ulaw": 1, "alaw": 1}


def frames_of(format, channels, count, seed=0):
    random = np.random.default_rng(seed)
    if format == "f32le":
        return random.uniform(-1, 1, count * channels).astype("<f4").tobytes()
    return random.bytes(count * channels * SAMPLE_BYTES[format])


def test_s16_is_divided_by_32768():
    pcm = np.array([0, 1, -1, 32767, -32768], dtype="<i2").tobytes()
    wanted = np.array([0, 1 / 32768, -1 / 32768, 32767 / 32768, -1], dtype=np.float32)
    assert Pcm("s16le", 1).decode(pcm).tobytes() == wanted.tobytes()


def test_f32_goes_through_unchanged_up_to_sixteen():
    samples = np.array([0.0, -0.25, 1.0, 15.5, -16.0], dtype="<f4")
    assert Pcm("f32le", 1).decode(samples.tobytes()).tolist() == samples.tolist()


@pytest.mark.parametrize("format", ["ulaw", "alaw"])
def test_every_g711_byte_has_the_value_of_the_standard(format, golden):
    assert Pcm(format, 1).decode(bytes(range(256))).tolist() == golden[format].tolist()


@pytest.mark.parametrize(
    ("format", "byte", "value"),
    [
        ("ulaw", 0xFF, 0),
        ("ulaw", 0x80, 32124),
        ("ulaw", 0x00, -32124),
        ("alaw", 0xD5, 8),
        ("alaw", 0x55, -8),
        ("alaw", 0xAA, 32256),
        ("alaw", 0x2A, -32256),
    ],
)
def test_g711_extremes_are_the_published_sixteen_bit_values(format, byte, value):
    assert Pcm(format, 1).decode(bytes([byte])).tolist() == [value / 32768]


def test_channels_are_averaged():
    pcm = np.array([[100, 300], [-5, 5], [32767, 32767]], dtype="<i2").tobytes()
    wanted = np.array([200, 0, 32767]) / 32768
    assert Pcm("s16le", 2).decode(pcm).tolist() == wanted.tolist()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("channels", [1, 2, 3, 6, 8])
def test_the_average_is_the_float64_mean_within_rounding(format, channels):
    pcm = frames_of(format, channels, 500)
    single = Pcm(format, 1).decode(pcm).astype(np.float64)
    wanted = single.reshape(-1, channels).mean(axis=1)
    np.testing.assert_allclose(Pcm(format, channels).decode(pcm), wanted, rtol=0, atol=3e-7)


@given(
    format=st.sampled_from(FORMATS),
    channels=st.integers(1, 8),
    cuts=st.lists(st.integers(0, 300), max_size=8),
    seed=st.integers(0, 2**32 - 1),
)
def test_chunks_may_be_cut_between_any_two_frames(format, channels, cuts, seed):
    decoder = Pcm(format, channels)
    pcm = frames_of(format, channels, 300, seed)
    edges = [0, *sorted(cuts), 300]
    pieces = [
        decoder.decode(pcm[left * decoder.frame_bytes : right * decoder.frame_bytes])
        for left, right in pairwise(edges)
    ]
    assert np.concatenate(pieces).tobytes() == decoder.decode(pcm).tobytes()


@pytest.mark.parametrize("format", FORMATS)
def test_no_bytes_are_no_samples(format):
    samples = Pcm(format, 2).decode(b"")
    assert (samples.dtype, samples.shape) == (np.float32, (0,))


@pytest.mark.parametrize("format", FORMATS)
def test_the_result_is_float32_and_may_be_written_to(format):
    samples = Pcm(format, 1).decode(frames_of(format, 1, 4))
    samples += 1
    assert samples.dtype == np.float32


def test_bytes_may_come_as_any_buffer():
    pcm = frames_of("s16le", 1, 9)
    wanted = Pcm("s16le", 1).decode(pcm).tolist()
    assert Pcm("s16le", 1).decode(bytearray(pcm)).tolist() == wanted
    assert Pcm("s16le", 1).decode(memoryview(pcm)).tolist() == wanted


@pytest.mark.parametrize(
    ("format", "channels", "count"),
    [("s16le", 1, 3), ("s16le", 2, 6), ("f32le", 1, 6), ("ulaw", 2, 5), ("alaw", 8, 12)],
)
def test_a_broken_frame_is_refused_with_both_lengths(format, channels, count):
    frame = SAMPLE_BYTES[format] * channels
    with pytest.raises(ValueError, match=rf"^{count} bytes: wanted a multiple of {frame} "):
        Pcm(format, channels).decode(bytes(count))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_sample_that_is_no_number_is_refused_with_its_place(value):
    samples = np.zeros(12, dtype="<f4")
    samples[7] = value
    with pytest.raises(ValueError, match=rf"^sample 3, channel 1: {value:g}; wanted finite"):
        Pcm("f32le", 2).decode(samples.tobytes())


def test_integers_sent_as_floats_are_told_so():
    samples = np.array([0, -3, 1200, 5000], dtype="<f4")
    with pytest.raises(ValueError, match=r"sample 2, channel 0: 1200 \(looks like integers"):
        Pcm("f32le", 1).decode(samples.tobytes())


def test_an_unknown_format_is_refused_with_those_that_are_known():
    with pytest.raises(ValueError, match=r"'s24le': wanted one of s16le, f32le, ulaw, alaw"):
        Pcm("s24le", 1)


@pytest.mark.parametrize("channels", [-1, 0, 9])
def test_a_number_of_channels_out_of_range_is_refused(channels):
    with pytest.raises(ValueError, match=rf"^channels {channels}: wanted 1 to 8$"):
        Pcm("s16le", channels)
