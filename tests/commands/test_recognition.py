"""`--audio2emotion`, and what its options do."""

import json

import pytest

from a2f_ws.commands.recognition import load_recognizer
from a2f_ws.errors import ConfigError, ModelError
from tests.commands.conftest import SAMPLE
from tests.data.emotion_bundles import write_emotion

LOOK_AHEAD = 4_160


@pytest.fixture
def folder(tmp_path):
    return write_emotion(tmp_path / "moods")


def test_options_of_the_window_and_of_emotions_are_taken_apart(folder):
    options = {"window_samples": 30_000, "inferences_to_skip": 30, "emotion_strength": 0.9}
    recognizer = load_recognizer(folder, options, look_ahead=LOOK_AHEAD)
    pace = recognizer.pace(LOOK_AHEAD)
    assert (pace.window, pace.frames) == (30_000, 31)
    assert recognizer.cost_s > 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"window_samples": 1}, "window_samples: found 1, wanted 5000"),
        ({"window_samples": 2.5}, "found 2.5, wanted a whole number"),
        ({"inferences_to_skip": -1}, "inferences_to_skip: found -1"),
        ({"threads": True}, "threads: found True"),
        ({"contrast": 1}, "found 'contrast'"),
    ],
)
def test_options_that_cannot_be_used_are_refused_by_name(folder, options, told):
    with pytest.raises(ConfigError, match=told):
        load_recognizer(folder, options, look_ahead=LOOK_AHEAD)


def test_a_folder_that_is_no_bundle_is_refused(tmp_path):
    with pytest.raises(ModelError, match="no such bundle"):
        load_recognizer(tmp_path / "nowhere", {}, look_ahead=LOOK_AHEAD)


def test_a_voice_animates_a_file_otherwise_than_without(run, folder, tmp_path):
    files = [tmp_path / name for name in ("plain.json", "felt.json", "again.json")]
    for file, words in zip(files, ([], *2 * [["--audio2emotion", folder]]), strict=True):
        done = run("animate", SAMPLE, "-o", file, *words)
        assert done.code == 0, done.err
    plain, felt, again = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    assert felt == again
    assert felt != plain


def test_a_missing_bundle_ends_the_command_with_its_name(run, tmp_path):
    done = run("animate", SAMPLE, "-o", tmp_path / "a.json", "--audio2emotion", "nowhere")
    assert done.code == 2
    assert "nowhere" in done.err
