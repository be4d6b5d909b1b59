"""Files of NVIDIA's service as styles."""

import logging
import time

import pytest

from a2f_ws.errors import ConfigError
from a2f_ws.style.yaml_file import BYTES_MAX, read_style, style_from_yaml

SERVICE = """
default_beginning_emotions: {amazement: 0.0, joy: 0.25}
a2e:
  enabled: true
  live_transition_time: 0.4
  post_processing_params:
    emotion_contrast: 1.5
    enable_preferred_emotion: true
    max_emotions: 3
a2f:
  inference_model_id: some_model
  blendshape_id: some_rig
  enable_tongue_blendshapes: true
  face_params:
    eyelid_offset: 0.06
    lip_close_offset: -0.03
    input_strength: 1.3
  blendshape_params:
    enable_clamping_bs_weight: true
    weight_multipliers: {JawOpen: 0.8, MouthClose: 1}
    weight_offsets: {BrowInnerUp: -0.1}
    active_poses: {EyeLookInLeft: 0, JawOpen: 1}
    cancel_poses: {JawLeft: 3, JawRight: 3}
    symmetry_poses: {EyeBlinkLeft: 0, EyeBlinkRight: 0, JawOpen: -1}
"""

CLIENT = """
face_parameters:
  upperFaceStrength: 1
  lowerFaceSmoothing: 0.0023
  eyelidOpenOffset: 0.06
  tongueHeightOffset: 0.5
blendshape_parameters:
  enable_clamping_bs_weight: False
  multipliers: {EyeLookInLeft: 0.0, TongueTipUp: 1.5}
  offsets: {TongueOut: 0.1}
live_transition_time: 1e-4
beginning_emotion: {amazement: 1.0, pain: 0.5}
post_processing_parameters: {live_blend_coef: 0.7, preferred_emotion_strength: 0.5}
emotion_with_timecode_list:
  emotion_with_timecode1: {time_code: 0.0, emotions: {joy: 1.0}}
"""


def test_a_stylisation_file_of_the_service_is_understood_whole():
    style, unknown = style_from_yaml(SERVICE, "s.yaml")
    assert unknown == []
    assert style.params == {
        "eyelid_open_offset": 0.06,
        "lip_open_offset": -0.03,
        "input_strength": 1.3,
        "clamp_weights": 1.0,
    }
    assert (style.gains, style.offsets) == (
        {"jawOpen": 0.8, "mouthClose": 1.0},
        {"browInnerUp": -0.1},
    )
    assert style.audio2emotion == {
        "beginning_emotion": {"amazement": 0.0, "joy": 0.25},
        "transition_smoothing": 0.4,
        "emotion_contrast": 1.5,
        "enable_preferred_emotion": True,
        "max_emotions": 3,
    }
    assert style.solver.active == {"eyeLookInLeft": False, "jawOpen": True}
    assert style.solver.cancel == {"jawLeft": 3, "jawRight": 3}
    assert style.solver.symmetry == {"eyeBlinkLeft": 0, "eyeBlinkRight": 0, "jawOpen": -1}


def test_a_file_of_the_service_s_client_is_understood_whole():
    style, unknown = style_from_yaml(CLIENT, "c.yml")
    assert unknown == []
    assert style.params == {
        "upper_face_strength": 1.0,
        "lower_face_smoothing": 0.0023,
        "eyelid_open_offset": 0.06,
        "tongue_height_offset": 0.5,
        "clamp_weights": 0.0,
    }
    assert style.gains == {"tongueTipUp": 1.5}
    assert style.offsets == {"tongueOut": 0.1}
    assert style.audio2emotion == {
        "transition_smoothing": 1e-4,
        "beginning_emotion": {"amazement": 1.0, "pain": 0.5},
        "live_blend_coef": 0.7,
        "preferred_emotion_strength": 0.5,
    }


def test_strengths_of_the_solver_are_read_for_the_part_they_stand_in():
    text = """
a2f:
  blendshape_params: {strengthL1regularization: 0.5, strengthSymmetry: 10}
  tongue_blendshape_params: {strengthL2regularization: 2, strengthTemporalSmoothing: 5}
"""
    style, unknown = style_from_yaml(text, "s.yaml")
    assert unknown == []
    assert style.solver.strengths == {
        "skin.l1": 0.5,
        "skin.symmetry": 10.0,
        "tongue.l2": 2.0,
        "tongue.temporal": 5.0,
    }


