"""Writes tiny Audio2Emotion bundles, whole or with one thing wrong.

    folder = write_emotion(tmp_path / "moods")
    edit(folder / "network_info.json", "emotions", ["angry"])

The classifier's logits are `logits_of(window)`: a loud voice is angry, a quiet one happy, and
silence neutral. They depend on nothing else, not even on the window's length.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.data.bundles import write_json

CLASSES = ("angry", "disgust", "fear", "happy", "neutral", "sad")
CORRESPONDENCE = {"angry": 1, "disgust": 3, "fear": 4, "happy": 6, "neutral": -1, "sad": 9}

GAINS = np.array([120.0, 0.0, 0.0, 40.0, 0.0, 0.0], np.float32)
OFFSETS = np.array([-12.0, -9.0, -9.0, -2.0, 0.0, -9.0], np.float32)
"""Logits are GAINS · mean |sample| + OFFSETS."""


def logits_of(window):
    """What the classifier gives for a window (S,), float32 (6,)."""
    return GAINS * np.abs(window).mean(dtype=np.float32) + OFFSETS


def write_emotion(folder: Path) -> Path:
    """A sound bundle; its manifest names the engine that is built from the network."""
    folder.mkdir(parents=True)
    write_json(
        folder / "model.json",
        {
            "networkInfoPath": "network_info.json",
            "networkPath": "network.trt",
            "modelConfigPath": "model_config.json",
        },
    )
    write_json(
        folder / "network_info.json",
        {"audio_params": {"samplerate": 16000}, "emotions": list(CLASSES)},
    )
    config = {
        "output_emotion_length": 10,
        "emotion_contrast": 1.0,
        "max_emotions": 6,
        "live_blend_coef": 0.7,
        "enable_preferred_emotion": False,
        "preferred_emotion_strength": 0.5,
        "transition_smoothing": 0.5,
        "fixed_dt": 0.033,
        "emotion_strength": 0.6,
        "preferred_emotion": [0.0] * 10,
        "emotion_correspondence": CORRESPONDENCE,
    }
    write_json(folder / "model_config.json", {"post_processing_config": config})
    onnx.save(classifier(), folder / "network.onnx")
    return folder


def classifier(
    *,
    classes: int = len(CLASSES),
    batch: str | int = "batch_size",
    samples: str | int = "samples",
    names: tuple[str, str] = ("input_values", "output"),
    dtype: int = TensorProto.FLOAT,
    offsets: np.ndarray = OFFSETS,
) -> onnx.ModelProto:
    """The network, or one that differs in the given way."""
    kind = helper.tensor_dtype_to_np_dtype(dtype)
    source, target = names
    weights = {
        "gains": GAINS[None, :classes].astype(kind),
        "offsets": offsets[:classes].astype(kind),
        "axis": np.array([1], np.int64),
    }
    nodes = [
        helper.make_node("Abs", [source], ["level"]),
        helper.make_node("ReduceMean", ["level", "axis"], ["loudness"], keepdims=1),
        helper.make_node("Mul", ["loudness", "gains"], ["rising"]),
        helper.make_node("Add", ["rising", "offsets"], [target]),
    ]
    graph = helper.make_graph(
        nodes,
        "classifier",
        [helper.make_tensor_value_info(source, dtype, [batch, samples])],
        [helper.make_tensor_value_info(target, dtype, [batch, classes])],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    opsets = [helper.make_opsetid("", 18)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)
