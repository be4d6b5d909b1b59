import pytest

from a2f_ws.player.idle import ROLES
from a2f_ws.rig.mirror import GROUPS
from a2f_ws.rig.players import IDLE_ROLES
from a2f_ws.rig.space import Space
from tests.rig.tables import mapped, mistake, table


def test_a_table_becomes_names_and_values_in_the_order_of_the_file():
    rig = table(
        """
        [range]
        min = -30
        max = 30.0
        [curves]
        ou = { mouthPucker = 0.75, mouthFunnel = -2 }
        jawOpen = "jawOpen"
        none = {}
        """,
        name="unity/vrm",
    )
    assert rig.name == "unity/vrm"
    assert (rig.title, rig.source) == ("T", "S")
    assert rig.curves == ("ou", "jawOpen", "none")
    assert (rig.low, rig.high) == (-30.0, 30.0)
    assert (rig.row, rig.transforms) == (3, ())
    assert mapped(rig, mouthPucker=4.0, mouthFunnel=-1.0, jawOpen=2.0) == {
        "ou": 5.0,
        "jawOpen": 2.0,
        "none": 0.0,
    }


def test_a_table_without_a_range_has_0_to_1_and_the_seven_groups():
    rig = table('[curves]\na = "joy"')
    assert (rig.low, rig.high) == (0.0, 1.0)
    assert rig.groups == GROUPS
    assert rig.idle == {}
    assert rig.space == Space("right", "+y", "+z", "m")
    assert rig.is_in_auto


def test_emotions_and_eyes_are_inputs():
    rig = table("[curves]\nhappy = { joy = 0.5 }\nlook = { eyeLeftY = 0.125 }")
    assert mapped(rig, joy=1.0, eyeLeftY=4.0) == {"happy": 0.5, "look": 0.5}


def test_idle_roles_name_a_curve_and_a_gain():
    rig = table(
        '[curves]\na = "joy"\nb = "joy"\n'
        '[idle]\nblinkLeft = { curve = "b", gain = 0.5 }\nbreath = "a"'
    )
    assert rig.idle == {"blinkLeft": (1, 0.5), "breath": (0, 1.0)}


def test_the_idle_role_head_names_a_transform_by_the_first_of_its_floats():
    rig = table(
        "[curves]\na = {}\nb = {}\n[transforms.jaw]\n[transforms.neck]\n"
        '[idle]\nhead = { transform = "neck", gain = 0.5 }'
    )
    assert rig.idle == {"head": (2 + 7, 0.5)}


def test_the_idle_roles_are_those_that_the_player_plays():
    assert IDLE_ROLES == ROLES


def test_a_table_may_be_transforms_alone():
    rig = table('[transforms.jaw]\npitch = "jawOpen"')
    assert (rig.curves, rig.transforms, rig.row) == ((), ("jaw",), 7)


