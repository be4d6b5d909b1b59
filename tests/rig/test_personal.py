"""`swap` and `[trims]` of a table: a rig for one character."""

import numpy as np
import pytest

from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.matching import fitted
from a2f_ws.rig.table import load_rigs
from a2f_ws.rig.trim import CurveTrim
from tests.rig.tables import face, mapped, mistake, some_faces, table

RIGS = load_rigs()
SMALL = """
[curves]
jaw = { jawOpen = 2.0 }
left = "mouthLeft"
right = "mouthRight"
shape = { largest = ["joy", "anger"] }
"""


def test_a_trim_scales_moves_and_holds_a_curve():
    rig = table(SMALL + "[trims]\njaw = { gain = 0.5, offset = 0.25, max = 0.75 }")
    shown = [mapped(rig, jawOpen=jaw)["jaw"] for jaw in (0.0, 0.25, 0.5, 1.0)]
    assert shown == [0.25, 0.5, 0.75, 0.75]
    assert (rig.values["jaw"].low, rig.values["jaw"].high) == (0.0, 0.75)
    assert mapped(rig, joy=0.5)["shape"] == 0.5


def test_a_trim_takes_the_value_before_its_clamp_as_a_clients_does():
    trim = "[trims]\nshape = { gain = 0.5, min = 0.1 }\njaw = { gain = 0.5 }"
    rig, plain = table(SMALL + trim), table(SMALL)
    curves = {"shape": CurveTrim(gain=0.5, min=0.1), "jaw": CurveTrim(gain=0.5)}
    faces = some_faces(50)
    assert Mapper(rig).map(faces).tobytes() == Mapper(plain, curves=curves).map(faces).tobytes()
    assert mapped(rig, jawOpen=0.75)["jaw"] == 0.75


def test_a_client_treats_what_the_table_has_treated():
    rig = table(SMALL + "[trims]\njaw = { gain = 0.25, max = 0.5 }")
    row = Mapper(rig, curves={"jaw": CurveTrim(gain=0.5, offset=0.125)}).map(face(jawOpen=0.5))
    assert row[0, 0] == 0.25
    with pytest.raises(ValueError, match=r"max 0.75 is outside its range 0 to 0.5"):
        Mapper(rig, curves={"jaw": CurveTrim(max=0.75)})


def test_a_trim_holds_on_meshes_that_lack_something_too():
    rig = table(
        '[trims]\njaw = { gain = 0.5 }\n[curves]\njaw = "jawOpen"\nclose = "mouthClose"\n'
        '[[fallback]]\nlacking = ["close"]\ncurves = { jaw = { jawOpen = 1.0, mouthClose = -1.0 } }'
    )
    assert mapped(fitted(rig, ["jaw"]).table, jawOpen=0.75, mouthClose=0.25) == {"jaw": 0.25}


def test_a_table_that_swaps_a_group_maps_as_a_client_that_swaps_it():
    faces = some_faces(20)
    for name, group in (("arkit", "mouth"), ("unity/arkit", "eyes"), ("live2d", "eyes")):
        text = f'extends = "{name}"\nswap = ["{group}"]'
        mine = table(text, known=RIGS)
        wanted = Mapper(RIGS[name], swap=[group]).map(faces)
        assert Mapper(mine).map(faces).tobytes() == wanted.tobytes()
        back = Mapper(mine, swap=[group]).map(faces)
        np.testing.assert_array_equal(back, Mapper(RIGS[name]).map(faces))


def test_a_swap_holds_on_meshes_that_lack_something_too():
    rig = table(
        'swap = ["eyes"]\n[curves]\nboth = {}\nleft = "eyeBlinkLeft"\n[[fallback]]\n'
        'lacking = ["left"]\ncurves = { both = "eyeBlinkLeft" }'
    )
    assert mapped(fitted(rig, ["both"]).table, eyeBlinkRight=0.5) == {"both": 0.5}


def test_variants_take_over_trims_and_swaps_and_may_say_them_anew():
    base = table(SMALL + "[trims]\njaw = { gain = 0.5 }\nleft = { gain = 0.25 }", name="base")
    swapped = table('extends = "base"\nswap = ["mouth"]', name="swapped", known={"base": base})
    known = {"base": base, "swapped": swapped}
    assert mapped(swapped, mouthRight=1.0)["left"] == 0.25
    mine = table(
        'extends = "swapped"\nremove = ["shape"]\nswap = []\n[rename]\nleft = "L"\n'
        "[trims]\njaw = { gain = 1.0 }",
        known=known,
    )
    assert mapped(mine, mouthLeft=1.0, jawOpen=0.25) == {"jaw": 0.5, "L": 0.25, "right": 0.0}
    gone = table('extends = "base"\nremove = ["left"]', known=known)
    assert list(gone.curves) == ["jaw", "right", "shape"]


@pytest.mark.parametrize("name", RIGS)
def test_every_rig_can_be_made_quieter_by_a_table_of_two_lines(name):
    quiet = {curve: {"gain": 0.5} for curve in RIGS[name].curves}
    lines = "\n".join(f'"{curve}" = {{ gain = 0.5 }}' for curve in quiet)
    mine = table(f'extends = "{name}"\n[trims]\n{lines}', known=RIGS)
    trims = {curve: CurveTrim(gain=0.5) for curve in quiet}
    faces = some_faces(5)
    wanted = Mapper(RIGS[name], curves=trims).map(faces)
    assert Mapper(mine).map(faces).tobytes() == wanted.tobytes()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('swap = "mouth"', "swap: found 'mouth', wanted a list of groups"),
        ('swap = ["mouht"]', "swap: no group 'mouht' to swap (did you mean 'mouth'?)"),
        ("[trims]\njwa = {}", "[trims]: no curve 'jwa' (did you mean 'jaw'?)"),
        ("[trims]\njaw = 1", "[trims] jaw: found 1, wanted { gain = number, … }"),
        ("[trims]\njaw = { gian = 1 }", "[trims] jaw: unknown key 'gian' (did you mean 'gain'?)"),
        ("[trims]\njaw = { gain = true }", "[trims] jaw: gain: found True, wanted a number within"),
        ("[trims]\njaw = { max = 2 }", "[trims]: curve jaw: max 2 is outside its range 0 to 1"),
        ("[trims]\njaw = { min = 0.5, max = 0.2 }", "[trims]: curve jaw: min 0.5 is above max 0.2"),
    ],
)
def test_a_mistake_in_swap_or_trims_is_told_with_its_place(text, wanted):
    assert mistake(f'{text}\n[curves]\njaw = "jawOpen"').startswith(wanted)


def test_a_gain_that_could_overflow_is_refused():
    big = (
        "jaw = { product = [{ jawOpen = 1e6 }, { jawOpen = 1e6 }, { jawOpen = 1e6 }], gain = 1.0 }"
    )
    text = f"[range]\nmin = -1e6\nmax = 1e6\n[curves]\n{big}\n[trims]\njaw = {{ gain = 1e6 }}"
    assert mistake(text).startswith("[trims] jaw: may exceed 1e+30")
