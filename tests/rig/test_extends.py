"""Tables that say in what they differ from others."""

import re

import pytest

from a2f_ws.errors import ConfigError
from a2f_ws.rig.table import load_rigs
from tests.rig.tables import mapped, mistake, table

BASE = table(
    """
    [space]
    handedness = "left"
    unit = "cm"
    [range]
    min = -1.0
    [terms]
    open = { jawOpen = 1.0, mouthClose = -1.0 }
    [curves]
    jaw = "open"
    smile = { mouthSmileLeft = 0.5, mouthSmileRight = 0.5 }
    blink = "eyeBlinkLeft"
    [transforms.head]
    [transforms.neck]
    [idle]
    blinkLeft = { curve = "blink", gain = 0.5 }
    head = "head"
    [groups]
    lips = ["mouthLeft", "mouthRight"]
    [aliases]
    jaw = ["mouth_open"]
    [[fallback]]
    lacking = ["smile"]
    curves = { jaw = { jawOpen = 0.5 } }
    """,
    name="base",
)
OTHER = table('[range]\nmin = -2.0\n[curves]\nblink = "joy"\nmore = "anger"\n', name="other")
KNOWN = {"base": BASE, "other": OTHER}


def variant(text, name="variant"):
    return table(text, name, known=KNOWN)


def test_everything_is_taken_over_but_what_a_table_says_of_itself():
    rig = variant('extends = "base"')
    assert (rig.title, rig.name) == ("T", "variant")
    assert rig.curves == BASE.curves
    assert rig.transforms == ("head", "neck")
    assert (rig.space, rig.low, rig.high) == (BASE.space, -1.0, 1.0)
    assert (rig.idle, rig.groups, rig.aliases) == (BASE.idle, BASE.groups, BASE.aliases)
    assert len(rig.fallbacks) == 1
    assert mapped(rig, jawOpen=0.75, mouthClose=0.25)["jaw"] == 0.5


def test_a_replaced_curve_keeps_its_place_and_a_new_one_follows():
    rig = variant('extends = "base"\n[curves]\nsmile = "joy"\nmore = { open = 0.5 }')
    assert rig.curves == ("jaw", "smile", "blink", "more")
    assert mapped(rig, joy=1.0, jawOpen=1.0) == {"jaw": 1, "smile": 1, "blink": 0, "more": 0.5}


def test_a_replaced_term_acts_in_the_curves_taken_over():
    rig = variant('extends = "base"\n[terms]\nopen = { jawOpen = 0.5 }')
    assert mapped(rig, jawOpen=1.0)["jaw"] == 0.5


def test_renamed_curves_have_their_new_name_everywhere():
    rig = variant('extends = "base"\n[rename]\nblink = "lids"\njaw = "Jaw"\nsmile = "grin"')
    assert rig.curves == ("Jaw", "grin", "lids")
    assert rig.idle["blinkLeft"] == (2, 0.5)
    assert rig.aliases == {"Jaw": ("mouth_open",)}
    assert rig.fallbacks[0].lacking == ("grin",)
    assert list(rig.fallbacks[0].values) == ["Jaw"]


def test_fallbacks_taken_over_leave_alone_what_a_table_says_anew():
    rig = variant('extends = "base"\n[curves]\njaw = "joy"')
    assert rig.fallbacks == ()
    rig = variant('extends = "base"\n[curves]\nsmile = "joy"')
    assert list(rig.fallbacks[0].values) == ["jaw"]


def test_removed_curves_and_transforms_take_with_them_what_speaks_of_them():
    rig = variant('extends = "base"\nremove = ["blink", "head"]')
    assert (rig.curves, rig.transforms, rig.idle) == (("jaw", "smile"), ("neck",), {})
    assert len(rig.fallbacks) == 1
    rig = variant('extends = "base"\nremove = ["smile", "jaw"]')
    assert (rig.aliases, rig.fallbacks) == ({}, ())


def test_order_puts_curves_first_and_leaves_the_others_in_theirs():
    rig = variant('extends = "base"\norder = ["blink"]\n[curves]\nmore = {}')
    assert rig.curves == ("blink", "jaw", "smile", "more")


def test_of_several_tables_a_later_one_goes_before_an_earlier_one():
    rig = variant('extends = ["base", "other"]\nremove = ["jaw"]')
    assert rig.curves == ("smile", "blink", "more")
    assert (rig.low, rig.space.unit) == (-2.0, "cm")
    assert mapped(rig, joy=0.5, eyeBlinkLeft=1.0)["blink"] == 0.5


def test_auto_is_not_taken_over():
    known = {"quiet": table("auto = false\n[curves]\na = {}", name="quiet")}
    assert not known["quiet"].is_in_auto
    assert table('extends = "quiet"', known=known).is_in_auto


