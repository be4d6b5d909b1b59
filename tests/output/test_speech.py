import re

import numpy as np
import pytest
import soundfile

from a2f_ws.errors import ConfigError
from a2f_ws.output.speech import SpeechFile, read_speech

PCM = (np.arange(-3000, 3000, dtype=np.int16) * 10).reshape(-1, 2)


def sound(path, samples=PCM, rate=22_050, **options):
    soundfile.write(path, samples, rate, **options)
    return path


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_a_16_bit_file_is_read_as_s16le_bit_for_bit(tmp_path, suffix):
    with SpeechFile(sound(tmp_path / f"a.{suffix}")) as speech:
        assert (speech.rate_hz, speech.channels, speech.frames) == (22_050, 2, 3000)
        assert speech.format == "s16le"
        blocks = list(speech.blocks(700))
    assert [len(block) for block in blocks] == [2800, 2800, 2800, 2800, 800]
    assert b"".join(blocks) == PCM.astype("<i2").tobytes()


@pytest.mark.parametrize(
    ("name", "options", "form"),
    [
        ("a.wav", {"subtype": "PCM_U8"}, "s16le"),
        ("a.wav", {"subtype": "ULAW"}, "s16le"),
        ("a.wav", {"subtype": "ALAW"}, "s16le"),
        ("a.wav", {"subtype": "PCM_24"}, "f32le"),
        ("a.wav", {"subtype": "PCM_32"}, "f32le"),
        ("a.wav", {"subtype": "FLOAT"}, "f32le"),
        ("a.wav", {"subtype": "DOUBLE"}, "f32le"),
        ("a.flac", {"subtype": "PCM_24"}, "f32le"),
    ],
)
def test_every_encoding_has_a_form_that_loses_nothing(tmp_path, name, options, form):
    samples = (np.sin(np.arange(500)) * 0.5).astype(np.float32)
    path = sound(tmp_path / name, samples, 16_000, **options)
    with SpeechFile(path) as speech:
        assert speech.format == form
        content = b"".join(speech.blocks())
    stored, _ = soundfile.read(path, dtype="float64")
    if form == "s16le":
        assert (np.frombuffer(content, "<i2") / 32768).tolist() == stored.tolist()
    else:
        assert np.frombuffer(content, "<f4").tobytes() == stored.astype("<f4").tobytes()


def test_the_blocks_start_again_from_the_beginning(tmp_path):
    with SpeechFile(sound(tmp_path / "a.wav")) as speech:
        first = next(speech.blocks(10))
        assert next(speech.blocks(10)) == first


def test_a_whole_file_keeps_its_channels(tmp_path):
    samples, rate = read_speech(sound(tmp_path / "a.wav"))
    assert rate == 22_050
    assert samples.dtype == np.float32
    assert np.array_equal(samples, PCM.astype(np.float32) / 32768)
    loud = np.array([0.25, -1.5], np.float32)
    samples, rate = read_speech(sound(tmp_path / "b.wav", loud, 8000, subtype="FLOAT"))
    assert samples.tolist() == [[0.25], [-1.5]]


@pytest.mark.parametrize("rate", [8_000, 192_000])
def test_the_ends_of_the_range_of_rates_are_accepted(tmp_path, rate):
    with SpeechFile(sound(tmp_path / "a.wav", np.zeros((4, 8)), rate)) as speech:
        assert (speech.rate_hz, speech.channels) == (rate, 8)


def test_a_file_without_sound_is_refused(tmp_path):
    path = sound(tmp_path / "a.wav", np.zeros(0), 16_000)
    with pytest.raises(ConfigError, match=re.escape(f"{path}: no sound in it, wanted at least")):
        SpeechFile(path)
    path.unlink()  # On Windows this fails while the file is open.


@pytest.mark.parametrize(("rate", "sent_at"), [(4_000, 16_000), (384_000, 48_000)])
@pytest.mark.parametrize("frames", [100, 1 << 16])
def test_a_rate_that_no_server_takes_is_converted_in_time(tmp_path, rate, sent_at, frames):
    tone = np.sin(2 * np.pi * 300 * np.arange(rate) / rate) * 0.5
    with SpeechFile(sound(tmp_path / "a.wav", np.stack([tone, tone], 1), rate)) as speech:
        assert (speech.rate_hz, speech.channels, speech.format) == (sent_at, 2, "f32le")
        sent = np.frombuffer(b"".join(speech.blocks(frames)), "<f4").reshape(-1, 2)
        assert abs(len(sent) - speech.frames) <= 1
    wanted = np.sin(2 * np.pi * 300 * np.arange(len(sent)) / sent_at) * 0.5
    inner = slice(sent_at // 10, -sent_at // 10)
    assert np.abs(sent[inner, 0] - wanted[inner]).max() < 1e-3
    assert np.array_equal(sent[:, 0], sent[:, 1])


def test_more_channels_than_a_server_takes_are_averaged(tmp_path):
    samples = np.tile(np.linspace(-0.5, 0.5, 9, dtype=np.float32), (5, 1)) + 0.25
    with SpeechFile(sound(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")) as speech:
        assert (speech.rate_hz, speech.channels, speech.format) == (16_000, 1, "f32le")
        sent = np.frombuffer(b"".join(speech.blocks()), "<f4")
    assert sent == pytest.approx([0.25] * 5, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.wav", b"", "not an audio file, wanted WAV or FLAC (Format not recognised)"),
        ("a.txt", b"hello", "not an audio file, wanted WAV or FLAC (Format not recognised)"),
        ("a.raw", b"hello", "not an audio file, wanted WAV or FLAC (samplerate must be"),
    ],
)
def test_a_file_that_is_not_audio_is_refused(tmp_path, name, content, text):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=re.escape(f"{path}: {text}")):
        SpeechFile(path)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(ConfigError, match=re.escape(f"{tmp_path / 'a.wav'}: no such file")):
        read_speech(tmp_path / "a.wav")
    with pytest.raises(ConfigError, match=re.escape(f"{tmp_path}: a folder, wanted a file")):
        read_speech(tmp_path)


def test_a_damaged_file_is_told_with_its_place(tmp_path):
    noise = np.random.default_rng(0).integers(-3000, 3000, 40_000).astype(np.int16)
    path = sound(tmp_path / "a.flac", noise, 16_000)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ConfigError, match=r"a\.flac: damaged"):
        read_speech(path)


def test_a_sample_that_is_not_finite_is_refused(tmp_path):
    path = sound(tmp_path / "a.wav", np.array([0, np.nan], np.float32), 16_000, subtype="FLOAT")
    with pytest.raises(ConfigError, match="a sample after frame 0 is not finite"):
        read_speech(path)
