"""What an open microphone costs beside its faces: `python bench/microphone.py [--minutes 60]`.

Speech with pauses in a noisy room goes through gate and gain as fast as it can, in chunks of 20 ms,
and windows are cut and shaped for every pose. Prints the cost of a second of sound and the memory
as the hour passes.
"""

import argparse
import platform
import sys
from pathlib import Path
from time import process_time
from typing import Final

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from a2f_ws.audio.microphone import Microphone, Room
from a2f_ws.audio.resample import Resampler
from a2f_ws.names import Floats
from a2f_ws.output.speech import read_speech
from a2f_ws.timebase import MODEL_RATE_HZ

SPEECH: Final = Path(__file__).resolve().parent.parent / "a2f_ws" / "samples" / "speech.flac"
PAUSE_S: Final = 6.0
NOISE: Final = 0.003
"""Of the room, as a part of full scale: some −50 dB."""

CHUNK: Final = MODEL_RATE_HZ // 50
WINDOW: Final = 560
CENTRE: Final = -1200
BLOCKS_HZ: Final = 50
"""Those of the embedded model's blocks."""

ROWS: Final = 6
"""Lines of the table of memory."""


def sound() -> Floats:
    """A line of human speech and a pause, again and again; noise all the time, float32 (S,)."""
    samples, rate_hz = read_speech(SPEECH)
    resampler = Resampler(rate_hz)
    mono = np.asarray(samples, np.float32).reshape(len(samples), -1).mean(axis=1)
    speech = np.concatenate((resampler.push(mono), resampler.finish()))
    whole = np.concatenate((speech, np.zeros(round(PAUSE_S * MODEL_RATE_HZ), np.float32)))
    noise = np.random.default_rng(0).standard_normal(len(whole)).astype(np.float32)
    return whole + np.float32(NOISE) * noise


class Listening:
    """A microphone that is heard and looked at as a session does.

    Attributes:
        heard_s: Processor time of gate and gain, seconds.
        shaped_s: Processor time of windows, seconds.
        blocks: Windows shaped.
        open_chunks: Chunks after which the gate was open.
    """

    def __init__(self, samples: Floats) -> None:
        """Begin.

        Args:
            samples: What is said again and again, whole chunks are taken of it.
        """
        self.heard_s = self.shaped_s = 0.0
        self.blocks = self.open_chunks = self._chunks = 0
        self.microphone = Microphone(Room())
        self._samples = samples[: len(samples) // CHUNK * CHUNK]

    def go_on(self, seconds: float) -> None:
        """Hear so much more."""
        for _ in range(round(seconds * MODEL_RATE_HZ / CHUNK)):
            first = self._chunks * CHUNK % len(self._samples)
            begun_s = process_time()
            self.microphone.hear(self._samples[first : first + CHUNK])
            self.heard_s += process_time() - begun_s
            self._chunks += 1
            self.open_chunks += self.microphone.is_open
            self._shape(self._chunks * CHUNK)

    def _shape(self, end: int) -> None:
        """Cut the windows of all blocks whose sound is there."""
        begun_s = process_time()
        while (first := self.blocks * MODEL_RATE_HZ // BLOCKS_HZ - CENTRE) + WINDOW <= end:
            window = np.resize(self._samples, WINDOW)
            self.microphone.shape(window, first)
            self.microphone.drop_before(first)
            self.blocks += 1
        self.shaped_s += process_time() - begun_s


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="sound to hear")
    given = parser.parse_args()
    listening, process = Listening(sound()), psutil.Process()
    listening.go_on(60.0)
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}\n")
    print(f"{'sound heard':20}{'microphone, bytes':>20}{'process, MB':>16}")
    for row in range(ROWS + 1):
        if row:
            listening.go_on(given.minutes * 60.0 / ROWS)
        seen = listening.microphone.memory_bytes, process.memory_info().rss / 1e6
        print(f"{1 + row * given.minutes / ROWS:9.0f} minutes  {seen[0]:20,}{seen[1]:16.1f}")
    seconds = 60.0 * (given.minutes + 1.0)
    print(f"\n{'per second of sound':36}{'ms':>10}{'of a core':>12}")
    for title, cost_s in (
        ("gate and gain", listening.heard_s),
        (f"{BLOCKS_HZ} windows shaped", listening.shaped_s),
    ):
        print(f"{title:36}{1e3 * cost_s / seconds:10.2f}{cost_s / seconds:12.2%}")
    chunks = seconds * MODEL_RATE_HZ / CHUNK
    print(f"\nthe gate was open {listening.open_chunks / chunks:.0%} of the time")


if __name__ == "__main__":
    main()
