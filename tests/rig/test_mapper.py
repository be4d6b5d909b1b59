import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.names import FACE
from a2f_ws.rig.faults import Faults
from a2f_ws.rig.mapper import CurveTrim, Mapper
from a2f_ws.rig.mirror import GROUPS
from a2f_ws.rig.parse import parse
from a2f_ws.rig.table import load_rigs

ARKIT = load_rigs()["arkit"]


def table(curves, low=0.0, high=1.0, groups=None):
    document = {
        "title": "T",
        "source": "S",
        "range": {"min": low, "max": high},
        "curves": curves,
        "groups": groups or {},
    }
    return parse(document, "t", faults=Faults("t.toml"))


WILD = table(
    {
        "empty": {},
        "all": {name: 0.1 + 0.01 * i for i, name in enumerate(FACE)},
        "look": {"eyeLeftY": 0.02, "eyeRightY": 0.02},
        "aa": {"jawOpen": 0.9, "mouthClose": -0.9},
        "joy": "joy",
    },
    low=-1.0,
    high=1.0,
)


def face(**values):
    row = np.zeros((1, len(FACE)), np.float32)
    for name, value in values.items():
        row[0, FACE.index(name)] = value
    return row


def some_faces(count, seed=0):
    return np.random.default_rng(seed).uniform(-0.5, 1.5, (count, len(FACE))).astype(np.float32)


def test_arkit_gives_the_weights_clamped_to_its_range():
    faces = some_faces(5)
    assert np.array_equal(Mapper(ARKIT).map(faces), faces[:, :68].clip(0, 1))


def test_a_curve_is_the_sum_of_its_inputs_times_their_coefficients():
    rig = table(
        {"aa": {"jawOpen": 0.5, "mouthClose": -0.25}, "joy": "joy", "no": {}}, low=-1.0, high=2.0
    )
    rows = Mapper(rig).map(face(jawOpen=1.0, mouthClose=0.5, joy=0.75))
    assert rows.dtype == np.float32
    assert rows.tolist() == [[0.375, 0.75, 0.0]]


def test_the_neutral_face_maps_to_zeros_of_positive_sign():
    for rig in (ARKIT, WILD):
        rows = Mapper(rig).map(face())
        assert not rows.any()
        assert not np.signbit(rows).any()


def test_gain_and_offset_come_before_the_clamp():
    trims = {
        "jawOpen": CurveTrim(gain=2.0, offset=-0.25),
        "mouthClose": CurveTrim(gain=-1.0, offset=1.0),
        "cheekPuff": CurveTrim(offset=0.125),
    }
    rows = Mapper(ARKIT, curves=trims).map(
        np.vstack([face(jawOpen=0.5, mouthClose=0.25), face(jawOpen=1.0, mouthClose=1.5)])
    )
    curves = [ARKIT.curves.index(name) for name in trims]
    assert rows[:, curves].tolist() == [[0.75, 0.75, 0.125], [1.0, 0.0, 0.125]]


def test_a_curves_own_bounds_are_narrower_than_the_rigs():
    mapper = Mapper(ARKIT, curves={"jawOpen": CurveTrim(min=0.25, max=0.5)})
    at = ARKIT.curves.index("jawOpen")
    rows = mapper.map(np.vstack([face(jawOpen=value) for value in (0.0, 0.375, 1.0)]))
    assert rows[:, at].tolist() == [0.25, 0.375, 0.5]


@given(
    st.integers(1, 40),
    st.integers(0, 2**32 - 1),
    st.floats(-3, 3, width=32),
    st.floats(-1, 1, width=32),
    st.sets(st.sampled_from(sorted(GROUPS))),
)
@settings(max_examples=60, deadline=None)
def test_rows_mapped_together_have_the_bits_of_rows_mapped_alone(count, seed, gain, offset, swap):
    faces = some_faces(count, seed)
    faces[np.random.default_rng(seed).random(faces.shape) < 0.3] = 0
    mapper = Mapper(WILD, curves={"all": CurveTrim(gain=gain, offset=offset)}, swap=swap)
    together = mapper.map(faces)
    alone = np.concatenate([mapper.map(faces[i : i + 1]) for i in range(count)])
    assert together.tobytes() == alone.tobytes()
    assert mapper.map(faces[::-1]).tobytes() == alone[::-1].tobytes()
    assert (together >= WILD.low).all()
    assert (together <= WILD.high).all()


