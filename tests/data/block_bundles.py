"""Writes small bundles whose networks give faces in blocks, with a state that goes on.

    folder = write_gru(tmp_path / "gru")

Both hear: what they give hangs on the sound, the emotion of each frame, and all blocks before. The
jaw follows the sound; every other weight is something else, so that nothing is mixed up unseen.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.data.bundles import EMOTION_LEN, WIDTH, edit, write_blendshape

HOP = 160
HIDDEN = 12


def write_gru(
    folder: Path,
    *,
    frames: int = 4,
    delay: int = 3,
    rate: object = 100,
    warmup: int = 20,
) -> Path:
    """A recurrent network on a grid of 100 Hz: every frame hears 160 samples once.

    `result` j of a block stands for the moment `delay` frames before the sound that came last, so
    a window begins after the moment of its first frame: `buffer_ofs` is negative.
    """
    write_blendshape(folder)
    info = folder / "network_info.json"
    _say(info, buffer_len=frames * HOP, buffer_ofs=-delay * HOP)
    first = -(-delay // frames) * frames
    edit(
        info,
        "block_params",
        {
            "frame_rate": rate,
            "frames": frames,
            "first_frame": -first,
            "warmup_frames": warmup,
            "states": [
                {"input": "hidden", "output": "hidden_out", "shape": [1, HIDDEN], "batch_axis": 1}
            ],
        },
    )
    onnx.save(_gru(frames), folder / "network.onnx")
    return folder


def write_latents(folder: Path, *, frames: int = 30, around: int = 15) -> Path:
    """One like a diffusion model: long windows, a middle that counts, noise, latents that go on.

    60 frames per second; a window of a second has 60 rows, of which the middle 30 become faces. The
    first window begins a second before sample 0, as does that of the reference SDK.
    """
    write_blendshape(folder)
    info, rows = folder / "network_info.json", frames + 2 * around
    length = 16_000 * rows // 60
    _say(info, buffer_len=length, buffer_ofs=16_000 * around // 60)
    edit(
        info,
        "block_params",
        {
            "frame_rate": [60, 1],
            "frames": frames,
            "first_frame": around - rows,
            "frames_before": around,
            "frames_after": around,
            "warmup_frames": frames,
            "states": [
                {"input": "latents", "output": "latents_out", "shape": [2, 1, 6], "batch_axis": 2},
                {"input": "tail", "output": "tail_out", "shape": [8]},
            ],
            "noise": {"input": "noise", "shape": [2, rows, WIDTH], "seed": 7},
        },
    )
    onnx.save(_latents(length, rows=rows, frames=frames, around=around), folder / "network.onnx")
    return folder


def _say(info: Path, *, buffer_len: int, buffer_ofs: int) -> None:
    edit(info, "id.type", "blocks")
    edit(info, "audio_params.buffer_len", buffer_len)
    edit(info, "audio_params.buffer_ofs", buffer_ofs)


def _drawn(random: np.random.Generator, *shape: int, size: float = 1.0) -> np.ndarray:
    return (random.standard_normal(shape) * size).astype(np.float32)


def _gru(frames: int) -> onnx.ModelProto:
    """Sound in frames → GRU over them → weights; the emotion of a frame lifts its weights."""
    random = np.random.default_rng(5)
    jaw = np.zeros((1, WIDTH), np.float32)
    constants = {
        "frames_of": np.array([0, frames, HOP], np.int64),
        "sound_w": _drawn(random, HOP, 6, size=0.5),
        "gru_w": _drawn(random, 1, 3 * HIDDEN, 6, size=0.6),
        "gru_r": _drawn(random, 1, 3 * HIDDEN, HIDDEN, size=0.5),
        "out_w": _drawn(random, HIDDEN, WIDTH, size=0.4),
        "felt_w": np.abs(_drawn(random, EMOTION_LEN, WIDTH, size=0.1)),
        "half": jaw + np.float32(0.5),
        "axis": np.array([1], np.int64),
    }
    nodes = [
        helper.make_node("Reshape", ["input", "frames_of"], ["framed"]),
        helper.make_node("MatMul", ["framed", "sound_w"], ["bands"]),
        helper.make_node("Abs", ["bands"], ["levels"]),
        helper.make_node("Transpose", ["levels"], ["by_time"], perm=[1, 0, 2]),
        helper.make_node(
            "GRU",
            ["by_time", "gru_w", "gru_r", "", "", "hidden"],
            ["sequence", "hidden_out"],
            hidden_size=HIDDEN,
        ),
        helper.make_node("Squeeze", ["sequence", "axis"], ["flat"]),
        helper.make_node("Transpose", ["flat"], ["by_row"], perm=[1, 0, 2]),
        helper.make_node("MatMul", ["by_row", "out_w"], ["said"]),
        helper.make_node("MatMul", ["emotion", "felt_w"], ["felt"]),
        helper.make_node("Add", ["said", "felt"], ["sum"]),
        helper.make_node("Add", ["sum", "half"], ["result"]),
    ]
    shapes = {
        "input": ["batch_size", 1, frames * HOP],
        "emotion": ["batch_size", frames, EMOTION_LEN],
        "hidden": [1, "batch_size", HIDDEN],
        "result": ["batch_size", frames, WIDTH],
        "hidden_out": [1, "batch_size", HIDDEN],
    }
    return _model(nodes, shapes, constants, inputs=3)


def _latents(length: int, *, rows: int, frames: int, around: int) -> onnx.ModelProto:
    """Means of the sound, noise and latents → rows; latents and the last emotion go on."""
    random = np.random.default_rng(6)
    hop = length // rows
    constants = {
        "end": np.array([rows * hop], np.int64),
        "zero": np.array([0], np.int64),
        "axis_2": np.array([2], np.int64),
        "axis_1": np.array([1], np.int64),
        "rows_of": np.array([0, rows, hop], np.int64),
        "sound_w": _drawn(random, hop, 6, size=0.3),
        "mix": _drawn(random, 6, WIDTH, size=0.3),
        "latent_w": _drawn(random, 6, 6, size=0.4),
        "felt_w": np.abs(_drawn(random, EMOTION_LEN, WIDTH, size=0.1)),
        "tail_w": _drawn(random, 8, WIDTH, size=0.05),
        "tail_of": _drawn(random, EMOTION_LEN, 8, size=0.2),
        "tenth": np.array(0.02, np.float32),
        "half": np.array(0.5, np.float32),
        "pads": np.array([0, around, 0, 0, around, 0], np.int64),
        "last": np.array([-1], np.int64),
        "huge": np.array([np.iinfo(np.int64).max], np.int64),
    }
    shapes = {
        "input": ["batch_size", 1, length],
        "emotion": ["batch_size", frames, EMOTION_LEN],
        "latents": [2, 1, "batch_size", 6],
        "tail": ["batch_size", 8],
        "noise": ["batch_size", 2, rows, WIDTH],
        "result": ["batch_size", rows, WIDTH],
        "latents_out": [2, 1, "batch_size", 6],
        "tail_out": ["batch_size", 8],
    }
    return _model(_latent_nodes(), shapes, constants, inputs=5)


def _latent_nodes() -> list[onnx.NodeProto]:
    return [
        helper.make_node("Slice", ["input", "zero", "end", "axis_2"], ["heard"]),
        helper.make_node("Reshape", ["heard", "rows_of"], ["framed"]),
        helper.make_node("MatMul", ["framed", "sound_w"], ["bands"]),
        helper.make_node("Abs", ["bands"], ["levels"]),
        helper.make_node("ReduceMean", ["levels"], ["level"], axes=[1], keepdims=0),
        helper.make_node("MatMul", ["latents", "latent_w"], ["turned"]),
        helper.make_node("Add", ["turned", "level"], ["moved"]),
        helper.make_node("Tanh", ["moved"], ["latents_out"]),
        helper.make_node("ReduceMean", ["latents_out"], ["latent"], axes=[0, 1], keepdims=0),
        helper.make_node("Unsqueeze", ["latent", "axis_1"], ["latent_row"]),
        helper.make_node("Add", ["levels", "latent_row"], ["known"]),
        helper.make_node("MatMul", ["known", "mix"], ["said"]),
        helper.make_node("ReduceMean", ["noise"], ["grain"], axes=[1], keepdims=0),
        helper.make_node("Mul", ["grain", "tenth"], ["fine"]),
        helper.make_node("MatMul", ["emotion", "felt_w"], ["felt"]),
        helper.make_node("Pad", ["felt", "pads"], ["felt_rows"]),
        helper.make_node("MatMul", ["tail", "tail_w"], ["tailed"]),
        helper.make_node("Unsqueeze", ["tailed", "axis_1"], ["tail_row"]),
        helper.make_node("Sum", ["said", "fine", "felt_rows", "tail_row", "half"], ["result"]),
        helper.make_node("Slice", ["emotion", "last", "huge", "axis_1"], ["ending"]),
        helper.make_node("Squeeze", ["ending", "axis_1"], ["end_emotion"]),
        helper.make_node("MatMul", ["end_emotion", "tail_of"], ["tail_out"]),
    ]


def _model(nodes: list, shapes: dict, constants: dict, *, inputs: int) -> onnx.ModelProto:
    tensors = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in shapes.items()
    ]
    kept = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "blocks", tensors[:inputs], tensors[inputs:], kept)
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
