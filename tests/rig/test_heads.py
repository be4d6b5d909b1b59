"""Real lists of names: which rig "auto" takes, what it drives, and that closures survive."""

from pathlib import Path

import numpy as np
import pytest

from a2f_ws.rig.matching import best, fitted
from a2f_ws.rig.sweep import Sweep
from a2f_ws.rig.table import load_rigs
from tests.rig.tables import mapped

RIGS = load_rigs()
HEADS = Path(__file__).resolve().parents[1] / "data" / "heads"
SEALED = {
    "jawOpen": 0.4,
    "mouthClose": 0.4,
    "mouthPressLeft": 0.45,
    "mouthPressRight": 0.45,
    "mouthRollLower": 0.18,
    "mouthRollUpper": 0.15,
    "mouthStretchLeft": 0.1,
    "mouthStretchRight": 0.1,
}
OPEN = {"jawOpen": 0.6, "mouthLowerDownLeft": 0.15, "mouthLowerDownRight": 0.15}


def names(head):
    lines = (HEADS / f"{head}.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    return [line for line in lines if not line.startswith("#")]


def fit(head):
    return best(RIGS.values(), names(head))


@pytest.mark.parametrize(
    ("head", "rig", "driven", "missing", "unmatched"),
    [
        ("sloth", "browser/arkit", 52, 16, 0),
        ("own", "browser/arkit", 68, 0, 0),
        ("vrm1_perfect_sync", "unity/perfect-sync", 52, 16, 18),
        ("cc4", "cc4", 61, 17, 49),
        ("rpm", "browser/rpm", 52, 16, 20),
        ("rpm_visemes", "browser/rpm", 19, 30, 1),
        ("rpm_default", "browser/rpm", 2, 70, 0),
        ("vrm1", "unity/vrm1", 16, 0, 2),
        ("vrm0", "unity/vrm0", 16, 0, 2),
        ("vroid", "unity/vrm0", 12, 4, 34),
        ("oculus", "unity/oculus", 15, 0, 0),
        ("vrchat", "unity/oculus", 15, 0, 1),
        ("unified", "vrchat/unified", 78, 0, 29),
        ("live2d", "live2d", 21, 0, 7),
        ("mmd", "mmd", 21, 0, 13),
        ("jaw_bone", "jaw", 1, 0, 3),
        ("metahuman", "unreal/metahuman", 95, 0, 165),
    ],
)
def test_auto_finds_the_rig_of_a_head(head, rig, driven, missing, unmatched):
    found = fit(head)
    counts = (len(found.table.curves), len(found.missing), len(found.unmatched))
    assert (found.table.name, counts) == (rig, (driven, missing, unmatched))
    have = names(head)
    assert list(found.table.curves) == [name for name in have if name in found.table.curves]
    assert sorted([*found.table.curves, *found.unmatched]) == sorted(have)


def test_a_head_with_arkit_and_visemes_is_moved_by_arkit_alone():
    found = fit("rpm")
    assert not [name for name in found.table.curves if name.startswith("viseme_")]
    assert set(found.unmatched) >= {"viseme_aa", "viseme_sil", "mouthOpen", "mouthSmile"}


def test_perfect_sync_is_moved_by_arkit_and_its_presets_rest():
    found = fit("vrm1_perfect_sync")
    assert set(found.unmatched) == set(names("vrm1"))


def test_a_vrm_without_perfect_sync_speaks_and_blinks_with_presets_there_too():
    for head in ("vrm1", "vrm0"):
        found = fitted(RIGS["unity/perfect-sync"], names(head))
        plain = fit(head)
        assert (found.table.curves, found.unmatched) == (plain.table.curves, plain.unmatched)
        assert found.table.idle == plain.table.idle
        for pose in (SEALED, OPEN, {"joy": 0.5, "eyeBlinkLeft": 1.0, "eyeLookOutLeft": 0.5}):
            assert mapped(found.table, **pose) == mapped(plain.table, **pose)


def test_a_shape_made_of_others_moves_only_where_the_others_are_lacking():
    found = fit("unified")
    assert set(found.unmatched) >= {
        "LipSuckUpper", "LipSuckLower", "LipFunnel", "LipPucker", "MouthSmileLeft",
        "MouthSadRight", "MouthOpen", "BrowDownLeft",
    }  # fmt: skip
    wholes = ["JawOpen", "MouthClosed", "LipFunnel", "LipPucker", "MouthSmileLeft", "EyeClosed"]
    small = fitted(RIGS["vrchat/unified"], wholes)
    assert (small.table.curves, small.unmatched) == (tuple(wholes), ())
    assert small.table.idle["blinkLeft"] == (5, 1.0)


@pytest.mark.parametrize(
    ("have", "driven"),
    [
        (["Jaw_Open", "Merged_Open_Mouth", "Mouth_Close"], ["Merged_Open_Mouth", "Mouth_Close"]),
        (["V_Open", "V_Explosive", "V_Tight_O", "Mouth_Press_L"], None),
        (
            ["V_Open", "Jaw_Open", "V_Explosive", "V_Tight_O"],
            ["Jaw_Open", "V_Explosive", "V_Tight_O"],
        ),
    ],
)
def test_a_character_creators_mouth_is_moved_by_shapes_or_by_visemes(have, driven):
    found = fitted(RIGS["cc4"], have).table
    assert list(found.curves) == (driven or ["V_Open", "V_Explosive", "V_Tight_O"])
    sealed, opened = mapped(found, **SEALED), mapped(found, **OPEN)
    opens = next(name for name in ("Merged_Open_Mouth", "Jaw_Open", "V_Open") if name in opened)
    assert opened[opens] > 0.5
    assert sealed[opens] - sealed.get("Mouth_Close", 0.0) < 0.01
    assert sealed.get("V_Explosive", 1.0) > 0.9


def test_a_live2d_model_with_vowels_is_opened_by_them_alone():
    vowels = ["ParamA", "ParamI", "ParamU", "ParamE", "ParamO"]
    found = fitted(RIGS["live2d"], ["ParamMouthOpenY", *vowels])
    assert (found.table.curves, found.unmatched) == (tuple(vowels), ("ParamMouthOpenY",))
    assert mapped(found.table, **OPEN)["ParamA"] > 0.9
    assert not any(mapped(found.table, **SEALED).values())


def test_lids_of_a_mikumikudance_model_close_once_whatever_closes_them():
    rig = RIGS["mmd"]
    for left, right in ((1.0, 1.0), (1.0, 0.0), (0.3, 0.8)):
        shown = mapped(rig, eyeBlinkLeft=left, eyeBlinkRight=right)
        both = shown["まばたき"]
        np.testing.assert_allclose(both + shown["ウィンク２"], left, atol=1e-6)
        np.testing.assert_allclose(both + shown["ｳｨﾝｸ２右"], right, atol=1e-6)
    merry = mapped(rig, eyeBlinkLeft=1.0, eyeBlinkRight=1.0, joy=1.0)
    assert merry["まばたき"] + merry["笑い"] == pytest.approx(1.0)
    alone = fitted(rig, ["まばたき"]).table
    assert mapped(alone, eyeBlinkLeft=1.0) == {"まばたき": 0.5}


def test_a_head_with_visemes_alone_gets_visemes_a_smile_and_blinks():
    found = fit("rpm_visemes")
    shown = mapped(found.table, mouthSmileLeft=1.0, mouthSmileRight=0.5, eyeBlinkLeft=1.0)
    assert (shown["mouthSmile"], shown["eyesClosed"]) == (0.75, 0.5)
    assert found.unmatched == ("mouthOpen",)
    assert {role for role in found.table.idle} == {
        "blinkLeft", "lookUpLeft", "lookDownLeft", "head"
    }  # fmt: skip
    assert mapped(found.table, **OPEN)["viseme_aa"] > 0.9


def test_halves_and_quarters_of_a_shape_follow_it_on_a_character_creator_head():
    shown = mapped(fit("cc4").table, mouthPucker=0.5, browInnerUp=0.25, eyeLookInLeft=0.75)
    assert {name: value for name, value in shown.items() if value} == {
        "Mouth_Pucker_Up_L": 0.5,
        "Mouth_Pucker_Up_R": 0.5,
        "Mouth_Pucker_Down_L": 0.5,
        "Mouth_Pucker_Down_R": 0.5,
        "Brow_Raise_Inner_L": 0.25,
        "Brow_Raise_Inner_R": 0.25,
        "Eye_L_Look_R": 0.75,
    }


@pytest.mark.parametrize(
    ("head", "openers"),
    [
        ("rpm_visemes", ["viseme_aa", "viseme_E", "viseme_I", "viseme_O", "viseme_U"]),
        ("rpm_default", ["mouthOpen"]),
        ("vrm1", ["aa", "ih", "ou", "ee", "oh"]),
        ("vrm0", ["A", "I", "U", "E", "O"]),
        ("vroid", ["Fcl_MTH_A", "Fcl_MTH_I", "Fcl_MTH_U", "Fcl_MTH_E", "Fcl_MTH_O"]),
        ("oculus", ["aa", "E", "ih", "oh", "ou"]),
        ("vrchat", ["vrc.v_aa", "vrc.v_e", "vrc.v_ih", "vrc.v_oh", "vrc.v_ou"]),
        ("live2d", ["ParamMouthOpenY"]),
        ("mmd", ["あ", "い", "う", "え", "お"]),
        ("jaw_bone", ["mixamorig:Jaw"]),
    ],
)
def test_a_bilabial_closes_every_head_that_has_no_mouth_close(head, openers):
    sealed, opened = (mapped(fit(head).table, **pose) for pose in (SEALED, OPEN))
    assert [name for name in openers if sealed[name] > 0.01] == []
    assert max(opened[name] for name in openers) > 0.5


@pytest.mark.parametrize("head", ["sloth", "own", "rpm", "cc4", "vrm1_perfect_sync", "unified"])
def test_a_bilabial_closes_every_head_that_has_mouth_close(head):
    found = fit(head).table
    shown = {
        name.rpartition(".")[2].replace("_", "").lower().replace("closed", "close"): value
        for name, value in mapped(found, **SEALED).items()
    }
    assert shown["jawopen"] == shown["mouthclose"] == np.float32(0.4)


VISEMES = [name for name in RIGS["browser/rpm"].curves if name.startswith("viseme_")]


@pytest.mark.parametrize(
    "have",
    [
        ["viseme_aa", "viseme_PP", "mouthPressLeft", "mouthPressRight"],
        [*VISEMES, "mouthStretchLeft", "mouthRollLower", "tongueOut", "jawForward"],
        [*VISEMES, "mouthFunnel", "jawOpen"],
        [*VISEMES, "mouthFunnel", "mouthPucker"],
    ],
)
def test_a_mouth_is_moved_by_visemes_alone_where_arkits_is_not_whole(have):
    found = fitted(RIGS["browser/rpm"], have)
    assert list(found.table.curves) == [name for name in have if name.startswith("viseme_")]
    assert mapped(found.table, **SEALED)["viseme_PP"] > 0.9
    assert mapped(found.table, **OPEN)["viseme_aa"] > 0.5


def test_a_mouth_is_moved_by_arkit_alone_where_it_is_whole():
    have = [*VISEMES, "jawOpen", "mouthFunnel", "mouthPucker"]
    found = fitted(RIGS["browser/rpm"], have)
    assert found.unmatched == tuple(VISEMES)


def test_a_head_of_visemes_still_shows_a_mood():
    found = fitted(RIGS["browser/rpm"], [*VISEMES, "mouthSmileLeft", "mouthFrownRight"])
    shown = mapped(found.table, mouthSmileLeft=0.5, mouthFrownRight=0.25)
    assert (shown["mouthSmileLeft"], shown["mouthFrownRight"]) == (0.5, 0.25)


@pytest.mark.parametrize(
    ("rig", "both", "one"),
    [("unity/vrm1", "blink", "blinkLeft"), ("browser/rpm", "eyesClosed", "eyeBlinkRight")],
)
def test_both_eyes_close_on_a_head_that_has_one_lid_and_a_blink_of_both(rig, both, one):
    found = fitted(RIGS[rig], [both, one])
    assert mapped(found.table, eyeBlinkLeft=1.0, eyeBlinkRight=1.0) == {both: 1.0}
    assert found.table.idle["blinkLeft"] == (0, 1.0)
    assert found.unmatched == (one,)


def test_visemes_of_character_creator_3_speak_without_their_later_prefix():
    visemes = ["Open", "Explosive", "Dental_Lip", "Tight-O", "Tight", "Wide", "Affricate"]
    have = [*visemes, "Lip_Open", "Tongue_Curl-U", "Eye_Blink_L", "Mouth_Smile_L", "Mouth_Smile_R"]
    found = best(RIGS.values(), have)
    assert (found.table.name, found.unmatched) == ("cc4", ("Tight",))
    sealed, opened = mapped(found.table, **SEALED), mapped(found.table, **OPEN)
    assert (sealed["Open"], opened["Open"]) == (0.0, pytest.approx(0.75))
    assert (sealed["Explosive"], opened["Explosive"]) == (1.0, 0.0)
    assert mapped(found.table, mouthPucker=1.0, jawOpen=0.1)["Tight-O"] > 0.9


@pytest.mark.parametrize("names_of_it", ["ParamAngleX", "PARAM_ANGLE_X"])
def test_a_live2d_head_has_angles_in_its_rows_that_no_face_turns(names_of_it):
    found = fitted(RIGS["live2d"], [names_of_it, "ParamMouthOpenY"])
    assert (found.table.curves, found.unmatched) == ((names_of_it, "ParamMouthOpenY"), ())
    assert mapped(found.table, jawOpen=1.0, eyeLeftY=30.0)[names_of_it] == 0.0
    moved = {(one.name, one.end) for one in Sweep(found.table).steps}
    assert {(names_of_it, 30.0), (names_of_it, -30.0)} <= moved
