"""Names, orders and ranges that other products define, written down a second time."""

import numpy as np
import pytest

from a2f_ws.names import ARKIT, TONGUE
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.table import load_rigs
from tests.rig.tables import mapped, some_faces

RIGS = load_rigs()

CONSTANTS = """
EYE_LOOK_OUT_RIGHT EYE_LOOK_IN_RIGHT EYE_LOOK_UP_RIGHT EYE_LOOK_DOWN_RIGHT
EYE_LOOK_OUT_LEFT EYE_LOOK_IN_LEFT EYE_LOOK_UP_LEFT EYE_LOOK_DOWN_LEFT
EYE_CLOSED_RIGHT EYE_CLOSED_LEFT EYE_SQUINT_RIGHT EYE_SQUINT_LEFT EYE_WIDE_RIGHT EYE_WIDE_LEFT
EYE_DILATION_RIGHT EYE_DILATION_LEFT EYE_CONSTRICT_RIGHT EYE_CONSTRICT_LEFT
BROW_PINCH_RIGHT BROW_PINCH_LEFT BROW_LOWERER_RIGHT BROW_LOWERER_LEFT
BROW_INNER_UP_RIGHT BROW_INNER_UP_LEFT BROW_OUTER_UP_RIGHT BROW_OUTER_UP_LEFT
NOSE_SNEER_RIGHT NOSE_SNEER_LEFT NASAL_DILATION_RIGHT NASAL_DILATION_LEFT
NASAL_CONSTRICT_RIGHT NASAL_CONSTRICT_LEFT CHEEK_SQUINT_RIGHT CHEEK_SQUINT_LEFT
CHEEK_PUFF_RIGHT CHEEK_PUFF_LEFT CHEEK_SUCK_RIGHT CHEEK_SUCK_LEFT
JAW_OPEN MOUTH_CLOSED JAW_RIGHT JAW_LEFT JAW_FORWARD JAW_BACKWARD JAW_CLENCH JAW_MANDIBLE_RAISE
LIP_SUCK_UPPER_RIGHT LIP_SUCK_UPPER_LEFT LIP_SUCK_LOWER_RIGHT LIP_SUCK_LOWER_LEFT
LIP_SUCK_CORNER_RIGHT LIP_SUCK_CORNER_LEFT
LIP_FUNNEL_UPPER_RIGHT LIP_FUNNEL_UPPER_LEFT LIP_FUNNEL_LOWER_RIGHT LIP_FUNNEL_LOWER_LEFT
LIP_PUCKER_UPPER_RIGHT LIP_PUCKER_UPPER_LEFT LIP_PUCKER_LOWER_RIGHT LIP_PUCKER_LOWER_LEFT
MOUTH_UPPER_UP_RIGHT MOUTH_UPPER_UP_LEFT MOUTH_LOWER_DOWN_RIGHT MOUTH_LOWER_DOWN_LEFT
MOUTH_UPPER_DEEPEN_RIGHT MOUTH_UPPER_DEEPEN_LEFT MOUTH_UPPER_RIGHT MOUTH_UPPER_LEFT
MOUTH_LOWER_RIGHT MOUTH_LOWER_LEFT MOUTH_CORNER_PULL_RIGHT MOUTH_CORNER_PULL_LEFT
MOUTH_CORNER_SLANT_RIGHT MOUTH_CORNER_SLANT_LEFT MOUTH_FROWN_RIGHT MOUTH_FROWN_LEFT
MOUTH_STRETCH_RIGHT MOUTH_STRETCH_LEFT MOUTH_DIMPLE_RIGHT MOUTH_DIMPLE_LEFT
MOUTH_RAISER_UPPER MOUTH_RAISER_LOWER MOUTH_PRESS_RIGHT MOUTH_PRESS_LEFT
MOUTH_TIGHTENER_RIGHT MOUTH_TIGHTENER_LEFT
TONGUE_OUT TONGUE_UP TONGUE_DOWN TONGUE_RIGHT TONGUE_LEFT TONGUE_ROLL TONGUE_BEND_DOWN
TONGUE_CURL_UP TONGUE_SQUISH TONGUE_FLAT TONGUE_TWIST_RIGHT TONGUE_TWIST_LEFT
SOFT_PALATE_CLOSE THROAT_SWALLOW NECK_FLEX_RIGHT NECK_FLEX_LEFT
EYE_CLOSED EYE_WIDE EYE_SQUINT EYE_DILATION EYE_CONSTRICT
BROW_DOWN_RIGHT BROW_DOWN_LEFT BROW_DOWN BROW_UP_RIGHT BROW_UP_LEFT BROW_UP
NOSE_SNEER NASAL_DILATION NASAL_CONSTRICT CHEEK_PUFF CHEEK_SUCK CHEEK_SQUINT
LIP_SUCK_UPPER LIP_SUCK_LOWER LIP_SUCK LIP_FUNNEL_UPPER LIP_FUNNEL_LOWER LIP_FUNNEL
LIP_PUCKER_UPPER LIP_PUCKER_LOWER LIP_PUCKER MOUTH_UPPER_UP MOUTH_LOWER_DOWN MOUTH_OPEN
MOUTH_RIGHT MOUTH_LEFT MOUTH_SMILE_RIGHT MOUTH_SMILE_LEFT MOUTH_SMILE
MOUTH_SAD_RIGHT MOUTH_SAD_LEFT MOUTH_SAD MOUTH_STRETCH MOUTH_DIMPLE MOUTH_TIGHTENER MOUTH_PRESS
"""
TRACKER = CONSTANTS.split()
"""XRFaceTracker.BlendShapeEntry of Godot 4.3, 0 to 142; it spells one FT_TONGUE_BLEND_DOWN."""


