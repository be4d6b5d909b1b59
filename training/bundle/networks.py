"""The networks of a geometry bundle: a window and the emotions in, a row of coefficients out."""

from typing import Final

import numpy as np
import onnx

from a2f_ws.names import Floats
from training.bundle import autocorrelation, trunk, wav2vec
from training.bundle.geometry import Motion
from training.bundle.nodes import SYNTHETIC, Network, Weights
from training.bundle.size import EMOTION_LEN, Size
from training.net.nodes import model_of

PARTS: Final = 8
"""Parts of a window whose means the tiny network takes."""


def draw(size: Size, motion: Motion, *, seed: int) -> dict[str, Floats]:
    """Every weight of the network by name, the same ones for the same seed."""
    random = np.random.default_rng([seed, 2])
    if size.network == "tiny":
        return _draw_tiny(random, motion)
    features = trunk.CHANNELS
    weights: dict[str, Floats] = {}
    if size.network == "faithful":
        features += wav2vec.FEATURES
        weights |= wav2vec.draw(random, layers=size.layers)
    weights |= autocorrelation.draw(random)
    return weights | trunk.draw(random, features=features, motion=motion)


def build(size: Size, weights: Weights) -> onnx.ModelProto:
    """`network.onnx`: `input` [B, 1, window] and `emotion` [B, 1, 26] to `result` [B, 1, R]."""
    graph = Network()
    if size.network == "tiny":
        result = _tiny(graph, weights=weights)
    else:
        features = autocorrelation.branch(graph, "input", weights=weights)
        if size.network == "faithful":
            spoken = wav2vec.branch(graph, "input", weights=weights)
            features = graph.add("Concat", spoken, features, axis=1)
        result = trunk.face(graph, features, emotion="emotion", weights=weights)
    return model_of(
        graph,
        {"input": [1, size.window], "emotion": [1, EMOTION_LEN]},
        outputs={"result": (result, [1, size.width])},
        form=SYNTHETIC,
    )


def _draw_tiny(random: np.random.Generator, motion: Motion) -> dict[str, Floats]:
    """Eighths and quarters of whole numbers, so that a test can tell the result by hand."""
    sound = random.standard_normal((PARTS, motion.spread.size)) * motion.spread
    mood = random.standard_normal((EMOTION_LEN, motion.spread.size)) * motion.spread * 0.4
    sound[PARTS // 2] += motion.opening
    return {
        "sound.weight": (np.round(8.0 * sound) / 8.0).astype(np.float32),
        "emotion.weight": (np.round(8.0 * mood) / 8.0).astype(np.float32),
    }


def _tiny(graph: Network, *, weights: Weights) -> str:
    """Means of eight parts of the window times a matrix, plus the emotions times another."""
    parts = graph.add("Reshape", "input", graph.whole(0, 1, PARTS, -1))
    means = graph.add("ReduceMean", parts, axes=[3], keepdims=0)
    heard = graph.add("MatMul", means, graph.weight("sound.weight", weights))
    felt = graph.add("MatMul", "emotion", graph.weight("emotion.weight", weights))
    return graph.add("Add", heard, felt)
