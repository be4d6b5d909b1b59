"""Utterances on disk: sound at 16 kHz and the IPA symbols with their times."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soxr

from a2f_ws.names import Floats

RATE_HZ: Final = 16_000


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """Speech and what was said when.

    Attributes:
        samples: float32 (n,) at 16 kHz, -1 … 1.
        symbols: IPA of each segment in the order of time; empty for a pause.
        ends_s: float64 (segments,), end of each; each begins where the one before ends, the first
            at 0.
    """

    samples: Floats
    symbols: tuple[str, ...]
    ends_s: np.ndarray[tuple[int], np.dtype[np.float64]]

    def segments(self) -> Iterator[tuple[str, float, float]]:
        """Symbol, start and end in seconds of each segment."""
        start = 0.0
        for symbol, end in zip(self.symbols, self.ends_s.tolist(), strict=True):
            yield symbol, start, end
            start = end


def at_16_khz(samples: Floats, rate_hz: int) -> Floats:
    """The sound resampled and scaled to a peak of 0.8."""
    sound = np.asarray(soxr.resample(samples, rate_hz, RATE_HZ, "HQ"), np.float32)
    return np.asarray(sound * np.float32(0.8 / max(float(np.abs(sound).max()), 1e-4)), np.float32)


def save(path: Path, utterance: Utterance) -> None:
    """Write it whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half_written = path.with_suffix(".part.npz")
    np.savez(
        half_written,
        pcm=np.round(np.clip(utterance.samples, -1.0, 1.0) * 32767.0).astype(np.int16),
        symbols=np.array(utterance.symbols),
        ends_s=utterance.ends_s,
    )
    half_written.replace(path)


def load(path: Path) -> Utterance:
    """Read what `save` wrote."""
    with np.load(path) as archive:
        samples = archive["pcm"].astype(np.float32) / np.float32(32767.0)
        return Utterance(samples, tuple(archive["symbols"].tolist()), archive["ends_s"])
