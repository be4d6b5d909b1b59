"""What `open` settles and `set` changes."""

import numpy as np
import pytest

from a2f_ws.catalog import Catalog
from a2f_ws.errors import PeerError
from a2f_ws.model import Model
from a2f_ws.names import FACE
from a2f_ws.session.setup import changed, emotion_vector, settle
from a2f_ws.wire.messages import AudioFormat, CurveSet
from a2f_ws.wire.requests import Open, Set
from tests.core.desk import RIGS


@pytest.fixture
def catalog(scripted):
    return Catalog([Model("first", scripted), Model("second", scripted)], RIGS)


def opening(**fields):
    audio = AudioFormat(format="s16le", rate=16_000)
    return Open(**{"sid": 1, "rig": "arkit", "fps": 60, "audio": audio, **fields})


def refusal(call):
    with pytest.raises(PeerError) as caught:
        call()
    return caught.value


def test_what_is_not_said_is_what_the_model_has(catalog, scripted, bundle):
    setup, emotion = settle(opening(), catalog)
    assert setup.model is catalog.models["first"]
    assert (setup.is_burst, setup.is_visible, setup.wants_status) == (False, True, False)
    assert setup.ahead_us == 1_500_000
    assert setup.params.tolist() == scripted.defaults.tolist()
    assert emotion.tolist() == bundle.default_emotion.tolist()


def test_a_pose_rate_is_reduced_and_told_in_the_form_of_the_wire(catalog):
    for fps, wire in ((60, 60), ([120, 2], 60), ([30_000, 1_001], [30_000, 1_001])):
        setup, _ = settle(opening(fps=fps), catalog)
        assert setup.opened(1, layout=1, credit_us=1, re=None).fps == wire


