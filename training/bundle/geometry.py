"""The arrays of a bundle: meshes, components, rigs, jaw points, saccades, implicit emotions."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import ARKIT, EMOTIONS, TONGUE, Floats
from training.bundle import poses, surface
from training.bundle.archive import write_npz
from training.bundle.basis import components
from training.bundle.size import EYES_LEN, IMPLICIT_LEN, JAW_LEN, SOURCE_FRAMES, Size
from training.bundle.surface import Doubles

SACCADES: Final = 5000
"""Rows of the saccade table, 30 a second."""

SOURCE_SHOT: Final = "cp1_neutral"

_FIRST: Final = (
    "jawOpen", "mouthFunnel", "mouthSmileLeft", "mouthSmileRight", "mouthPucker", "browInnerUp",
)  # fmt: skip
_FIRST_OF_TONGUE: Final = ("tongueDown", "tongueTipUp", "tongueIn", "tongueWide")
_INACTIVE: Final = ("eyeLook", "tongueOut")

_OPEN: Final = 0.55
"""Share of the pose jawOpen that the loudest sound asks for; the strengths add to it."""

_JAW_DEG: Final = 9.0
_JOINT: Final = np.array([0.0, 153.5, 0.0])
"""Middle of the axis that the jaw turns about, between the joints, centimetres."""

_TEETH: Final = np.array(
    [(0.0, -4.0, 9.0), (1.4, -4.5, 8.3), (-1.4, -4.5, 8.3), (2.6, -3.6, 6.2), (-2.6, -3.6, 6.2)]
)
"""Front tooth, canines, molars, from the joint."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Motion:
    """How far a row of `result` goes.

    Attributes:
        spread: float64 (R,), what is usual for each output.
        opening: float64 (R,), the row of a wide open mouth.
        shapes: Outputs that are coefficients of the skin, the first ones.
        tongue_shapes: Outputs that are coefficients of the tongue, after them.
    """

    spread: Doubles
    opening: Doubles
    shapes: int
    tongue_shapes: int


def write_geometry(folder: Path, *, size: Size, seed: int) -> Motion:
    """Write `model_data.npz`, `bs_skin.npz`, `bs_tongue.npz` and `implicit_emo_db.npz`.

    Raises:
        ValueError: More components than the mesh can carry.
    """
    random = np.random.default_rng([seed, 1])
    bust, tongue = surface.bust(size.vertices), surface.tongue(size.tongue_vertices)
    skin_poses = poses.skin_deltas(bust, random)
    tongue_poses = poses.tongue_deltas(tongue, random)
    skin_basis, skin_sizes = components(
        bust, _ordered(ARKIT, skin_poses, first=_FIRST), count=size.shapes, random=random
    )
    tongue_basis, tongue_sizes = components(
        tongue,
        _ordered(TONGUE, tongue_poses, first=_FIRST_OF_TONGUE),
        count=size.tongue_shapes,
        random=random,
    )
    blinks = [ARKIT.index("eyeBlinkLeft"), ARKIT.index("eyeBlinkRight")]
    jaw = _JOINT + _TEETH + random.uniform(-0.05, 0.05, _TEETH.shape)
    write_npz(
        folder / "model_data.npz",
        {
            "shapes_matrix_skin": skin_basis,
            "shapes_mean_skin": bust.astype(np.float32),
            "lip_open_pose_delta": poses.field(bust, poses.LIPS_APART).astype(np.float32),
            "eye_close_pose_delta": skin_poses[blinks].sum(axis=0),
            "shapes_matrix_tongue": tongue_basis,
            "shapes_mean_tongue": tongue.astype(np.float32),
            "neutral_jaw": jaw.astype(np.float32),
            "saccade_rot_matrix": saccades(random),
        },
    )
    skin_rig = _rig(ARKIT, skin_poses, neutral=_rig_neutral(bust, random))
    tongue_rig = _rig(TONGUE, tongue_poses, neutral=_rig_neutral(tongue, random))
    mask = {"frontalMask": surface.frontal(bust, size.frontal)}
    write_npz(folder / "bs_skin.npz", {**skin_rig, **mask})
    write_npz(folder / "bs_tongue.npz", tongue_rig)
    write_npz(folder / "implicit_emo_db.npz", _emotions(size.emotion_rows, random))
    return _motion(skin_sizes, tongue_sizes, jaw=jaw)


