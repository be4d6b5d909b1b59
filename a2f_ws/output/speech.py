"""Speech in files, read block by block in a form that a client may send."""

from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from types import TracebackType
from typing import Final, TypeAlias

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from a2f_ws.errors import ConfigError
from a2f_ws.names import Floats

CHANNELS_MAX: Final = 8
RATE_HZ: Final = (8_000, 192_000)
"""What a server takes (`hello.audio`); files beyond it are converted here."""

SLOW_TO_HZ: Final = 16_000
FAST_TO_HZ: Final = 48_000
"""Rates that files below and above the range are converted to (ours: nothing audible is lost)."""

SMALL: Final = frozenset({"PCM_16", "PCM_S8", "PCM_U8", "ULAW", "ALAW"})
"""Encodings of libsndfile whose samples are exact in 16 bits."""

FRAMES_MAX: Final = 1 << 53
"""libsndfile reports a length beyond this where the file does not say its own."""

BLOCK_FRAMES: Final = 1 << 16

Samples: TypeAlias = NDArray[np.int16] | Floats


class SpeechFile:
    """An open sound file.

    Attributes:
        path: Where it is.
        rate_hz: Sample frames per second of what `blocks` gives, 8,000 … 192,000.
        channels: Of what `blocks` gives, 1 … 8; a file with more is averaged to one.
        format: Of the bytes that `blocks` gives: "s16le" where that is exact, else "f32le".
        frames: Sample frames that `blocks` gives, or None where the file does not say; one more or
            less when the rate is converted.
    """

    def __init__(self, path: Path) -> None:
        """Open a file.

        Args:
            path: WAV, FLAC, or another container that libsndfile reads.

        Raises:
            ConfigError: Missing, not sound, or empty.
        """
        fault = _not_a_file(path)
        if fault is not None:
            raise ConfigError(f"{path}: {fault}")
        try:
            self._file = soundfile.SoundFile(path)
        except (soundfile.SoundFileError, TypeError, OSError) as error:
            raise ConfigError(
                f"{path}: not an audio file, wanted WAV or FLAC ({reason(error)})"
            ) from error
        self.path = path
        self._length = self._file.frames if self._file.frames < FRAMES_MAX else None
        if self._length == 0:
            self._file.close()
            raise ConfigError(f"{path}: no sound in it, wanted at least one sample")
        self.rate_hz = _rate_for(self._file.samplerate)
        self.channels = self._file.channels if self._file.channels <= CHANNELS_MAX else 1
        is_converted = (self.rate_hz, self.channels) != (
            self._file.samplerate,
            self._file.channels,
        )
        is_small = self._file.subtype in SMALL and not is_converted
        self.format = "s16le" if is_small else "f32le"
        self.frames = self._length
        if self._length is not None:
            self.frames = round(self._length * self.rate_hz / self._file.samplerate)

    def blocks(self, frames: int = BLOCK_FRAMES) -> Iterator[bytes]:
        """The sound from its beginning.

        Args:
            frames: Sample frames of the file per block, >= 1; the last block may be shorter.

        Yields:
            Bytes in `format`, channels interleaved.

        Raises:
            ConfigError: The file is damaged, or a sample is not finite.
        """
        blocks = self._read(frames)
        if self.rate_hz != self._file.samplerate:
            blocks = self._converted(blocks)
        for block in blocks:
            if len(block):
                yield block.astype(block.dtype.newbyteorder("<"), copy=False).tobytes()

    def _read(self, frames: int) -> Iterator[Samples]:
        """The file's own sample frames (n, channels), averaged where there are too many."""
        dtype = "int16" if self.format == "s16le" else "float32"
        at = 0
        try:
            self._file.seek(0)
            while len(block := self._file.read(frames, dtype=dtype, always_2d=True)):
                if not np.isfinite(block).all():
                    raise ConfigError(f"{self.path}: a sample after frame {at} is not finite")
                at += len(block)
                is_many = self.channels < block.shape[1]
                yield block.mean(axis=1, keepdims=True) if is_many else block
            if at < (self._length or 0):
                raise ConfigError(f"{self.path}: damaged: {at} of {self._length} frames are there")
        except soundfile.SoundFileError as error:
            raise ConfigError(f"{self.path}: damaged after frame {at} ({reason(error)})") from error

    def _converted(self, blocks: Iterator[Samples]) -> Iterator[Samples]:
        """The same sound at `rate_hz`, aligned in time."""
        stream = soxr.ResampleStream(
            self._file.samplerate, self.rate_hz, self.channels, dtype="float32", quality="HQ"
        )
        for block in blocks:
            yield stream.resample_chunk(np.ascontiguousarray(block))
        yield stream.resample_chunk(np.zeros((0, self.channels), np.float32), last=True)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def __enter__(self) -> "SpeechFile":
        """The open file."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()


def _not_a_file(path: Path) -> str | None:
    """What is wrong with a path that no file can be read from; None = there is one."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "no such file"
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    if S_ISDIR(mode):
        return "a folder, wanted a file"
    return None if S_ISREG(mode) else "a pipe or a device, wanted a file"


def _rate_for(rate_hz: int) -> int:
    """The rate that a file is sent at: its own, where a server takes it."""
    low, high = RATE_HZ
    if rate_hz < low:
        return SLOW_TO_HZ
    return rate_hz if rate_hz <= high else FAST_TO_HZ


def reason(error: Exception) -> str:
    """Why libsndfile could not, without the file's name."""
    return str(getattr(error, "error_string", error)).rstrip(".")


def read_speech(path: Path) -> tuple[Floats, int]:
    """A whole sound file.

    Args:
        path: As for `SpeechFile`.

    Returns:
        float32 (frames, channels), −1 … 1, and the sample rate in Hz, as `blocks` gives them.

    Raises:
        ConfigError: As for `SpeechFile` and its `blocks`.
    """
    with SpeechFile(path) as speech:
        content = b"".join(speech.blocks())
        small = speech.format == "s16le"
        samples: Floats = np.frombuffer(content, "<i2" if small else "<f4").astype(np.float32)
        if small:
            samples /= np.float32(32768)
        return samples.reshape(-1, speech.channels), speech.rate_hz
