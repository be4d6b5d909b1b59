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

SHOT = {"source_shot": "second", "source_frame": 1}

GEOMETRY_WIDTH = 3 + 2 + 15 + 4
SKIN_VERTICES = 40
TONGUE_VERTICES = 12
MASK = [*range(5, 30), 3]
"""Vertices of the skin that its solver looks at."""

PAIRED = (
    "eyeBlink", "eyeWide", "mouthSmile", "mouthFrown", "mouthDimple", "mouthStretch", "mouthPress",
    "mouthLowerDown", "mouthUpperUp", "browOuterUp", "browDown", "cheekSquint", "noseSneer",
)  # fmt: skip
"""Poses of the skin that its solver keeps alike on both sides, as in NVIDIA's bundles."""

GEOMETRY_CONFIG = {
    "input_strength": 1.0,
    "lower_face_smoothing": 0.0023,
    "upper_face_smoothing": 0.001,
    "lower_face_strength": 1.3,
    "upper_face_strength": 1.0,
    "face_mask_level": 0.6,
    "face_mask_softness": 0.0085,
    "skin_strength": 1.0,
    "blink_strength": 1.0,
    "eyelid_open_offset": 0.06,
    "lip_open_offset": -0.03,
    "tongue_strength": 1.5,
    "tongue_height_offset": 0.2,
    "tongue_depth_offset": 0.13,
    "lower_teeth_strength": 1.0,
    "lower_teeth_height_offset": 0.0,
    "lower_teeth_depth_offset": 0.0,
    "eyeballs_strength": 1.0,
    "saccade_strength": 1.0,
    "right_eye_rot_x_offset": 0.0,
    "right_eye_rot_y_offset": 0.0,
    "left_eye_rot_x_offset": 0.0,
    "left_eye_rot_y_offset": 0.0,
    "eye_saccade_seed": 0.0,
}
"""Defaults of the SDK's structs (`animator.h`)."""


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
    """A geometry bundle with every file of a download, always the same.

    Skin: 3 components, 40 vertices, the 52 poses, of which 43 are active, 13 pairs, and a mask
    of 26 vertices. Tongue: 2 components, 12 vertices, the 16 poses.
    """
    folder.mkdir(parents=True)
    info = _info("geometry", buffer_len=buffer_len, buffer_ofs=buffer_ofs)
    info["params"] |= {
        "num_shapes_skin": 3,
        "num_shapes_tongue": 2,
        "num_verts_skin": SKIN_VERTICES,
        "num_verts_tongue": TONGUE_VERTICES,
    }
    _write_common(folder, info)
    edit(folder / "model_config.json", "config", GEOMETRY_CONFIG | SHOT)
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
    config |= SHOT
    write_json(folder / "network_info.json", info)
    write_json(folder / "model_config.json", {"config": config})


def rewrite_arrays(path: Path, **changes: object) -> None:
    """Replace, add or (with `MISSING`) take away arrays of an `.npz` file."""
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files} | changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not MISSING})


def solver_params(part: str) -> dict:
    """What a solver's configuration has by default: `part` is "skin" or "tongue"."""
    is_skin = part == "skin"
    names = ARKIT if is_skin else TONGUE
    stems = [name.removesuffix("Left").removesuffix("Right") for name in names]
    still = [name.startswith("eyeLook") or name == "tongueOut" for name in names]
    pairs = {stem: i for i, stem in enumerate(PAIRED)} if is_skin else {}
    return {
        "strengthL1regularization": 0.5 if is_skin else 1.0,
        "strengthL2regularization": 0.5 if is_skin else 3.5,
        "strengthTemporalSmoothing": 0.3 if is_skin else 5.0,
        "strengthSymmetry": 100.0,
        "templateBBSize": 53.45 if is_skin else 7.94,
        "numPoses": len(names),
        "bsSolveActivePoses": [0 if off else 1 for off in still],
        "bsSolveCancelPoses": [-1] * len(names),
        "bsSolveSymmetryPoses": [pairs.get(stem, -1) for stem in stems],
        "bsWeightMultipliers": [1.0] * len(names),
        "bsWeightOffsets": [0.0] * len(names),
    }


def _write_shapes(folder: Path) -> None:
    rng = np.random.default_rng(4)

    def mesh(count: int, *more: int, size: float = 1.0) -> np.ndarray:
        return rng.normal(0, size, (*more, count, 3)).astype(np.float32)

    skin, tongue = mesh(SKIN_VERTICES, size=8.0), mesh(TONGUE_VERTICES, size=2.0)
    np.savez(
        folder / "model_data.npz",
        shapes_matrix_skin=mesh(SKIN_VERTICES, 3, size=0.2),
        shapes_mean_skin=skin,
        lip_open_pose_delta=mesh(SKIN_VERTICES, size=0.3),
        eye_close_pose_delta=mesh(SKIN_VERTICES, size=0.3),
        shapes_matrix_tongue=mesh(TONGUE_VERTICES, 2, size=0.2),
        shapes_mean_tongue=tongue,
        neutral_jaw=np.array([[0, 0, 9], [2, 1, 7], [-2, 1, 7], [3, 0, 4], [-3, 2, 4]], np.float32),
        saccade_rot_matrix=rng.normal(0, 1, (10, 2)).astype(np.float32),
    )
    for part, names, neutral in (("skin", ARKIT, skin), ("tongue", TONGUE, tongue)):
        poses = dict(zip(names, mesh(len(neutral), len(names), size=0.5), strict=True))
        if part == "skin":
            poses["frontalMask"] = np.array(MASK, np.int32)
        listed = np.array([b"neutral", *(name.encode() for name in names)])
        own = neutral + mesh(len(neutral), size=0.01)
        np.savez(folder / f"bs_{part}.npz", poseNames=listed, neutral=own, **poses)
        write_json(folder / f"bs_{part}_config.json", {"blendshape_params": solver_params(part)})


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