def saccades(random: np.random.Generator) -> Floats:
    """Fixations of 0.2 to 1 s with a little tremor, float32 (5000, 2), degrees, within ±4."""
    rows: list[Doubles] = []
    while sum(map(len, rows)) < SACCADES:
        fixation = random.standard_normal(2) * (0.9, 1.1)
        rows.append(fixation + 0.05 * random.standard_normal((random.integers(6, 31), 2)))
    table: Doubles = np.concatenate(rows)[:SACCADES]
    return np.clip(table, -4.0, 4.0).astype(np.float32)


def _ordered(names: tuple[str, ...], deltas: Floats, *, first: tuple[str, ...]) -> list[Floats]:
    """The deltas, the first ones in front, without those that no solver uses."""
    others = [name for name in names if name not in first and not name.startswith(_INACTIVE)]
    if names is TONGUE:
        others = [name for name in names if name not in first]
    return [deltas[names.index(name)] for name in (*first, *others)]


def _rig_neutral(points: Doubles, random: np.random.Generator) -> Floats:
    """The rig's own neutral: the mean with up to 0.2 mm between, its box as large."""
    waves = np.sin(points @ random.standard_normal((3, 3)) * 0.3)
    moved = points + 0.02 * waves
    scale = np.linalg.norm(np.ptp(points, axis=0)) / np.linalg.norm(np.ptp(moved, axis=0))
    neutral: Doubles = points.mean(axis=0) + scale * (moved - points.mean(axis=0))
    return neutral.astype(np.float32)


def _rig(names: tuple[str, ...], deltas: Floats, *, neutral: Floats) -> dict[str, NDArray[Any]]:
    pose_names = np.array([name.encode() for name in ("neutral", *names)])
    named = dict(zip(names, deltas, strict=True))
    return {"poseNames": pose_names, "neutral": neutral, **named}


def _emotions(rows: int, random: np.random.Generator) -> dict[str, NDArray[Any]]:
    """A neutral shot of at least the source's length, then one per emotion, values of ±0.01."""
    names = [SOURCE_SHOT, *(f"cp{i}_{name}" for i, name in enumerate(EMOTIONS, start=2))]
    rest, count = rows - SOURCE_FRAMES, len(names)
    starts = [SOURCE_FRAMES + rest * i // count for i in range(1, count)]
    starts = [0, *starts]
    ends = [*starts[1:], rows]
    return {
        "emo_db": (0.01 * random.standard_normal((rows, IMPLICIT_LEN))).astype(np.float32),
        "emo_spec_names": np.array([name.encode() for name in names]),
        "emo_spec_start": np.array(starts, np.int32),
        "emo_spec_size": np.array(ends, np.int32) - np.array(starts, np.int32),
    }


def _motion(skin: Doubles, tongue: Doubles, *, jaw: Doubles) -> Motion:
    angle = np.radians(_JAW_DEG)
    turn = np.array(
        [
            (1.0, 0.0, 0.0),
            (0.0, np.cos(angle), -np.sin(angle)),
            (0.0, np.sin(angle), np.cos(angle)),
        ]
    )
    teeth = (jaw - _JOINT) @ turn.T + _JOINT - jaw
    opening = np.concatenate(
        [np.zeros(len(skin)), np.zeros(len(tongue)), teeth.reshape(-1), np.zeros(EYES_LEN)]
    )
    opening[0] = _OPEN * skin[0]
    opening[len(skin)] = _OPEN * tongue[0]
    fading = 0.12 / (1.0 + np.arange(len(skin)) / 20.0)
    # The jaw follows the loudness, and chance little.
    fading[0] = 0.04
    spread = np.concatenate(
        [
            skin * fading,
            0.15 * tongue,
            np.full(JAW_LEN, 0.02),
            np.full(EYES_LEN, 1.0),
        ]
    )
    return Motion(spread=spread, opening=opening, shapes=len(skin), tongue_shapes=len(tongue))
