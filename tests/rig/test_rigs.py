"""What holds for every rig that comes with a2f-ws."""

import re

import numpy as np
import pytest

from a2f_ws.names import EMOTIONS, WEIGHTS
from a2f_ws.rig.faults import WishError
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.matching import fitted
from a2f_ws.rig.mirror import GROUPS, mirrored_columns
from a2f_ws.rig.spelling import keys
from a2f_ws.rig.table import bundled_folder, load_rigs
from a2f_ws.rig.trim import CurveTrim
from tests.rig.sides import NEUTRAL, is_right, opposite, sign_in_a_mirror
from tests.rig.tables import face, some_faces

RIGS = load_rigs()
EVERY = pytest.mark.parametrize("name", RIGS)


def variants(name):
    """The rig as it is, and on meshes that have all and half of its curves."""
    rig = RIGS[name]
    return [
        rig,
        fitted(rig, rig.curves).table,
        fitted(rig, rig.curves[::2]).table,
        fitted(rig, [curve for curve in rig.curves if "jaw" not in curve.lower()]).table,
        fitted(rig, [curve for curve in rig.curves if "mouth" not in curve.lower()]).table,
    ]


@EVERY
def test_neutral_maps_to_neutral(name):
    for rig in variants(name):
        row = Mapper(rig).map(face())[0]
        for curve, value in zip(rig.curves, row.tolist(), strict=False):
            assert value in (0.0, NEUTRAL.get(curve, 0.0)), curve
        transforms = row[len(rig.curves) :].reshape(-1, 7)
        assert (transforms == [0, 0, 0, 1, 0, 0, 0]).all()


@EVERY
def test_every_value_stays_within_its_curves_range(name):
    for rig in variants(name):
        rows = Mapper(rig).map(10 * some_faces(100))[:, : len(rig.curves)]
        assert np.isfinite(rows).all()
        assert (rows >= [value.low for value in rig.values.values()]).all()
        assert (rows <= [value.high for value in rig.values.values()]).all()


@EVERY
def test_faces_mapped_together_have_the_bits_of_faces_mapped_alone(name):
    faces = some_faces(33)
    for rig in variants(name):
        mapper = Mapper(rig, swap=["mouth"])
        alone = np.concatenate([mapper.map(faces[i : i + 1]) for i in range(len(faces))])
        assert mapper.map(faces).tobytes() == alone.tobytes()


@EVERY
def test_a_mirrored_face_gives_the_curves_of_the_other_side(name):
    rig = RIGS[name]
    faces = some_faces(20)
    other = faces.copy()
    for at, (column, sign) in mirrored_columns(GROUPS, GROUPS).items():
        other[:, at] = sign * faces[:, column]
    here, there = (Mapper(rig).map(one) for one in (faces, other))
    for k, curve in enumerate(rig.curves):
        other_side = sign_in_a_mirror(curve) * there[:, rig.curves.index(opposite(curve))]
        np.testing.assert_allclose(here[:, k], other_side, atol=1e-5, err_msg=curve)


@EVERY
def test_left_inputs_move_no_right_curves(name):
    rig = RIGS[name]
    left = [one for one in WEIGHTS if one.endswith("Left") and not one.startswith("eyeLook")]
    rows = Mapper(rig).map(np.concatenate([face(**{one: 1.0}) for one in left]))
    for k, curve in enumerate(rig.curves):
        if is_right(curve):
            assert not (rows[:, k] - NEUTRAL.get(curve, 0.0)).any(), curve


@EVERY
def test_every_idle_role_names_a_place_in_the_row(name):
    for rig in variants(name):
        for role, (index, gain) in rig.idle.items():
            assert 0 <= index < rig.row
            assert gain != 0
            assert (index >= len(rig.curves)) == (role == "head")


@EVERY
def test_no_two_curves_of_a_rig_are_spelled_alike(name):
    folded = [keys(curve)[-1] for curve in RIGS[name].curves]
    assert len(folded) == len(set(folded))


@EVERY
def test_every_rig_is_told_of_in_a_readme(name):
    readme = (bundled_folder() / "README.md").read_text(encoding="utf-8")
    assert f"`{name}`" in readme
    if "/" in name:
        folder = bundled_folder() / name.split("/", maxsplit=1)[0]
        text = (folder / "README.md").read_text(encoding="utf-8")
        assert f"`{name}`" in text
        assert re.search("-handed, [+-][XYZ] up", text)


@EVERY
def test_a_curve_that_a_rig_has_not_cannot_be_asked_for(name):
    curve = RIGS[name].curves[0]
    with pytest.raises(WishError, match=rf"no curve '{re.escape(curve)}e' \(did you mean"):
        Mapper(RIGS[name], curves={f"{curve}e": CurveTrim(gain=2.0)})
    assert fitted(RIGS[name], ["no such curve"]).table.curves == ()


@EVERY
def test_a_mesh_with_every_curve_of_a_rig_gets_the_rows_of_the_rig_or_rests(name):
    rig = RIGS[name]
    fit = fitted(rig, rig.curves)
    assert fit.missing == ()
    assert set(fit.table.curves) | set(fit.unmatched) == set(rig.curves)
    faces = some_faces(8)
    rows = dict(zip(rig.curves, Mapper(rig).map(faces).T, strict=False))
    fits = dict(zip(fit.table.curves, Mapper(fit.table).map(faces).T, strict=False))
    for curve, values in fits.items():
        if not any(curve in fallback.values for fallback in rig.fallbacks):
            assert values.tobytes() == rows[curve].tobytes(), curve


def test_emotions_move_the_expressions_of_a_vrm_and_nothing_of_its_mouth():
    rig = RIGS["unity/vrm1"]
    rows = Mapper(rig).map(np.concatenate([face(**{name: 1.0}) for name in EMOTIONS]))
    shown = [
        {curve: round(value, 2) for curve, value in zip(rig.curves, row.tolist(), strict=False)
         if value}
        for row in rows
    ]  # fmt: skip
    assert dict(zip(EMOTIONS, shown, strict=True)) == {
        "amazement": {"surprised": 1.0},
        "anger": {"angry": 1.0},
        "cheekiness": {"relaxed": 0.7},
        "disgust": {"angry": 0.6},
        "fear": {"surprised": 0.7},
        "grief": {"sad": 1.0},
        "joy": {"happy": 1.0},
        "outofbreath": {},
        "pain": {"sad": 0.6},
        "sadness": {"sad": 1.0},
    }


def test_a_vrm_looks_where_both_eyes_look():
    rig = RIGS["unity/vrm1"]
    row = Mapper(rig).map(face(eyeLookOutLeft=0.5, eyeLookInRight=0.5, eyeLookUpLeft=1.0))[0]
    shown = dict(zip(rig.curves, row.tolist(), strict=False))
    assert {name: shown[name] for name in ("lookLeft", "lookRight", "lookUp", "lookDown")} == {
        "lookLeft": 0.5, "lookRight": 0.0, "lookUp": 0.5, "lookDown": 0.0
    }  # fmt: skip


def test_ready_player_me_without_have_has_arkit_and_visemes_at_rest():
    rig = RIGS["browser/rpm"]
    rows = Mapper(rig).map(some_faces(10))
    arkit = Mapper(RIGS["arkit"]).map(some_faces(10))
    at = [rig.curves.index(curve) for curve in RIGS["arkit"].curves]
    assert np.array_equal(rows[:, at], arkit)
    visemes = [k for k, curve in enumerate(rig.curves) if curve.startswith("viseme_")]
    assert len(visemes) == 15
    assert not rows[:, visemes].any()
