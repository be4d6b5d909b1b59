"""From sound to the network's numbers, as ONNX nodes.

Only convolutions multiply, each row of a batch by itself, so that a row's result does not depend on
the batch around it.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from training.net.nodes import Graph
from training.net.shape import (
    BANDS,
    BINS,
    CENTRE,
    CHANNELS,
    FFT,
    FLOOR,
    FRAME,
    HOP,
    LAYERS,
    SCALE,
    hann,
    mel_bank,
)

_NORM_EPSILON: Final = 1e-5


def features(graph: Graph, heard: str) -> str:
    """Log mel bands (B, BANDS, frames) of sound (B, 1, S)."""
    angle = 2.0 * np.pi / FFT * np.outer(np.arange(BINS), np.arange(FRAME))
    waves = np.concatenate([np.cos(angle), np.sin(angle)]) * hann()
    spectrum = graph.add("Conv", heard, graph.constant(waves[:, None]), strides=[HOP])
    power = graph.add("Mul", spectrum, spectrum)
    mel = graph.mix(power, np.concatenate([mel_bank(), mel_bank()]), bias=np.full(BANDS, FLOOR))
    centred = graph.add("Sub", graph.add("Log", mel), graph.constant(CENTRE))
    return graph.add("Mul", centred, graph.constant(SCALE))


def first_layer(graph: Graph, bands: str, *, weights: Mapping[str, Floats]) -> str:
    """(B, BANDS, T) to (B, CHANNELS, T - 4)."""
    return _convolved(graph, bands, weights=weights, index=0)


def layer(graph: Graph, sequence: str, *, weights: Mapping[str, Floats], index: int) -> str:
    """One of the layers after the first with what goes around it.

    Args:
        graph: Where the nodes go.
        sequence: (B, CHANNELS, T).
        weights: State of `training.net.model.Mouth`.
        index: Of `LAYERS`, >= 1.

    Returns:
        (B, CHANNELS, T - reach).
    """
    shape = LAYERS[index]
    new = _convolved(graph, sequence, weights=weights, index=index)
    end = -shape.ahead if shape.ahead else np.iinfo(np.int64).max
    kept = graph.part(sequence, shape.reach - shape.ahead, end=int(end), axis=2)
    return graph.add("Add", new, kept)


def numbers(graph: Graph, sequence: str, *, weights: Mapping[str, Floats]) -> str:
    """(B, CHANNELS, T) to all numbers of the network (B, OUTPUTS, T)."""
    hidden = graph.mix(sequence, weights["hidden.weight"].T, bias=weights["hidden.bias"])
    return graph.mix(graph.add("Relu", hidden), weights["out.weight"].T, bias=weights["out.bias"])


def _convolved(graph: Graph, value: str, *, weights: Mapping[str, Floats], index: int) -> str:
    shape = LAYERS[index]
    flat = weights[f"convolutions.{index}.linear.weight"]
    kernel = graph.constant(flat.reshape(CHANNELS, shape.taps, -1).transpose(0, 2, 1))
    bias = graph.constant(weights[f"convolutions.{index}.linear.bias"])
    new = graph.add("Conv", value, kernel, bias, dilations=[shape.dilation])
    turned = graph.add("Transpose", new, perm=[0, 2, 1])
    scales = [graph.constant(weights[f"norms.{index}.{name}"]) for name in ("weight", "bias")]
    normal = graph.add("LayerNormalization", turned, *scales, axis=-1, epsilon=_NORM_EPSILON)
    return graph.add("Relu", graph.add("Transpose", normal, perm=[0, 2, 1]))
