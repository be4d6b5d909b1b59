"""What every hundredth of a second of a microphone sounds like: bands, voice, peak."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.timebase import MODEL_RATE_HZ

BLOCK: Final = 160
"""Samples of a block, 10 ms; block k begins at sample 160 · k of the utterance, whatever the chunks
(ours)."""

FRAME: Final = 640
"""Samples that are looked at for a block, up to its end: 40 ms, three periods of a deep voice."""

EDGES_HZ: Final = (200, 400, 640, 920, 1270, 1720, 2320, 3150, 4000)
"""Borders of the bands: speech without the hum of mains and fans below it.

Source:
    E. Zwicker, "Subdivision of the audible frequency range into critical bands", 1961: pairs of
    critical bands.
"""

BANDS: Final = len(EDGES_HZ) - 1

_FFT: Final = 1_024
_VOICE_HZ: Final = (80, 1_000)
"""Where the first harmonics of a voice lie; telephones leave some of them."""
_PITCH_HZ: Final = (70, 400)
_LAG_RATE_HZ: Final = 4_000
"""Rate at which periods are looked for: quarters of a millisecond."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What is known of one block.

    Attributes:
        powers: float32 (8,), power in each band, 1.0 = that of a full-scale square wave.
        voicing: Periodicity, about 0.4 for noise, 0.6 … 1.1 for voices.
        peak: Largest magnitude of its own samples.
        is_whole: False while the frame reaches back before the first sample.
    """

    powers: Floats
    voicing: float
    peak: float
    is_whole: bool

    @property
    def power(self) -> float:
        """Power of all bands together."""
        return float(self.powers.sum())


class Spectrum:
    """Looks at one block after the other, always in the same way: no bit depends on the chunks."""

    def __init__(self) -> None:
        """Before the first block is silence."""
        self._frame: Floats = np.zeros(FRAME, np.float32)
        self._heard = 0

    def look(self, samples: Floats) -> Block:
        """Take the next block, float32 (160,)."""
        self._frame[:-BLOCK] = self._frame[BLOCK:].copy()
        self._frame[-BLOCK:] = samples
        self._heard = min(FRAME, self._heard + BLOCK)
        spectrum = np.fft.rfft(self._frame * _WINDOW, _FFT)
        power = np.square(np.abs(spectrum)).astype(np.float32)
        return Block(
            powers=np.add.reduceat(power[: _BINS[-1]], _BINS[:-1]) * _SCALE,
            voicing=_voicing(power),
            peak=float(np.abs(samples).max()),
            is_whole=self._heard == FRAME,
        )


def _voicing(power: Floats) -> float:
    """Highest autocorrelation at the period of a voice, that of the window taken out.

    Source:
        P. Boersma, "Accurate short-term analysis of the fundamental frequency and the
        harmonics-to-noise ratio of a sampled sound", 1993.
    """
    size = _FFT * _LAG_RATE_HZ // MODEL_RATE_HZ
    part = np.zeros(size // 2 + 1, np.float32)
    part[_VOICE] = power[_VOICE]
    similar = np.fft.irfft(part, size)
    whole = float(similar[0])
    return float((similar[_LAGS] * _OWN).max()) / whole if whole > 0.0 else 0.0


def _own_similarity(window: Floats) -> Floats:
    """What to multiply an autocorrelation with, that the window alone would lower."""
    step = MODEL_RATE_HZ // _LAG_RATE_HZ
    similar = np.fft.irfft(np.square(np.abs(np.fft.rfft(window, _FFT))))[::step]
    return np.asarray(similar[0] / similar[_LAGS], np.float32)


_BIN_HZ: Final = MODEL_RATE_HZ / _FFT
_BINS: Final = [round(edge / _BIN_HZ) for edge in EDGES_HZ]
_VOICE: Final = slice(round(_VOICE_HZ[0] / _BIN_HZ), round(_VOICE_HZ[1] / _BIN_HZ))
_LAGS: Final = slice(_LAG_RATE_HZ // _PITCH_HZ[1], _LAG_RATE_HZ // _PITCH_HZ[0] + 1)
_HANN: Final = np.hanning(FRAME).astype(np.float32)
_WINDOW: Final[Floats] = _HANN / np.sqrt(np.square(_HANN).sum())
_SCALE: Final = np.float32(2 / _FFT)
_OWN: Final = _own_similarity(_WINDOW)
