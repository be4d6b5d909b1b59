"""Our FIR against both modes of soxr: delay, cost, quality. Prints a table.

Run as `python bench/resample.py [RATE ...]`; needs the package soxr.
"""

import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

import numpy as np
import soxr
from numpy.typing import NDArray

from a2f_ws.audio.resample import Resampler
from a2f_ws.names import Floats
from a2f_ws.timebase import MODEL_RATE_HZ

RATES_HZ: Final = (8000, 11025, 22050, 24000, 32000, 44100, 44101, 48000, 96000, 192000)
CHUNKS_PER_S: Final = 100
SECONDS: Final = 3

Doubles = NDArray[np.float64]


class Stream(Protocol):
    """What is compared."""

    def push(self, samples: Floats) -> Floats:
        """The outputs that these samples complete."""

    def finish(self) -> Floats:
        """The rest."""


class SoxrStream:
    """A `soxr.ResampleStream` (HQ) with the methods of ours."""

    def __init__(self, rate_hz: int, vr: bool) -> None:
        """Begin a stream, at constant or variable rate."""
        self._soxr = soxr.ResampleStream(rate_hz, MODEL_RATE_HZ, 1, dtype="float32", vr=vr)

    def push(self, samples: Floats) -> Floats:
        """The outputs that soxr gives now."""
        return np.asarray(self._soxr.resample_chunk(samples))

    def finish(self) -> Floats:
        """The rest."""
        return np.asarray(self._soxr.resample_chunk(np.zeros(0, np.float32), last=True))


STREAMS: Final[dict[str, Callable[[int], Stream]]] = {
    "soxr": lambda rate_hz: SoxrStream(rate_hz, False),
    "soxr vr": lambda rate_hz: SoxrStream(rate_hz, True),
    "FIR": Resampler,
}


@dataclass(frozen=True)
class Row:
    """What one resampler does with one rate.

    Attributes:
        lag_ms: Input received minus output given, after each 10 ms chunk: min, median, max.
        chunk_us: Time per 10 ms chunk, microseconds: median, 95th percentile.
        rejection_db: Strongest alias or image against its tone: of all tones from 8 kHz on, and
            of those from 9 kHz on (soxr's variable rate lets the transition band alias).
        edge_hz: Where the response leaves -0.1 dB and -3 dB.
        repeats: True when random splits give the same bits as one push.
    """

    lag_ms: tuple[float, float, float]
    chunk_us: tuple[float, float]
    rejection_db: tuple[float, float]
    edge_hz: tuple[float, float]
    repeats: bool


def measure(begin: Callable[[int], Stream], rate_hz: int) -> Row:
    """All numbers of one row."""
    noise = np.random.default_rng(1).standard_normal(SECONDS * rate_hz).astype(np.float32)
    noise *= np.float32(0.125)
    lag_ms, chunk_us = _live(begin(rate_hz), noise, rate_hz=rate_hz)
    frequency_hz, gain_db, image_db = _response(begin, rate_hz)
    alias_db = (image_db, image_db)
    if rate_hz > MODEL_RATE_HZ:
        alias_db = (
            _alias_db(begin, rate_hz, from_hz=8_001),
            _alias_db(begin, rate_hz, from_hz=9_001),
        )
    edges = tuple(
        float(frequency_hz[np.argmax(gain_db < limit)]) if gain_db.min() < limit else np.nan
        for limit in (-0.1, -3.0)
    )
    return Row(
        lag_ms=lag_ms,
        chunk_us=chunk_us,
        rejection_db=(-alias_db[0], -alias_db[1]),
        edge_hz=(edges[0], edges[1]),
        repeats=_repeats(begin, noise, rate_hz=rate_hz),
    )


def _whole(stream: Stream, samples: Floats) -> Floats:
    """Everything in one push."""
    return np.concatenate((stream.push(samples), stream.finish()))


