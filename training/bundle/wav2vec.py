"""Branch A of the faithful network: wav2vec 2.0 with a short encoder.

Source: torchaudio `WAV2VEC2_BASE`; training framework, `conv_w2v_autocorr.py`.
"""

from typing import Final

import numpy as np

from a2f_ws.names import Floats
from training.bundle.nodes import Network, Weights

CHANNELS: Final = 512
WIDTH: Final = 768
HEADS: Final = 12
INNER: Final = 3072
FEATURES: Final = 256
"""Channels that the trunk takes from this branch."""

LAYERS: Final = ((10, 5), (3, 2), (3, 2), (3, 2), (3, 2), (2, 2), (2, 2))
"""Kernel and stride of the feature extractor: one step in 320 samples."""

STEPS: Final = 25
REACH: Final = 128
GROUPS: Final = 16


def draw(random: np.random.Generator, *, layers: int) -> dict[str, Floats]:
    """Weights by name, PyTorch's usual spreads; matrices are (in, out)."""
    weights: dict[str, Floats] = {}
    inputs = 1
    for index, (kernel, _) in enumerate(LAYERS):
        weights[f"extractor.{index}.weight"] = _normal(
            random, CHANNELS, inputs, kernel, spread=(2.0 / (inputs * kernel)) ** 0.5
        )
        inputs = CHANNELS
    _draw_norm(weights, "extractor.norm", size=CHANNELS)
    _draw_norm(weights, "projection.norm", size=CHANNELS)
    _draw_linear(weights, "projection", sizes=(CHANNELS, WIDTH), random=random)
    direction = _normal(random, WIDTH, WIDTH // GROUPS, REACH, spread=1.0)
    length = np.sqrt(np.square(direction).sum(axis=(0, 1), keepdims=True))
    weights["position.direction"] = direction / length
    weights["position.length"] = length * np.float32((4.0 / (REACH * WIDTH)) ** 0.5)
    weights["position.bias"] = np.zeros(WIDTH, np.float32)
    _draw_norm(weights, "encoder.norm", size=WIDTH)
    for index in range(layers):
        _draw_layer(weights, f"layer.{index}", random=random)
    weights["mix"] = np.ones(layers, np.float32)
    _draw_linear(weights, "mapping", sizes=(WIDTH, FEATURES), random=random)
    return weights


def branch(graph: Network, sound: str, *, weights: Weights) -> str:
    """[B, 1, 8320] to [B, 256, 25, 1]."""
    value = projected(graph, extracted(graph, sound, weights=weights), weights=weights)
    layers = len(weights["mix"])
    mix = graph.weight("mix", weights)
    kept = []
    for index in range(layers):
        value = layer(graph, value, index=index, weights=weights)
        share = graph.add("Gather", mix, graph.whole(index), axis=0)
        kept.append(graph.add("Mul", value, share))
    total = graph.add("ReduceSum", mix, keepdims=1)
    mean = graph.add("Div", graph.add("Sum", *kept), total)
    mapped = graph.add("Relu", graph.linear(mean, "mapping", weights=weights))
    turned = graph.add("Transpose", mapped, perm=[0, 2, 1])
    return graph.add("Unsqueeze", turned, graph.whole(3))


def extracted(graph: Network, sound: str, *, weights: Weights) -> str:
    """Seven convolutions, [B, 1, 8320] to [B, 25, 512]."""
    value = sound
    for index, (_, stride) in enumerate(LAYERS):
        kernel = graph.weight(f"extractor.{index}.weight", weights)
        value = graph.add("Conv", value, kernel, strides=[stride])
        if index == 0:
            # Groups of one channel each: what ONNX calls an instance's.
            scale = graph.weight("extractor.norm.weight", weights)
            offset = graph.weight("extractor.norm.bias", weights)
            value = graph.add("InstanceNormalization", value, scale, offset, epsilon=1e-5)
        value = graph.gelu(value)
    return graph.add("Transpose", value, perm=[0, 2, 1])


def projected(graph: Network, value: str, *, weights: Weights) -> str:
    """Projection, position and norm: [B, 25, 512] to [B, 25, 768]."""
    value = graph.layer_norm(value, "projection.norm", weights=weights)
    value = graph.linear(value, "projection", weights=weights)
    kernel = graph.add(
        "Mul",
        graph.weight("position.direction", weights),
        graph.weight("position.length", weights),
    )
    turned = graph.add("Transpose", value, perm=[0, 2, 1])
    bias = graph.weight("position.bias", weights)
    half = REACH // 2
    # An even kernel gives a step too many, which is cut off at the end.
    place = graph.add("Conv", turned, kernel, bias, group=GROUPS, pads=[half, half - 1])
    place = graph.add("Transpose", graph.gelu(place), perm=[0, 2, 1])
    return graph.layer_norm(graph.add("Add", value, place), "encoder.norm", weights=weights)


def layer(graph: Network, value: str, *, index: int, weights: Weights) -> str:
    """One transformer layer, norms after the sums: [B, 25, 768] to the same."""
    name = f"layer.{index}"
    attended = _attention(graph, value, name=name, weights=weights)
    value = graph.layer_norm(
        graph.add("Add", value, attended), f"{name}.attention.norm", weights=weights
    )
    inner = graph.gelu(graph.linear(value, f"{name}.inner", weights=weights))
    outer = graph.linear(inner, f"{name}.outer", weights=weights)
    return graph.layer_norm(graph.add("Add", value, outer), f"{name}.norm", weights=weights)


def _attention(graph: Network, value: str, *, name: str, weights: Weights) -> str:
    size = WIDTH // HEADS
    heads = graph.whole(0, STEPS, HEADS, size)
    split = {}
    for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])):
        made = graph.linear(value, f"{name}.{part}", weights=weights)
        split[part] = graph.add("Transpose", graph.add("Reshape", made, heads), perm=order)
    query = graph.add("Mul", split["query"], graph.constant(size**-0.5))
    share = graph.add("Softmax", graph.add("MatMul", query, split["key"]), axis=-1)
    mixed = graph.add("MatMul", share, split["value"])
    joined = graph.add("Transpose", mixed, perm=[0, 2, 1, 3])
    joined = graph.add("Reshape", joined, graph.whole(0, STEPS, WIDTH))
    return graph.linear(joined, f"{name}.out", weights=weights)


