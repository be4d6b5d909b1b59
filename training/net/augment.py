"""Sound to log mel bands, on the way through rooms, lines, noise and other throats."""

from functools import cache
from typing import Final

import numpy as np
import torch
from torch import Tensor

from training.net.shape import (
    BANDS,
    BINS,
    CENTRE,
    FFT,
    FLOOR,
    FRAME,
    HOP,
    RATE_HZ,
    SCALE,
    hann,
    mel_bank,
)
from training.net.tunes import tune

WARPS: Final = np.linspace(0.86, 1.16, 13)
"""Factors of the formants."""
POOL: Final = 96
"""Backgrounds at hand."""
RENEWED_EVERY: Final = 300
"""Batches for which they serve."""
TUNES: Final = 48
"""Pieces of music at hand."""
_LEVEL_DB: Final = (-40.0, 6.0)
"""Gain on sound whose peak is 0.8; what passes 1 is clipped."""


def log_bands(power: Tensor, bank: Tensor) -> Tensor:
    """Power spectrum (…, BINS) to what the network sees (…, BANDS)."""
    return (torch.log(power @ bank + FLOOR) - CENTRE) * SCALE


def power_spectrum(sound: Tensor) -> Tensor:
    """(B, S) to (B, frames, BINS); full-scale white noise has power 1."""
    frames = sound.unfold(1, FRAME, HOP) * _window()
    power: Tensor = torch.fft.rfft(frames, FFT).abs().square()
    return power


@cache
def plain_bank() -> Tensor:
    """The mel bank of the exported network."""
    return torch.from_numpy(mel_bank())


@cache
def _window() -> Tensor:
    return torch.from_numpy(hann())


@cache
def _banks() -> Tensor:
    return torch.from_numpy(np.stack([mel_bank(float(warp)) for warp in WARPS]))


