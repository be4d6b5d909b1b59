"""A bundle for Audio2Emotion: loudness and brightness of the sound as six logits."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from onnx import TensorProto, helper

from training.bundle.nodes import SYNTHETIC, Network

CLASSES: Final = ("angry", "disgust", "fear", "happy", "neutral", "sad")

_CORRESPONDENCE: Final = (1, 3, 4, 6, -1, 9)

_LOGITS: Final = np.array(
    [
        (5.0, 0.5, -3.5),
        (1.0, -1.0, -1.5),
        (1.0, 2.5, -3.5),
        (3.5, 2.0, -3.5),
        (-3.0, 0.0, 2.5),
        (0.5, -3.0, 0.5),
    ]
)
"""Of each class: per loudness 0 … 1, per brightness 0 … 1, and always."""

_SILENCE: Final = 1e-6
"""Mean square that counts as silence, −60 dB."""


def emotion_documents() -> Mapping[str, object]:
    """Every JSON file of an Audio2Emotion bundle by name, with the figures of v2.2."""
    zeros = [0.0] * 10
    shapes = {
        "min": "1x5000",
        "opt": "{OPT_BATCH_SIZE}x30000",
        "max": "{MAX_BATCH_SIZE}x{MAX_BUFFER_LEN}",
    }
    return {
        "model.json": {
            "networkInfoPath": "network_info.json",
            "networkPath": "network.trt",
            "modelConfigPath": "model_config.json",
        },
        "network_info.json": {
            "audio_params": {"samplerate": 16000},
            "emotions": list(CLASSES),
        },
        "trt_info.json": {
            "trt_build_param": {
                "batch": [f"--{bound}Shapes=input_values:{size}" for bound, size in shapes.items()]
            },
            "defaults": {"MAX_BATCH_SIZE": 128, "OPT_BATCH_SIZE": 1, "MAX_BUFFER_LEN": 60000},
        },
        "model_config.json": {
            "post_processing_config": {
                "output_emotion_length": 10,
                "emotion_contrast": 1.0,
                "max_emotions": 6,
                "live_blend_coef": 0.7,
                "enable_preferred_emotion": False,
                "preferred_emotion_strength": 0.5,
                "transition_smoothing": 0.5,
                "fixed_dt": 0.033,
                "emotion_strength": 0.6,
                "preferred_emotion": zeros,
                "emotion_correspondence": dict(zip(CLASSES, _CORRESPONDENCE, strict=True)),
            }
        },
    }


def build_emotion(*, seed: int) -> onnx.ModelProto:
    """`input_values` [B, T] to `output` [B, 6], logits; any T >= 400.

    Loudness is the level from −60 to 0 dB as 0 … 1; brightness is the size of the steps between
    means of 16 samples over the size of the means, 0 … 1: a tone's frequency, roughly.
    """
    graph = Network()
    sound = graph.add("Unsqueeze", "input_values", graph.whole(1))
    power = _mean_square(graph, sound)
    level = graph.add("Log", graph.add("Add", power, graph.constant(_SILENCE)))
    share = graph.add("Div", level, graph.constant(-np.log(_SILENCE)))
    loudness = graph.unit(graph.add("Add", share, graph.constant(1.0)))
    means = graph.add("AveragePool", sound, kernel_shape=[16], strides=[8])
    later = graph.part(means, 1, end=int(np.iinfo(np.int64).max), axis=2)
    steps = _mean_square(graph, graph.add("Sub", later, graph.part(means, 0, end=-1, axis=2)))
    floor = graph.add("Add", _mean_square(graph, means), graph.constant(_SILENCE))
    ratio = graph.add("Sqrt", graph.add("Div", steps, floor))
    brightness = graph.unit(graph.add("Mul", ratio, graph.constant(0.5)))
    noise = np.random.default_rng([seed, 3]).uniform(-0.1, 0.1, _LOGITS.shape)
    matrix, bias = np.split((_LOGITS + noise).T, [2])
    features = graph.add("Concat", loudness, brightness, axis=1)
    product = graph.add("MatMul", features, graph.constant(matrix))
    logits = graph.add("Add", product, graph.constant(bias))
    return _model(graph, logits)


def write_emotion_network(path: Path, *, seed: int) -> None:
    """Write the network of `build_emotion`."""
    path.write_bytes(build_emotion(seed=seed).SerializeToString())


def _mean_square(graph: Network, value: str) -> str:
    """[B, 1, T] to [B, 1]."""
    square = graph.add("Mul", value, value)
    return graph.add("ReduceMean", square, axes=[2], keepdims=0)


def _model(graph: Network, logits: str) -> onnx.ModelProto:
    graph.nodes.append(helper.make_node("Identity", [logits], ["output"]))
    sizes = ["batch_size", "sequence_length"]
    made = helper.make_graph(
        graph.nodes,
        "synthetic emotion",
        [helper.make_tensor_value_info("input_values", TensorProto.FLOAT, sizes)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch_size", len(CLASSES)])],
        graph.constants,
    )
    model = helper.make_model(
        made,
        opset_imports=[helper.make_opsetid("", SYNTHETIC.opset)],
        ir_version=7,
        producer_name="a2f-ws make_bundle",
    )
    onnx.checker.check_model(model, full_check=True)
    return model
