"""Branch B of the network: how each of 25 pieces of a window resembles itself a little later.

Source: training framework, `layers.py` and `conv_w2v_autocorr.py`.
"""

from itertools import pairwise
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from training.bundle.nodes import Network, Weights

GAIN: Final = 8.912028121636435
PIECES: Final = 25
PIECE: Final = 640
HOP: Final = 320
LAGS: Final = 32
CHANNELS: Final = (1, 72, 108, 162, 243, 256)


def draw(random: np.random.Generator) -> dict[str, Floats]:
    """Weights by name; channel 0 hands on the power of each piece, the others are random."""
    weights: dict[str, Floats] = {}
    for index, (inputs, outputs) in enumerate(pairwise(CHANNELS)):
        kernel = 2 if index == 4 else 3
        drawn = random.standard_normal((outputs, inputs, 1, kernel)) / (inputs * kernel) ** 0.5
        drawn[0] = 0.0
        # The activation is relu(x)·√2; lag 0 is the middle of the kernel where there is padding.
        drawn[0, 0, 0, 0 if index == 4 else 1] = 0.5**0.5
        weights[f"autocorrelation.{index}.weight"] = drawn.astype(np.float32)
        weights[f"autocorrelation.{index}.bias"] = np.zeros(outputs, np.float32)
    return weights


def correlated(graph: Network, sound: str) -> str:
    """[B, 1, 8320] to [B, 1, 25, 32]: pieces of 40 ms, lags of 0 … 31 samples."""
    louder = graph.add("Mul", sound, graph.constant(GAIN))
    first = np.arange(PIECES, dtype=np.int64)[:, None] * HOP
    places = graph.constant(first + np.arange(PIECE, dtype=np.int64))
    pieces = graph.add("Gather", louder, places, axis=2)
    centred = graph.add("Sub", pieces, graph.add("ReduceMean", pieces, axes=[3]))
    shaped = graph.add("Mul", centred, graph.constant(np.hanning(PIECE)))
    sums = []
    for lag in range(LAGS):
        later = graph.part(shaped, lag, end=PIECE, axis=3)
        earlier = graph.part(shaped, 0, end=PIECE - lag, axis=3)
        product = graph.add("Mul", earlier, later)
        sums.append(graph.add("ReduceSum", product, graph.whole(3), keepdims=1))
    joined = graph.add("Concat", *sums, axis=3)
    return graph.add("Mul", joined, graph.constant(1.0 / PIECE))


def branch(graph: Network, sound: str, *, weights: Weights) -> str:
    """[B, 1, 8320] to [B, 256, 25, 1]."""
    value = correlated(graph, sound)
    for index in range(len(CHANNELS) - 1):
        kernel = graph.weight(f"autocorrelation.{index}.weight", weights)
        bias = graph.weight(f"autocorrelation.{index}.bias", weights)
        if index < 4:
            sizes = {"pads": [0, 1, 0, 1], "strides": [1, 2]}
            value = graph.add("Conv", value, kernel, bias, **sizes)
        else:
            value = graph.add("Conv", value, kernel, bias)
        value = graph.norm_relu(value)
    return value