class Augment:
    """Changes speech in ways that leave the mouth as it is.

    Attributes:
        random: Where all chance comes from.
    """

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self._calls = 0
        self._pool = torch.zeros(0)
        self._tunes = torch.zeros(0)

    def __call__(self, sound: Tensor, speaks: Tensor) -> Tensor:
        """What the network hears.

        Args:
            sound: float32 (B, S), peak 0.8.
            speaks: bool (B, cells), False where nothing is said.

        Returns:
            float32 (B, frames, BANDS).
        """
        if self._calls % RENEWED_EVERY == 0:
            self._pool = self._backgrounds(sound.shape[1])
            pieces = [tune(self.random, sound.shape[1]) for _ in range(TUNES)]
            self._tunes = torch.from_numpy(np.stack(pieces))
        self._calls += 1
        sound = self._reverberated(sound)
        sound = sound + self._breaths(sound, speaks) + self._music(speaks)
        sound = sound + self._noise(sound)
        gain = 10.0 ** (self._uniform(len(sound), _LEVEL_DB) / 20.0)
        sound = torch.clamp(sound * gain[:, None], -1.0, 1.0)
        power = power_spectrum(sound) * self._line(len(sound))[:, None]
        power = self._coded(power) + 10.0 ** (self._uniform(len(sound), (-11, -8))[:, None, None])
        choice = torch.from_numpy(self.random.integers(len(WARPS), size=len(sound)))
        bands = log_bands(power, _banks()[choice])
        return self._masked(bands)

    def _uniform(self, count: int, limits: tuple[float, float]) -> Tensor:
        return torch.from_numpy(self.random.uniform(*limits, count).astype(np.float32))

    def _happens(self, count: int, share: float) -> Tensor:
        return torch.from_numpy(self.random.random(count) < share)

    def _gaussian(self, *sizes: int) -> Tensor:
        return torch.from_numpy(self.random.standard_normal(sizes, np.float32))

    def _reverberated(self, sound: Tensor) -> Tensor:
        """Rooms with an exponential tail, for a quarter of the stretches."""
        chosen = torch.nonzero(self._happens(len(sound), 0.25))[:, 0]
        if not len(chosen):
            return sound
        length = RATE_HZ // 2
        decay_s = self._uniform(len(chosen), (0.02, 0.12))[:, None]
        time_s = torch.arange(length) / RATE_HZ
        room = self._gaussian(len(chosen), length) * torch.exp(-time_s / decay_s)
        room[:, : RATE_HZ // 500] = 0.0
        wet = self._uniform(len(chosen), (0.1, 0.7))[:, None]
        room = wet * room / room.square().sum(dim=1, keepdim=True).sqrt()
        room[:, 0] = 1.0
        size = 1 << (sound.shape[1] + length - 1).bit_length()
        product = torch.fft.rfft(sound[chosen], size) * torch.fft.rfft(room, size)
        result = sound.clone()
        result[chosen] = torch.fft.irfft(product, size)[:, : sound.shape[1]]
        return result

    def _breaths(self, sound: Tensor, speaks: Tensor) -> Tensor:
        """Breath-like bursts and hum where nothing is said, on half of the stretches."""
        silent = (~speaks).repeat_interleave(HOP, dim=1)[:, : sound.shape[1]].float()
        time_s = torch.arange(sound.shape[1]) / RATE_HZ
        at_s = self._uniform(len(sound), (0.0, float(time_s[-1])))[:, None]
        width_s = self._uniform(len(sound), (0.05, 0.25))[:, None]
        bell = torch.exp(-0.5 * ((time_s - at_s) / width_s) ** 2)
        noise = self._background(len(sound))
        level = 10.0 ** (self._uniform(len(sound), (-45.0, -22.0)) / 20.0)
        level = level * self._happens(len(sound), 0.5)
        return noise * bell * silent * level[:, None]

    def _music(self, speaks: Tensor) -> Tensor:
        """Music as loud as speech, on the stretches in which nobody speaks."""
        chosen = torch.from_numpy(self.random.integers(len(self._tunes), size=len(speaks)))
        level = 10.0 ** (self._uniform(len(speaks), (-40.0, -12.0)) / 20.0)
        return self._tunes[chosen] * (level * ~speaks.any(dim=1))[:, None]

    def _noise(self, sound: Tensor) -> Tensor:
        """Steady and babbling noise, 8 to 45 dB below the speech, for most stretches."""
        count = len(sound)
        rolled = [torch.roll(sound, (i, 7000 * i), dims=(0, 1)) for i in (1, 3, 4, 6)]
        babble = torch.stack(rolled).sum(dim=0)
        babble = babble / babble.square().mean(dim=1, keepdim=True).sqrt().clamp_min(1e-4)
        is_babble = self._happens(count, 0.15)[:, None].float()
        noise = is_babble * babble + (1.0 - is_babble) * self._background(count)
        below_db = self._uniform(count, (3.0, 42.0)) + 6.0 * is_babble[:, 0]
        level = 0.12 * 10.0 ** (-below_db / 20.0) * self._happens(count, 0.8)
        return noise * level[:, None]

    def _background(self, count: int) -> Tensor:
        """Some of the backgrounds, each from anywhere in it."""
        chosen = torch.from_numpy(self.random.integers(len(self._pool), size=count))
        return torch.roll(self._pool[chosen], int(self.random.integers(self._pool.shape[1])), 1)

    def _backgrounds(self, length: int) -> Tensor:
        """Noises of many colours, an eighth of them with music."""
        return self._coloured(POOL, length) + self._tones(POOL, length)

    def _tones(self, count: int, length: int) -> Tensor:
        """Chords that come and go, for one stretch in eight."""
        time_s = torch.arange(length) / RATE_HZ
        total = torch.zeros(count, length)
        for row in torch.nonzero(self._happens(count, 0.12))[:, 0].tolist():
            pitches = 10.0 ** self._uniform(3, (1.9, 2.9))
            for harmonic in (1, 2, 3, 5):
                phase = 2 * torch.pi * harmonic * pitches[:, None] * time_s
                total[row] += torch.sin(phase).sum(dim=0) / harmonic
            beat = self._uniform(2, (0.5, 4.0))
            total[row] *= 0.6 + 0.4 * torch.sin(2 * torch.pi * beat[0] * time_s + beat[1])
        return total

    def _coloured(self, count: int, length: int) -> Tensor:
        """Gaussian noise of power 1 whose spectrum falls or rises."""
        size = 1 << (length - 1).bit_length()
        spectrum = torch.fft.rfft(self._gaussian(count, size))
        octaves = torch.log2(torch.arange(1, spectrum.shape[1] + 1) / 64.0)
        slope = self._uniform(count, (-1.2, 0.3))[:, None]
        noise = torch.fft.irfft(spectrum * 2.0 ** (slope * octaves), size)[:, :length]
        result: Tensor = noise / noise.square().mean(dim=1, keepdim=True).sqrt()
        return result

    def _line(self, count: int) -> Tensor:
        """Power response (B, BINS) of a room's and a line's frequencies."""
        points = self._gaussian(count, 1, 9) * 4.0
        decibels = torch.nn.functional.interpolate(points, BINS, mode="linear")[:, 0]
        hz = torch.arange(BINS) * (RATE_HZ / FFT)
        decibels = decibels + self._gaussian(count, 1) * 3.0 * torch.log2(hz / 1000.0 + 0.1)
        low_hz = self._uniform(count, (200.0, 350.0))[:, None]
        high_hz = self._uniform(count, (3200.0, 3800.0))[:, None]
        telephone = self._happens(count, 0.2)[:, None]
        passes = ~telephone | ((hz > low_hz) & (hz < high_hz))
        top_hz = self._uniform(count, (3500.0, 7500.0))[:, None]
        passes &= ~self._happens(count, 0.15)[:, None] | (hz < top_hz)
        return 10.0 ** (decibels / 10.0) * (passes.float() + 1e-6)

    def _coded(self, power: Tensor) -> Tensor:
        """What a codec at few bits drops: bins far below the frame's loudest."""
        chosen = self._happens(len(power), 0.15)[:, None, None]
        limit_db = self._uniform(len(power), (-50.0, -28.0))[:, None, None]
        limit = power.amax(dim=2, keepdim=True) * 10.0 ** (limit_db / 10.0)
        return torch.where(chosen & (power < limit), power * 0.01, power)

    def _masked(self, bands: Tensor) -> Tensor:
        """Up to eight neighbouring bands at their mean, for a quarter of the stretches."""
        first = torch.from_numpy(self.random.integers(0, BANDS, len(bands)))[:, None]
        width = torch.from_numpy(self.random.integers(1, 9, len(bands)))[:, None]
        index = torch.arange(BANDS)
        hit = (index >= first) & (index < first + width) & self._happens(len(bands), 0.25)[:, None]
        mean = bands.mean(dim=(1, 2), keepdim=True)
        return torch.where(hit[:, None], mean, bands)