def camel(constant):
    return "".join(word.capitalize() for word in constant.split("_"))


def test_a_row_for_godot_is_what_its_face_tracker_takes():
    assert len(TRACKER) == 143
    assert RIGS["godot/unified"].curves == tuple(map(camel, TRACKER))
    assert RIGS["vrchat/unified"].curves == RIGS["godot/unified"].curves


WHOLES = {
    "BrowDownLeft": {"BrowLowererLeft": 0.75, "BrowPinchLeft": 0.25},
    "BrowUpRight": {"BrowOuterUpRight": 0.6, "BrowInnerUpRight": 0.4},
    "MouthSmileLeft": {"MouthCornerPullLeft": 0.8, "MouthCornerSlantLeft": 0.2},
    "LipFunnel": {f"LipFunnel{a}{b}": 0.25 for a in ("Upper", "Lower") for b in ("Left", "Right")},
    "LipPuckerUpper": {"LipPuckerUpperLeft": 0.5, "LipPuckerUpperRight": 0.5},
    "LipSuckLower": {"LipSuckLowerLeft": 0.5, "LipSuckLowerRight": 0.5},
    "MouthLeft": {"MouthUpperLeft": 0.5, "MouthLowerLeft": 0.5},
    "EyeClosed": {"EyeClosedLeft": 0.5, "EyeClosedRight": 0.5},
    "CheekPuff": {"CheekPuffLeft": 0.5, "CheekPuffRight": 0.5},
    "NoseSneer": {"NoseSneerLeft": 0.5, "NoseSneerRight": 0.5},
    "MouthPress": {"MouthPressLeft": 0.5, "MouthPressRight": 0.5},
}
"""Shapes that are made of others, in the shares of VRCFaceTracking."""


@pytest.mark.parametrize("whole", WHOLES)
def test_a_whole_of_unified_expressions_is_made_of_its_parts(whole):
    faces = np.clip(some_faces(50), 0, 1)
    rig = RIGS["vrchat/unified"]
    rows = dict(zip(rig.curves, Mapper(rig).map(faces).T, strict=False))
    wanted = sum(share * rows[part] for part, share in WHOLES[whole].items())
    np.testing.assert_allclose(rows[whole], wanted, atol=1e-6)


def test_sides_are_spelled_as_apples_names_read_at_run_time():
    names = RIGS["arkit-lr"].curves
    assert len(names) == 68
    assert names[52:] == TONGUE
    for spelled, name in zip(names, ARKIT, strict=False):
        if name in ("jawLeft", "jawRight", "mouthLeft", "mouthRight"):
            assert spelled == name
        else:
            assert spelled.replace("_L", "Left").replace("_R", "Right") == name
            assert ("_" in spelled) == name.endswith(("Left", "Right"))


def test_perfect_sync_has_arkits_names_with_capitals_before_the_presets():
    rig = RIGS["unity/perfect-sync"]
    assert rig.curves[:52] == tuple(name[0].upper() + name[1:] for name in ARKIT)
    assert set(rig.curves[68:]) == set(RIGS["unity/vrm1"].curves)


