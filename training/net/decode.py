"""From the network's numbers to a face, as ONNX nodes.

Source: `training/README.md`, section "From articulators to a face".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from a2f_ws.names import WEIGHTS, Floats
from training.net import face
from training.net.nodes import END, Graph
from training.net.shape import FRAMES, OUTPUT_STEP
from training.rule import SEALED_JAW
from training.speech.targets import ARTICULATORS, DECISIONS

EMOTION_KEPT: Final = 0.6
"""Share of an emotion's lower face that closed lips leave."""
STRESS_FRAMES: Final = (OUTPUT_STEP - 17, OUTPUT_STEP + 7)
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


def face_of(graph: Graph, output: str, *, loudness: str, decoding: Decoding) -> str:
    """Rows of `result`.

    Args:
        graph: Where the nodes go.
        output: All numbers of the network (B, T, OUTPUTS).
        loudness: Of the frames that they come from (B, T + FRAMES - 1, 1).
        decoding: How.

    Returns:
        The value (B, T, 87); the graph's `emotion` is (B, T, 26) or (B, 1, 26).
    """
    count = len(ARTICULATORS)
    logits = graph.part(output, count, end=count + len(DECISIONS), axis=2)
    biased = graph.add("Add", logits, graph.constant(_row(decoding.biases)))
    decided = graph.add("Sigmoid", graph.add("Mul", biased, graph.constant(_row(decoding.slopes))))
    seal, tuck, silence = (graph.part(decided, i, end=i + 1, axis=2) for i in range(3))
    raw = graph.add(
        "Mul", graph.part(output, 0, end=count, axis=2), graph.constant(_row(decoding.gains))
    )
    said = graph.unit(raw)
    to_rest = graph.add("Sub", graph.constant(face.rest_row()), said)
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
    weights = graph.add(
        "Add", weights, _brows(graph, loudness, silence=silence, lift=decoding.brow)
    )
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
    factor = graph.add("Sub", one, graph.add("Mul", missing, graph.constant(_row(lower))))
    return graph.add("Add", graph.add("Mul", weights, factor), closing)


def _emotion(graph: Graph, said: str) -> str:
    """What the emotions add; closed lips stay closed."""
    poses = graph.mix("emotion", face.emotion_matrix())
    is_lower = [float(name.startswith(("mouth", "jaw"))) for name in WEIGHTS]
    taken = np.maximum(face.opening_poses(), (1.0 - EMOTION_KEPT) * np.array(is_lower))
    close = _articulator(graph, said, name="close")
    lost = graph.add("Mul", close, graph.constant(taken))
    return graph.add("Mul", poses, graph.add("Sub", graph.constant(1.0), lost))


def _brows(graph: Graph, loudness: str, *, silence: str, lift: float) -> str:
    """Brows rise a little with a stressed syllable."""
    first, end = STRESS_FRAMES
    turned = graph.add("Transpose", loudness, perm=[0, 2, 1])
    near = graph.part(turned, first, end=(end - FRAMES) or END, axis=2)
    near = graph.add("AveragePool", near, kernel_shape=[end - first])
    far = graph.add("AveragePool", turned, kernel_shape=[FRAMES])
    stress = graph.unit(graph.add("Transpose", graph.add("Sub", near, far), perm=[0, 2, 1]))
    speaking = graph.add("Sub", graph.constant(1.0), silence)
    amount = graph.add("Mul", stress, speaking)
    return graph.add("Mul", amount, graph.constant(lift * face.brow_row()))


def _raised(graph: Graph, said: str, *, name: str, floor: str) -> str:
    """One articulator lifted to a floor."""
    missing = graph.add("Relu", graph.add("Sub", floor, _articulator(graph, said, name=name)))
    step = graph.add("Mul", missing, graph.constant(_one_hot(ARTICULATORS, name)))
    return graph.add("Add", said, step)


def _articulator(graph: Graph, said: str, *, name: str) -> str:
    index = ARTICULATORS.index(name)
    return graph.part(said, index, end=index + 1, axis=2)


def _one_hot(names: Sequence[str], name: str) -> Floats:
    return _row([float(other == name) for other in names])


def _row(values: Sequence[float]) -> Floats:
    return np.array(values, np.float32)
