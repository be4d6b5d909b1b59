"""Sizes of the network and of its window; nothing here needs PyTorch."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from training.speech.phones import KINDS, VISEME_OF, VISEMES
from training.speech.targets import ARTICULATORS, DECISIONS

RATE_HZ: Final = 16_000
HOP: Final = 160
"""Samples between two frames: a grid of 100 Hz."""
FRAME: Final = 400
"""Samples of a frame, under a Hann window."""
FFT: Final = 512
BINS: Final = FFT // 2 + 1
BANDS: Final = 64
LOWEST_HZ, HIGHEST_HZ = 40.0, 7800.0
FLOOR: Final = 1e-9
"""Added to the power of a band before the logarithm: -90 dB of full scale."""
CENTRE, SCALE = -10.0, 0.25
"""The network sees (ln(power) - CENTRE) * SCALE."""

BUFFER_LEN: Final = 8320
"""Samples of a window: 50 frames from sample 80 on fill it to its end."""
BUFFER_OFS: Final = 6720
"""The face's sample of the window; 1600 samples = 100 ms come after it."""
FIRST: Final = 80
FRAMES: Final = 50


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolution over time without padding.

    Attributes:
        taps: Frames that it combines.
        dilation: Frames from one tap to the next.
        ahead: Frames cut off the end of what goes around it, which aligns the two.
    """

    taps: int
    dilation: int
    ahead: int

    @property
    def reach(self) -> int:
        """Frames by which its output is shorter."""
        return (self.taps - 1) * self.dilation


LAYERS: Final = (
    Layer(5, 1, 1),
    Layer(5, 2, 2),
    Layer(5, 4, 4),
    Layer(3, 4, 0),
    Layer(3, 4, 0),
    Layer(3, 2, 0),
    Layer(2, 1, 0),
)
"""Together exactly `FRAMES`; what is cut at the end is future, the rest past."""
CHANNELS: Final = 160
HIDDEN: Final = 320
CURVES: Final = slice(0, len(ARTICULATORS))
LOGITS: Final = slice(CURVES.stop, CURVES.stop + len(DECISIONS))
CLASSES: Final = slice(LOGITS.stop, LOGITS.stop + len(KINDS))
OUTPUTS: Final = CLASSES.stop
"""The network's numbers: articulators, logits of the decisions, logits of the classes."""

VISEME_INDEX: Final = np.array(
    [VISEMES.index(name) if (name := VISEME_OF[kind]) else -1 for kind in KINDS]
)
"""Index in `VISEMES` of each class, -1 for those that are not scored."""

OUTPUT_STEP: Final = (BUFFER_OFS - FIRST - HOP // 2) // HOP
"""A window that begins at frame i of an utterance is about the target i + 41: 160 · 41.5 samples
from its first frame, which begins on the grid, to the face's sample, 5 ms off the grid."""

STREAM_FRAMES: Final = 2
"""Frames of a block of the embedded network, 20 ms: its first face waits 10 ms for the sound of the
second, and a pose between two blocks another 10 ms."""
STREAM_OFS: Final = BUFFER_OFS + FRAME - BUFFER_LEN
"""Sample of a stream's block that its first face belongs to: it lies before the block."""


def stream_length(frames: int) -> int:
    """Samples of a stream's block of so many frames."""
    return FRAME + (frames - 1) * HOP


def mel_bank(warp: float = 1.0) -> Floats:
    """float32 (BINS, BANDS), triangles of equal width in mel whose centres are warped.

    Args:
        warp: Factor of the frequencies below 4.8 kHz; above it the line bends to reach 8 kHz.
    """
    edges_mel = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BANDS + 2)
    edges = 700.0 * (np.exp(edges_mel / 1127.0) - 1.0)
    knee = 4800.0 * min(1.0, 1.0 / warp)
    top = RATE_HZ / 2
    bent = top - (top - warp * knee) * (top - edges) / (top - knee)
    edges = np.where(edges <= knee, warp * edges, bent)
    hz = np.arange(BINS) * (RATE_HZ / FFT)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rising = (hz[:, None] - low) / (middle - low)
    falling = (high - hz[:, None]) / (high - middle)
    bank = np.clip(np.minimum(rising, falling), 0.0, None)
    nearest = np.abs(hz[:, None] - middle).argmin(axis=0)
    empty = bank.sum(axis=0) < 0.5
    bank[nearest[empty], np.flatnonzero(empty)] += 0.5
    return np.asarray(bank / bank.sum(axis=0), np.float32)


def hann() -> Floats:
    """float32 (FRAME,), scaled so that full-scale white noise has power 1 in every bin."""
    window = np.hanning(FRAME)
    return np.asarray(window / np.sqrt(np.sum(window**2)), np.float32)


def _mel(hz: float) -> float:
    return float(1127.0 * np.log1p(hz / 700.0))
