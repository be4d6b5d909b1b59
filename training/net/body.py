"""From sound to the network's numbers, as ONNX nodes.

Frames are rows everywhere, (B, T, channels), so that one product serves all frames of all rows of a
batch. ONNX Runtime gives a row the same bits whatever stands beside it; tests look.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from training.net.nodes import END, Graph
from training.net.shape import (
    BANDS,
    BINS,
    CENTRE,
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
SILENT_BAND: Final = (float(np.log(np.float32(FLOOR))) - CENTRE) * SCALE
"""What every band of digital silence is."""


def features(graph: Graph, heard: str, *, first: int, frames: int) -> str:
    """Log mel bands (B, frames, BANDS) of sound (B, 1, S), the first frame from sample `first`."""
    pieces = [
        _hops(graph, heard, first=first, frames=frames),
        graph.part(
            _hops(graph, heard, first=first + HOP, frames=frames), 0, end=FRAME - 2 * HOP, axis=2
        ),
        _hops(graph, heard, first=first + FRAME - HOP, frames=frames),
    ]
    angle = 2.0 * np.pi / FFT * np.outer(np.arange(FRAME), np.arange(BINS))
    waves = np.concatenate([np.cos(angle), np.sin(angle)], axis=1) * hann()[:, None]
    spectrum = graph.mix(graph.add("Concat", *pieces, axis=2), waves)
    power = graph.add("Mul", spectrum, spectrum)
    mel = graph.mix(power, np.concatenate([mel_bank(), mel_bank()]), bias=np.full(BANDS, FLOOR))
    centred = graph.add("Sub", graph.add("Log", mel), graph.constant(CENTRE))
    return graph.add("Mul", centred, graph.constant(SCALE))


def loudness(graph: Graph, bands: str) -> str:
    """Mean of the bands (B, T, 1) of each frame."""
    return graph.add("ReduceMean", bands, axes=[2], keepdims=1)


def layer(graph: Graph, sequence: str, *, weights: Mapping[str, Floats], index: int) -> str:
    """One of the layers with what goes around it; nothing goes around the first.

    Args:
        graph: Where the nodes go.
        sequence: (B, T, BANDS) for the first layer, else (B, T, CHANNELS).
        weights: State of `training.net.model.Mouth`.
        index: Of `LAYERS`.

    Returns:
        (B, T - reach, CHANNELS).
    """
    shape = LAYERS[index]
    firsts = [tap * shape.dilation for tap in range(shape.taps)]
    taps = [graph.part(sequence, i, end=(i - shape.reach) or END, axis=1) for i in firsts]
    kernel, bias = (weights[f"convolutions.{index}.linear.{name}"] for name in ("weight", "bias"))
    new = graph.mix(graph.add("Concat", *taps, axis=2), kernel.T, bias=bias)
    scales = [graph.constant(weights[f"norms.{index}.{name}"]) for name in ("weight", "bias")]
    normal = graph.add("LayerNormalization", new, *scales, axis=-1, epsilon=_NORM_EPSILON)
    new = graph.add("Relu", normal)
    if index == 0:
        return new
    kept = graph.part(sequence, shape.reach - shape.ahead, end=-shape.ahead or END, axis=1)
    return graph.add("Add", new, kept)


def numbers(graph: Graph, sequence: str, *, weights: Mapping[str, Floats]) -> str:
    """(B, T, CHANNELS) to all numbers of the network (B, T, OUTPUTS)."""
    hidden = graph.mix(sequence, weights["hidden.weight"].T, bias=weights["hidden.bias"])
    return graph.mix(graph.add("Relu", hidden), weights["out.weight"].T, bias=weights["out.bias"])


def silent_inputs(weights: Mapping[str, Floats]) -> list[Floats]:
    """What goes into each layer, one frame (channels,), when there has been silence for long."""
    value = np.full(BANDS, SILENT_BAND, np.float32)
    values = [value]
    for index, shape in enumerate(LAYERS[:-1]):
        kernel, bias = (
            weights[f"convolutions.{index}.linear.{name}"] for name in ("weight", "bias")
        )
        new = kernel @ np.tile(value, shape.taps) + bias
        scale, shift = (weights[f"norms.{index}.{name}"] for name in ("weight", "bias"))
        new = (new - new.mean()) / np.sqrt(new.var() + _NORM_EPSILON) * scale + shift
        new = np.maximum(new, 0.0)
        value = new if index == 0 else new + value
        values.append(value.astype(np.float32))
    return values


def _hops(graph: Graph, heard: str, *, first: int, frames: int) -> str:
    """Sound (B, 1, S) from a sample on as rows (B, frames, HOP)."""
    piece = graph.part(heard, first, end=first + frames * HOP, axis=2)
    return graph.add("Reshape", piece, graph.constant(np.array([0, frames, HOP], np.int64)))
