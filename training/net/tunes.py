"""Music that nobody sings to: what moves as speech does and says nothing."""

from typing import Final

import numpy as np

from a2f_ws.names import Floats
from training.lips import Reals
from training.net.shape import RATE_HZ

SCALE: Final = (0, 2, 4, 5, 7, 9, 11)
"""Semitones of the notes above the key."""
KEYS_HZ: Final = (70.0, 320.0)
NOTE_S: Final = (0.1, 0.7)
HARMONICS: Final = 12
_DRUMS: Final = 0.4
_REST: Final = 0.15


def tune(random: np.random.Generator, length: int) -> Floats:
    """One to three voices of an instrument drawn by chance, some with drums, float32 (n,), RMS 1.

    Args:
        random: Where all chance comes from.
        length: Samples at 16 kHz.
    """
    sound = np.zeros(length)
    key_hz = float(np.exp(random.uniform(*np.log(KEYS_HZ))))
    slope, is_plucked = float(random.uniform(0.5, 2.5)), random.random() < 0.6
    for _ in range(int(random.integers(1, 4))):
        at = -int(random.integers(RATE_HZ // 4))
        while at < length:
            count = round(random.uniform(*NOTE_S) * RATE_HZ)
            if random.random() >= _REST:
                steps = random.choice(SCALE) + 12 * int(random.integers(0, 3))
                note = _note(random, count, pitch_hz=key_hz * 2.0 ** (steps / 12.0), slope=slope)
                _add(sound, note * _envelope(random, count, is_plucked=is_plucked), at=at)
            at += count
    if random.random() < _DRUMS:
        _drum(random, sound)
    return np.asarray(sound / max(float(np.sqrt(np.mean(sound**2))), 1e-3), np.float32)


def _note(random: np.random.Generator, count: int, *, pitch_hz: float, slope: float) -> Reals:
    """Harmonics that fall by a power of their number, with a trace of vibrato."""
    time_s = np.arange(count) / RATE_HZ
    depth = random.uniform(0.0, 0.01)
    phase = 2 * np.pi * pitch_hz * (time_s + depth * np.sin(2 * np.pi * 5.0 * time_s) / 31.4)
    heights = [h for h in range(1, HARMONICS + 1) if h * pitch_hz < RATE_HZ / 2]
    parts = [
        random.uniform(0.3, 1.0) * np.sin(h * phase + random.uniform(0, 6.3)) / h**slope
        for h in heights
    ]
    return np.asarray(np.sum(parts, axis=0) if parts else np.zeros(count))


def _envelope(random: np.random.Generator, count: int, *, is_plucked: bool) -> Reals:
    time_s = np.arange(count) / RATE_HZ
    attack = np.minimum(time_s / random.uniform(0.003, 0.06), 1.0)
    release = np.minimum((count / RATE_HZ - time_s) / 0.02, 1.0)
    fall = np.exp(-time_s * random.uniform(2.0, 12.0)) if is_plucked else 1.0
    return np.asarray(attack * release * fall * random.uniform(0.4, 1.0))


def _drum(random: np.random.Generator, sound: Reals) -> None:
    """Bursts of noise in an even beat."""
    beat, fall_s = round(random.uniform(0.15, 0.6) * RATE_HZ), random.uniform(0.01, 0.08)
    for at in range(int(random.integers(beat)), len(sound), beat):
        count = round(6 * fall_s * RATE_HZ)
        burst = random.standard_normal(count) * np.exp(-np.arange(count) / (fall_s * RATE_HZ))
        _add(sound, burst * random.uniform(0.3, 1.5), at=at)


def _add(sound: Reals, piece: Reals, *, at: int) -> None:
    """Add a piece that may begin before the sound and end behind it."""
    first, last = max(at, 0), min(at + len(piece), len(sound))
    if first < last:
        sound[first:last] += piece[first - at : last - at]