def test_look_ahead_and_look_back_count_the_resampler(catalog, bundle):
    plain, _ = settle(opening(), catalog)
    ahead, back = bundle.buffer_len - bundle.buffer_ofs, bundle.buffer_ofs
    assert plain.look_ahead_us(1) == -(-ahead * 1_000_000 // 16_000)
    assert plain.look_back_us == -(-back * 1_000_000 // 16_000)
    audio = AudioFormat(format="s16le", rate=48_000)
    resampled, _ = settle(opening(audio=audio), catalog)
    added = resampled.look_ahead_us(1) - plain.look_ahead_us(1)
    assert 0 < added < 5_000
    # Looking back takes the whole filter, to the last bit.
    assert added < resampled.look_back_us - plain.look_back_us < added + 125


def test_an_emotion_by_name_is_the_whole_vector(catalog):
    model = catalog.model(None)
    vector = emotion_vector(model, {"joy": 0.5, "anger": 1.0}, field="values")
    assert vector.dtype == np.float32
    assert vector.tolist() == [0, 1, 0, 0, 0, 0, 0.5, 0, 0, 0]
    fault = refusal(lambda: emotion_vector(model, {"glee": 1.0}, field="values"))
    assert (fault.code, fault.field) == (4422, "values.glee")
    assert "joy" in fault.message


def test_an_unknown_name_is_answered_with_the_nearest_one(catalog):
    fault = refusal(lambda: settle(opening(rig="arkitt"), catalog))
    assert (fault.code, fault.field) == (4404, "rig")
    assert "did you mean 'arkit'?" in fault.message


def test_a_set_gives_new_settings_and_leaves_the_old_ones(catalog):
    old, _ = settle(opening(curves={"jawOpen": CurveSet(gain=2.0, min=0.1)}), catalog)
    params = old.params.copy()
    message = Set(
        sid=1,
        params={"skin_strength": 0.5},
        curves={"jawOpen": CurveSet(gain=0.5)},
        visible=False,
        fps=30,
    )
    new = changed(old, message, catalog=catalog)
    assert (old.is_visible, old.fps.num, old.fitting.trims["jawOpen"].gain) == (True, 60, 2.0)
    assert old.params.tolist() == params.tolist()
    assert (new.is_visible, new.fps.num) == (False, 30)
    assert (new.fitting.trims["jawOpen"].gain, new.fitting.trims["jawOpen"].min) == (0.5, 0.1)
    assert new.params.tolist() != params.tolist()
    assert new.changes_rows(old)
    assert new.changes_faces(old)


def test_only_model_rig_and_rate_change_the_rows(catalog):
    old, _ = settle(opening(), catalog)
    same = changed(old, Set(sid=1, rig="arkit", fps=60, model="first"), catalog=catalog)
    assert not same.changes_rows(old)
    assert not same.changes_faces(old)
    other = changed(old, Set(sid=1, model="second"), catalog=catalog)
    assert other.changes_rows(old)


def test_another_model_forgets_the_parameters(catalog):
    old, _ = settle(opening(params={"skin_strength": 0.5}), catalog)
    new = changed(old, Set(sid=1, model="second"), catalog=catalog)
    assert new.params.tolist() == new.model.pipeline.defaults.tolist()


def test_the_greeting_lists_what_is_served(catalog, bundle):
    hello = catalog.hello({"sessions": 3})
    assert [model.name for model in hello.models] == ["first", "second"]
    assert hello.models[0].emotions == bundle.emotions
    assert hello.rigs == tuple(RIGS)
    assert hello.limits == {"sessions": 3}
    assert hello.audio.rate == (8_000, 192_000)
    assert hello.instance != Catalog([], {}).instance


def rows(setup, **inputs):
    """Curve → value of one face, by the names of the client."""
    face = np.zeros((1, len(FACE)), np.float32)
    for name, value in inputs.items():
        face[0, FACE.index(name)] = value
    row = setup.fitting.mapper.map(face)[0].tolist()
    return dict(zip(setup.table.curves, row, strict=False))


def test_a_mesh_gets_its_own_names_in_its_order_and_hears_what_does_not_fit(catalog):
    have = ("teeth.jawOpen", "nose", "mouthSmile_L", "mouthClose")
    setup, _ = settle(opening(rig="arkit", have=have), catalog)
    opened = setup.opened(1, layout=1, credit_us=1, re=None)
    assert (opened.rig, opened.row) == ("arkit", 3)
    assert opened.curves == ("teeth.jawOpen", "mouthSmile_L", "mouthClose")
    assert opened.unmatched == ("nose",)
    assert len(opened.missing) == 68 - 3
    assert "mouthSmileRight" in opened.missing
    assert rows(setup, jawOpen=0.5, mouthSmileLeft=0.25)["teeth.jawOpen"] == 0.5


def test_auto_opens_the_best_rig_and_says_which(catalog):
    setup, _ = settle(opening(rig="auto", have=("A", "I", "Blink_L", "Blink_R")), catalog)
    opened = setup.opened(1, layout=1, credit_us=1, re=None)
    assert (opened.rig, opened.transforms) == ("unity/vrm0", ("head",))
    assert opened.curves == ("A", "I", "Blink_L", "Blink_R")
    assert opened.idle == {"blinkLeft": (2, 1.0), "blinkRight": (3, 1.0), "head": (4, 1.0)}
    assert opened.row == 4 + 7


def test_without_names_a_rig_has_all_its_curves_and_nothing_is_missing(catalog):
    for have in (None, ()):
        setup, _ = settle(opening(rig="browser/arkit", have=have), catalog)
        opened = setup.opened(1, layout=1, credit_us=1, re=None)
        assert (len(opened.curves), opened.missing, opened.unmatched) == (68, (), ())


@pytest.mark.parametrize(
    ("fields", "field", "text"),
    [
        ({"rig": "auto"}, "have", "found no names, wanted those of the mesh's curves"),
        ({"rig": "auto", "have": ()}, "have", "found no names"),
        (
            {"rig": "auto", "have": ("Jowl", "Head")},
            "have",
            "found 2 names that no rig drives ('Jowl', 'Head'), wanted names such as "
            "browser/arkit: "
            "eyeBlinkLeft, eyeLookDownLeft",
        ),
        (
            {"rig": "unity/oculus", "have": ("jawOpen",)},
            "have",
            "found 1 names that no rig drives ('jawOpen'), wanted names such as unity/oculus: sil",
        ),
        ({"rig": "auto", "table": {}}, "rig", "found 'auto' beside a table, wanted a name for it"),
        ({"table": {"title": "T"}}, "table", "table: [curves]: nothing found, wanted 1 to 1024"),
        (
            {"table": {"title": "T", "source": "S", "curves": {"a": {"jawOpne": 1}}}},
            "table",
            "table: curve a: no input 'jawOpne' (did you mean 'jawOpen'?)",
        ),
        ({"have": ("jawOpen",), "curves": {"mouthClose": CurveSet()}}, "curves.mouthClose", "no c"),
    ],
)
def test_what_cannot_be_matched_is_refused_with_what_is_wanted(catalog, fields, field, text):
    fault = refusal(lambda: settle(opening(**fields), catalog))
    assert (fault.code, fault.field) == (4422, field)
    assert fault.message.startswith(text)


def test_a_rig_sent_along_is_checked_named_and_fitted_like_any_other(catalog):
    table = {
        "title": "A robot",
        "source": "its maker",
        "extends": "arkit",
        "rename": {"jawOpen": "servo"},
        "terms": {"open": {"jawOpen": 1, "mouthClose": -1, "min": 0}},
        "curves": {"servo": {"product": ["open", 90], "max": 45.0}},
    }
    setup, _ = settle(opening(rig="robot", table=table, have=("Servo", "eye")), catalog)
    opened = setup.opened(1, layout=1, credit_us=1, re=None)
    assert (opened.rig, opened.curves, opened.unmatched) == ("robot", ("Servo",), ("eye",))
    assert rows(setup, jawOpen=0.5, mouthClose=0.25) == {"Servo": 22.5}
    assert "robot" not in catalog.rigs
    back = changed(setup, Set(sid=1, rig="arkit", have=()), catalog=catalog)
    assert back.opened(1, layout=2, credit_us=1, re=None).rig == "arkit"


def test_another_mesh_is_fitted_to_the_rig_asked_for(catalog):
    old, _ = settle(opening(rig="auto", have=("jawOpen", "mouthClose")), catalog)
    new = changed(old, Set(sid=1, have=("viseme_aa", "viseme_PP")), catalog=catalog)
    assert (old.table.name, new.table.name) == ("browser/arkit", "unity/oculus")
    assert new.changes_rows(old)
    named = changed(old, Set(sid=1, rig="arkit"), catalog=catalog)
    assert (named.table.name, named.table.curves) == ("arkit", ("jawOpen", "mouthClose"))
    again = changed(named, Set(sid=1, have=("cheekPuff",)), catalog=catalog)
    assert (again.table.name, again.table.curves) == ("arkit", ("cheekPuff",))
    whole = changed(again, Set(sid=1, have=()), catalog=catalog)
    assert len(whole.table.curves) == 68


def test_the_same_rig_and_mesh_again_change_no_rows(catalog):
    old, _ = settle(opening(rig="auto", have=("jawOpen",)), catalog)
    same = changed(old, Set(sid=1, rig="auto", have=("jawOpen",)), catalog=catalog)
    assert not same.changes_rows(old)


def test_curves_are_treated_by_the_names_of_the_mesh_until_another_comes(catalog):
    have = ("a.jawOpen", "b.jawOpen", "mouthClose")
    trims = {"b.jawOpen": CurveSet(gain=0.5)}
    old, _ = settle(opening(rig="auto", have=have, curves=trims), catalog)
    assert rows(old, jawOpen=0.5) == {"a.jawOpen": 0.5, "b.jawOpen": 0.25, "mouthClose": 0.0}
    new = changed(old, Set(sid=1, curves={"b.jawOpen": CurveSet(offset=0.25)}), catalog=catalog)
    assert rows(new, jawOpen=0.5)["b.jawOpen"] == 0.5
    assert not new.changes_rows(old)
    other = changed(new, Set(sid=1, have=("b.jawOpen", "mouthClose")), catalog=catalog)
    assert rows(other, jawOpen=0.5) == {"b.jawOpen": 0.5, "mouthClose": 0.0}
    assert other.fitting.trims == {}


def test_a_refused_set_leaves_the_mesh_as_it_was(catalog):
    old, _ = settle(opening(rig="auto", have=("jawOpen",)), catalog)
    fault = refusal(lambda: changed(old, Set(sid=1, have=("Jowl",)), catalog=catalog))
    assert (fault.code, fault.field) == (4422, "have")
    assert old.table.curves == ("jawOpen",)


def test_the_greeting_says_that_meshes_can_be_matched(catalog):
    assert {"auto", "have", "table"} <= set(catalog.hello({}).capabilities)


GROUPED = {
    "title": "A robot",
    "source": "its maker",
    "curves": {"left": "mouthSmileLeft"},
    "groups": {"lips": ["mouthSmileLeft", "mouthSmileRight"]},
}


def test_another_rig_forgets_the_groups_that_it_does_not_have(catalog):
    old, _ = settle(opening(rig="robot", table=GROUPED), catalog)
    swapped = changed(old, Set(sid=1, swap=("lips", "eyes")), catalog=catalog)
    assert rows(swapped, mouthSmileRight=0.5) == {"left": 0.5}
    new = changed(swapped, Set(sid=1, rig="arkit"), catalog=catalog)
    assert (new.table.name, new.fitting.swap) == ("arkit", ("eyes",))
    fault = refusal(
        lambda: changed(swapped, Set(sid=1, rig="arkit", swap=("lips",)), catalog=catalog)
    )
    assert (fault.code, fault.field) == (4422, "swap.0")


def test_sides_may_change_places_from_the_beginning(catalog):
    swapped, _ = settle(opening(rig="robot", table=GROUPED, swap=("lips",)), catalog)
    assert rows(swapped, mouthSmileRight=0.5) == {"left": 0.5}
    plain = changed(swapped, Set(sid=1, swap=()), catalog=catalog)
    assert rows(plain, mouthSmileRight=0.5) == {"left": 0.0}
    fault = refusal(lambda: settle(opening(rig="arkit", swap=("eyes", "lips")), catalog))
    assert (fault.code, fault.field) == (4422, "swap.1")


def test_a_table_sent_along_may_fit_itself_to_one_character(catalog):
    mine = {**GROUPED, "swap": ["lips"], "trims": {"left": {"gain": 0.5, "offset": 0.125}}}
    setup, _ = settle(opening(rig="dwarf", table=mine), catalog)
    assert rows(setup, mouthSmileRight=0.5) == {"left": 0.375}
    wrong = {**mine, "trims": {"lef": {"gain": 0.5}}}
    fault = refusal(lambda: settle(opening(rig="dwarf", table=wrong), catalog))
    assert (fault.code, fault.field) == (4422, "table")
    assert "[trims]: no curve 'lef' (did you mean 'left'?)" in fault.message


def test_a_rig_sent_along_may_be_named_again_while_the_session_has_it(catalog):
    old, _ = settle(opening(rig="robot", table=GROUPED, have=("left",)), catalog)
    new = changed(old, Set(sid=1, rig="robot", have=("x.left", "y")), catalog=catalog)
    assert (new.fitting.rig, new.table.curves) == (old.fitting.rig, ("x.left",))
    other = changed(old, Set(sid=1, rig="arkit", have=()), catalog=catalog)
    fault = refusal(lambda: changed(other, Set(sid=1, rig="robot"), catalog=catalog))
    assert (fault.code, fault.field) == (4404, "rig")
