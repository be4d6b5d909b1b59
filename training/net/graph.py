"""The trained network as ONNX: for windows, for a stream in blocks, and its decoding alone."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import onnx

from a2f_ws.names import Floats
from training.net import body, face
from training.net.decode import Decoding, face_of
from training.net.nodes import END, Graph, model_of
from training.net.shape import (
    BUFFER_LEN,
    FIRST,
    FRAMES,
    LAYERS,
    OUTPUTS,
    stream_length,
)

STARTED, LOUDNESS = "started", "loudness"
"""States of the stream beside those of the layers: 0 before the first block; of 49 frames."""


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
    bands = body.features(graph, "input", first=FIRST, frames=FRAMES)
    sequence = bands
    for index in range(len(LAYERS)):
        sequence = body.layer(graph, sequence, weights=weights, index=index)
    output = body.numbers(graph, sequence, weights=weights)
    result = face_of(graph, output, loudness=body.loudness(graph, bands), decoding=decoding)
    outputs = {"result": (result, [1, face.RESULT_LEN])}
    if shows_numbers:
        outputs["numbers"] = (output, [1, OUTPUTS])
    return model_of(
        graph, {"input": [1, BUFFER_LEN], "emotion": [1, face.EMOTION_LEN]}, outputs=outputs
    )


def build_decoder(decoding: Decoding) -> onnx.ModelProto:
    """Only the decoding, brows at rest: `numbers` [B, 1, 45] to `result` [B, 1, 87]."""
    graph = Graph()
    shape = graph.constant(np.array([1, FRAMES, 1], np.int64))
    silent = graph.add("Expand", graph.part("numbers", 0, end=1, axis=2), shape)
    result = face_of(graph, "numbers", loudness=silent, decoding=replace(decoding, brow=0.0))
    inputs = {"numbers": [1, OUTPUTS], "emotion": [1, face.EMOTION_LEN]}
    return model_of(graph, inputs, outputs={"result": (result, [1, face.RESULT_LEN])})


def build_stream(
    weights: Mapping[str, Floats], decoding: Decoding, *, frames: int
) -> onnx.ModelProto:
    """The same network for a stream on a grid of 100 Hz, in blocks of a fixed size.

    `input` [B, 1, S] is the sound of the block's frames; its first face belongs to a sample before
    them (`STREAM_OFS`). The states `state_0` …
    `state_6` are the last frames that went into each layer, `loudness` is that of the last 49
    frames; they come back as `next_…`. While `started` is 0, whatever the others hold counts as
    silence, so that all zeros are the state of an utterance that begins.

    Args:
        weights: State of `training.net.model.Mouth`.
        decoding: From its numbers to a face.
        frames: Frames of a block.
    """
    stream = _Stream()
    graph = stream.graph
    sequence = body.features(graph, "input", first=0, frames=frames)
    loud = stream.joined(
        LOUDNESS, body.loudness(graph, sequence), silent=[body.SILENT_BAND], count=FRAMES - 1
    )
    for index, silent in enumerate(body.silent_inputs(weights)):
        reach = LAYERS[index].reach
        joined = stream.joined(f"state_{index}", sequence, silent=silent, count=reach)
        sequence = body.layer(graph, joined, weights=weights, index=index)
    output = body.numbers(graph, sequence, weights=weights)
    result = face_of(graph, output, loudness=loud, decoding=decoding)
    inputs = {"input": [1, stream_length(frames)], "emotion": [frames, face.EMOTION_LEN]}
    return model_of(
        graph,
        {**inputs, STARTED: [1, 1], **stream.states},
        outputs={"result": (result, [frames, face.RESULT_LEN]), **stream.following},
    )


class _Stream:
    """A graph with states.

    Attributes:
        graph: The nodes.
        states: Sizes of the states, without the batch.
        following: The values that they have after a block, by output, with their sizes.
    """

    def __init__(self) -> None:
        self.graph = Graph()
        self.states: dict[str, list[int]] = {}
        zero = self.graph.add("Mul", STARTED, self.graph.constant(0.0))
        begun = self.graph.add("Add", zero, self.graph.constant(1.0))
        self.following = {f"next_{STARTED}": (begun, [1, 1])}
        self._has_begun = self.graph.add("Greater", STARTED, self.graph.constant(0.5))

    def joined(self, name: str, new: str, *, silent: Floats | list[float], count: int) -> str:
        """New frames (B, F, C) behind the last `count` ones, which a state keeps."""
        row = np.asarray(silent, np.float32)
        sizes = self.states[name] = [count, len(row)]
        before = self.graph.constant(np.broadcast_to(row, sizes))
        kept = self.graph.add("Where", self._has_begun, name, before)
        joined = self.graph.add("Concat", kept, new, axis=1)
        last = self.graph.part(joined, -count, end=END, axis=1)
        self.following[f"next_{name}"] = (last, sizes)
        return joined
