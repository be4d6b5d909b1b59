import numpy as np
import pytest

from a2f_ws.animation.params import GEOMETRY_PARAMS, INPUT_STRENGTH, WEIGHT_PARAMS
from a2f_ws.errors import ModelError

FILE = "model_config.json"


def config(**changes):
    values = {param.name: param.default for param in WEIGHT_PARAMS.params if param.in_bundle}
    return values | changes


def test_the_parameters_are_those_that_mean_something_on_weights():
    assert WEIGHT_PARAMS.names == (
        "input_strength",
        "lower_face_smoothing",
        "upper_face_smoothing",
        "lower_face_strength",
        "upper_face_strength",
        "skin_strength",
        "blink_strength",
        "eyelid_open_offset",
        "lip_open_offset",
        "blink_offset",
        "tongue_strength",
        "clamp_weights",
        "intensity",
        "emotion_intensity",
    )
    assert WEIGHT_PARAMS.column(INPUT_STRENGTH) == 0


def test_the_parameters_on_a_mesh_are_those_of_the_bundle_s_file_and_some_of_ours():
    assert [(p.name, p.min, p.max) for p in GEOMETRY_PARAMS.params] == [
        ("input_strength", 0, 4),
        ("lower_face_smoothing", 0, 0.1),
        ("upper_face_smoothing", 0, 0.1),
        ("lower_face_strength", 0, 2),
        ("upper_face_strength", 0, 2),
        ("face_mask_level", 0, 1),
        ("face_mask_softness", 0.001, 0.5),
        ("skin_strength", 0, 2),
        ("blink_strength", 0, 2),
        ("eyelid_open_offset", -1, 1),
        ("lip_open_offset", -0.2, 0.2),
        ("tongue_strength", 0, 3),
        ("tongue_height_offset", -3, 3),
        ("tongue_depth_offset", -3, 3),
        ("lower_teeth_strength", 0, 2),
        ("lower_teeth_height_offset", -3, 3),
        ("lower_teeth_depth_offset", -3, 3),
        ("eyeballs_strength", 0, 2),
        ("saccade_strength", 0, 2),
        ("right_eye_rot_x_offset", -10, 10),
        ("right_eye_rot_y_offset", -10, 10),
        ("left_eye_rot_x_offset", -10, 10),
        ("left_eye_rot_y_offset", -10, 10),
        ("eye_saccade_seed", 0, 4999),
        ("blink_offset", 0, 1),
        ("clamp_weights", 0, 1),
        ("intensity", 0, 2),
        ("emotion_intensity", 0, 2),
    ]
    added = [p.name for p in GEOMETRY_PARAMS.params if not p.in_bundle]
    assert added == ["blink_offset", "clamp_weights", "intensity", "emotion_intensity"]


def test_a_parameter_means_the_same_on_weights_and_on_a_mesh():
    for param in WEIGHT_PARAMS.params:
        assert param == GEOMETRY_PARAMS.params[GEOMETRY_PARAMS.column(param.name)]


def test_every_default_lies_in_its_range():
    for param in (*WEIGHT_PARAMS.params, *GEOMETRY_PARAMS.params):
        assert param.min <= param.default <= param.max


def test_a_bundle_sets_the_defaults_but_not_the_blink_offset():
    row = WEIGHT_PARAMS.defaults(config(skin_strength=1.1, blink_offset=0.9), FILE)
    assert row.dtype == np.float32
    assert row[WEIGHT_PARAMS.column("skin_strength")] == np.float32(1.1)
    assert row[WEIGHT_PARAMS.column("blink_offset")] == 0.0


def test_other_keys_of_the_bundle_are_ignored():
    row = WEIGHT_PARAMS.defaults(config(source_shot="neutral", later=[1]), FILE)
    assert len(row) == len(WEIGHT_PARAMS.params)


def test_a_bundle_without_a_key_is_refused_by_name():
    values = config()
    del values["tongue_strength"]
    with pytest.raises(ModelError, match=r"model_config\.json: config\.tongue_strength: missing"):
        WEIGHT_PARAMS.defaults(values, FILE)


@pytest.mark.parametrize("value", [2.01, -0.1, "1", None, True, float("nan"), float("inf")])
def test_a_bundle_value_that_is_no_number_in_range_is_refused(value):
    with pytest.raises(ModelError, match=r"skin_strength: found .*wanted a number from 0 to 2"):
        WEIGHT_PARAMS.defaults(config(skin_strength=value), FILE)


def test_changes_make_a_new_row_and_bounds_are_allowed():
    row = WEIGHT_PARAMS.defaults(config(), FILE)
    changed = WEIGHT_PARAMS.changed(row, {"lip_open_offset": -0.2, "blink_offset": 1})
    assert changed[WEIGHT_PARAMS.column("lip_open_offset")] == np.float32(-0.2)
    assert changed[WEIGHT_PARAMS.column("blink_offset")] == 1.0
    assert row[WEIGHT_PARAMS.column("blink_offset")] == 0.0


def test_of_changes_with_one_fault_none_is_made():
    row = WEIGHT_PARAMS.defaults(config(), FILE)
    before = row.copy()
    with pytest.raises(ValueError, match="skin_strength: found 3, wanted a number from 0 to 2"):
        WEIGHT_PARAMS.changed(row, {"blink_strength": 0.5, "skin_strength": 3})
    assert np.array_equal(row, before)


def test_an_unknown_name_gets_the_nearest_one_and_a_short_list():
    row = WEIGHT_PARAMS.defaults(config(), FILE)
    with pytest.raises(ValueError, match="'lower_strength'; did you mean 'lower_face_str") as e:
        WEIGHT_PARAMS.changed(row, {"lower_strength": 1.0})
    assert str(e.value).endswith("Near are also tongue_strength, blink_strength.")
    with pytest.raises(
        ValueError, match=r"wanted one of 28, such as input_strength, lower_face"
    ) as e:
        GEOMETRY_PARAMS.column("xyzzy")
    assert len(str(e.value)) < 150
