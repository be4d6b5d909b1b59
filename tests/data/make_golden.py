"""Golden arrays of the stages, computed in float64 and written for clarity, not for speed.

Run as `python tests/data/make_golden.py`; it writes `golden/<stage>.npz` beside itself. A test
compares the files with what this program gives, so neither can change alone.
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor, pi
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

GOLDEN = Path(__file__).with_name("golden")
RESAMPLED_HZ = (8_000, 11_025, 22_050, 24_000, 44_100, 44_101, 48_000, 96_000, 191_999)
MODEL_HZ = 16_000


def lowpass(distance: Fraction, rate_hz: int) -> float:
    """Weight of an input frame at a distance (in input frames) from an output.

    A sinc under a Kaiser window that reaches 32 samples of the lower rate to each side; the
    transition band that Kaiser's formula gives for 92 dB ends at half of the lower rate.
    """
    lower = Fraction(min(rate_hz, MODEL_HZ), rate_hz)
    reach = 32 / lower
    if abs(distance) >= reach:
        return 0.0
    transition = (92.0 - 7.95) / (2.285 * 64) / (2 * pi)
    cutoff = (1 - transition) * float(lower)
    beta = 0.1102 * (92.0 - 8.7)
    window = np.i0(beta * np.sqrt(1 - float(distance / reach) ** 2))
    return float(np.sinc(cutoff * float(distance)) * window)


def resample(samples: NDArray[np.float32], rate_hz: int, outputs: range) -> NDArray[np.float64]:
    """Outputs at exact times (no table, no rounded phases); silence around the samples."""
    reach = ceil(32 * max(1, rate_hz / MODEL_HZ))
    result = []
    for n in outputs:
        place = Fraction(n * rate_hz, MODEL_HZ)
        frames = range(floor(place) - reach, floor(place) + reach + 2)
        weights = [lowpass(frame - place, rate_hz) for frame in frames]
        heard = [float(samples[k]) if 0 <= k < len(samples) else 0.0 for k in frames]
        result.append(np.dot(weights, heard) / np.sum(weights))
    return np.array(result)


def expand_ulaw(code: int) -> float:
    """One byte of G.711 mu-law, -1 … 1."""
    bits = f"{code ^ 0xFF:08b}"
    sign, segment, step = bits[0] == "1", int(bits[1:4], 2), int(bits[4:], 2)
    magnitude = (step + 16.5) * 2 ** (segment + 1) - 33
    return (-magnitude if sign else magnitude) * 4 / 32768


def expand_alaw(code: int) -> float:
    """One byte of G.711 A-law, -1 … 1."""
    bits = f"{code ^ 0x55:08b}"
    sign, segment, step = bits[0] == "0", int(bits[1:4], 2), int(bits[4:], 2)
    magnitude = 2 * step + 1 if segment == 0 else (2 * step + 33) * 2 ** (segment - 1)
    return (-magnitude if sign else magnitude) * 8 / 32768


def audio() -> dict[str, NDArray[np.generic]]:
    """The audio stage: expanded G.711 bytes, and noise at many rates taken to 16 kHz."""
    arrays: dict[str, NDArray[np.generic]] = {
        "ulaw": np.array([expand_ulaw(code) for code in range(256)]),
        "alaw": np.array([expand_alaw(code) for code in range(256)]),
    }
    random = np.random.default_rng(20)
    for rate_hz in RESAMPLED_HZ:
        samples = random.uniform(-1, 1, rate_hz // 100).astype(np.float32)
        outputs = range(ceil(Fraction(len(samples) * MODEL_HZ, rate_hz)))
        arrays[f"in_{rate_hz}"] = samples
        arrays[f"out_{rate_hz}"] = resample(samples, rate_hz, outputs)
    return arrays


STAGES: dict[str, Callable[[], dict[str, NDArray[np.generic]]]] = {"audio": audio}


def main() -> None:
    """Write every file."""
    GOLDEN.mkdir(exist_ok=True)
    for stage, make in STAGES.items():
        np.savez_compressed(GOLDEN / f"{stage}.npz", **make())


if __name__ == "__main__":
    main()
