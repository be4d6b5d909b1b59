"""MetaHuman: its names, lips that close, gaze and tongue."""

from pathlib import Path

import numpy as np
import pytest

from a2f_ws.commands.loading import load_catalog
from a2f_ws.names import EMOTIONS, EYES, FACE, TONGUE, WEIGHTS
from a2f_ws.offline import animate
from a2f_ws.output.speech import SpeechFile
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.matching import best, fitted
from a2f_ws.rig.table import load_rigs
from a2f_ws.timebase import PoseRate
from tests.rig.tables import mapped, some_faces
from tests.rig.test_visemes import CLASSES, bilabials

ROOT = Path(__file__).resolve().parents[2]
RIGS = load_rigs()
METAHUMAN = RIGS["unreal/metahuman"]
RAW = "CTRL_expressions_"
HEAD = (
    "HeadControlSwitch", "HeadRoll", "HeadPitch", "HeadYaw",
    "HeadTranslationX", "HeadTranslationY", "HeadTranslationZ",
    "MHFDSVersion", "DisableFaceOverride",
)  # fmt: skip


def raw(**values):
    """Raw control, without its prefix → value of one face, those that move."""
    shown = mapped(METAHUMAN, **values)
    return {name.removeprefix(RAW): value for name, value in shown.items()
            if value and name.startswith(RAW)}  # fmt: skip


def metahuman(faces):
    """Raw control, without its prefix → its values for faces."""
    rows = Mapper(METAHUMAN).map(faces)
    names = [name.removeprefix(RAW) for name in METAHUMAN.curves]
    return dict(zip(names, rows.T, strict=False))


def test_metahuman_has_all_raw_controls_and_then_the_nine_of_head_and_version():
    controls = METAHUMAN.curves[:251]
    assert all(name.startswith(RAW) for name in controls)
    assert METAHUMAN.curves[251:] == HEAD
    text = (ROOT / "tests" / "data" / "heads" / "metahuman.txt").read_text(encoding="utf-8")
    exported = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(exported) == len(set(exported)) == 260
    assert {name.lower() for name in METAHUMAN.curves} == set(exported)


def test_metahumans_head_stands_and_its_version_is_one_whatever_the_face():
    rows = Mapper(METAHUMAN).map(some_faces(30))[:, 251:260]
    assert (rows == [0, 0, 0, 0, 0, 0, 0, 1, 1]).all()


def test_auto_finds_metahuman_in_small_letters_and_drives_what_faces_move():
    text = (ROOT / "tests" / "data" / "heads" / "metahuman.txt").read_text(encoding="utf-8")
    have = [line for line in text.splitlines() if not line.startswith("#")]
    found = best(RIGS.values(), have)
    assert (found.table.name, found.missing) == ("unreal/metahuman", ())
    assert found.table.curves == tuple(name for name in have if name in found.table.curves)
    still = {name.lower() for name, value in METAHUMAN.values.items() if value.is_nothing}
    assert set(found.unmatched) == still
    assert mapped(found.table, jawOpen=0.5)["ctrl_expressions_jawopen"] == 0.5
    assert found.table.idle.keys() == METAHUMAN.idle.keys()


def test_the_control_that_says_raw_is_in_every_row_with_have_and_without():
    have = list(METAHUMAN.curves)
    for table in (METAHUMAN, fitted(METAHUMAN, have).table):
        rows = Mapper(table).map(some_faces(10))
        assert not rows[:, table.curves.index("CTRL_expressions_mouthUp")].any()


def test_metahumans_lips_leave_of_the_jaw_what_arkits_would():
    rng = np.random.default_rng(5)
    faces = np.zeros((500, len(FACE)), np.float32)
    jaw = faces[:, FACE.index("jawOpen")] = rng.uniform(0.05, 1.0, 500)
    close = faces[:, FACE.index("mouthClose")] = jaw * rng.uniform(0.0, 1.2, 500)
    shown = metahuman(faces)
    for at in ("DL", "DR", "UL", "UR"):
        gap = shown["jawOpen"] * (1 - shown[f"mouthLipsTogether{at}"])
        np.testing.assert_allclose(gap, np.maximum(jaw - close, 0.0), atol=1e-6)


def test_lips_over_a_shut_jaw_do_not_flicker():
    assert raw(jawOpen=0.002, mouthClose=0.002)["mouthLipsTogetherUL"] == pytest.approx(0.04)
    assert raw(mouthClose=0.3)["mouthLipsTogetherUL"] == 1.0
    assert "mouthLipsTogetherUL" not in raw(jawOpen=0.3, mouthClose=-0.1)


def test_a_metahuman_without_controls_for_lips_together_closes_with_its_jaw():
    have = [name for name in METAHUMAN.curves if "LipsTogether" not in name]
    found = fitted(METAHUMAN, have).table
    assert mapped(found, jawOpen=0.5, mouthClose=0.5)["CTRL_expressions_jawOpen"] == 0.0
    assert mapped(found, jawOpen=0.5)["CTRL_expressions_jawOpen"] == 0.5


def test_every_weight_moves_a_metahuman_and_no_weight_moves_it_twice():
    for name in WEIGHTS:
        moved = raw(**{name: 1.0}, **({"jawOpen": 1.0} if name == "mouthClose" else {}))
        assert moved, name
        assert max(moved.values()) == (0.5 if name == "tongueStretch" else 1.0)
    for name in (*EYES, *EMOTIONS):
        assert raw(**{name: 1.0}) == {}


