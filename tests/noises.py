"""What microphones hear besides speech, and something that their gate takes for it."""

import numpy as np

RATE_HZ = 16_000
STEADY = ("white", "pink", "fan", "hum 50", "hum 60")


def level(samples, db):
    """The samples at that many decibels of full scale (RMS), float32."""
    return (samples / np.std(samples) * 10 ** (db / 20)).astype(np.float32)


def steady(kind, seconds, *, db, seed=0):
    """Noise that does not change: one of `STEADY`, float32 (n,)."""
    random = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    t = np.arange(count) / RATE_HZ
    white = random.standard_normal(count)
    if kind == "white":
        return level(white, db)
    if kind.startswith("hum"):
        mains = [
            np.sin(2 * np.pi * int(kind[4:]) * k * t + random.uniform(0, 2 * np.pi)) / k
            for k in range(1, 24)
        ]
        return level(sum(mains) + 0.02 * white, db)
    hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    pink = np.fft.irfft(np.fft.rfft(white) / np.sqrt(np.maximum(hz, 20)), count)
    if kind == "pink":
        return level(pink, db)
    blades = 0.5 * np.sin(2 * np.pi * 120 * t) + 0.3 * np.sin(2 * np.pi * 240 * t)
    turning = 1 + 0.15 * np.sin(2 * np.pi * 1.7 * t)
    return level((pink / pink.std() + blades) * turning, db)


def keys(seconds, *, peak_db, per_s=8, seed=0):
    """Keys that are struck and let go, the loudest at a peak of so many decibels, float32 (n,)."""
    random = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    sound = np.zeros(count + RATE_HZ // 2)
    fall = np.arange(RATE_HZ // 10) / RATE_HZ
    at_s = 0.0
    while (at_s := at_s + 0.06 + random.exponential(1 / per_s)) < seconds:
        length_s = random.uniform(0.004, 0.012)
        for delay_s, share in ((0.0, random.uniform(0.3, 1.0)), (random.uniform(0.05, 0.1), 0.4)):
            begin = round((at_s + delay_s) * RATE_HZ)
            knock = random.standard_normal(len(fall)) * np.exp(-fall / length_s) * share
            sound[begin : begin + len(fall)] += knock
    sound = sound[:count]
    return (sound / np.abs(sound).max() * 10 ** (peak_db / 20)).astype(np.float32)


def vowel(seconds, *, db=-24.5, pitch_hz=140.0, first=0):
    """A voice that never moves: harmonics under two formants, float32 (n,), from sample `first`."""
    t = (first + np.arange(round(seconds * RATE_HZ))) / RATE_HZ
    sound = np.zeros(len(t))
    for k in range(1, int(3_500 / pitch_hz)):
        hz = k * pitch_hz
        weight = 1 / (1 + ((hz - 600) / 150) ** 2) + 0.5 / (1 + ((hz - 1_200) / 200) ** 2) + 0.01
        sound += weight * np.sin(2 * np.pi * hz * t)
    return level(sound, db)


def words(count, *, db=-24.5, pause_s=0.3, pitch_hz=140.0):
    """So many vowels of 0.2 s with pauses before them, float32 (n,)."""
    pause = np.zeros(round(pause_s * RATE_HZ), np.float32)
    one = np.concatenate([pause, vowel(0.2, db=db, pitch_hz=pitch_hz)])
    return np.tile(one, count)
