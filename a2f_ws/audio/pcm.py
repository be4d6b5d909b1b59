"""Bytes of the wire to mono float32 samples."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import Floats

CHANNELS_MAX: Final = 8
FLOAT_PEAK_MAX: Final = 16.0
"""Largest magnitude taken for an over-driven float signal; beyond it the peer sends integers."""

S16_FULL_SCALE: Final = 32_768


def _expand_ulaw() -> NDArray[np.int16]:
    """The 256 values of G.711 mu-law, int16 (256,), 14-bit magnitudes times 4.

    Source:
        ITU-T G.711 (11/88), table 2: bias 33, eight segments of sixteen steps, bits inverted.
    """
    code = ~np.arange(256) & 0xFF
    segment, step = code >> 4 & 7, code & 15
    magnitude = ((2 * step + 33 << segment) - 33) * 4
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _expand_alaw() -> NDArray[np.int16]:
    """The 256 values of G.711 A-law, int16 (256,), 13-bit magnitudes times 8.

    Source:
        ITU-T G.711 (11/88), table 1: two linear segments, then six; even bits inverted.
    """
    code = np.arange(256) ^ 0x55
    segment, step = code >> 4 & 7, code & 15
    linear = 2 * step + 1
    magnitude = np.where(segment == 0, linear, linear + 32 << np.maximum(segment, 1) - 1) * 8
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


_TYPES: Final[dict[str, np.dtype[np.generic]]] = {
    "s16le": np.dtype("<i2"),
    "f32le": np.dtype("<f4"),
    "ulaw": np.dtype("u1"),
    "alaw": np.dtype("u1"),
}
_TABLES: Final = {"ulaw": _expand_ulaw(), "alaw": _expand_alaw()}

FORMATS: Final[tuple[str, ...]] = tuple(_TYPES)
"""Sample formats of the wire: 16-bit and float little-endian, G.711 mu-law and A-law."""


@dataclass(frozen=True, slots=True)
class Pcm:
    """How the bytes of a stream become samples.

    Attributes:
        format: One of `FORMATS`.
        channels: Interleaved channels, 1 … 8; they are averaged.

    Raises:
        ValueError: Another format or number of channels.
    """

    format: str
    channels: int

    def __post_init__(self) -> None:
        """Refuse what cannot be decoded."""
        if self.format not in _TYPES:
            raise ValueError(f"format {self.format!r}: wanted one of {', '.join(FORMATS)}")
        if not 1 <= self.channels <= CHANNELS_MAX:
            raise ValueError(f"channels {self.channels}: wanted 1 to {CHANNELS_MAX}")

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample frame (one sample of every channel)."""
        return _TYPES[self.format].itemsize * self.channels

    def decode(self, pcm: bytes | bytearray | memoryview) -> Floats:
        """The samples of a chunk, channels averaged.

        Every sample depends on its own bytes only, so chunks may be cut anywhere between frames.

        Args:
            pcm: Whole sample frames; may be empty.

        Returns:
            float32 (n,), new array, full scale -1 … 1; f32le up to 16 in magnitude.

        Raises:
            ValueError: Not whole frames; a sample that is not finite or beyond ±16 (f32le).
        """
        if len(pcm) % self.frame_bytes:
            raise ValueError(
                f"{len(pcm)} bytes: wanted a multiple of {self.frame_bytes}"
                f" ({self.format}, channels: {self.channels})"
            )
        raw = np.frombuffer(pcm, dtype=_TYPES[self.format])
        if self.format == "f32le":
            return _average(self._checked(raw.astype(np.float32)), self.channels)
        table = _TABLES.get(self.format)
        whole = raw if table is None else table[raw]
        if self.channels > 1:
            whole = whole.reshape(-1, self.channels).sum(axis=1, dtype=np.int32)
        samples = whole.astype(np.float32)
        samples *= np.float32(1 / (S16_FULL_SCALE * self.channels))
        return samples

    def _checked(self, samples: Floats) -> Floats:
        """The samples themselves, if all are finite and plausible."""
        if not samples.size or np.abs(samples).max() <= FLOAT_PEAK_MAX:
            return samples
        at = int(np.argmin(np.abs(samples) <= FLOAT_PEAK_MAX))
        value = float(samples[at])
        hint = " (looks like integers sent as floats)" if np.isfinite(value) else ""
        raise ValueError(
            f"sample {at // self.channels}, channel {at % self.channels}: {value:g}{hint};"
            f" wanted finite numbers, full scale -1 to 1, at most ±{FLOAT_PEAK_MAX:g}"
        )


def _average(samples: Floats, channels: int) -> Floats:
    """Mean of the channels, float32 (n,), added one channel after the other.

    One addition per channel for all frames at once: a library sum could add in another order for
    another number of frames.
    """
    if channels == 1:
        return samples
    frames = samples.reshape(-1, channels)
    total = frames[:, 0].copy()
    for channel in range(1, channels):
        total += frames[:, channel]
    total *= np.float32(1 / channels)
    return total
