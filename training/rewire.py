"""The seed network's outputs as the `result` tensor of a blendshape bundle."""

from typing import Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from a2f_ws.names import ARKIT, TONGUE, Floats
from training.fold import drop_unused, fold

BUFFER_LEN: Final = 8320
"""Samples of one window. Source: the seed's input, as in NVIDIA's v2.3 bundles."""
IMPLICIT_LEN: Final = 16
"""Implicit emotions ahead of the ten explicit ones; the seed ignores them."""
EMOTION_LEN: Final = 26

SEED_OUTPUTS: Final = (*ARKIT, "tongueTipUp", "tongueBackUp")
"""Rows that the seed computes: the 52 ARKit weights, then its two tongue articulators."""

TONGUE_SPREAD: Final[dict[str, dict[str, float]]] = {
    "tongueTipUp": {"tongueTipUp": 1.0, "tongueUp": 0.2},
    "tongueBackUp": {"tongueUp": 0.7, "tongueIn": 0.3},
}
"""What each tongue articulator adds to the 16 tongue poses.

Ours: lifting the tip to the teeth ridge lifts the body a little; a raised back is the body up and
drawn in. The largest sum is 0.9, so no weight passes 1. The other poses stay 0: the seed knows
nothing of sideways, rolled, wide or narrow tongues.
"""

JAW_POINTS_CM: Final = np.array(
    [[0.0, -4.5, 9.0], [1.4, -4.5, 8.3], [-1.4, -4.5, 8.3], [2.6, -4.1, 6.2], [-2.6, -4.1, 6.2]],
    np.float32,
)
"""Five points of the lower teeth, centimetres from the hinge, y up, z forward.

Front tooth, both canines, both first molars. Ours: an adult's jaw rounded to millimetres; the
points do not lie in one plane, so that they determine a rigid transform.
"""

JAW_OPEN_DEG: Final = 20.0
"""Turn about the axis through the jaw joints at jawOpen 1 (ours: front teeth 3.5 cm apart)."""
JAW_FORWARD_CM: Final = 0.7
"""Way of the lower teeth at jawForward 1 (ours: what a person can push the jaw forward)."""

_POSES_END: Final = len(ARKIT) + len(TONGUE)
JAW_LEN: Final = JAW_POINTS_CM.size
EYES_LEN: Final = 4
RESULT_LEN: Final = _POSES_END + JAW_LEN + EYES_LEN
"""Columns of `result`: 52 + 16 weights, 15 jaw displacements, 4 eye angles."""


def jaw_displacements_cm() -> tuple[Floats, Floats]:
    """Displacements of the five jaw points at jawOpen 1 and at jawForward 1, float32 (15,) each.

    The displacement at smaller weights is proportional, so that it needs no sine in the graph; the
    angle of the rigid transform fitted to it differs from proportional by less than 0.1°.
    """
    turn = np.deg2rad(JAW_OPEN_DEG)
    turned = np.array(
        [[1, 0, 0], [0, np.cos(turn), -np.sin(turn)], [0, np.sin(turn), np.cos(turn)]]
    )
    opened = JAW_POINTS_CM @ turned.T - JAW_POINTS_CM
    forward = np.tile([0.0, 0.0, JAW_FORWARD_CM], len(JAW_POINTS_CM))
    return opened.astype(np.float32).ravel(), forward.astype(np.float32)


def result_matrix() -> Floats:
    """float32 (54, 87) that turns a row of `SEED_OUTPUTS` into a row of `result`.

    The first 52 columns are the identity: multiplying by 1 and adding zeros changes no bit.
    """
    matrix = np.zeros((len(SEED_OUTPUTS), RESULT_LEN), np.float32)
    np.fill_diagonal(matrix[: len(ARKIT), : len(ARKIT)], 1.0)
    for articulator, poses in TONGUE_SPREAD.items():
        for pose, share in poses.items():
            row, column = SEED_OUTPUTS.index(articulator), len(ARKIT) + TONGUE.index(pose)
            matrix[row, column] = share
    opened, forward = jaw_displacements_cm()
    jaw = slice(_POSES_END, _POSES_END + JAW_LEN)
    matrix[SEED_OUTPUTS.index("jawOpen"), jaw] = opened
    matrix[SEED_OUTPUTS.index("jawForward"), jaw] = forward
    return matrix


def rewire(seed: onnx.ModelProto) -> onnx.ModelProto:
    """The network of the bundle: `input`, `emotion` [B, 1, ·] in, `result` [B, 1, 87] out.

    The viseme output goes; its classifier stays, because the seed's silence gate reads it.

    Args:
        seed: The seed network: `input` [B, 1, 8320], `emotion` [B, 26]; `arkit` [B, 52],
            `tongue` [B, 2], `viseme` [B, 14].

    Raises:
        ValueError: `arkit` and `tongue` are not slices of one row of 54.
    """
    model = fold(seed)
    graph = model.graph
    rows = {n.input[0] for n in graph.node if {"arkit", "tongue"}.intersection(n.output)}
    if len(rows) != 1:
        raise ValueError(f"seed: `arkit` and `tongue` come from {sorted(rows)}, wanted one tensor")
    for node in graph.node:
        node.input[:] = ["emotion_rows" if name == "emotion" else name for name in node.input]
    graph.initializer.extend(
        [
            numpy_helper.from_array(result_matrix(), "result_matrix"),
            numpy_helper.from_array(np.array([1], np.int64), "axis_1"),
        ]
    )
    flatten = helper.make_node("Squeeze", ["emotion", "axis_1"], ["emotion_rows"])
    tail = [
        helper.make_node("MatMul", [rows.pop(), "result_matrix"], ["result_rows"]),
        helper.make_node("Unsqueeze", ["result_rows", "axis_1"], ["result"]),
    ]
    nodes = [flatten, *graph.node, *tail]
    del graph.node[:], graph.input[:], graph.output[:]
    graph.node.extend(nodes)
    graph.input.extend([_tensor("input", BUFFER_LEN), _tensor("emotion", EMOTION_LEN)])
    graph.output.extend([_tensor("result", RESULT_LEN)])
    graph.name = "a2f-ws embedded"
    model.producer_name = "a2f-ws training/make_embedded.py"
    model.producer_version = ""
    drop_unused(model)
    onnx.checker.check_model(model, full_check=True)
    return model


def _tensor(name: str, size: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch_size", 1, size])
