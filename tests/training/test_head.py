import numpy as np
import pytest

from a2f_ws.names import ARKIT, TONGUE, WEIGHTS
from tests.training.glb import HEAD, MM, PARTS, lips, seen

JAW = ("jawForward", "jawLeft", "jawOpen", "jawRight")
EYES = ("Left", "Right")


def both(name, weight=1.0):
    return {f"{name}{side}": weight for side in EYES}


def test_the_file_is_small_enough_to_load_at_once():
    assert HEAD.stat().st_size <= 1_500_000


def test_nodes_hang_as_the_notes_say(glb):
    assert glb.parent("Head") is None
    assert {glb.parent(name) for name in PARTS if name not in ("LowerTeeth", "Tongue")} == {"Head"}
    assert glb.parent("Jaw") == "Head"
    assert (glb.parent("LowerTeeth"), glb.parent("Tongue")) == ("Jaw", "Jaw")
    assert sorted(glb.names) == sorted((*PARTS, "Head", "Jaw"))


def test_all_68_shapes_are_there_and_no_other(parts):
    assert {name for part in parts.values() for name in part.shapes} == set(WEIGHTS)


def test_each_mesh_has_the_shapes_that_move_it(parts):
    assert set(parts["Skin"].shapes) == set(ARKIT) - {"tongueOut"}
    assert set(parts["Tongue"].shapes) == {*TONGUE, "tongueOut", *JAW}
    assert set(parts["LowerTeeth"].shapes) == set(JAW)
    for side in EYES:
        looks = {f"eyeLook{way}{side}" for way in ("Up", "Down", "In", "Out")}
        assert set(parts[f"{side}Eye"].shapes) == looks
        assert {f"eyeBlink{side}", f"eyeWide{side}"} <= set(parts["Lashes"].shapes)
        assert {f"browDown{side}", f"browOuterUp{side}"} <= set(parts["Brows"].shapes)
    assert "browInnerUp" in parts["Brows"].shapes
    for still in ("Hair", "Shirt", "UpperTeeth"):
        assert parts[still].shapes == {}


def test_numbers_are_finite_and_normals_have_length_1(glb, parts):
    for index in range(len(glb.json["accessors"])):
        assert np.isfinite(glb.values(index)).all()
    for part in parts.values():
        np.testing.assert_allclose(np.linalg.norm(part.normals, axis=1), 1.0, atol=1e-4)


def test_it_is_a_head_in_metres_that_looks_along_z(parts):
    skin = parts["Skin"].positions
    top, chin = skin[:, 1].max(), skin[skin[:, 2] > 0.07][:, 1].min()
    assert 0.20 < top - chin < 0.26
    assert 0.13 < np.ptp(skin[skin[:, 1] > 0, 0]) < 0.20
    nose = skin[np.argmax(skin[:, 2])]
    assert abs(nose[0]) < 2 * MM
    assert nose[2] > 0.10


@pytest.mark.parametrize("name", [n for n in ARKIT if n.endswith(("Left", "Right"))])
def test_left_is_the_characters_own_left(parts, name):
    moves = np.linalg.norm(parts["Skin"].shapes[name], axis=1)
    x = parts["Skin"].positions[:, 0]
    if name in ("jawLeft", "jawRight", "mouthLeft", "mouthRight"):
        way = parts["Skin"].shapes[name][:, 0].sum()
    else:
        way = moves[x > 0].sum() - moves[x < 0].sum()
        assert abs(way) > 0.4 * moves.sum()
    assert (way > 0) == name.endswith("Left")


@pytest.mark.parametrize("side", EYES)
def test_eyes_turn_to_where_the_name_says(parts, side):
    eye = parts[f"{side}Eye"]
    front = np.argmax(eye.positions[:, 2])
    out = 1.0 if side == "Left" else -1.0
    looks = {way: eye.shapes[f"eyeLook{way}{side}"][front] for way in ("Up", "Down", "In", "Out")}
    assert looks["Up"][1] > 4 * MM
    assert looks["Down"][1] < -4 * MM
    assert looks["Out"][0] * out > 6 * MM
    assert looks["In"][0] * out < -6 * MM


@pytest.mark.parametrize("side", EYES)
def test_pivots_lie_in_the_middle_of_the_eyeballs(parts, side):
    eye = parts[f"{side}Eye"]
    distances = np.linalg.norm(eye.positions - eye.origin, axis=1)
    assert distances.min() > 14 * MM
    assert distances.max() < 16 * MM
    assert eye.origin[0] * (1.0 if side == "Left" else -1.0) > 25 * MM


def eye_spots(eye):
    """Places in front of an eye that the open lids leave free or nearly so, x and y."""
    x, y = np.meshgrid(np.linspace(-10, 10, 21) * MM, np.linspace(-8, 6, 57) * MM)
    return np.column_stack([x.ravel(), y.ravel()]) + eye.origin[:2]


