"""Trunk and heads of the network: 25 steps of features and the emotions become a row of `result`.

The weights are random, but for one way through the layers: the power of the pieces in the middle of
the window becomes an openness of 0 … 1, roughly its level between −50 and −14 dB. It opens the
mouth, and below 0 it switches the random features off, so that silence gives a row of zeros.

Source: training framework, `conv_w2v_autocorr.py`, for the structure; the way through is ours.
"""

from typing import Final

import numpy as np

from a2f_ws.names import Floats
from training.bundle.geometry import Motion
from training.bundle.nodes import Network, Weights
from training.bundle.size import EMOTION_LEN, EXPLICIT_LEN, EYES_LEN, IMPLICIT_LEN, JAW_LEN
from training.bundle.surface import Doubles

CHANNELS: Final = 256
EMBEDDED: Final = 8
EMOTIONS: Final = IMPLICIT_LEN + EMBEDDED
DEPTH: Final = 4
FLAT: Final = 2 * (CHANNELS + EMOTIONS)

_KNOTS: Final = 3e-4 * 4.0 ** np.arange(7)
"""Powers, 6 dB apart, between which the openness rises by a sixth; 0.2 RMS gives 1.2."""

_GATE: Final = 3.0
_HALF: Final = 0.5**0.5
"""Undoes the √2 of the activation."""


def draw(random: np.random.Generator, *, features: int, motion: Motion) -> dict[str, Floats]:
    """Weights by name.

    Args:
        random: Where they come from.
        features: Channels that come in, 512, or 256 without branch A; the last 256 are branch B.
        motion: How far the outputs go.
    """
    weights: dict[str, Doubles] = {
        "emotion.weight": random.standard_normal((EXPLICIT_LEN, EMBEDDED)) / EMBEDDED**0.5,
        "emotion.bias": np.zeros(EMBEDDED),
    }
    kernel, bias = _first(random, features=features)
    weights["time.0.weight"], weights["time.0.bias"] = kernel, bias
    for index in range(1, DEPTH):
        weights[f"time.{index}.weight"] = _deeper(random, index)
        weights[f"time.{index}.bias"] = np.zeros(CHANNELS)
    dense = 3.0 * random.standard_normal((FLAT, CHANNELS)) / FLAT**0.5
    # Channel 0 at the later one of the two steps left, in the order channel, step.
    dense[:2] = 0.0
    dense[:, 0] = 0.0
    dense[1] = _GATE
    dense[1, 0] = _HALF
    weights["dense.weight"] = dense
    weights["dense.bias"] = np.where(np.arange(CHANNELS) == 0, 0.0, -_GATE)
    _draw_heads(weights, random, motion=motion)
    return {name: value.astype(np.float32) for name, value in weights.items()}


def face(graph: Network, features: str, *, emotion: str, weights: Weights) -> str:
    """[B, 512 or 256, 25, 1] and [B, 1, 26] to [B, 1, R]."""
    implicit = graph.part(emotion, 0, end=IMPLICIT_LEN, axis=2)
    explicit = graph.part(emotion, IMPLICIT_LEN, end=EMOTION_LEN, axis=2)
    embedded = graph.linear(explicit, "emotion", weights=weights)
    mood = graph.add("Concat", implicit, embedded, axis=2)
    column = graph.add("Reshape", mood, graph.whole(0, EMOTIONS, 1, 1))
    value, steps = features, 25
    for index in range(DEPTH):
        kernel = graph.weight(f"time.{index}.weight", weights)
        bias = graph.weight(f"time.{index}.bias", weights)
        value = graph.add("Conv", value, kernel, bias, strides=[2, 1], pads=[1, 0, 1, 0])
        steps = (steps + 1) // 2
        repeated = graph.add("Tile", column, graph.whole(1, 1, steps, 1))
        value = graph.add("Concat", graph.norm_relu(value), repeated, axis=1)
    flat = graph.add("Reshape", value, graph.whole(0, 1, FLAT))
    dense = graph.norm_relu(graph.linear(flat, "dense", weights=weights))
    last = graph.add("Concat", dense, mood, axis=2)
    return _heads(graph, last, weights=weights)


