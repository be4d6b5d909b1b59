"""Rigs on meshes: spellings, aliases, fallbacks, and the choice of a rig."""

import gc
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.names import ARKIT
from a2f_ws.rig.matching import best, fitted
from a2f_ws.rig.table import load_rigs
from tests.rig.tables import mapped, table

RIGS = load_rigs()

RIG = table(
    """
    [curves]
    jawOpen = "jawOpen"
    mouthClose = "mouthClose"
    blinkLeft = "eyeBlinkLeft"
    cheekPuff = "cheekPuff"
    none = {}
    [transforms.head]
    [idle]
    blinkLeft = "blinkLeft"
    head = "head"
    [aliases]
    jawOpen = ["mouth_open"]
    cheekPuff = ["cheekPuffLeft", "cheekPuffRight"]
    [[fallback]]
    lacking = ["mouthClose"]
    curves = { jawOpen = { jawOpen = 1.0, mouthClose = -1.0 } }
    [[fallback]]
    lacking = ["blinkLeft"]
    having = ["none"]
    curves = { none = { eyeBlinkLeft = 0.5 } }
    idle = { blinkLeft = { curve = "none", gain = 0.5 } }
    """
)


def spellings(name):
    """How tools spell a curve with or without a side."""
    side = {"Left": "L", "Right": "R"}
    stem, end = next(
        ((name.removesuffix(s), e) for s, e in side.items() if name.endswith(s)), (name, "")
    )
    words = "".join(f"_{c}" if c.isupper() else c for c in stem)
    yield name
    yield name[0].upper() + name[1:]
    yield name.lower()
    yield words.title() + (f"_{end}" if end else "")
    yield words + (f".{end}" if end else "")
    yield stem + (f"_{end.lower()}" if end else "")
    yield stem + (f"-{end}" if end else "")
    yield stem + end


@given(st.sampled_from(ARKIT), st.sampled_from(["", "blendShape2.", "rig:Head|", "a.b/"]))
def test_every_spelling_of_every_shape_is_known(name, prefix):
    for spelling in spellings(name):
        fit = fitted(RIGS["arkit"], [prefix + spelling])
        assert fit.table.curves == (prefix + spelling,), spelling
        assert mapped(fit.table, **{name: 0.5}) == {prefix + spelling: 0.5}


def test_rows_come_in_the_order_and_spelling_of_the_mesh():
    fit = fitted(RIG, ["Cheek_Puff", "nose", "head.jawOpen", "blink_L"])
    assert fit.table.curves == ("Cheek_Puff", "head.jawOpen", "blink_L")
    assert fit.unmatched == ("nose",)
    assert fit.missing == ("mouthClose",)
    assert mapped(fit.table, cheekPuff=0.25, jawOpen=0.5, eyeBlinkLeft=1.0) == {
        "Cheek_Puff": 0.25,
        "head.jawOpen": 0.5,
        "blink_L": 1.0,
    }


def test_idle_life_and_transforms_go_where_the_mesh_has_them():
    fit = fitted(RIG, ["jawOpen", "BLINK_L"])
    assert fit.table.idle == {"blinkLeft": (1, 1.0), "head": (2, 1.0)}
    assert (fit.table.transforms, fit.table.row) == (("head",), 9)


def test_a_curve_drives_its_shape_on_every_mesh_and_the_first_blinks():
    fit = fitted(RIG, ["head.blinkLeft", "lashes.blinkLeft"])
    assert mapped(fit.table, eyeBlinkLeft=0.5) == {"head.blinkLeft": 0.5, "lashes.blinkLeft": 0.5}
    assert fit.table.idle["blinkLeft"] == (0, 1.0)


def test_an_alias_counts_only_where_the_curve_itself_is_not_there():
    assert fitted(RIG, ["mouth_open"]).table.curves == ("mouth_open",)
    fit = fitted(RIG, ["mouth_open", "JawOpen"])
    assert (fit.table.curves, fit.unmatched) == (("JawOpen",), ("mouth_open",))


def test_both_halves_of_a_shape_follow_the_whole_one():
    fit = fitted(RIG, ["CheekPuff_L", "CheekPuff_R"])
    assert mapped(fit.table, cheekPuff=0.5) == {"CheekPuff_L": 0.5, "CheekPuff_R": 0.5}


def test_a_mesh_without_mouth_close_closes_its_lips_with_the_jaw():
    assert mapped(fitted(RIG, ["jawOpen"]).table, jawOpen=0.5, mouthClose=0.5)["jawOpen"] == 0.0
    whole = fitted(RIG, ["jawOpen", "mouthClose"]).table
    assert mapped(whole, jawOpen=0.5, mouthClose=0.5) == {"jawOpen": 0.5, "mouthClose": 0.5}