def test_round_lips_are_purse_with_some_of_the_funnel_and_of_the_lips_towards():
    shown = raw(mouthPucker=0.5)
    assert {name[:-2]: value for name, value in shown.items()} == {
        "mouthFunnel": 0.375, "mouthLipsPurse": 0.5, "mouthLipsTowards": pytest.approx(0.2)
    }  # fmt: skip
    assert len(shown) == 12


def test_inner_brows_pinch_unless_the_outer_ones_rise_too():
    assert raw(browInnerUp=1.0) == {
        "browRaiseInL": 1.0, "browRaiseInR": 1.0, "browLateralL": 0.5, "browLateralR": 0.5
    }  # fmt: skip
    left = raw(browInnerUp=1.0, browOuterUpLeft=1.0)
    assert "browLateralL" not in left
    assert (left["browLateralR"], left["browRaiseOuterL"]) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("TipUp", "TipUp"), ("TipDown", "TipDown"), ("TipLeft", "TipLeft"),
        ("TipRight", "TipRight"), ("RollUp", "BendUp"), ("RollDown", "BendDown"),
        ("RollLeft", "TwistLeft"), ("RollRight", "TwistRight"), ("Up", "Up"), ("Down", "Down"),
        ("Left", "Left"), ("Right", "Right"), ("In", "In"),
        ("Wide", "Wide"), ("Narrow", "Narrow"), ("Out", "Out"),
    ],
)  # fmt: skip
def test_each_pose_of_the_tongue_is_one_of_metahumans(ours, theirs):
    assert f"tongue{ours}" in (*TONGUE, "tongueOut")
    assert raw(**{f"tongue{ours}": 0.5}) == {f"tongue{theirs}": 0.5}


def test_a_tongue_that_comes_out_by_two_poses_comes_out_once():
    assert raw(tongueStretch=0.8) == {"tongueOut": pytest.approx(0.4)}
    assert raw(tongueStretch=0.8, tongueOut=0.45) == {"tongueOut": pytest.approx(0.45)}


def test_eyes_look_by_the_side_of_the_character_on_a_metahuman():
    assert raw(eyeLookOutLeft=0.5, eyeLookInRight=0.25) == {
        "eyeLookLeftL": 0.5, "eyeLookLeftR": 0.25
    }  # fmt: skip
    assert raw(eyeLookInLeft=0.5, eyeLookOutRight=0.25) == {
        "eyeLookRightL": 0.5, "eyeLookRightR": 0.25
    }  # fmt: skip
    roles = {
        role: METAHUMAN.curves[at] for role, (at, _) in METAHUMAN.idle.items() if role != "head"
    }
    assert roles["lookInLeft"] == "CTRL_expressions_eyeLookRightL"
    assert roles["lookOutRight"] == "CTRL_expressions_eyeLookRightR"


PHONES = {
    "PP": {"mouthLipsTogetherUL": (0.99, 1), "mouthPressUL": (0.4, 0.5)},
    "FF": {"mouthLowerLipRollInL": (0.7, 0.8), "mouthLipsTogetherUL": (0, 0.01)},
    "TH": {"tongueOut": (0.3, 0.5)},
    "LL": {"tongueTipUp": (0.4, 1), "mouthLipsTogetherUL": (0, 0.01)},
    "KK": {"tongueUp": (0.3, 1)},
    "CH": {"mouthFunnelUL": (0.5, 1)},
    "aa": {"jawOpen": (0.5, 0.8), "mouthLipsTogetherUL": (0, 0.01)},
    "iy": {"mouthStretchL": (0.2, 0.4), "mouthCornerPullL": (0.1, 0.2), "jawOpen": (0.1, 0.25)},
    "uw": {"mouthLipsPurseUL": (0.7, 0.8), "mouthFunnelUL": (0.6, 0.9), "jawOpen": (0.1, 0.25)},
}
"""Phone class → raw controls that make it, with their range."""


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_is_made_by_the_controls_that_make_it(phone):
    shown = metahuman(CLASSES[phone][None])
    for control, (low, high) in PHONES[phone].items():
        assert low <= shown[control][0] <= high, control


def test_real_speech_closes_and_opens_a_metahuman_as_it_does_arkit():
    catalog = load_catalog("embedded")
    rows = {}
    for rig in ("arkit", "unreal/metahuman"):
        with SpeechFile(ROOT / "a2f_ws" / "samples" / "speech.flac") as file:
            recording = animate(file, catalog, rig=rig, rate=PoseRate.of(60))
        rows[rig] = dict(zip(recording.curves, np.asarray(recording.rows).T, strict=False))
    arkit = rows["arkit"]
    shown = {name.removeprefix(RAW): value for name, value in rows["unreal/metahuman"].items()}
    gap = shown["jawOpen"] * (1 - shown["mouthLipsTogetherUL"])
    # Where the jaw is open by less than 0.05 the lips close less than they could.
    np.testing.assert_allclose(gap, arkit["jawOpen"] - arkit["mouthClose"], atol=0.0125)
    times = np.arange(len(gap)) / 60
    closures = [
        shown["mouthLipsTogetherUL"][(times >= start - 0.04) & (times <= end + 0.04)].max()
        for start, end in bilabials()
    ]
    assert len(closures) == 7
    assert (np.array(closures) > 0.7).sum() >= 5
    assert gap[shown["mouthLipsTogetherUL"] > 0.7].max() < 0.06
    assert shown["jawOpen"].max() > 0.5
    assert shown["mouthLipsPurseUL"].max() > 0.5
    assert shown["tongueTipUp"].max() > 0.7
