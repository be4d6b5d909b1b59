"""Styles: layers, their application to a model, and what is said of wrong values."""

import numpy as np
import pytest

from a2f_ws.animation.params import GEOMETRY_PARAMS, WEIGHT_PARAMS
from a2f_ws.catalog import Catalog
from a2f_ws.errors import ConfigError
from a2f_ws.model import Model
from a2f_ws.names import WEIGHTS
from a2f_ws.style.style import SolverStyle, Style
from a2f_ws.style.tables import style_from_tables, style_from_words

JAW = WEIGHTS.index("jawOpen")


def tables(**document):
    return style_from_tables(document, "a2f.toml")


def test_every_table_says_its_part():
    style = tables(
        face={"skin_strength": 1.25, "clamp_weights": 1},
        weights={"jawOpen": {"gain": 0.5}, "tongueOut": {"gain": 2, "offset": -0.25}},
        solver={"method": "bvls", "skin": {"l1": 0.25}, "tongue": {"temporal": 2}},
        audio2emotion={
            "emotion_contrast": 2,
            "max_emotions": 3,
            "enable_preferred_emotion": True,
            "window_samples": 20_000,
            "beginning_emotion": {"joy": 0.5},
        },
        server={"port": 1},
    )
    assert style.params == {"skin_strength": 1.25, "clamp_weights": 1.0}
    assert style.gains == {"jawOpen": 0.5, "tongueOut": 2.0}
    assert style.offsets == {"tongueOut": -0.25}
    assert (style.solver.method, style.solver.strength("skin", "l1", default=9.0)) == ("bvls", 0.25)
    assert style.solver.strength("tongue", "temporal", default=9.0) == 2.0
    assert style.solver.strength("tongue", "l1", default=9.0) == 9.0
    assert style.audio2emotion == {
        "emotion_contrast": 2.0,
        "max_emotions": 3,
        "enable_preferred_emotion": True,
        "window_samples": 20_000,
        "beginning_emotion": {"joy": 0.5},
    }


def test_a_later_layer_wins_value_by_value():
    first = tables(
        face={"skin_strength": 1.0, "blink_strength": 0.5},
        weights={"jawOpen": {"gain": 0.5, "offset": 0.1}},
        solver={"method": "bvls", "skin": {"l1": 1.0, "l2": 2.0}},
    )
    second = tables(
        face={"skin_strength": 2.0},
        weights={"jawOpen": {"gain": 0.75}},
        solver={"skin": {"l2": 3.0}},
    )
    style = second.over(first)
    assert style.params == {"skin_strength": 2.0, "blink_strength": 0.5}
    assert (style.gains, style.offsets) == ({"jawOpen": 0.75}, {"jawOpen": 0.1})
    assert style.solver.method == "bvls"
    assert style.solver.strengths == {"skin.l1": 1.0, "skin.l2": 3.0}
    assert first.params["skin_strength"] == 1.0


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"face": 3}, "[face]: found 3, wanted a table of names"),
        ({"face": {"skin_strength": "1"}}, "[face] skin_strength: found '1', wanted a number"),
        ({"face": {"skin_strength": float("nan")}}, "found nan, wanted a number from"),
        ({"weights": {"jawOpne": {}}, "x": 1}, None),
        ({"weights": {"jawOpne": {"gain": 1}}}, "no weight 'jawOpne'; did you mean 'jawOpen'?"),
        ({"weights": {"jawOpen": 1.2}}, "[weights] jawOpen: found 1.2, wanted a table"),
        ({"weights": {"jawOpen": {"gian": 1}}}, "found 'gian', wanted gain or offset"),
        ({"weights": {"jawOpen": {"gain": 10.5}}}, "found 10.5, wanted a number from -10 to 10"),
        ({"weights": {"jawOpen": {"offset": True}}}, "jawOpen.offset: found True, wanted a number"),
        ({"solver": {"method": "newton"}}, "found 'newton', wanted one of admm, bvls, exact"),
        ({"solver": {"metod": "admm"}}, "no such setting; did you mean 'method'?"),
        ({"solver": {"skin": {"l3": 1}}}, "no such setting; did you mean 'skin.l"),
        ({"solver": {"skin": {"l1": -1}}}, "[solver] skin.l1: found -1, wanted a number >= 0"),
        ({"audio2emotion": {"contrast": 1}}, "[audio2emotion] contrast: no such setting"),
        ({"audio2emotion": {"max_emotions": 1.5}}, "found 1.5, wanted a whole number"),
        ({"audio2emotion": {"enable_preferred_emotion": 2}}, "found 2, wanted true or false"),
        ({"audio2emotion": {"beginning_emotion": {"glee": 1}}}, "no emotion 'glee'"),
        ({"audio2emotion": {"beginning_emotion": {"joy": 2}}}, "found 2, wanted a number from 0"),
        ({"face": {"skin_strength": 10**400}}, "found a number of 1329 bits, wanted a number"),
    ],
)
def test_a_wrong_value_is_told_with_file_key_and_what_is_wanted(document, said):
    if said is None:
        assert tables(**document).gains == {}
        return
    with pytest.raises(ConfigError) as caught:
        tables(**document)
    assert str(caught.value).startswith("a2f.toml: ")
    assert said in str(caught.value)


