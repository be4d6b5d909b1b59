"""The bundle that `end_to_end.npz` was computed with, as files: what a user would have on disk."""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from a2f_ws.names import ARKIT, EMOTIONS, TONGUE

BUFFER_LEN, BUFFER_OFS = 8320, 4160
STEPS = 32768.0
"""A sample of s16le audio says which row of the table its window shall give."""

PARAMS = {
    "tongue_strength": ("tongue_params", "tongueStrength"),
    "tongue_height_offset": ("tongue_params", "tongueHeightOffset"),
    "tongue_depth_offset": ("tongue_params", "tongueDepthOffset"),
    "lower_teeth_strength": ("teeth_params", "lowerTeethStrength"),
    "lower_teeth_height_offset": ("teeth_params", "lowerTeethHeightOffset"),
    "lower_teeth_depth_offset": ("teeth_params", "lowerTeethDepthOffset"),
    "eyeballs_strength": ("eyes_params", "eyeballsStrength"),
    "saccade_strength": ("eyes_params", "saccadeStrength"),
    "right_eye_rot_x_offset": ("eyes_params", "rightEyeballRotationOffsetX"),
    "right_eye_rot_y_offset": ("eyes_params", "rightEyeballRotationOffsetY"),
    "left_eye_rot_x_offset": ("eyes_params", "leftEyeballRotationOffsetX"),
    "left_eye_rot_y_offset": ("eyes_params", "leftEyeballRotationOffsetY"),
    "eye_saccade_seed": ("eyes_params", "saccadeSeed"),
    "blink_offset": ("skin_params", "blinkOffset"),
    "blink_strength": ("skin_params", "blinkStrength"),
    "eyelid_open_offset": ("skin_params", "eyelidOpenOffset"),
    "lip_open_offset": ("skin_params", "lipOpenOffset"),
    "skin_strength": ("skin_params", "skinStrength"),
    "face_mask_level": ("skin_params", "faceMaskLevel"),
    "face_mask_softness": ("skin_params", "faceMaskSoftness"),
    "lower_face_smoothing": ("skin_params", "lowerFaceSmoothing"),
    "upper_face_smoothing": ("skin_params", "upperFaceSmoothing"),
    "lower_face_strength": ("skin_params", "lowerFaceStrength"),
    "upper_face_strength": ("skin_params", "upperFaceStrength"),
}
"""Where the file's `meta` has each face parameter."""


def params_of(meta):
    """Face parameters by our names."""
    return {name: meta[part][key] for name, (part, key) in PARAMS.items()}


def write_reference(folder: Path, vectors, *, mouth_close="arkit"):
    """A geometry bundle whose network looks its results up in the file's `net_output`."""
    arrays, meta = vectors.arrays, vectors.meta
    folder.mkdir(parents=True)
    config = {key: value for key, value in params_of(meta).items() if key != "blink_offset"}
    config |= {"input_strength": 1.0, "source_shot": "shot", "source_frame": 0}
    _write(folder / "model_config.json", {"config": config})
    _write(folder / "network_info.json", _info(arrays, mouth_close))
    names = {part: f"bs_{part}" for part in ("skin", "tongue")}
    paths = {
        part: {"config": f"{name}_config.json", "data": f"{name}.npz"}
        for part, name in names.items()
    }
    _write(
        folder / "model.json",
        {
            "networkInfoPath": "network_info.json",
            "networkPath": "network.trt",
            "emotionDatabasePath": "implicit_emo_db.npz",
            "modelConfigPath": "model_config.json",
            "modelDataPath": "model_data.npz",
            "blendshapePaths": paths,
        },
    )
    _write_arrays(folder, arrays)
    _write_rig(folder, vectors, part="skin", names=ARKIT, mean="shapes_mean_skin")
    _write_rig(folder, vectors, part="tongue", names=TONGUE, mean="shapes_mean_tongue")
    onnx.save(_network(arrays["net_output"]), folder / "network.onnx")
    return folder


def speech(vectors, rate):
    """s16le samples whose windows give the rows of `net_output` in their order."""
    sound = np.zeros(vectors.meta["n_samples"], "<i2")
    for k in range(len(vectors.arrays["net_output"])):
        sound[rate.sample(k)] = k
    return sound