def _live(
    stream: Stream, noise: Floats, *, rate_hz: int
) -> tuple[tuple[float, float, float], tuple[float, float]]:
    """Lag and cost over chunks of 10 ms, without the first 300 ms."""
    edges = [i * rate_hz // CHUNKS_PER_S for i in range(SECONDS * CHUNKS_PER_S + 1)]
    given, lags, costs = 0, [], []
    for left, right in pairwise(edges):
        begun = time.perf_counter()
        given += len(stream.push(noise[left:right]))
        costs.append((time.perf_counter() - begun) * 1e6)
        lags.append((right / rate_hz - given / MODEL_RATE_HZ) * 1e3)
    lag, cost = np.array(lags[30:]), np.array(costs[30:])
    return (
        (float(lag.min()), float(np.median(lag)), float(lag.max())),
        (float(np.median(cost)), float(np.percentile(cost, 95))),
    )


def _tones(frequency_hz: NDArray[np.int64], rate_hz: int) -> tuple[Floats, float]:
    """Tones of whole hertz, so that every second repeats, and the amplitude of each."""
    amplitude = 0.5 / np.sqrt(len(frequency_hz))
    phases = np.random.default_rng(2).uniform(0, 2 * np.pi, len(frequency_hz))
    spectrum = np.zeros(rate_hz // 2 + 1, dtype=np.complex128)
    spectrum[frequency_hz] = amplitude * np.exp(1j * phases) * rate_hz / 2
    second = np.fft.irfft(spectrum, n=rate_hz)
    return np.tile(second, SECONDS).astype(np.float32), float(amplitude)


def _spectrum(output: Floats) -> Doubles:
    """Amplitude at every whole hertz, from the middle second."""
    middle = output[MODEL_RATE_HZ : 2 * MODEL_RATE_HZ].astype(np.float64)
    return np.asarray(np.abs(np.fft.rfft(middle)) * 2 / MODEL_RATE_HZ)


def _response(
    begin: Callable[[int], Stream], rate_hz: int
) -> tuple[NDArray[np.int64], Doubles, float]:
    """Gain in dB at tones up to half of the lower rate; strongest other line against a tone."""
    frequency_hz = np.arange(20, min(rate_hz, MODEL_RATE_HZ) // 2 - 1, 20)
    samples, amplitude = _tones(frequency_hz, rate_hz)
    lines = _spectrum(_whole(begin(rate_hz), samples)) / amplitude
    gain_db = 20 * np.log10(lines[frequency_hz])
    lines[frequency_hz] = 0.0
    return frequency_hz, gain_db, float(20 * np.log10(lines[20:].max()))


def _alias_db(begin: Callable[[int], Stream], rate_hz: int, *, from_hz: int) -> float:
    """Strongest line in the output when all tones are above half of the model rate."""
    frequency_hz = np.arange(from_hz, rate_hz // 2, 37)
    samples, amplitude = _tones(frequency_hz, rate_hz)
    lines = _spectrum(_whole(begin(rate_hz), samples)) / amplitude
    return float(20 * np.log10(lines.max()))


def _repeats(begin: Callable[[int], Stream], noise: Floats, *, rate_hz: int) -> bool:
    """True when pieces of 1 … 50 ms give what one push gives."""
    samples = noise[:rate_hz]
    sizes = np.random.default_rng(3).integers(1, rate_hz // 20, 400)
    stream = begin(rate_hz)
    pieces = [stream.push(piece) for piece in np.split(samples, np.cumsum(sizes)) if len(piece)]
    split = np.concatenate((*pieces, stream.finish()))
    return bool(np.array_equal(split, _whole(begin(rate_hz), samples)))


def main() -> None:
    """Print the table."""
    rates_hz = [int(word) for word in sys.argv[1:]] or list(RATES_HZ)
    print(
        f"{platform.machine()} {platform.system()}, Python {platform.python_version()},"
        f" numpy {np.__version__}, soxr {soxr.__version__}\n"
    )
    print("    Hz            lag ms              us/10 ms      reject dB    edges Hz")
    print("                  min   med   max     med   p95    >8k   >9k    -0.1   -3  splits")
    for rate_hz in rates_hz:
        for name, begin in STREAMS.items():
            row = measure(begin, rate_hz)
            lag, cost, rejection, edge = row.lag_ms, row.chunk_us, row.rejection_db, row.edge_hz
            print(
                f"{rate_hz:6}  {name:8} {lag[0]:5.2f} {lag[1]:5.2f} {lag[2]:6.2f}"
                f"  {cost[0]:5.1f} {cost[1]:5.1f}  {rejection[0]:5.1f} {rejection[1]:5.1f}"
                f"  {edge[0]:5.0f} {edge[1]:5.0f}  {'same' if row.repeats else 'DIFFER'}"
            )


if __name__ == "__main__":
    main()