def _heads(graph: Network, value: str, *, weights: Weights) -> str:
    rows = {}
    for name in ("head", "tongue"):
        inner = graph.linear(value, f"{name}.0", weights=weights)
        rows[name] = graph.linear(inner, f"{name}.1", weights=weights)
    width = weights["head.1.bias"].size
    shapes = width - JAW_LEN - EYES_LEN
    skin = graph.part(rows["head"], 0, end=shapes, axis=2)
    others = graph.part(rows["head"], shapes, end=width, axis=2)
    return graph.add("Concat", skin, rows["tongue"], others, axis=2)


def _first(random: np.random.Generator, *, features: int) -> tuple[Doubles, Doubles]:
    """The first layer: the knots of the power, and pairs that differ by their threshold only."""
    power = features - CHANNELS
    kernel = random.standard_normal((CHANNELS, features, 3, 1)) / (3.0 * features) ** 0.5
    kernel[:, power:] *= 4.0
    bias = random.uniform(-0.1, 0.3, CHANNELS)
    count = len(_KNOTS) + 1
    kernel[:count] = 0.0
    kernel[: len(_KNOTS), power, :, 0] = (0.25, 0.5, 0.25)
    bias[:count] = 0.0
    bias[: len(_KNOTS)] = -_KNOTS
    kernel[count + 1 :: 2] = kernel[count::2]
    bias[count + 1 :: 2] = bias[count::2] - 1.0
    return kernel, bias


def _deeper(random: np.random.Generator, index: int) -> Doubles:
    """Channel 0 hands on the openness of the middle step, the others are random."""
    inputs = CHANNELS + EMOTIONS
    kernel: Doubles = random.standard_normal((CHANNELS, inputs, 3, 1)) / (3.0 * inputs) ** 0.5
    if index == 1:
        count = len(_KNOTS) + 1
        kernel[:, :count] = 0.0
        # The difference of a pair stays within 0 … √2, however loud it is.
        kernel[:, count + 1 : CHANNELS : 2] = -kernel[:, count:CHANNELS:2]
        kernel *= 2.0
    kernel[0] = 0.0
    if index == 1:
        slopes = np.diff(_KNOTS) ** -1.0 / (len(_KNOTS) - 1)
        changes = np.diff(slopes, prepend=0.0, append=0.0)
        kernel[0, : len(_KNOTS), 1, 0] = 0.5 * changes
    else:
        # Steps 12 of 25, 6 of 13, 3 of 7 are the middle; it is between steps 1 and 2 of 4.
        kernel[0, 0, 0 if index == 2 else 1, 0] = _HALF
    return kernel


def _draw_heads(
    weights: dict[str, Doubles], random: np.random.Generator, *, motion: Motion
) -> None:
    tongue = np.arange(motion.shapes, motion.shapes + motion.tongue_shapes)
    for name, chosen in (
        ("head", np.delete(np.arange(motion.spread.size), tongue)),
        ("tongue", tongue),
    ):
        spread, width = motion.spread[chosen], len(chosen)
        rows = random.standard_normal((CHANNELS + EMOTIONS, width)) / CHANNELS**0.5
        rows[CHANNELS:] *= 0.4 * CHANNELS**0.5
        rows[0] = _HALF * motion.opening[chosen] / spread
        mixing = np.eye(width) + 0.05 * random.standard_normal((width, width)) / width**0.5
        # Mixed as shares of the spread, or the large outputs would drown the small ones.
        weights[f"{name}.0.weight"] = rows * spread
        weights[f"{name}.0.bias"] = np.zeros(width)
        weights[f"{name}.1.weight"] = mixing * spread / spread[:, None]
        weights[f"{name}.1.bias"] = np.zeros(width)