def near(part, eye):
    corners = part.positions[part.triangles] - eye.origin
    return part.triangles[(np.abs(corners) < 0.03).all(axis=(1, 2))]


@pytest.mark.parametrize("side", EYES)
def test_closed_lids_leave_no_gap_and_no_eyeball_shows_through(parts, side):
    skin, eye = parts["Skin"], parts[f"{side}Eye"]
    spots = eye_spots(eye)
    lids = seen(skin.posed({f"eyeBlink{side}": 1.0}), near(skin, eye), spots)
    ball = seen(eye.positions, eye.triangles, spots)
    assert (lids > ball).all()
    open_lids = seen(skin.positions, near(skin, eye), spots)
    assert 0.1 < (open_lids < ball).mean() < 0.6


@pytest.mark.parametrize("weight", [0.25, 0.5, 0.75])
def test_half_closed_lids_are_not_pierced_by_the_eyeball(parts, weight):
    for side in EYES:
        skin, eye = parts["Skin"], parts[f"{side}Eye"]
        spots = eye_spots(eye)
        lids = seen(skin.posed({f"eyeBlink{side}": weight}), near(skin, eye), spots)
        ball = seen(eye.positions, eye.triangles, spots)
        is_free = (lids < ball).reshape(57, 21)
        # One slit per column: above and below it everything is lid.
        changes = np.abs(np.diff(is_free.astype(int), axis=0)).sum(axis=0)
        assert changes.max() <= 2


def slit(skin, weights, *, x):
    """Height of what is open between the lips at x, as seen from the front, metres."""
    (upper, *_), (lower, *_) = lips(skin)
    posed = skin.posed(weights)
    corners = posed[skin.triangles]
    is_near = (np.abs(corners - posed[upper])[:, :, 1:] < (0.06, 0.03)).all(axis=(1, 2))
    is_near &= (corners[:, :, 0].min(axis=1) <= x) & (corners[:, :, 0].max(axis=1) >= x)
    y = np.arange(posed[lower, 1] - 8 * MM, posed[upper, 1] + 8 * MM, 0.1 * MM)
    spots = np.column_stack([np.full(len(y), x), y])
    return (~np.isfinite(seen(posed, skin.triangles[is_near], spots))).sum() * 0.1 * MM


@pytest.mark.parametrize("weight", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_mouth_close_seals_a_jaw_that_is_open_as_much(parts, weight):
    skin = parts["Skin"]
    pose = {"jawOpen": weight, "mouthClose": weight}
    for x in (-0.018, -0.012, -0.006, 1e-5, 0.006, 0.012, 0.018):
        assert slit(skin, pose, x=x) < 0.8 * MM
    if weight:
        assert slit(skin, {"jawOpen": weight}, x=1e-5) > 25 * MM * weight


@pytest.mark.parametrize(
    "pose",
    [
        both("mouthPress"),
        {"mouthPressLeft": 1},
        {"mouthPressRight": 1},
        {"mouthRollLower": 1, "mouthRollUpper": 1},
        {"mouthPucker": 1},
        both("mouthSmile"),
        both("mouthFrown"),
        {"mouthShrugLower": 1},
        {"cheekPuff": 1},
        {"jawOpen": 0.12, "mouthClose": 0.12, **both("mouthPress", 0.5)},
    ],
)
def test_shapes_of_a_closed_mouth_leave_it_closed(parts, pose):
    for x in (-0.012, 1e-5, 0.012):
        assert slit(parts["Skin"], pose, x=x) < 0.8 * MM


@pytest.mark.parametrize("weight", [0.25, 0.5, 0.75, 1.0])
def test_sealed_lips_do_not_sink_into_each_other(parts, weight):
    skin = parts["Skin"]
    upper, lower = lips(skin)
    posed = skin.posed({"jawOpen": weight, "mouthClose": weight})
    gap = posed[upper, 1].min() - posed[lower, 1].max()
    assert -1.5 * MM < gap < 0.8 * MM


def test_an_open_jaw_is_three_to_four_centimetres_open(parts):
    assert 0.030 < slit(parts["Skin"], {"jawOpen": 1.0}, x=1e-5) < 0.040


def test_lower_teeth_turn_with_the_jaw_about_its_pivot(parts):
    for name in ("LowerTeeth", "Tongue"):
        part = parts[name]
        before = part.positions - part.origin
        after = before + part.shapes["jawOpen"]
        np.testing.assert_allclose(
            np.linalg.norm(after[:, 1:], axis=1), np.linalg.norm(before[:, 1:], axis=1), atol=2e-5
        )
    teeth = parts["LowerTeeth"]
    front = np.argmax(teeth.positions[:, 2])
    assert -0.035 < teeth.shapes["jawOpen"][front, 1] < -0.02
    assert parts["UpperTeeth"].positions[:, 2].max() > teeth.positions[:, 2].max()