def test_presets_of_vrm_come_in_the_order_of_its_specifications():
    assert RIGS["unity/vrm1"].curves == (
        "happy", "angry", "sad", "relaxed", "surprised", "aa", "ih", "ou", "ee", "oh",
        "blink", "blinkLeft", "blinkRight", "lookUp", "lookDown", "lookLeft", "lookRight",
        "neutral",
    )  # fmt: skip
    assert RIGS["unity/vrm0"].curves == (
        "Neutral", "A", "I", "U", "E", "O", "Blink", "Joy", "Angry", "Sorrow", "Fun",
        "LookUp", "LookDown", "LookLeft", "LookRight", "Blink_L", "Blink_R", "Surprised",
    )  # fmt: skip


def test_parameters_of_live2d_have_the_ranges_of_its_standard_list():
    ranges = {name: (value.low, value.high) for name, value in RIGS["live2d"].values.items()}
    assert {name for name, reach in ranges.items() if reach == (-1.0, 1.0)} == {
        "ParamEyeBallX", "ParamEyeBallY", "ParamMouthForm",
        *(f"ParamBrow{side}{what}" for side in "LR" for what in ("X", "Y", "Angle", "Form")),
    }  # fmt: skip
    angles = {name for name, reach in ranges.items() if reach == (-30.0, 30.0)}
    assert angles == {f"ParamAngle{axis}" for axis in "XYZ"}
    assert set(ranges.values()) == {(-1.0, 1.0), (0.0, 1.0), (-30.0, 30.0)}


def test_a_live2d_face_shows_its_mood_with_brows_eyes_and_cheeks():
    rest = mapped(RIGS["live2d"])

    def shown(**emotions):
        after = mapped(RIGS["live2d"], **emotions)
        return {k: round(v - rest[k], 2) for k, v in after.items() if v != rest[k]}

    assert shown(joy=1.0) == {"ParamEyeLSmile": 0.6, "ParamEyeRSmile": 0.6, "ParamCheek": 0.3}
    assert shown(anger=1.0) == {"ParamBrowLForm": -1.0, "ParamBrowRForm": -1.0}
    assert shown(sadness=1.0) == {"ParamBrowLForm": 0.6, "ParamBrowRForm": 0.6}
    assert shown(outofbreath=0.5) == {"ParamBreath": 0.5}


def test_a_mikumikudance_face_shows_its_mood_by_morphs_and_not_a_second_time_by_brows():
    def shown(**inputs):
        return {k: round(v, 2) for k, v in mapped(RIGS["mmd"], **inputs).items() if v}

    assert shown(joy=0.5) == {"にこり": 0.5, "照れ": 0.15}
    assert shown(anger=0.5, browDownLeft=0.5, browDownRight=0.5) == {"怒り": 0.5}
    assert shown(browDownLeft=0.5, browDownRight=0.5) == {"下": 0.5}
    assert shown(sadness=0.25, browInnerUp=0.5) == {"困る": 0.25}
    assert shown(amazement=0.75, eyeWideLeft=0.5, eyeWideRight=0.5) == {"びっくり": 0.75}


TONGUES = {
    "cc4": {
        "tongueTipUp": "Tongue_Tip_Up", "tongueUp": "Tongue_Up", "tongueLeft": "Tongue_L",
        "tongueTipRight": "Tongue_Tip_R", "tongueRollUp": "V_Tongue_Curl_U",
        "tongueRollLeft": "Tongue_Twist_L", "tongueIn": "Tongue_In", "tongueWide": "Tongue_Wide",
        "tongueStretch": "Tongue_Extend", "tongueOut": "Tongue_Out",
    },
    "vrchat/unified": {
        "tongueTipUp": "TongueUp", "tongueUp": "TongueUp", "tongueLeft": "TongueLeft",
        "tongueTipRight": "TongueRight", "tongueRollUp": "TongueCurlUp",
        "tongueRollDown": "TongueBendDown", "tongueRollLeft": "TongueTwistLeft",
        "tongueWide": "TongueFlat", "tongueNarrow": "TongueSquish", "tongueStretch": "TongueOut",
    },
    "mmd": {"tongueOut": "ぺろっ"},
}  # fmt: skip


@pytest.mark.parametrize("name", TONGUES)
def test_poses_of_the_tongue_move_whatever_tongue_a_rig_has(name):
    rest = mapped(RIGS[name])
    for pose, curve in TONGUES[name].items():
        after = mapped(RIGS[name], **{pose: 0.5})
        assert {k: v for k, v in after.items() if v != rest[k]} == {curve: 0.5}
