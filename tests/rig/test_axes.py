"""Look left, nod down, tilt right: heads and eyes in the axes of each engine, by examples."""

import numpy as np
import pytest

from a2f_ws.names import EYES, FACE, WEIGHTS
from a2f_ws.rig.faults import Faults
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.parse import parse
from a2f_ws.rig.table import load_rigs
from a2f_ws.shaping.gaze import look
from tests.rig.tables import face, mapped

RIGS = load_rigs()
EVERY = pytest.mark.parametrize("name", RIGS)

GLTF = {"left": (0, 1, 0), "down": (1, 0, 0), "tilt": (0, 0, 1), "up": (0, 1, 0), "cm": 100}
"""Right-handed, +Y up, the face looks to +Z, +X is the character's left; metres."""

UNITY = {"left": (0, -1, 0), "down": (1, 0, 0), "tilt": (0, 0, -1), "up": (0, 1, 0), "cm": 100}
"""Left-handed: Quaternion.Euler(20, -30, -10) nods down, looks left and tilts to its own right."""

VRM0 = {"left": (0, 1, 0), "down": (-1, 0, 0), "tilt": (0, 0, -1), "up": (0, 1, 0), "cm": 100}
"""glTF of a VRM 0.x: right-handed, the face looks to -Z."""

MMD = {"left": (0, -1, 0), "down": (-1, 0, 0), "tilt": (0, 0, 1), "up": (0, 1, 0), "cm": 8}
"""PMX: left-handed, +Y up, the face looks to -Z, +X is the character's left; 8 cm."""

UNREAL = {"left": (0, 0, -1), "down": (0, 1, 0), "tilt": (-1, 0, 0), "up": (0, 0, 1), "cm": 1}
"""Left-handed, +Z up, the face looks to +X: FRotator(-20, -30, 10) nods down, looks left, tilts."""

HEAD_BONE = {"left": (-1, 0, 0), "down": (0, 0, 1), "tilt": (0, -1, 0), "up": (1, 0, 0), "cm": 1}
"""MetaHuman's bone "head": left-handed, +X up, the face looks to +Y, +Z: the character's right."""

ENGINES = {
    "arkit": GLTF,
    "arkit-lr": GLTF,
    "browser": GLTF,
    "browser/vrm0": VRM0,
    "cc4": GLTF,
    "godot": GLTF,
    "jaw": GLTF,
    "live2d": GLTF,
    "mmd": MMD,
    "nim": GLTF,
    "unreal": UNREAL,
    "unreal/metahuman": HEAD_BONE,
    "unity": UNITY,
    "visemes": GLTF,
    "vowels": GLTF,
    "vrchat": UNITY,
}
"""Rig or folder → axis about which a turn is +, by the turn; upwards; centimetres in its unit."""


def engine(name):
    return ENGINES.get(name) or ENGINES[name.split("/")[0]]


def posed(name, **motion):
    """The head of a rig, float (7,), turned by degrees or moved by metres."""
    document = {
        "title": "T",
        "source": "S",
        "extends": name,
        "transforms": {"head": {key: {"offset": value} for key, value in motion.items()}},
    }
    rig = parse(document, "posed", faults=Faults("posed"), known=RIGS)
    at = len(rig.curves) + 7 * rig.transforms.index("head")
    return Mapper(rig).map(face())[0, at : at + 7]


def about(axis, degrees):
    """A quaternion x y z w."""
    half = np.deg2rad(degrees / 2)
    return [*(np.sin(half) * np.array(axis)), np.cos(half)]


@EVERY
@pytest.mark.parametrize(
    ("turn", "motion", "degrees"),
    [("left", "yaw", 30.0), ("down", "pitch", 20.0), ("tilt", "roll", 10.0)],
)
def test_a_head_looks_left_nods_down_and_tilts_right_as_its_engine_means_it(
    name, turn, motion, degrees
):
    got = posed(name, **{motion: degrees})
    np.testing.assert_allclose(got[:4], about(engine(name)[turn], degrees), atol=1e-6)
    assert not got[4:].any()


@EVERY
def test_a_head_that_rises_by_a_centimetre_rises_in_the_unit_of_its_engine(name):
    got = posed(name, y=0.01)
    unit = 1.0 / engine(name)["cm"]
    np.testing.assert_allclose(got[4:], np.array(engine(name)["up"]) * unit, atol=1e-7)


TURNED = [name for name, rig in RIGS.items() if {"leftEye", "rightEye"} <= set(rig.transforms)]