def test_groups_of_a_table_stand_beside_the_seven():
    rig = table('[curves]\na = "joy"\n[groups]\nlips = ["mouthLeft", "mouthRight"]')
    assert rig.groups == {**GROUPS, "lips": ("mouthLeft", "mouthRight")}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "[curves]: nothing found, wanted 1 to 1024 curves"),
        ("curves = 1", "curves: found 1, wanted a section [curves]"),
        ('curvse = "a"', "unknown key 'curvse' (did you mean 'curves'?)"),
        ("[range]\nmx = 1", "[range]: unknown key 'mx' (did you mean 'max'?)"),
        ("[range]\nmin = true", "[range] min: found True, wanted a number within ±1e+06"),
        ("[range]\nmax = nan", "[range] max: found nan, wanted a number within ±1e+06"),
        ("[range]\nmin = 1", "[range]: min 1 is not below max 1"),
        ("auto = 1\n[curves]\na = {}", "auto: found 1, wanted true or false"),
        ('remove = ["a"]', "remove: nothing to change, wanted extends = RIG"),
        ("transforms = 1", "transforms: found 1, wanted a section [transforms]"),
        ('[curves]\n"" = "joy"', "curve '': wanted a name of 1 to 64 printable characters"),
        ('[curves]\n"a\\n" = "joy"', "curve 'a\\n': wanted a name of 1 to 64 printable"),
        (
            '[curves]\na = "joy"\n[idle]\nblnkLeft = "a"',
            "no idle role 'blnkLeft' (did you mean 'blinkLeft'?)",
        ),
        (
            '[curves]\na = "joy"\n[idle]\nhead = "a"',
            "idle role head: no transform 'a' (there are none)",
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
            "idle role breath: gain: found 'x', wanted a number within ±1e+06",
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
        ('[curves]\na = {}\n[aliases]\nb = ["c"]', "[aliases]: no curve 'b' (wanted one of a)"),
        ("[curves]\na = {}\n[aliases]\na = 1", "[aliases] a: found 1, wanted a list of names"),
        ("[curves]\na = {}\n[fallback]", "fallback: found {}, wanted sections [[fallback]]"),
        (
            "[curves]\na = {}\n[[fallback]]\ncurves = {}",
            "fallback 1: wanted one of lacking, lacking_any, having",
        ),
        (
            '[curves]\na = {}\n[[fallback]]\nlacking = ["b"]',
            "fallback 1: no curve 'b' (wanted one of a)",
        ),
        (
            '[curves]\na = {}\n[[fallback]]\nhaving = ["a"]\ncurves = { b = {} }',
            "fallback 1: no curve 'b' (wanted one of a)",
        ),
        (
            '[curves]\na = {}\n[[fallback]]\nhaving = ["a"]\ncurves = { a = "joi" }',
            "fallback 1: curve a: no input 'joi' (did you mean 'joy'?)",
        ),
        (
            '[curves]\na = {}\n[[fallback]]\nhavin = ["a"]',
            "fallback 1: unknown key 'havin' (did you mean 'having'?)",
        ),
        ("[curves]\na = {}\n[groups]\nlips = []", "group lips: found [], wanted a list of inputs"),
        (
            "[curves]\na = {}\n[groups]\nlips = [1]",
            "group lips: found 1, wanted names of 1 to 64 printable characters",
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
    assert mistake(curves + "c1024 = {}") == "[curves]: 1025 curves, wanted at most 1024"


def test_a_long_value_is_shortened_in_the_text():
    text = mistake(f'[curves]\na = {{ joy = "{"x" * 500}" }}')
    assert len(text) < 150
    assert "…" in text


def test_names_that_meshes_have_and_groups_are_bounded():
    aliases = "\n".join(
        f"a{k} = [{', '.join(f'{chr(34)}n{k}.{n}{chr(34)}' for n in range(256))}]"
        for k in range(16)
    )
    curves = "\n".join(f"a{k} = {{}}" for k in range(17))
    assert len(table(f"[curves]\n{curves}\n[aliases]\n{aliases}").aliases) == 16
    text = mistake(f'[curves]\n{curves}\n[aliases]\n{aliases}\na16 = ["x"]')
    assert text == "[aliases]: 4097 names, wanted at most 4096"
    groups = "\n".join(f'g{k} = ["jawOpen"]' for k in range(65))
    text = mistake(f"[curves]\na = {{}}\n[groups]\n{groups}")
    assert text == "[groups]: 65 groups, wanted at most 64"
    assert mistake('[curves]\na = {}\n[groups]\n"" = ["jawOpen"]').startswith("group '': wanted")


FALL = '[curves]\na = "joy"\nb = "fear"\n[[fallback]]\n'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            FALL + 'lacking = ["a"]\ntransforms = {}',
            "fallback 1: changes nothing, wanted curves, transforms or idle",
        ),
        (
            FALL + 'lacking = ["a"]\ntransforms = { head = {} }',
            "fallback 1: no transform 'head' (there are none)",
        ),
        (
            FALL.replace("[[", "[transforms.head]\n[[")
            + 'lacking = ["a"]\ntransforms = { head = { pich = "joy" } }',
            "fallback 1: transform head: unknown key 'pich' (did you mean 'pitch'?)",
        ),
        (
            FALL.replace("[[", "[transforms.head]\n[[")
            + 'lacking = ["a"]\ntransforms = { head = { yaw = "joi" } }',
            "fallback 1: transform head: yaw: no input 'joi' (did you mean 'joy'?)",
        ),
        (
            FALL + 'lacking = ["a"]\nhaving = ["a"]\ncurves = { b = {} }',
            "fallback 1: a cannot be both lacking and there",
        ),
        (
            FALL + 'lacking = ["a"]\ncurves = { a = {} }',
            "fallback 1: curve a: a mesh without it has no use",
        ),
        (
            FALL + 'lacking_any = ["a"]\nhaving = ["b", "a"]\ncurves = { b = {} }',
            "fallback 1: a mesh that has a cannot lack it",
        ),
        (
            '[curves]\na = "joy"\nb = "joy"\n[aliases]\na = ["x"]\nb = ["y", "x"]',
            "[aliases] b: a has the alias 'x' already",
        ),
        (
            '[curves]\na = "joy"\nb = "joy"\n[aliases]\na = ["b"]',
            "[aliases] a: 'b' is the name of another curve",
        ),
        (
            '[curves]\na = "joy"\n[idle]\nbreath = { curve = "a", gain = 0 }',
            "idle role breath: gain: found 0, wanted any other number",
        ),
    ],
)
def test_what_can_have_no_effect_is_a_mistake(text, wanted):
    assert mistake(text) == wanted