def test_words_of_a_command_are_face_parameters():
    style = style_from_words(["skin_strength=1.5", "blink_strength=0"], "--param")
    assert style.params == {"skin_strength": 1.5, "blink_strength": 0.0}
    for words, said in (
        (["skin_strength"], "--param skin_strength: wanted NAME=VALUE"),
        (["a=b"], "wanted NAME=VALUE"),
        (["a=1", "a=2"], "a is given twice"),
        (["a=inf"], "found inf, wanted a number from"),
    ):
        with pytest.raises(ConfigError, match=said):
            style_from_words(words, "--param")


def test_parameters_meet_the_ranges_of_a_model_with_their_place_told():
    defaults = np.zeros(len(WEIGHT_PARAMS.names), np.float32)
    row = tables(face={"skin_strength": 1.5}).params_on(WEIGHT_PARAMS, defaults)
    assert row[WEIGHT_PARAMS.column("skin_strength")] == 1.5
    assert not defaults.any()
    with pytest.raises(ConfigError, match=r"a2f.toml: \[face\] skin_strength: .*found 9.*0 to 2"):
        tables(face={"skin_strength": 9}).params_on(WEIGHT_PARAMS, defaults)
    with pytest.raises(
        ConfigError, match="no face parameter 'skin_strenght'; did you mean 'skin_str"
    ):
        tables(face={"skin_strenght": 1}).params_on(WEIGHT_PARAMS, defaults)


def test_a_parameter_of_other_models_is_left_out_and_can_be_told():
    style = tables(face={"face_mask_level": 0.5})
    defaults = np.ones(len(WEIGHT_PARAMS.names), np.float32)
    assert style.params_on(WEIGHT_PARAMS, defaults).tolist() == defaults.tolist()
    assert style.unused_on(WEIGHT_PARAMS) == ("face_mask_level",)
    assert style.unused_on(GEOMETRY_PARAMS) == ()


def test_a_model_starts_its_sessions_from_bundle_and_style(scripted):
    style = tables(face={"skin_strength": 0.75}, weights={"jawOpen": {"gain": 0.5, "offset": 0.25}})
    model = Model("m", scripted, style)
    column = scripted.params.column("skin_strength")
    assert model.defaults[column] == np.float32(0.75)
    assert (model.weighting.gains[JAW], model.weighting.offsets[JAW]) == (0.5, 0.25)
    assert (model.weighting.gains.sum(), model.weighting.offsets.sum()) == (67.5, 0.25)
    told = {param.name: param.default for param in model.info().params}
    assert told["skin_strength"] == 0.75
    assert scripted.defaults[column] != np.float32(0.75)
    plain = Catalog([Model("m", scripted)], {}).model("m")
    assert plain.defaults.tolist() == scripted.defaults.tolist()


def test_a_server_may_be_calmer_than_its_bundle_in_all_sessions(scripted):
    model = Model("calm", scripted, tables(face={"intensity": 0.75, "emotion_intensity": 0.5}))
    row = dict(zip(model.params.names, model.defaults.tolist(), strict=True))
    assert (row["intensity"], row["emotion_intensity"]) == (0.75, 0.5)
    told = {param.name: (param.min, param.max, param.default) for param in model.info().params}
    assert told["intensity"] == (0.0, 2.0, 0.75)


def test_poses_of_the_solver_are_laid_over_the_bundle_s_in_either_spelling():
    style = SolverStyle(active={"jawOpen": False}, cancel={"jawLeft": 2}, symmetry={"jawLeft": 3})
    names = ("JawOpen", "jawLeft", "odd")
    actives = style.actives(names, np.array([True, False, True]))
    assert actives.tolist() == [False, False, True]
    assert style.cancels(names, np.full(3, -1, np.int32)).tolist() == [-1, 2, -1]
    assert style.symmetries(names, np.full(3, -1, np.int32)).tolist() == [-1, 3, -1]
    assert style.actives(names, np.array([True, True, True])).dtype == np.bool_
    assert Style().solver.method is None


def test_a_parameter_of_other_models_is_checked_all_the_same():
    style = tables(face={"tongue_height_offset": 5e5})
    defaults = np.ones(len(WEIGHT_PARAMS.names), np.float32)
    with pytest.raises(
        ConfigError, match=r"\[face\] tongue_height_offset: .*found 500000.*-3 to 3"
    ):
        style.params_on(WEIGHT_PARAMS, defaults)


def test_places_of_what_is_said_of_the_solver_are_kept_over_layers():
    first = tables(solver={"skin": {"l1": 1.0, "l2": 2.0}})
    second = style_from_tables({"solver": {"skin": {"l2": 3.0}}}, "other.toml")
    solver = second.over(first).solver
    assert solver.place("strengths", "skin.l1") == "a2f.toml: [solver] skin.l1"
    assert solver.place("strengths", "skin.l2") == "other.toml: [solver] skin.l2"
    assert solver.place("cancel", "jawLeft") == "cancel.jawLeft"
