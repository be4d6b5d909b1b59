import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.names import FACE
from a2f_ws.rig.faults import WishError
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.matching import fitted
from a2f_ws.rig.mirror import GROUPS
from a2f_ws.rig.table import load_rigs
from a2f_ws.rig.trim import CurveTrim
from tests.rig.tables import face, mapped, some_faces, table

ARKIT = load_rigs()["arkit"]
WILD = table(
    "[range]\nmin = -1.0\n[terms]\nopen = { jawOpen = 0.9, mouthClose = -0.9, min = 0.0 }\n"
    "[curves]\nempty = {}\n"
    f"all = {{ {', '.join(f'{name} = {0.1 + 0.01 * i:.2f}' for i, name in enumerate(FACE))} }}\n"
    "look = { eyeLeftY = 0.02, eyeRightY = 0.02 }\n"
    'aa = { product = ["open", { largest = ["mouthPucker", "mouthFunnel"] }] }\n'
    'shut = { ratio = ["mouthClose", "jawOpen"], min = 0.25 }\njoy = "joy"\n'
)


def test_arkit_gives_the_weights_clamped_to_its_range():
    faces = some_faces(5)
    assert np.array_equal(Mapper(ARKIT).map(faces), faces[:, :68].clip(0, 1))


def test_a_curve_is_the_sum_of_its_inputs_times_their_coefficients():
    rig = table(
        "[range]\nmin = -1\nmax = 2\n[curves]\n"
        'aa = { jawOpen = 0.5, mouthClose = -0.25 }\njoy = "joy"\nno = {}'
    )
    rows = Mapper(rig).map(face(jawOpen=1.0, mouthClose=0.5, joy=0.75))
    assert rows.dtype == np.float32
    assert rows.tolist() == [[0.375, 0.75, 0.0]]


def test_the_neutral_face_maps_to_zeros_of_positive_sign():
    rig = table('[range]\nmin = -1\n[curves]\na = { joy = -1.0 }\nb = { product = ["joy", -1] }')
    for table_ in (ARKIT, rig):
        rows = Mapper(table_).map(np.negative(face()))
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
    low, high = zip(*((v.low, v.high) for v in WILD.values.values()), strict=True)
    assert (together >= np.array(low, np.float32)).all()
    assert (together <= np.array(high, np.float32)).all()


def test_a_large_rig_comes_close_to_the_product_with_its_matrix():
    rng = np.random.default_rng(1)
    matrix = np.zeros((250, len(FACE)))
    lines = []
    for i, line in enumerate(matrix):
        at = rng.choice(len(FACE), 1 + i % 6, replace=False)
        line[at] = rng.normal(size=len(at)).round(4)
        lines.append(f"c{i} = {{ {', '.join(f'{FACE[k]} = {line[k]}' for k in at)} }}")
    rig = table("[range]\nmin = -1000\nmax = 1000\n[curves]\n" + "\n".join(lines))
    faces = some_faces(32)
    # Six products and sums in float32, each off by at most 2^-24 of values below 4.
    np.testing.assert_allclose(
        Mapper(rig).map(faces), faces.astype(np.float64) @ matrix.T, atol=1e-5
    )


def test_a_curves_range_of_its_own_replaces_the_rigs():
    rig = table("[curves]\nangle = { joy = 60.0, min = -30.0, max = 30.0 }\nb = { joy = 60.0 }")
    assert mapped(rig, joy=1.0) == {"angle": 30.0, "b": 1.0}
    assert mapped(rig, joy=-1.0) == {"angle": -30.0, "b": 0.0}


def test_a_clients_gain_takes_a_curve_before_its_clamp():
    rig = table('[curves]\na = { product = ["joy", 4], offset = 1.0 }')
    rows = Mapper(rig, curves={"a": CurveTrim(gain=0.25, offset=-0.5)}).map(face(joy=0.5))
    assert rows.tolist() == [[0.25]]


def test_curves_of_a_mesh_are_trimmed_and_swapped_by_the_names_of_the_mesh():
    fit = fitted(ARKIT, ["a.mouthSmile_L", "b.mouthSmile_L", "mouthSmile_R"])
    mapper = Mapper(fit.table, curves={"b.mouthSmile_L": CurveTrim(gain=0.5)}, swap=["mouth"])
    assert mapper.map(face(mouthSmileRight=0.5)).tolist() == [[0.5, 0.25, 0.0]]


def test_swapping_a_group_exchanges_its_sides_and_leaves_the_others():
    rows = Mapper(ARKIT, swap=["mouth"]).map(
        face(mouthSmileLeft=0.25, mouthRight=0.5, jawLeft=0.75, jawOpen=1.0)
    )
    values = {
        name: value for name, value in zip(ARKIT.curves, rows[0].tolist(), strict=True) if value
    }
    assert values == {"mouthSmileRight": 0.25, "mouthLeft": 0.5, "jawLeft": 0.75, "jawOpen": 1.0}


def test_swapped_eyes_look_to_the_other_side():
    rig = table(
        "[range]\nmin = -30\nmax = 30\n"
        '[curves]\nleft = "eyeLeftY"\nright = "eyeRightY"\nup = "eyeLeftX"'
    )
    rows = Mapper(rig, swap=["eyes"]).map(face(eyeLeftY=10.0, eyeRightY=8.0, eyeRightX=5.0))
    assert rows.tolist() == [[-8.0, -10.0, 5.0]]


def test_a_group_of_the_tables_own_can_be_swapped():
    rig = table(
        '[curves]\nl = "mouthLeft"\nr = "mouthRight"\ns = "mouthSmileLeft"\n'
        '[groups]\nlips = ["mouthLeft", "mouthRight"]'
    )
    rows = Mapper(rig, swap=["lips"]).map(face(mouthLeft=0.25, mouthSmileLeft=0.5))
    assert rows.tolist() == [[0.0, 0.25, 0.5]]


@given(st.sets(st.sampled_from(sorted(GROUPS))), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_swapping_twice_is_no_swap(swap, seed):
    lines = "".join(f'{name} = "{name}"\n' for name in FACE)
    identity = table("[range]\nmin = -1000\nmax = 1000\n[curves]\n" + lines)
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
        ("jawOpen", CurveTrim(max=1.5), "curve jawOpen: max 1.5 is outside its range 0 to 1"),
        ("jawOpen", CurveTrim(min=-1), "curve jawOpen: min -1 is outside its range 0 to 1"),
        ("jawOpen", CurveTrim(min=0.6, max=0.4), "curve jawOpen: min 0.6 is above max 0.4"),
    ],
)
def test_a_trim_that_cannot_be_is_refused(name, trim, text):
    with pytest.raises(WishError, match="^" + re.escape(text)) as caught:
        Mapper(ARKIT, curves={name: trim})
    assert caught.value.field == f"curves.{name}"


def test_an_unknown_group_is_refused_with_the_nearest():
    with pytest.raises(WishError, match=r"no group 'brow' to swap \(did") as caught:
        Mapper(ARKIT, swap=["eyes", "brow"])
    assert caught.value.field == "swap.1"


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