def _draw_layer(weights: dict[str, Floats], name: str, *, random: np.random.Generator) -> None:
    for part in ("query", "key", "value", "out"):
        _draw_linear(weights, f"{name}.{part}", sizes=(WIDTH, WIDTH), random=random)
    _draw_norm(weights, f"{name}.attention.norm", size=WIDTH)
    _draw_linear(weights, f"{name}.inner", sizes=(WIDTH, INNER), random=random)
    _draw_linear(weights, f"{name}.outer", sizes=(INNER, WIDTH), random=random)
    _draw_norm(weights, f"{name}.norm", size=WIDTH)


def _draw_linear(
    weights: dict[str, Floats], name: str, *, sizes: tuple[int, int], random: np.random.Generator
) -> None:
    weights[f"{name}.weight"] = _normal(random, *sizes, spread=(2.0 / sum(sizes)) ** 0.5)
    weights[f"{name}.bias"] = _normal(random, sizes[1], spread=0.02)


def _draw_norm(weights: dict[str, Floats], name: str, *, size: int) -> None:
    weights[f"{name}.weight"] = np.ones(size, np.float32)
    weights[f"{name}.bias"] = np.zeros(size, np.float32)


def _normal(random: np.random.Generator, *sizes: int, spread: float) -> Floats:
    drawn = random.standard_normal(sizes, dtype=np.float32)
    drawn *= np.float32(spread)
    return drawn
