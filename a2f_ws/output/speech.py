"""Speech in files, read block by block in a form that a client may send."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final

import numpy as np
import soundfile

from a2f_ws.errors import ConfigError
from a2f_ws.names import Floats

CHANNELS_MAX: Final = 8
RATE_HZ: Final = (8_000, 192_000)
"""What a server takes (`hello.audio`)."""

SMALL: Final = frozenset({"PCM_16", "PCM_S8", "PCM_U8", "ULAW", "ALAW"})
"""Encodings of libsndfile whose samples are exact in 16 bits."""

FRAMES_MAX: Final = 1 << 53
"""libsndfile reports a length beyond this where the file does not say its own."""

BLOCK_FRAMES: Final = 1 << 16


class SpeechFile:
    """An open sound file.

    Attributes:
        path: Where it is.
        rate_hz: Sample frames per second, 8,000 … 192,000.
        channels: 1 … 8.
        format: Of the bytes that `blocks` gives: "s16le" where that is exact, else "f32le".
        frames: Sample frames in the file, or None where it does not say.
    """

    def __init__(self, path: Path) -> None:
        """Open a file.

        Args:
            path: WAV, FLAC, or another container that libsndfile reads.

        Raises:
            ConfigError: Missing, not sound, empty, or outside of what a server takes.
        """
        if not path.is_file():
            kind = "a folder, wanted a file" if path.is_dir() else "no such file"
            raise ConfigError(f"{path}: {kind}")
        try:
            self._file = soundfile.SoundFile(path)
        except (soundfile.SoundFileError, TypeError, OSError) as error:
            raise ConfigError(
                f"{path}: not an audio file, wanted WAV or FLAC ({reason(error)})"
            ) from error
        self.path = path
        self.rate_hz: int = self._file.samplerate
        self.channels: int = self._file.channels
        self.format = "s16le" if self._file.subtype in SMALL else "f32le"
        self.frames: int | None = self._file.frames if self._file.frames < FRAMES_MAX else None
        try:
            self._check()
        except ConfigError:
            self._file.close()
            raise

    def _check(self) -> None:
        """Refuse what no server takes.

        Raises:
            ConfigError: Rate, channels or length.
        """
        low, high = RATE_HZ
        if not low <= self.rate_hz <= high:
            raise ConfigError(f"{self.path}: {self.rate_hz} Hz, wanted {low} to {high} Hz")
        if self.channels > CHANNELS_MAX:
            raise ConfigError(f"{self.path}: {self.channels} channels, wanted 1 to {CHANNELS_MAX}")
        if self.frames == 0:
            raise ConfigError(f"{self.path}: no sound in it, wanted at least one sample")

    def blocks(self, frames: int = BLOCK_FRAMES) -> Iterator[bytes]:
        """The sound from its beginning.

        Args:
            frames: Sample frames per block, >= 1; the last block may be shorter.

        Yields:
            Bytes in `format`, channels interleaved.

        Raises:
            ConfigError: The file is damaged, or a sample is not finite.
        """
        dtype = "int16" if self.format == "s16le" else "float32"
        at = 0
        try:
            self._file.seek(0)
            while len(block := self._file.read(frames, dtype=dtype, always_2d=True)):
                if not np.isfinite(block).all():
                    raise ConfigError(f"{self.path}: a sample after frame {at} is not finite")
                yield block.astype(block.dtype.newbyteorder("<"), copy=False).tobytes()
                at += len(block)
            if at < (self.frames or 0):
                raise ConfigError(f"{self.path}: damaged: {at} of {self.frames} frames are there")
        except soundfile.SoundFileError as error:
            raise ConfigError(f"{self.path}: damaged after frame {at} ({reason(error)})") from error

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


def reason(error: Exception) -> str:
    """Why libsndfile could not, without the file's name."""
    return str(getattr(error, "error_string", error)).rstrip(".")


def read_speech(path: Path) -> tuple[Floats, int]:
    """A whole sound file.

    Args:
        path: As for `SpeechFile`.

    Returns:
        float32 (frames, channels), −1 … 1, and the sample rate in Hz.

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
