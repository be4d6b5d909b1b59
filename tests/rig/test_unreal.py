"""Live Link Face, and heads in the axes of Unreal and of MetaHuman's bone."""

import re

import numpy as np
import pytest

from a2f_ws.output.livelink_packet import VALUES
from a2f_ws.rig.space import transforms
from a2f_ws.rig.table import bundled_folder, load_rigs
from tests.rig.tables import mapped
from tests.rig.test_axes import gazing

RIGS = load_rigs()
LIVELINK = RIGS["unreal/livelink"]
METAHUMAN = RIGS["unreal/metahuman"]
BONE = (0.0, np.sqrt(0.5), 0.0, -np.sqrt(0.5))
"""How the bone "head" stands in a MetaHuman's mesh, which looks to +Y: a quaternion x y z w.

Source: `HeadBoneRotation` in MetaHumanHeadTransform.cpp (Epic), rounded.
"""


def of_rotator(pitch, yaw, roll):
    """An FRotator, degrees, as a quaternion x y z w. Source: FRotator::Quaternion (Unreal)."""
    (sp, sy, sr), (cp, cy, cr) = (
        [wave(np.deg2rad(angle / 2)) for angle in (pitch, yaw, roll)] for wave in (np.sin, np.cos)
    )
    return np.array([
        cr * sp * sy - sr * cp * cy,
        -cr * sp * cy - sr * cp * sy,
        cr * cp * sy - sr * sp * cy,
        cr * cp * cy + sr * sp * sy,
    ])  # fmt: skip


def times(a, b):
    """The rotation b and then a, both x y z w."""
    (x, y, z, w), (i, j, k, r) = a, b
    return np.array([
        w * i + x * r + y * k - z * j,
        w * j - x * k + y * r + z * i,
        w * k + x * j - y * i + z * r,
        w * r - x * i - y * j - z * k,
    ])  # fmt: skip


def turned(rig, pitch=0.0, yaw=0.0, roll=0.0):
    """The head of a rig, x y z w, for + down, + left, + right in degrees."""
    return transforms(np.array([[[pitch, yaw, roll, 0, 0, 0]]], np.float32), rig.space)[0, 0, :4]


def test_live_link_has_the_61_values_of_its_packet_in_their_order():
    assert LIVELINK.curves == VALUES
    assert len(LIVELINK.curves) == 61
    assert "CTRL_expressions_mouthUp" not in LIVELINK.curves


def test_live_link_gets_the_pair_whose_quotient_seals_the_lips():
    shown = mapped(LIVELINK, jawOpen=0.5, mouthClose=0.375)
    assert (shown["JawOpen"], shown["MouthClose"]) == (0.5, 0.375)


@pytest.mark.parametrize(
    ("pitch", "yaw", "angles"),
    [
        (0.0, 15.0, {"LeftEyeYaw": 15.0, "RightEyeYaw": 15.0}),
        (10.0, 0.0, {"LeftEyePitch": -10.0, "RightEyePitch": -10.0}),
        (-6.0, -9.0, {"LeftEyeYaw": -9.0, "RightEyeYaw": -9.0,
                      "LeftEyePitch": 6.0, "RightEyePitch": 6.0}),
    ],
)  # fmt: skip
def test_live_links_eyes_turn_in_radians_plus_to_their_own_left_and_up(pitch, yaw, angles):
    shown = mapped(LIVELINK, **gazing(pitch, yaw))
    found = {name: value for name, value in shown.items() if value and name in VALUES[52:]}
    assert found.keys() == angles.keys()
    for name, degrees in angles.items():
        assert found[name] == pytest.approx(np.deg2rad(degrees), rel=1e-5)


def test_live_links_gaze_is_the_same_in_curves_and_angles():
    shown = mapped(LIVELINK, **gazing(12.0, -21.0))
    assert shown["EyeLookInLeft"] == shown["EyeLookOutRight"] == pytest.approx(21 / 30)
    assert shown["EyeLookDownLeft"] == shown["EyeLookDownRight"] == pytest.approx(12 / 30)
    assert -shown["LeftEyeYaw"] == pytest.approx(shown["EyeLookInLeft"] * np.deg2rad(30))
    assert -shown["LeftEyePitch"] == pytest.approx(shown["EyeLookDownLeft"] * np.deg2rad(30))


def test_live_links_angles_hold_half_a_turn():
    high = mapped(LIVELINK, eyeLeftY=400.0, eyeRightX=400.0)
    assert (high["LeftEyeYaw"], high["RightEyePitch"]) == (np.float32(3.2), np.float32(-3.2))


@pytest.mark.parametrize(
    ("turn", "rotator"),
    [
        ({"yaw": 30.0}, (0.0, -30.0, 0.0)),
        ({"pitch": 20.0}, (-20.0, 0.0, 0.0)),
        ({"roll": 10.0}, (0.0, 0.0, 10.0)),
        ({"pitch": 20.0, "yaw": 30.0, "roll": 10.0}, (-20.0, -30.0, 10.0)),
    ],
)
@pytest.mark.parametrize("name", ["unreal/livelink", "unreal/metahuman-a2f"])
def test_look_left_nod_down_and_tilt_right_are_these_rotators(name, turn, rotator):
    np.testing.assert_allclose(turned(RIGS[name], **turn), of_rotator(*rotator), atol=1e-6)


@pytest.mark.parametrize(
    ("turn", "rotator"),
    [
        ({"yaw": 30.0}, (0.0, 0.0, 30.0)),
        ({"pitch": 20.0}, (0.0, 20.0, 0.0)),
        ({"roll": 10.0}, (10.0, 0.0, 0.0)),
    ],
)
def test_on_metahumans_head_bone_left_is_roll_down_is_yaw_and_tilt_is_pitch(turn, rotator):
    np.testing.assert_allclose(turned(METAHUMAN, **turn), of_rotator(*rotator), atol=1e-6)


def test_the_worked_examples_of_the_readme_are_what_the_server_computes():
    text = (bundled_folder() / "unreal" / "README.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith(("| look", "| nod", "| tilt"))]
    assert len(lines) == 6
    turns = [{"yaw": 30.0}, {"pitch": 20.0}, {"roll": 10.0}]
    for k, line in enumerate(lines):
        written = re.search(r"\((.*?)\)", line)[1].replace("−", "-").split(",")
        rig = (LIVELINK, METAHUMAN)[k // 3]
        np.testing.assert_allclose(turned(rig, **turns[k % 3]), np.float64(written), atol=6e-4)


@pytest.mark.parametrize("turn", [{"yaw": 30.0}, {"pitch": 20.0}, {"roll": 10.0}])
def test_the_head_bones_turn_is_the_turn_of_the_mesh_about_the_bones_own_axes(turn):
    in_unreal = turned(LIVELINK, **turn)
    x, y, z, w = in_unreal
    in_mesh = (-y, x, z, w)
    back = np.array([*-np.array(BONE[:3]), BONE[3]])
    wanted = times(times(back, in_mesh), BONE)
    np.testing.assert_allclose(turned(METAHUMAN, **turn), wanted, atol=1e-6)
