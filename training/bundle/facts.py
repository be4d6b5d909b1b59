"""The JSON files of a bundle, with the figures of the released models."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from a2f_ws.names import ARKIT, EMOTIONS, TONGUE
from training.bundle.geometry import SOURCE_SHOT
from training.bundle.size import EMOTION_LEN, EYES_LEN, IMPLICIT_LEN, JAW_LEN, Size
from training.bundle.surface import BUST_DIAGONAL, TONGUE_DIAGONAL

_FIGURES: Final[Mapping[str, tuple[float, float]]] = {
    "input_strength": (1.3, 1.0),
    "lower_face_smoothing": (0.0023, 0.006),
    "upper_face_smoothing": (0.001, 0.001),
    "lower_face_strength": (1.4, 1.25),
    "upper_face_strength": (1.0, 1.0),
    "face_mask_level": (0.6, 0.6),
    "face_mask_softness": (0.0085, 0.0085),
    "skin_strength": (1.1, 1.0),
    "blink_strength": (1.0, 1.0),
    "eyelid_open_offset": (0.06, 0.0),
    "lip_open_offset": (-0.03, 0.0),
    "tongue_strength": (1.5, 1.3),
    "tongue_height_offset": (0.2, 0.0),
    "tongue_depth_offset": (0.13, 0.0),
    "lower_teeth_strength": (1.3, 1.25),
    "lower_teeth_height_offset": (-0.1, 0.0),
    "lower_teeth_depth_offset": (0.0, 0.0),
    "eyeballs_strength": (1.0, 1.0),
    "saccade_strength": (0.9, 0.6),
    "right_eye_rot_x_offset": (0.0, 0.0),
    "right_eye_rot_y_offset": (-2.0, 0.0),
    "left_eye_rot_x_offset": (0.0, 0.0),
    "left_eye_rot_y_offset": (2.0, 0.0),
    "eye_saccade_seed": (0.0, 0.0),
}
"""`model_config.json` of Mark v2.3 and of Claire v2.3.

Source: SDK, `tests/test_core_parse_helper.cpp`; Claire's from the configuration of her service.
"""

_SOURCE_FRAME: Final = {"mark": 220, "claire": 212}

_SYMMETRY: Final = (
    (0, 7), (6, 13), (23, 24), (25, 26), (27, 28), (29, 30), (35, 36), (37, 38), (39, 40),
    (44, 45), (41, 42), (47, 48), (49, 50),
)  # fmt: skip
"""Poses of the skin that hold each other in balance; the place of a pair is its number."""

_INACTIVE: Final = frozenset({1, 2, 3, 4, 8, 9, 10, 11, 51})
"""Poses of the skin that the solver leaves out: gaze, and the tongue."""

_TONGUE_MULTIPLIERS: Final = {0: 2.0, 4: 3.0, 13: 2.0}


def documents(size: Size, *, seed: int) -> dict[str, object]:
    """Every JSON file of a geometry bundle by name."""
    return {
        "model.json": {
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
        "network_info.json": _network_info(size, seed=seed),
        "trt_info.json": _trt_info(size),
        "model_config.json": {"config": _config(size.figures)},
        "bs_skin_config.json": _skin_config(),
        "bs_tongue_config.json": _tongue_config(),
    }


def write_documents(folder: Path, contents: Mapping[str, object]) -> None:
    """Write each as indented JSON with LF line ends."""
    for name, content in contents.items():
        (folder / name).write_bytes((json.dumps(content, indent=2) + "\n").encode())


def _network_info(size: Size, *, seed: int) -> dict[str, object]:
    return {
        "id": {
            "type": "regression",
            "actor": f"synthetic-{size.name}",
            "version": f"random-{seed}",
            "output": "geometry",
        },
        "params": {
            "implicit_emotion_len": IMPLICIT_LEN,
            "explicit_emotions": list(EMOTIONS),
            "default_emotion": [0.0] * len(EMOTIONS),
            "num_shapes_skin": size.shapes,
            "num_shapes_tongue": size.tongue_shapes,
            "num_verts_skin": size.vertices,
            "num_verts_tongue": size.tongue_vertices,
            "result_jaw_size": JAW_LEN,
            "result_eyes_size": EYES_LEN,
        },
        "audio_params": {
            "buffer_len": size.window,
            "buffer_ofs": size.window // 2,
            "samplerate": 16000,
        },
    }


def _trt_info(size: Size) -> dict[str, object]:
    bounds = {"min": "1", "max": "{MAX_BATCH_SIZE}", "opt": "{OPT_BATCH_SIZE}"}
    return {
        "trt_build_param": {
            "cuda_in_graphics": ["--memPoolSize=tacticSharedMem:0.046875"],
            "batch": [
                f"--{bound}Shapes=input:{rows}x1x{size.window},emotion:{rows}x1x{EMOTION_LEN}"
                for bound, rows in bounds.items()
            ],
        },
        "defaults": {"MAX_BATCH_SIZE": 128, "OPT_BATCH_SIZE": 10},
    }


def _config(figures: str) -> dict[str, object]:
    column = ("mark", "claire").index(figures)
    chosen: dict[str, object] = {name: pair[column] for name, pair in _FIGURES.items()}
    return {**chosen, "source_shot": SOURCE_SHOT, "source_frame": _SOURCE_FRAME[figures]}


def _skin_config() -> dict[str, object]:
    count = len(ARKIT)
    symmetry = [-1] * count
    for number, pair in enumerate(_SYMMETRY):
        for pose in pair:
            symmetry[pose] = number
    return _solver_config(
        strengths=(0.5, 0.5, 0.3),
        diagonal=BUST_DIAGONAL,
        active=[int(pose not in _INACTIVE) for pose in range(count)],
        symmetry=symmetry,
        multipliers=[1.0] * count,
    )


def _tongue_config() -> dict[str, object]:
    count = len(TONGUE)
    return _solver_config(
        strengths=(1.0, 3.5, 5.0),
        diagonal=TONGUE_DIAGONAL,
        active=[1] * count,
        symmetry=[-1] * count,
        multipliers=[_TONGUE_MULTIPLIERS.get(pose, 1.0) for pose in range(count)],
    )


def _solver_config(
    *,
    strengths: tuple[float, float, float],
    diagonal: float,
    active: Sequence[int],
    symmetry: Sequence[int],
    multipliers: Sequence[float],
) -> dict[str, object]:
    return {
        "blendshape_params": {
            "strengthL1regularization": strengths[0],
            "strengthL2regularization": strengths[1],
            "strengthTemporalSmoothing": strengths[2],
            "strengthSymmetry": 100.0,
            "templateBBSize": diagonal,
            "numPoses": len(active),
            "bsSolveActivePoses": list(active),
            "bsSolveCancelPoses": [-1] * len(active),
            "bsSolveSymmetryPoses": list(symmetry),
            "bsWeightMultipliers": list(multipliers),
            "bsWeightOffsets": [0.0] * len(active),
        }
    }
