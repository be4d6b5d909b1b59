import tomllib

import numpy as np
import pytest

from a2f_ws.errors import ConfigError
from a2f_ws.names import FACE
from a2f_ws.player.idle import ROLES
from a2f_ws.rig.faults import Faults
from a2f_ws.rig.mirror import GROUPS
from a2f_ws.rig.parse import IDLE_ROLES, LATER_ROLES, RigTable, parse

HEAD = 'title = "T"\nsource = "S"\n'


def table(text: str) -> RigTable:
    return parse(tomllib.loads(HEAD + text), "unity/vrm", faults=Faults("engines/unity/vrm.toml"))


def mistake(text: str, head: str = HEAD) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(tomllib.loads(head + text), "x", faults=Faults("x.toml"))
    start, text = str(caught.value).split(": ", 1)
    assert start == "x.toml"
    return text


def test_a_table_becomes_names_and_a_matrix_in_the_order_of_the_file():
    rig = table(
        """
        [range]
        min = -30
        max = 30.0
        [curves]
        ou = { mouthPucker = 0.75, mouthFunnel = -2 }
        jawOpen = "jawOpen"
        none = {}
        """
    )
    wanted = np.zeros((3, len(FACE)), np.float32)
    wanted[0, FACE.index("mouthPucker")] = 0.75
    wanted[0, FACE.index("mouthFunnel")] = -2
    wanted[1, FACE.index("jawOpen")] = 1
    assert rig.name == "unity/vrm"
    assert (rig.title, rig.source) == ("T", "S")
    assert rig.curves == ("ou", "jawOpen", "none")
    assert (rig.low, rig.high) == (-30.0, 30.0)
    assert rig.matrix.dtype == np.float32
    assert np.array_equal(rig.matrix, wanted)
    assert (rig.row, rig.transforms) == (3, ())


def test_a_compiled_matrix_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        table('[curves]\na = "joy"').matrix[0, 0] = 1


def test_a_table_without_a_range_has_0_to_1_and_the_seven_groups():
    rig = table('[curves]\na = "joy"')
    assert (rig.low, rig.high) == (0.0, 1.0)
    assert rig.groups == GROUPS
    assert rig.idle == {}


def test_emotions_and_eyes_are_inputs():
    rig = table("[curves]\nhappy = { joy = 0.5 }\nlook = { eyeLeftY = 0.1 }")
    assert rig.matrix[0, FACE.index("joy")] == 0.5
    assert rig.matrix[1, FACE.index("eyeLeftY")] == np.float32(0.1)


def test_idle_roles_name_a_curve_and_a_gain():
    rig = table(
        '[curves]\na = "joy"\nb = "joy"\n'
        '[idle]\nblinkLeft = { curve = "b", gain = 0.5 }\nbreath = "a"'
    )
    assert rig.idle == {"blinkLeft": (1, 0.5), "breath": (0, 1.0)}


def test_the_idle_roles_are_those_that_the_player_plays():
    assert IDLE_ROLES + LATER_ROLES == ROLES