def test_a_variant_can_be_extended_itself():
    middle = variant('extends = "base"\n[rename]\njaw = "Jaw"', name="middle")
    rig = table('extends = "middle"\nremove = ["Jaw"]', known={**KNOWN, "middle": middle})
    assert rig.curves == ("smile", "blink")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('extends = "bas"', "no rig to extend 'bas' (did you mean 'base'?)"),
        ("extends = 1", "extends: found 1, wanted a list of rigs"),
        ("extends = [1]", "extends: found 1, wanted names of 1 to 64 printable characters"),
        ('extends = "base"\nremove = ["smil"]', "no curve or transform to remove 'smil' (did"),
        ('extends = "base"\norder = ["smil"]', "no curve to order 'smil' (did you mean 'smile'?)"),
        ('extends = "base"\n[rename]\nsmil = "a"', "no curve to rename 'smil' (did you mean 'smi"),
        (
            'extends = "base"\n[rename]\nsmile = "jaw"',
            "rename smile: there is a curve 'jaw' already",
        ),
        ('extends = "base"\n[rename]\nsmile = 1', "rename smile: found 1, wanted a name"),
        ('extends = "base"\n[idle]\nbreath = "chest"', "idle role breath: no curve 'chest' (want"),
    ],
)
def test_a_mistake_in_a_variant_is_told_with_the_nearest_name(text, wanted):
    assert mistake(text, known=KNOWN).startswith(wanted)


def test_tables_of_a_folder_extend_one_another_in_any_order(tmp_path):
    head = 'title = "T"\nsource = "S"\n'
    (tmp_path / "a.toml").write_text(head + 'extends = "b"')
    (tmp_path / "b.toml").write_text(head + 'extends = ["c", "arkit"]')
    (tmp_path / "c.toml").write_text(head + '[curves]\nx = "joy"')
    assert load_rigs(tmp_path)["a"].curves == ("x", *load_rigs()["arkit"].curves)


def test_a_users_table_extends_the_bundled_one_that_it_replaces(tmp_path):
    text = 'title = "T"\nsource = "S"\nextends = "arkit"\nremove = ["tongueOut"]'
    (tmp_path / "arkit.toml").write_text(text)
    rigs = load_rigs(tmp_path)
    assert len(rigs["arkit"].curves) == 67
    assert len(rigs["browser/arkit"].curves) == 68


def test_a_circle_of_tables_is_told_with_its_members(tmp_path):
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.toml").write_text(f'title = "T"\nsource = "S"\nextends = "{base}"')
    with pytest.raises(ConfigError, match=re.escape("extends: a circle, a → b → c → a")):
        load_rigs(tmp_path)


def test_a_table_that_extends_itself_alone_has_nothing_to_extend(tmp_path):
    (tmp_path / "mine.toml").write_text('title = "T"\nsource = "S"\nextends = "mine"')
    with pytest.raises(ConfigError, match="no rig to extend 'mine'"):
        load_rigs(tmp_path)


def test_aliases_taken_over_give_way_to_what_the_table_says():
    base = table('[curves]\na = "joy"\nb = "fear"\n[aliases]\na = ["x", "y"]\nb = ["z"]')
    mine = table(
        'extends = "base"\n[curves]\ny = "anger"\n[aliases]\ny = ["z"]', known={"base": base}
    )
    assert mine.aliases == {"a": ("x",), "y": ("z",)}


def test_a_fallback_that_nothing_is_left_of_goes():
    base = table(
        '[curves]\na = "joy"\nb = "fear"\n[[fallback]]\nlacking = ["a"]\ncurves = { b = {} }'
    )
    mine = table('extends = "base"\nremove = ["b"]', known={"base": base})
    assert mine.fallbacks == ()


def test_fallbacks_taken_over_keep_transforms_that_the_table_does_not_say_anew():
    base = table(
        '[curves]\na = "joy"\nb = "fear"\n[transforms.jaw]\n[transforms.eye]\n[[fallback]]\n'
        'lacking = ["a"]\ntransforms = { jaw = { yaw = "joy" }, eye = { yaw = "joy" } }',
        name="base",
    )
    known = {"base": base}
    start = 'extends = "base"\n'
    assert list(table(start, known=known).fallbacks[0].motions) == ["jaw", "eye"]
    anew = table(start + '[transforms.jaw]\nyaw = "fear"', known=known)
    assert list(anew.fallbacks[0].motions) == ["eye"]
    less = table(start + 'remove = ["eye"]\n[rename]\na = "A"', known=known)
    assert (less.fallbacks[0].lacking, list(less.fallbacks[0].motions)) == (("A",), ["jaw"])
    assert table(start + 'remove = ["eye", "jaw"]', known=known).fallbacks == ()