def test_a_large_rig_comes_close_to_the_product_with_its_matrix():
    rng = np.random.default_rng(1)
    curves = {
        f"c{i}": {
            str(name): float(rng.normal()) for name in rng.choice(FACE, 1 + i % 6, replace=False)
        }
        for i in range(250)
    }
    rig = table(curves, low=-1000.0, high=1000.0)
    faces = some_faces(32)
    exact = faces.astype(np.float64) @ rig.matrix.astype(np.float64).T
    # Six products and sums in float32, each off by at most 2^-24 of values below 4.
    np.testing.assert_allclose(Mapper(rig).map(faces), exact, atol=1e-5)


def test_swapping_a_group_exchanges_its_sides_and_leaves_the_others():
    rows = Mapper(ARKIT, swap=["mouth"]).map(
        face(mouthSmileLeft=0.25, mouthRight=0.5, jawLeft=0.75, jawOpen=1.0)
    )
    values = {
        name: value for name, value in zip(ARKIT.curves, rows[0].tolist(), strict=True) if value
    }
    assert values == {"mouthSmileRight": 0.25, "mouthLeft": 0.5, "jawLeft": 0.75, "jawOpen": 1.0}


def test_swapped_eyes_look_to_the_other_side():
    rig = table({"left": "eyeLeftY", "right": "eyeRightY", "up": "eyeLeftX"}, low=-30.0, high=30.0)
    rows = Mapper(rig, swap=["eyes"]).map(face(eyeLeftY=10.0, eyeRightY=8.0, eyeRightX=5.0))
    assert rows.tolist() == [[-8.0, -10.0, 5.0]]


def test_a_group_of_the_tables_own_can_be_swapped():
    rig = table(
        {"l": "mouthLeft", "r": "mouthRight", "s": "mouthSmileLeft"},
        groups={"lips": ["mouthLeft", "mouthRight"]},
    )
    rows = Mapper(rig, swap=["lips"]).map(face(mouthLeft=0.25, mouthSmileLeft=0.5))
    assert rows.tolist() == [[0.0, 0.25, 0.5]]


@given(st.sets(st.sampled_from(sorted(GROUPS))), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_swapping_twice_is_no_swap(swap, seed):
    identity = table({name: name for name in FACE}, low=-1000.0, high=1000.0)
    mapper = Mapper(identity, swap=swap)
    faces = some_faces(3, seed)
    assert np.array_equal(mapper.map(mapper.map(faces)), faces)


@pytest.mark.parametrize(
    ("name", "trim", "text"),
    [
        ("jawOpne", CurveTrim(), "no curve 'jawOpne' (did you mean 'jawOpen'?)"),
        ("jawOpen", CurveTrim(gain=float("nan")), "curve jawOpen: gain nan, wanted a number"),
        ("jawOpen", CurveTrim(offset=float("inf")), "curve jawOpen: offset inf, wanted a number"),
        ("jawOpen", CurveTrim(gain=1e7), "curve jawOpen: gain 10000000.0, wanted a number within"),
        ("jawOpen", CurveTrim(max=1.5), "curve jawOpen: max 1.5 is outside the rig's range 0 to 1"),
        ("jawOpen", CurveTrim(min=-1), "curve jawOpen: min -1 is outside the rig's range 0 to 1"),
        ("jawOpen", CurveTrim(min=0.6, max=0.4), "curve jawOpen: min 0.6 is above max 0.4"),
    ],
)
def test_a_trim_that_cannot_be_is_refused(name, trim, text):
    with pytest.raises(ValueError, match="^" + re.escape(text)):
        Mapper(ARKIT, curves={name: trim})


def test_an_unknown_group_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"no group 'brow' to swap \(did you mean 'brows'\?\)"):
        Mapper(ARKIT, swap=["brow"])


@pytest.mark.parametrize(
    "faces",
    [
        np.zeros((2, 68), np.float32),
        np.zeros(len(FACE), np.float32),
        np.zeros((2, len(FACE)), np.float64),
    ],
)
def test_faces_of_another_shape_or_type_are_refused(faces):
    with pytest.raises(ValueError, match=r"wanted float32 \(B, 82\)"):
        Mapper(ARKIT).map(faces)


def test_no_faces_give_no_rows():
    assert Mapper(ARKIT).map(np.zeros((0, len(FACE)), np.float32)).shape == (0, 68)