def test_groups_of_a_table_stand_beside_the_seven():
    rig = table('[curves]\na = "joy"\n[groups]\nlips = ["mouthLeft", "mouthRight"]')
    assert rig.groups == {**GROUPS, "lips": ("mouthLeft", "mouthRight")}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "[curves]: 0 curves, wanted 1 to 1024"),
        ("curves = 1", "curves: found 1, wanted a section [curves]"),
        ('curvse = "a"', "unknown key 'curvse' (did you mean 'curves'?)"),
        ('extends = "arkit"', "extends: not available in this version"),
        ("[transforms]", "transforms: not available in this version"),
        ("[head]", "head: not available in this version"),
        ("[space]\nhand = 1", "[space]: unknown key 'hand' (wanted one of handedness, up, unit)"),
        ('[space]\nup = "y"', "[space] up: found 'y', wanted one of +x, -x, +y, -y, +z, -z"),
        ("[range]\nmx = 1", "[range]: unknown key 'mx' (did you mean 'max'?)"),
        ("[range]\nmin = true", "[range] min: found True, wanted a number within ±1e+06"),
        ("[range]\nmax = nan", "[range] max: found nan, wanted a number within ±1e+06"),
        ("[range]\nmin = 1", "[range]: min 1 is not below max 1"),
        ("[curves]\naa = 0.5", "curve aa: found 0.5, wanted an input or { input = number, … }"),
        (
            "[curves]\naa = { jawOpne = 1 }",
            "curve aa: no input 'jawOpne' (did you mean 'jawOpen'?)",
        ),
        ('[curves]\naa = "jawOpne"', "curve aa: no input 'jawOpne' (did you mean 'jawOpen'?)"),
        (
            "[curves]\naa = { joy = true }",
            "curve aa: joy: found True, wanted a number within ±1e+06",
        ),
        ("[curves]\naa = { joy = inf }", "curve aa: joy: found inf, wanted a number within ±1e+06"),
        ("[curves]\naa = { joy = 2e6 }", "curve aa: joy: found 2000000.0, wanted a number within"),
        ('[curves]\naa = { joy = "1" }', "curve aa: joy: found '1', wanted a number within"),
        ("[curves]\naa = { ratio = [1] }", "curve aa: ratio: not available in this version"),
        ("[curves]\naa = { offset = 1 }", "curve aa: offset: not available in this version"),
        ('[curves]\n"" = "joy"', "curve '': wanted a name of 1 to 64 printable characters"),
        ('[curves]\n"a\\n" = "joy"', "curve 'a\\n': wanted a name of 1 to 64 printable"),
        (
            '[curves]\na = "joy"\n[idle]\nblnkLeft = "a"',
            "no idle role 'blnkLeft' (did you mean 'blinkLeft'?)",
        ),
        (
            '[curves]\na = "joy"\n[idle]\nhead = "a"',
            "idle role head: needs a transform: not available in this version",
        ),
        (
            '[curves]\nlid = "joy"\n[idle]\nblinkLeft = "lids"',
            "idle role blinkLeft: no curve 'lids' (did you mean 'lid'?)",
        ),
        (
            "[curves]\na = {}\n[idle]\nbreath = { gain = 1 }",
            "idle role breath: found {'gain': 1}, wanted a curve or { curve = name, gain =",
        ),
        (
            '[curves]\na = {}\n[idle]\nbreath = { curve = "a", gain = "x" }',
            "idle role breath: gain found 'x', wanted a number within ±1e+06",
        ),
        (
            "[curves]\na = {}\n[idle]\nbreath = { curve = 3 }",
            "idle role breath: no curve 3 (wanted one of a)",
        ),
        (
            '[curves]\na = {}\n[groups]\nlips = ["mouthLeft"]',
            "group lips: mouthLeft without its other side mouthRight",
        ),
        (
            '[curves]\na = {}\n[groups]\nlips = ["mouthLft"]',
            "group lips: no input 'mouthLft' (did you mean 'mouthLeft'?)",
        ),
        ("[curves]\na = {}\n[groups]\nlips = []", "group lips: found [], wanted a list of inputs"),
        (
            "[curves]\na = {}\n[groups]\nlips = [1]",
            "group lips: no input 1 (wanted one of eyeBlinkLeft, ",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_nearest_name(text, wanted):
    assert mistake(text).startswith(wanted)


def test_a_table_without_title_or_source_is_refused():
    curves = "[curves]\na = {}"
    assert mistake(curves, head='title = "T"\n') == "source: nothing found, wanted a line of text"
    assert mistake(curves, head='title = 1\nsource = "S"\n') == (
        "title: found 1, wanted a line of text"
    )
    assert mistake(curves, head='title = " "\nsource = "S"\n') == (
        "title: found ' ', wanted a line of text"
    )


def test_1024_curves_are_the_most():
    curves = "[curves]\n" + "".join(f"c{i} = {{}}\n" for i in range(1024))
    assert table(curves).row == 1024
    assert mistake(curves + "c1024 = {}") == "[curves]: 1025 curves, wanted 1 to 1024"


def test_a_long_value_is_shortened_in_the_text():
    text = mistake(f'[curves]\na = {{ joy = "{"x" * 500}" }}')
    assert len(text) < 150
    assert "…" in text
