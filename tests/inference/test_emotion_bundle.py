import shutil

import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference.emotion_bundle import (
    describe_emotion_bundle,
    is_emotion_bundle,
    load_emotion_bundle,
)
from tests.data.bundles import MISSING, edit, write_blendshape
from tests.data.emotion_bundles import CLASSES, CORRESPONDENCE, write_emotion

CONFIG = "post_processing_config"


@pytest.fixture
def folder(tmp_path):
    return write_emotion(tmp_path / "moods")


def refusal(folder):
    with pytest.raises(ModelError) as caught:
        load_emotion_bundle(folder)
    return str(caught.value)


def test_a_sound_bundle_says_what_its_classes_drive(folder):
    bundle = load_emotion_bundle(folder)
    assert bundle.name == "moods"
    assert bundle.classes == CLASSES
    assert bundle.correspondence == tuple(CORRESPONDENCE[name] for name in CLASSES)
    assert bundle.network == folder / "network.onnx"
    assert (bundle.config.transition_smoothing, bundle.config.max_emotions) == (0.5, 6)


def test_the_manifest_itself_may_be_named(folder):
    assert load_emotion_bundle(folder / "model.json").path == folder


def test_any_number_of_classes_in_any_order_is_read(folder):
    edit(folder / "network_info.json", "emotions", ["calm", "happy"])
    edit(folder / "model_config.json", f"{CONFIG}.emotion_correspondence", {"happy": 6, "calm": -1})
    bundle = load_emotion_bundle(folder)
    assert (bundle.classes, bundle.correspondence) == (("calm", "happy"), (-1, 6))


def test_keys_that_nobody_knows_are_kept(folder):
    edit(folder / "network_info.json", "language", "any")
    edit(folder / "model_config.json", f"{CONFIG}.future", 3)
    unknown = load_emotion_bundle(folder).unknown
    assert unknown["network_info.json: language"] == "any"
    assert unknown[f"model_config.json: {CONFIG}.future"] == 3


def test_links_into_a_cache_are_followed(folder, tmp_path):
    shutil.move(folder / "network.onnx", tmp_path / "blob")
    (folder / "network.onnx").symlink_to(tmp_path / "blob")
    assert load_emotion_bundle(folder).network.is_file()


@pytest.mark.parametrize(
    ("file", "key", "value", "told"),
    [
        ("model.json", "networkPath", "../network.onnx", "wanted a path inside"),
        ("model.json", "modelConfigPath", "/etc/passwd", "modelConfigPath: found '/etc/passwd'"),
        ("model.json", "networkInfoPath", MISSING, "networkInfoPath"),
        ("model.json", "networkPath", "other.onnx", "there is no file"),
        ("network_info.json", "audio_params.samplerate", 48000, "found 48000, wanted 16000"),
        ("network_info.json", "emotions", [], "emotions"),
        ("network_info.json", "emotions", ["angry", "angry"], "wanted each name once"),
        ("model_config.json", CONFIG, MISSING, CONFIG),
        ("model_config.json", f"{CONFIG}.emotion_contrast", "much", "found 'much'"),
        ("model_config.json", f"{CONFIG}.output_emotion_length", 8, "found 8, wanted 10"),
        ("model_config.json", f"{CONFIG}.preferred_emotion", [0.5], "found 1 numbers, wanted 10"),
        ("model_config.json", f"{CONFIG}.preferred_emotion", [2.0] + [0] * 9, "wanted 0 to 1"),
        (
            "model_config.json",
            f"{CONFIG}.emotion_correspondence",
            CORRESPONDENCE | {"sad": 10},
            "emotion_correspondence.sad: found 10, wanted -1 to 9",
        ),
    ],
)
def test_what_is_wrong_is_told_with_file_and_key(folder, file, key, value, told):
    edit(folder / file, key, value)
    text = refusal(folder)
    assert told in text
    assert file in text


def test_a_class_that_corresponds_to_nothing_is_refused(folder):
    edit(folder / "network_info.json", "emotions", ["bored"])
    assert "model_config.json: post_processing_config.emotion_correspondence.bored: missing" in (
        refusal(folder)
    )


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    assert "it has no model.json" in refusal(tmp_path)
    assert "no such bundle" in refusal(tmp_path / "nowhere")


def test_faces_and_emotions_are_told_apart(folder, tmp_path):
    assert is_emotion_bundle(folder)
    assert not is_emotion_bundle(write_blendshape(tmp_path / "face"))
    assert not is_emotion_bundle(tmp_path / "nowhere")


def test_a_description_names_classes_strengths_and_what_is_new(folder):
    edit(folder / "network_info.json", "language", "any")
    told = describe_emotion_bundle(load_emotion_bundle(folder))
    assert told["classes"].startswith("angry → anger, ")
    assert "neutral → nothing" in told["classes"]
    assert told["also says"] == "network_info.json: language"
