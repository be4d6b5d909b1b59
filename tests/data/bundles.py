"""Writes tiny bundles of both kinds, whole or with one thing wrong.

    folder = write_blendshape(tmp_path / "tiny")
    edit(folder / "network_info.json", "audio_params.samplerate", 48000)

The tiny network gives what `tests.fakes.FakeBackend` gives: weight k is
clip(|window[buffer_ofs + k]| + explicit emotion k / 10, 0, 1), where only k < 10 has an emotion.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from a2f_ws.animation.params import WEIGHT_PARAMS
from a2f_ws.names import ARKIT, EMOTIONS, TONGUE, WEIGHTS

MISSING = object()
"""Value for `edit` that takes the key away."""

IMPLICIT_LEN = 16
EMOTION_LEN = IMPLICIT_LEN + len(EMOTIONS)
WIDTH = len(WEIGHTS) + 15 + 4

GEOMETRY_WIDTH = 3 + 2 + 15 + 4
VERTICES = 6


def write_blendshape(folder: Path, *, buffer_len: int = 400, buffer_ofs: int = 200) -> Path:
    """A blendshape bundle without an emotion database; buffer_len - buffer_ofs >= 68."""
    folder.mkdir(parents=True)
    info = _info("blendshape", buffer_len=buffer_len, buffer_ofs=buffer_ofs)
    info["params"] |= {
        "num_shapes_skin": len(ARKIT),
        "num_shapes_tongue": len(TONGUE),
        "mouth_close": "arkit",
        "pose_names": WEIGHTS,
    }
    _write_common(folder, info)
    network = _network(buffer_len, buffer_ofs=buffer_ofs, width=WIDTH)
    onnx.save(network, folder / "network.onnx")
    write_json(
        folder / "model.json",
        {
            "networkInfoPath": "network_info.json",
            "networkPath": "network.onnx",
            "modelConfigPath": "model_config.json",
        },
    )
    return folder


def write_geometry(folder: Path, *, buffer_len: int = 400, buffer_ofs: int = 200) -> Path:
    """A geometry bundle with every file of a download: 3 skin and 2 tongue shapes, 6 vertices."""
    folder.mkdir(parents=True)
    info = _info("geometry", buffer_len=buffer_len, buffer_ofs=buffer_ofs)
    info["params"] |= {
        "num_shapes_skin": 3,
        "num_shapes_tongue": 2,
        "num_verts_skin": VERTICES,
        "num_verts_tongue": VERTICES,
    }
    _write_common(folder, info)
    network = _network(buffer_len, buffer_ofs=buffer_ofs, width=GEOMETRY_WIDTH)
    onnx.save(network, folder / "network.onnx")
    np.savez(
        folder / "implicit_emo_db.npz",
        emo_db=np.arange(5 * IMPLICIT_LEN, dtype=np.float32).reshape(5, IMPLICIT_LEN),
        emo_spec_names=np.array([b"first", b"second"]),
        emo_spec_start=np.array([0, 2], np.int32),
        emo_spec_size=np.array([2, 3], np.int32),
    )
    _write_shapes(folder)
    write_json(
        folder / "model.json",
        {
            "networkInfoPath": "network_info.json",
            "networkPath": "network.trt",
            "emotionDatabasePath": "implicit_emo_db.npz",
            "modelConfigPath": "model_config.json",
            "modelDataPath": "model_data.npz",
            "blendshapePaths": {
                part: {"config": f"bs_{part}_config.json", "data": f"bs_{part}.npz"}
                for part in ("skin", "tongue")
            },
        },
    )
    return folder


def edit(path: Path, key: str, value: object) -> None:
    """Set or take away one key of a JSON file; `key` has dots between its levels."""
    document = json.loads(path.read_text(encoding="utf-8"))
    *levels, last = key.split(".")
    place = document
    for level in levels:
        place = place[level]
    if value is MISSING:
        del place[last]
    else:
        place[last] = value
    write_json(path, document)


def rewrite_network(path: Path, **changes: object) -> None:
    """Replace a blendshape bundle's network by one that differs in the given way.

    `width`, `buffer_len`, `emotion_len`, `batch` (size of axis 0), `names` (of input, emotion and
    result), `dtype` (of all three).
    """
    settings = {"buffer_len": 400, "buffer_ofs": 200, "width": WIDTH} | changes
    onnx.save(_network(**settings), path)


def write_json(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _info(output: str, *, buffer_len: int, buffer_ofs: int) -> dict:
    return {
        "id": {"type": "regression", "actor": f"tiny-{output}", "version": "1", "output": output},
        "params": {
            "implicit_emotion_len": IMPLICIT_LEN,
            "explicit_emotions": EMOTIONS,
            "default_emotion": [0.0] * len(EMOTIONS),
            "num_verts_skin": 0,
            "num_verts_tongue": 0,
            "result_jaw_size": 15,
            "result_eyes_size": 4,
        },
        "audio_params": {
            "buffer_len": buffer_len,
            "buffer_ofs": buffer_ofs,
            "samplerate": 16000,
        },
    }


def _write_common(folder: Path, info: dict) -> None:
    config = {param.name: param.default for param in WEIGHT_PARAMS.params if param.in_bundle}
    config |= {"source_shot": "second", "source_frame": 1}
    write_json(folder / "network_info.json", info)
    write_json(folder / "model_config.json", {"config": config})


def _write_shapes(folder: Path) -> None:
    pose = np.zeros((VERTICES, 3), np.float32)
    np.savez(
        folder / "model_data.npz",
        shapes_matrix_skin=np.zeros((3, VERTICES, 3), np.float32),
        shapes_mean_skin=pose,
        lip_open_pose_delta=pose,
        eye_close_pose_delta=pose,
        shapes_matrix_tongue=np.zeros((2, VERTICES, 3), np.float32),
        shapes_mean_tongue=pose,
        neutral_jaw=np.eye(5, 3, dtype=np.float32),
        saccade_rot_matrix=np.zeros((10, 2), np.float32),
    )
    for part, names in (("skin", ARKIT), ("tongue", TONGUE)):
        poses = {name: pose for name in names}
        listed = np.array([b"neutral", *(name.encode() for name in names)])
        np.savez(folder / f"bs_{part}.npz", poseNames=listed, neutral=pose, **poses)
        write_json(folder / f"bs_{part}_config.json", {"blendshape_params": {}})


def _network(
    buffer_len: int,
    *,
    buffer_ofs: int,
    width: int,
    emotion_len: int = EMOTION_LEN,
    batch: str | int = "batch_size",
    names: tuple[str, str, str] = ("input", "emotion", "result"),
    dtype: int = TensorProto.FLOAT,
) -> onnx.ModelProto:
    kind = helper.tensor_dtype_to_np_dtype(dtype)
    heard = np.zeros((buffer_len, width), kind)
    for k in range(min(len(WEIGHTS), buffer_len - buffer_ofs, width)):
        heard[buffer_ofs + k, k] = 1
    felt = np.zeros((emotion_len, width), kind)
    for k in range(min(len(EMOTIONS), width, emotion_len)):
        felt[emotion_len - len(EMOTIONS) + k, k] = 0.1
    weights = {"heard": heard, "felt": felt, "zero": np.zeros((), kind), "one": np.ones((), kind)}
    window, emotion, result = names
    nodes = [
        helper.make_node("MatMul", [window, "heard"], ["sound"]),
        helper.make_node("Abs", ["sound"], ["loudness"]),
        helper.make_node("MatMul", [emotion, "felt"], ["mood"]),
        helper.make_node("Add", ["loudness", "mood"], ["sum"]),
        helper.make_node("Clip", ["sum", "zero", "one"], [result]),
    ]
    sizes = {window: buffer_len, emotion: emotion_len, result: width}
    tensors = [helper.make_tensor_value_info(n, dtype, [batch, 1, s]) for n, s in sizes.items()]
    graph = helper.make_graph(
        nodes,
        "tiny",
        tensors[:2],
        tensors[2:],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