@pytest.mark.parametrize("name", TURNED)
def test_eyes_turn_left_and_down_as_their_engine_means_it(name):
    rig = RIGS[name]
    looking = face(eyeLeftY=20.0, eyeRightY=15.0, eyeLeftX=0.0, eyeRightX=0.0)
    down = face(eyeLeftX=10.0, eyeRightX=12.0)
    for faces, turn, degrees in ((looking, "left", (20.0, 15.0)), (down, "down", (10.0, 12.0))):
        row = Mapper(rig).map(faces)[0]
        for eye, angle in zip(("leftEye", "rightEye"), degrees, strict=True):
            at = len(rig.curves) + 7 * rig.transforms.index(eye)
            wanted = about(engine(name)[turn], angle)
            np.testing.assert_allclose(row[at : at + 4], wanted, atol=1e-6)


def test_the_eyes_of_mikumikudance_are_one_bone_between_both_gazes():
    rig = RIGS["mmd"]
    row = Mapper(rig).map(face(eyeLeftY=20.0, eyeRightY=10.0))[0]
    at = len(rig.curves) + 7 * rig.transforms.index("eyes")
    np.testing.assert_allclose(row[at : at + 4], about(MMD["left"], 15.0), atol=1e-6)


def test_a_jaw_opens_downwards_in_every_rig_that_turns_one():
    rigs = [rig for rig in RIGS.values() if "jaw" in rig.transforms]
    assert {rig.name for rig in rigs} >= {"jaw", "cc4"}
    for rig in rigs:
        row = Mapper(rig).map(face(jawOpen=1.0))[0]
        at = len(rig.curves) + 7 * rig.transforms.index("jaw")
        wanted = about(engine(rig.name)["down"], 25.0)
        np.testing.assert_allclose(row[at : at + 4], wanted, atol=1e-6)


def gazing(pitch_deg, yaw_deg):
    """A face whose network looks this way: + down and + to the character's left, both eyes."""
    row = face(eyeLeftX=pitch_deg, eyeRightX=pitch_deg, eyeLeftY=yaw_deg, eyeRightY=yaw_deg)
    look(row[:, : len(WEIGHTS)], row[:, len(WEIGHTS) : len(WEIGHTS) + len(EYES)])
    return dict(zip(FACE, row[0].tolist(), strict=True))


ARKIT_LEFT = {"eyeLookOutLeft": 0.5, "eyeLookInRight": 0.5}
LOOKS = {
    "arkit": (ARKIT_LEFT, {"eyeLookDownLeft": 0.5, "eyeLookDownRight": 0.5}),
    "arkit-lr": (
        {"eyeLookOut_L": 0.5, "eyeLookIn_R": 0.5},
        {"eyeLookDown_L": 0.5, "eyeLookDown_R": 0.5},
    ),
    "unity/vrm1": ({"lookLeft": 0.5}, {"lookDown": 0.5}),
    "unity/vrm0": ({"LookLeft": 0.5}, {"LookDown": 0.5}),
    "unity/perfect-sync": (
        {"EyeLookOutLeft": 0.5, "EyeLookInRight": 0.5},
        {"EyeLookDownLeft": 0.5, "EyeLookDownRight": 0.5},
    ),
    "vrchat/unified": (
        {"EyeLookOutLeft": 0.5, "EyeLookInRight": 0.5},
        {"EyeLookDownLeft": 0.5, "EyeLookDownRight": 0.5},
    ),
    "cc4": (
        {"Eye_L_Look_L": 0.5, "Eye_R_Look_L": 0.5},
        {"Eye_L_Look_Down": 0.5, "Eye_R_Look_Down": 0.5},
    ),
    "live2d": ({"ParamEyeBallX": 0.5}, {"ParamEyeBallY": -0.5}),
    "unreal/metahuman": (
        {"CTRL_expressions_eyeLookLeftL": 0.5, "CTRL_expressions_eyeLookLeftR": 0.5},
        {"CTRL_expressions_eyeLookDownL": 0.5, "CTRL_expressions_eyeLookDownR": 0.5},
    ),
}
"""Rig → its curves for a gaze 15 degrees to the character's left, and 15 degrees down."""


@pytest.mark.parametrize("name", LOOKS)
def test_a_gaze_of_fifteen_degrees_is_half_of_the_curves_that_look_there(name):
    rest = mapped(RIGS[name])
    for wanted, (pitch, yaw) in zip(LOOKS[name], ((0.0, 15.0), (15.0, 0.0)), strict=True):
        shown = mapped(RIGS[name], **gazing(pitch, yaw))
        moved = {curve: value for curve, value in shown.items() if value != rest[curve]}
        assert moved == wanted