def test_a_fallback_acts_only_on_a_mesh_that_has_what_it_goes_by():
    fit = fitted(RIG, ["none"])
    assert mapped(fit.table, eyeBlinkLeft=1.0) == {"none": 0.5}
    assert fit.table.idle["blinkLeft"] == (0, 0.5)
    assert fitted(RIG, ["none", "blinkLeft"]).table.curves == ("blinkLeft",)


def test_a_curve_that_no_face_moves_drives_nothing_and_is_not_missing():
    fit = fitted(RIG, ["none", "blinkLeft", "jawOpen"])
    assert (fit.unmatched, fit.missing) == (("none",), ("mouthClose", "cheekPuff"))
    assert fit.known == 3


def test_a_name_twice_is_one_curve():
    assert fitted(RIG, ["jawOpen", "jawOpen"]).table.curves == ("jawOpen",)


def test_the_most_exact_spelling_wins_between_curves_of_one_rig():
    rig = table('[curves]\na = "joy"\nA = "anger"')
    fit = fitted(rig, ["A", "x.a", "x.A"])
    assert mapped(fit.table, joy=0.25, anger=0.5) == {"A": 0.5, "x.a": 0.25, "x.A": 0.5}


def test_the_rig_that_drives_the_most_names_is_the_best():
    assert best(RIGS.values(), ["aa", "oh", "blinkLeft", "jawOpen"]).table.name == "unity/vrm1"
    assert best(RIGS.values(), ["jawOpen", "mouthPucker", "aa"]).table.name == "browser/arkit"


def test_among_equals_the_one_that_knows_more_names_is_the_best():
    names = ["jawOpen", "mouthFunnel", "mouthPucker", "viseme_aa"]
    assert best(RIGS.values(), names).table.name == "browser/rpm"


def test_among_equals_the_one_that_misses_less_is_the_best_and_then_the_first():
    small = table('[curves]\na = "joy"', name="small")
    large = table('[curves]\na = "joy"\nb = "fear"', name="large")
    twin = table('[curves]\na = "joy"', name="twin")
    assert best([large, small, twin], ["a"]).table.name == "small"


def test_tables_without_auto_are_passed_by():
    quiet = table('auto = false\n[curves]\na = "joy"\nb = "joy"', name="quiet")
    loud = table('[curves]\na = "joy"', name="loud")
    assert best([quiet, loud], ["a", "b"]).table.name == "loud"
    assert best([quiet], ["a"]) is None


@pytest.mark.parametrize("have", [[], ["Jowl"], ["neutral", "viseme", "."]])
def test_where_nothing_is_driven_there_is_no_best_rig(have):
    assert best(RIGS.values(), have) is None


def test_the_names_of_a_table_are_prepared_once_and_go_with_it():
    rig = table('[curves]\na = "joy"\n[aliases]\na = ["b"]')
    gone = weakref.ref(rig)
    assert fitted(rig, ["x.B"]).table.curves == ("x.B",)
    assert rig.index is rig.index
    assert rig.index == {"a": ("a", 0), "b": ("a", 1)}
    del rig
    gc.collect()
    assert gone() is None


def test_a_curve_that_always_has_a_value_is_driven_where_the_mesh_has_it():
    rig = table(
        '[curves]\non = { offset = 1.0 }\nlow = { min = 0.5 }\ngone = { min = -1.0 }\na = "joy"'
    )
    fit = fitted(rig, ["on", "low", "gone", "a"])
    assert mapped(fit.table, joy=0.5) == {"on": 1.0, "low": 0.5, "a": 0.5}
    assert (fit.unmatched, fitted(rig, ["a"]).missing) == (("gone",), ())


def test_a_fallback_may_act_where_any_one_of_some_curves_is_lacking():
    rig = table(
        """
        [curves]
        left = "eyeBlinkLeft"
        right = "eyeBlinkRight"
        both = {}
        [[fallback]]
        lacking_any = ["left", "right"]
        having = ["both"]
        curves = { both = "eyeBlinkLeft", left = {}, right = {} }
        """
    )
    assert fitted(rig, ["left", "right", "both"]).table.curves == ("left", "right")
    assert fitted(rig, ["left", "both"]).table.curves == ("both",)
    assert fitted(rig, ["left"]).table.curves == ("left",)


def test_a_copy_of_a_shape_in_blender_is_that_shape():
    fit = fitted(RIG, ["jawOpen.001", "Blink_L.012"])
    assert fit.table.curves == ("jawOpen.001", "Blink_L.012")


def test_a_curve_with_an_offset_is_sent_though_it_be_zero_whatever_is_done_to_it():
    rig = table(
        'swap = ["jaw"]\n[curves]\nkept = { offset = 0.0, min = -30.0, max = 30.0 }\n'
        "gone = { min = -30.0 }\n[trims]\nkept = { gain = 0.5 }\ngone = { gain = 0.5 }"
    )
    fit = fitted(rig, ["kept", "gone"])
    assert (fit.table.curves, fit.unmatched, fit.missing) == (("kept",), ("gone",), ())
    assert mapped(fit.table, jawOpen=1.0) == {"kept": 0.0}
