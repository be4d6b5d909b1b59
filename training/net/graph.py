"""The trained network as ONNX: for windows, for a stream in blocks, and its decoding alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import onnx

from a2f_ws.names import Floats
from training.net import body, face
from training.net.decode import Decoding, face_of
from training.net.nodes import Graph, model_of
from training.net.shape import (
    BANDS,
    BUFFER_LEN,
    CHANNELS,
    FIRST,
    FRAME,
    FRAMES,
    HOP,
    LAYERS,
    OUTPUTS,
)

OVERLAP: Final = FRAME - HOP
"""Samples of a block that the block before it has heard already."""


def build(
    weights: Mapping[str, Floats], decoding: Decoding, *, shows_numbers: bool
) -> onnx.ModelProto:
    """The network of a blendshape bundle: a window in, a face out.

    Args:
        weights: State of `training.net.model.Mouth`.
        decoding: From its numbers to a face.
        shows_numbers: Also give `numbers` [B, 1, 45], what the decoding starts from; tuning and
            evaluation read them, a bundle has none.
    """
    graph = Graph()
    bands = body.features(graph, graph.part("input", FIRST, end=BUFFER_LEN, axis=2))
    sequence = body.first_layer(graph, bands, weights=weights)
    for index in range(1, len(LAYERS)):
        sequence = body.layer(graph, sequence, weights=weights, index=index)
    output = body.numbers(graph, sequence, weights=weights)
    result = face_of(graph, output, bands=bands, decoding=decoding)
    outputs = {"result": (_turned(graph, result), [1, face.RESULT_LEN])}
    if shows_numbers:
        outputs["numbers"] = (_turned(graph, output), [1, OUTPUTS])
    return model_of(
        graph, {"input": [1, BUFFER_LEN], "emotion": [1, face.EMOTION_LEN]}, outputs=outputs
    )


def build_decoder(decoding: Decoding) -> onnx.ModelProto:
    """Only the decoding, brows at rest: `numbers` [B, 45, 1] to `result` [B, 1, 87]."""
    graph = Graph()
    shape = graph.constant(np.array([1, BANDS, FRAMES], np.int64))
    silent = graph.add("Expand", graph.part("numbers", 0, end=1, axis=1), shape)
    result = face_of(graph, "numbers", bands=silent, decoding=replace(decoding, brow=0.0))
    inputs = {"numbers": [OUTPUTS, 1], "emotion": [1, face.EMOTION_LEN]}
    return model_of(
        graph, inputs, outputs={"result": (_turned(graph, result), [1, face.RESULT_LEN])}
    )


def build_stream(
    weights: Mapping[str, Floats], decoding: Decoding, *, frames: int
) -> onnx.ModelProto:
    """The same network for a stream on a grid of 100 Hz, in blocks of a fixed size.

    `sound` [B, 1, 160 * frames + 240] begins with the last 240 samples of the block before it.
    `state_0` … `state_6` are the last values that went into each layer (`state_0`: the bands of 49
    frames); they start as zeros and come back as `next_0` … `next_6`. `result` [B, frames, 87] is
    about the moments 160 · (39.5 + i) samples after the beginning of the block's first frame, less
    49 frames.

    Args:
        weights: State of `training.net.model.Mouth`.
        decoding: From its numbers to a face.
        frames: Frames of a block.
    """
    graph = Graph()
    new_bands = body.features(graph, "sound")
    bands = graph.add("Concat", "state_0", new_bands, axis=2)
    sizes = {"state_0": [BANDS, FRAMES - 1]}
    following = {"next_0": (_last(graph, bands, count=FRAMES - 1), sizes["state_0"])}
    recent = _last(graph, bands, count=LAYERS[0].reach + frames)
    sequence = body.first_layer(graph, recent, weights=weights)
    for index in range(1, len(LAYERS)):
        reach = LAYERS[index].reach
        sizes[f"state_{index}"] = [CHANNELS, reach]
        joined = graph.add("Concat", f"state_{index}", sequence, axis=2)
        following[f"next_{index}"] = (_last(graph, joined, count=reach), [CHANNELS, reach])
        sequence = body.layer(graph, joined, weights=weights, index=index)
    output = body.numbers(graph, sequence, weights=weights)
    result = face_of(graph, output, bands=bands, decoding=decoding)
    inputs = {"sound": [1, HOP * frames + OVERLAP], "emotion": [1, face.EMOTION_LEN], **sizes}
    outputs = {"result": (_turned(graph, result), [frames, face.RESULT_LEN]), **following}
    return model_of(graph, inputs, outputs=outputs)


def _turned(graph: Graph, value: str) -> str:
    return graph.add("Transpose", value, perm=[0, 2, 1])


def _last(graph: Graph, value: str, *, count: int) -> str:
    return graph.part(value, -count, end=int(np.iinfo(np.int64).max), axis=2)