def _info(arrays, mouth_close):
    jaw = arrays["neutral_jaw"].size
    return {
        "id": {
            "type": "regression",
            "actor": "reference",
            "version": "1",
            "output": "geometry",
        },
        "params": {
            "implicit_emotion_len": 16,
            "explicit_emotions": EMOTIONS,
            "default_emotion": [0.0] * len(EMOTIONS),
            "num_shapes_skin": len(arrays["shapes_matrix_skin"]),
            "num_shapes_tongue": len(arrays["shapes_matrix_tongue"]),
            "num_verts_skin": len(arrays["shapes_mean_skin"]),
            "num_verts_tongue": len(arrays["shapes_mean_tongue"]),
            "result_jaw_size": jaw,
            "result_eyes_size": 4,
            "mouth_close": mouth_close,
        },
        "audio_params": {
            "buffer_len": BUFFER_LEN,
            "buffer_ofs": BUFFER_OFS,
            "samplerate": 16000,
        },
    }


def _write_arrays(folder, arrays):
    np.savez(
        folder / "model_data.npz",
        **{
            name: arrays[name]
            for name in (
                "shapes_matrix_skin",
                "shapes_mean_skin",
                "lip_open_pose_delta",
                "eye_close_pose_delta",
                "shapes_matrix_tongue",
                "shapes_mean_tongue",
                "neutral_jaw",
                "saccade_rot_matrix",
            )
        },
    )
    np.savez(
        folder / "implicit_emo_db.npz",
        emo_db=np.zeros((1, 16), np.float32),
        emo_spec_names=np.array([b"shot"]),
        emo_spec_start=np.array([0], np.int32),
        emo_spec_size=np.array([1], np.int32),
    )


def _write_rig(folder, vectors, *, part, names, mean):
    arrays, params = vectors.arrays, vectors.meta[f"bs_{part}_params"]
    listed = np.array([b"neutral", *(name.encode() for name in names)])
    poses = dict(zip(names, arrays[f"bs_{part}_delta_poses"], strict=True))
    mask = arrays.get(f"bs_{part}_mask")
    extra = {} if mask is None else {"frontalMask": mask}
    data = folder / f"bs_{part}.npz"
    np.savez(data, poseNames=listed, neutral=arrays[mean], **poses, **extra)

    def given(name, default):
        return arrays.get(f"bs_{part}_{name}", np.full(len(names), default)).tolist()

    settings = {
        "strengthL1regularization": params["L1Reg"],
        "strengthL2regularization": params["L2Reg"],
        "strengthTemporalSmoothing": params["TemporalReg"],
        "strengthSymmetry": params["SymmetryReg"],
        "templateBBSize": params["templateBBSize"],
        "numPoses": len(names),
        "bsSolveActivePoses": given("active", 1),
        "bsSolveCancelPoses": given("cancel", -1),
        "bsSolveSymmetryPoses": given("symmetry", -1),
        "bsWeightMultipliers": given("multipliers", 1.0),
        "bsWeightOffsets": given("offsets", 0.0),
    }
    _write(folder / f"bs_{part}_config.json", {"blendshape_params": settings})


def _network(table):
    constants = {
        "table": table.astype(np.float32)[:, None, :],
        "from": np.array([BUFFER_OFS], np.int64),
        "to": np.array([BUFFER_OFS + 1], np.int64),
        "axis": np.array([2], np.int64),
        "steps": np.array(STEPS, np.float32),
        "rows": np.array([-1], np.int64),
        "nothing": np.array(0.0, np.float32),
        "last": np.array([1, 2], np.int64),
    }
    nodes = [
        helper.make_node("Slice", ["input", "from", "to", "axis"], ["centre"]),
        helper.make_node("Mul", ["centre", "steps"], ["said"]),
        helper.make_node("Round", ["said"], ["number"]),
        helper.make_node("Reshape", ["number", "rows"], ["flat"]),
        helper.make_node("Cast", ["flat"], ["row"], to=TensorProto.INT64),
        helper.make_node("Gather", ["table", "row"], ["found"], axis=0),
        helper.make_node("ReduceSum", ["emotion", "last"], ["felt"], keepdims=1),
        helper.make_node("Mul", ["felt", "nothing"], ["unfelt"]),
        helper.make_node("Add", ["found", "unfelt"], ["result"]),
    ]
    sizes = {"input": BUFFER_LEN, "emotion": 16 + len(EMOTIONS), "result": table.shape[1]}
    tensors = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch_size", 1, size])
        for name, size in sizes.items()
    ]
    graph = helper.make_graph(
        nodes,
        "table",
        tensors[:2],
        tensors[2:],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])


def _write(path, document):
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
