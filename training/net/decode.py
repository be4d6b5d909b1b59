"""From the network's numbers to a face, as ONNX nodes.

Source: `training/README.md`, section "From articulators to a face".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from a2f_ws.names import WEIGHTS, Floats
from training.net import face
from training.net.nodes import Graph
from training.net.shape import BANDS, FRAMES
from training.rule import SEALED_JAW
from training.speech.targets import ARTICULATORS, DECISIONS

EMOTION_KEPT: Final = 0.6
"""Share of an emotion's lower face that closed lips leave."""
STRESS_FRAMES: Final = (22, 46)
"""Frames of the window whose loudness, against the whole window's, is a stress."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How the network's numbers become a face.

    Attributes:
        slopes: Steepness of the decisions, order `DECISIONS`.
        biases: Added to their logits before that.
        gains: Factor of each articulator, which undoes what averaging takes from it.
        brow: Most that a stressed syllable lifts the brows.
    """

    slopes: tuple[float, float, float] = (2.0, 2.0, 1.0)
    biases: tuple[float, float, float] = (-1.0, 0.0, 1.0)
    gains: tuple[float, ...] = (1.0,) * len(ARTICULATORS)
    brow: float = 0.12


def face_of(graph: Graph, output: str, *, bands: str, decoding: Decoding) -> str:
    """Rows of `result`.

    Args:
        graph: Where the nodes go.
        output: All numbers of the network (B, OUTPUTS, T).
        bands: The log mel bands that they come from (B, BANDS, T + FRAMES - 1).
        decoding: How.

    Returns:
        The value (B, 87, T).
    """
    count = len(ARTICULATORS)
    logits = graph.part(output, count, end=count + len(DECISIONS), axis=1)
    biased = graph.add("Add", logits, graph.constant(_column(decoding.biases)))
    decided = graph.add(
        "Sigmoid", graph.add("Mul", biased, graph.constant(_column(decoding.slopes)))
    )
    seal, tuck, silence = (graph.part(decided, i, end=i + 1, axis=1) for i in range(3))
    raw = graph.add(
        "Mul", graph.part(output, 0, end=count, axis=1), graph.constant(_column(decoding.gains))
    )
    said = graph.unit(raw)
    to_rest = graph.add("Sub", graph.constant(face.rest_row()[:, None]), said)
    said = graph.add("Add", said, graph.add("Mul", silence, to_rest))
    said = _raised(graph, said, name="close", floor=seal)
    said = _raised(graph, said, name="tuck", floor=tuck)
    jaw = _articulator(graph, said, name="jaw")
    excess = graph.add("Relu", graph.add("Sub", jaw, graph.constant(SEALED_JAW)))
    drop = graph.add("Mul", seal, excess)
    jaw = graph.add("Sub", jaw, drop)
    lowered = graph.add("Mul", drop, graph.constant(_one_hot(ARTICULATORS, "jaw")))
    said = graph.add("Sub", said, lowered)
    weights = graph.mix(said, face.share_matrix())
    weights = _products(graph, weights, said=said, jaw=jaw)
    weights = graph.add("Add", weights, _emotion(graph, said))
    weights = graph.add("Add", weights, _brows(graph, bands, silence=silence, lift=decoding.brow))
    return graph.mix(graph.unit(weights), face.result_matrix())


def _products(graph: Graph, weights: str, *, said: str, jaw: str) -> str:
    """MouthClose is a share of jawOpen; closed or tucked lips do not draw the lower lip down."""
    close, tuck = (_articulator(graph, said, name=name) for name in ("close", "tuck"))
    jaw_open = graph.add("Mul", jaw, graph.constant(face.SHARES["jaw"]["jawOpen"]))
    closing = graph.add("Mul", graph.add("Mul", close, jaw_open),
                        graph.constant(_one_hot(WEIGHTS, "mouthClose")))  # fmt: skip
    one = graph.constant(1.0)
    parted = graph.add("Sub", one, close)
    untucked = graph.add("Sub", one, graph.add("Mul", tuck, graph.constant(0.7)))
    missing = graph.add("Sub", one, graph.add("Mul", parted, untucked))
    lower = [float(name.startswith("mouthLowerDown")) for name in WEIGHTS]
    factor = graph.add("Sub", one, graph.add("Mul", missing, graph.constant(_column(lower))))
    return graph.add("Add", graph.add("Mul", weights, factor), closing)


def _emotion(graph: Graph, said: str) -> str:
    """What the emotions add; closed lips stay closed."""
    turned = graph.add("Transpose", "emotion", perm=[0, 2, 1])
    poses = graph.mix(turned, face.emotion_matrix())
    is_lower = [float(name.startswith(("mouth", "jaw"))) for name in WEIGHTS]
    taken = np.maximum(face.opening_poses(), (1.0 - EMOTION_KEPT) * np.array(is_lower))
    close = _articulator(graph, said, name="close")
    lost = graph.add("Mul", close, graph.constant(taken[:, None]))
    return graph.add("Mul", poses, graph.add("Sub", graph.constant(1.0), lost))


def _brows(graph: Graph, bands: str, *, silence: str, lift: float) -> str:
    """Brows rise a little with a stressed syllable."""
    kernel = np.full((1, BANDS, FRAMES), -1.0 / (FRAMES * BANDS))
    first, end = STRESS_FRAMES
    kernel[:, :, first:end] += 1.0 / ((end - first) * BANDS)
    stress = graph.unit(graph.add("Conv", bands, graph.constant(kernel)))
    speaking = graph.add("Sub", graph.constant(1.0), silence)
    amount = graph.add("Mul", stress, speaking)
    return graph.add("Mul", amount, graph.constant(lift * face.brow_row()[:, None]))


def _raised(graph: Graph, said: str, *, name: str, floor: str) -> str:
    """One articulator lifted to a floor."""
    missing = graph.add("Relu", graph.add("Sub", floor, _articulator(graph, said, name=name)))
    step = graph.add("Mul", missing, graph.constant(_one_hot(ARTICULATORS, name)))
    return graph.add("Add", said, step)


def _articulator(graph: Graph, said: str, *, name: str) -> str:
    index = ARTICULATORS.index(name)
    return graph.part(said, index, end=index + 1, axis=1)


def _one_hot(names: Sequence[str], name: str) -> Floats:
    return _column([float(other == name) for other in names])


def _column(values: Sequence[float]) -> Floats:
    return np.array(values, np.float32)[:, None]