def test_unknown_keys_are_told_in_one_warning(tmp_path, caplog):
    path = tmp_path / "s.yaml"
    path.write_text(SERVICE + "new_thing: 3\na2x: {y: 1}\n", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert read_style(path).gains["jawOpen"] == 0.8
    (said,) = [record.getMessage() for record in caplog.records]
    assert said == f"{path}: keys without a meaning here are ignored: new_thing, a2x"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("face_params: {skin_strength: fast}", "face_params.skin_strength: found 'fast', wanted"),
        ("a2f: {face_params: [1]}", "a2f.face_params: found a list of 1, wanted a table"),
        (
            "blendshape_params: {multipliers: {JawOpne: 1}}",
            "no weight 'jawOpne'; did you mean 'jawOpen'?",
        ),
        ("blendshape_params: {multipliers: {JawOpen: 11}}", "wanted a number from -10 to 10"),
        ("blendshape_params: {enable_clamping_bs_weight: 3}", "wanted true or false"),
        ("blendshape_params: {cancel_poses: {JawOpen: 70}}", "wanted a whole number from -1 to 67"),
        ("face_params: {skin_strenght: 1}", "'skin_strenght'; did you mean 'skin_strength'?"),
        (
            "face_parameters: {lipCloseOfset: 1}",
            "no face parameter 'lipCloseOfset'; did you mean 'l",
        ),
        (
            "blendshape_params: {weight_multiplier: {}}",
            "no such setting; did you mean 'multipliers'?",
        ),
        ("blendshape_params: {strengthSymetry: 1}", "did you mean 'strengthSymmetry'?"),
        ("a2e: {post_processing_params: {emotion_contrst: 1}}", "did you mean 'emotion_contrast'?"),
        (
            "a2f: {face_parms: {skin_strength: 1}}",
            "a2f.face_parms: no such section; did you mean 'fa",
        ),
        ("face_params: {skin_strength: 1e30}", "found 1e+30, wanted a number from -1e+06 to 1e+06"),
        ("blendshape_params: {strengthSymmetry: 1e30}", "found 1e+30, wanted a number from -1e+06"),
        (
            "post_processing_params: {emotion_contrast: 4}",
            "found 4.0, wanted a number from 0.3 to 3",
        ),
        ("post_processing_params: {max_emotions: 7}", "found 7, wanted a number from 1 to 6"),
        ("live_transition_time: 1e30", "found 1e+30, wanted a number from"),
        ("beginning_emotion: {glee: 1}", "no emotion 'glee'"),
        ("hello: world", "found no section that is known"),
        ("", "wanted a table of names"),
        ("- 1", "wanted a table of names"),
        ("face_params: {skin_strength: 0x" + "f" * 5000 + "}", "a number of 20000 bits"),
        ("face_params: {skin_strength: 1:30}", "face_params.skin_strength: found '1:30', wanted"),
        ("face_params: {jaw: !!int 1:30}", "line 1, column 20: '1:30': found a number in base 60"),
        ("face_params: {skin_strength: " + "9" * 9999 + "}", "line 1, column 30: '9999"),
        ("a: 2001-99-99", "line 1, column 4: '2001-99-99': month must be"),
        ("a2f:\n  enabled: true\n  enabled: false", "line 3, column 3: found the key 'enabled'"),
    ],
)
def test_a_wrong_file_is_told_with_place_and_what_is_wanted(text, said):
    with pytest.raises(ConfigError) as caught:
        style_from_yaml(text, "s.yaml")
    assert str(caught.value).startswith("s.yaml: ")
    assert said in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\nface_params: *c",
        "a: &a {a2f: *a}",
        "a: &a {k: v}\nb: {<<: *a}",
        "[" * 50_000,
        "a2f: {" * 400 + "}" * 400,
        "a: 2001-99-99",
        "? [1, 2]\n: 3",
        '!!python/object/apply:os.system ["id"]',
        b"\xff\xfe\x00",
        "a: b: c",
    ],
)
def test_what_could_harm_is_no_stylisation_file(text):
    with pytest.raises(ConfigError, match=r"s\.yaml: "):
        style_from_yaml(text, "s.yaml")


@pytest.mark.parametrize(("tag", "end"), [("", ""), ("", ".5"), ("!!int ", ""), ("!!float ", ".5")])
def test_numbers_in_base_60_are_refused_at_once_however_long(tag, end):
    text = f"face_params: {{skin_strength: {tag}1{':59' * 300_000}{end}}}"
    began_s = time.process_time()
    with pytest.raises(ConfigError, match=r"s\.yaml: .*'1:59") as caught:
        style_from_yaml(text, "s.yaml")
    assert time.process_time() - began_s < 5
    assert len(str(caught.value)) < 300


def test_a_file_that_is_missing_or_huge_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_style(tmp_path / "none.yaml")
    huge = tmp_path / "huge.yaml"
    huge.write_bytes(b"#" * (BYTES_MAX + 1))
    with pytest.raises(ConfigError, match="found more than 1048576 bytes"):
        read_style(huge)


def test_a_style_does_not_blind_the_face():
    text = """
blendshape_params:
  bs_weight_multipliers: {EyeLookUpLeft: 0.0, JawOpen: 0.5}
  bs_weight_offsets: {EyeLookUpLeft: 0.1}
"""
    style, unknown = style_from_yaml(text, "s.yaml")
    assert unknown == []
    assert style.gains == {"jawOpen": 0.5}
    assert style.offsets == {"eyeLookUpLeft": 0.1}
