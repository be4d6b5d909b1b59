"""`models check`."""

import re

import numpy as np
import pytest

from a2f_ws.commands.loading import load_model
from a2f_ws.commands.recognition import load_recognizer
from a2f_ws.errors import ModelError
from tests.data.block_bundles import write_gru, write_latents
from tests.data.bundles import (
    MISSING,
    edit,
    rewrite_arrays,
    solver_params,
    write_blendshape,
    write_geometry,
    write_json,
)
from tests.data.emotion_bundles import write_emotion


@pytest.fixture
def theirs(tmp_path):
    return write_geometry(tmp_path / "theirs")


@pytest.fixture
def check(run, monkeypatch):
    """Runs `models check` in a terminal of so many columns."""

    def call(*paths, columns=240):
        monkeypatch.setenv("COLUMNS", str(columns))
        return run("models", "check", *paths)

    return call


def _line(done, subject):
    return next(line for line in done.out.splitlines() if line.startswith(f"{subject} "))


def test_a_geometry_bundle_is_explained(check, theirs):
    done = check(theirs)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("tiny-geometry 1\n")
    assert done.out.endswith(f"\n{theirs}: ok\n")
    for subject, text in {
        "kind": f"geometry, in {theirs}",
        "window": "400 samples at 16000 Hz (25 ms), its face at 200: look-ahead 12.5 ms",
        "gives": "24 numbers: 3 components of the skin, 2 of the tongue, 5 points of the jaw, 4 ",
        "meshes": "40 vertices of the skin, 12 of the tongue",
        "emotions": "all 10, none by default",
        "implicit": "16 numbers, those of shot 'second', frame 1",
        "MouthClose": "includes JawOpen",
        "runs on": "ONNX Runtime",
        "network.onnx": " kB",
        "none": "differs",
        "poses": "52, active 43: not eyeLookDownLeft",
        "symmetry pairs": "13",
        "vertices": "26 (mask)",
        "L1, L2": "0.5, 0.5",
        "symmetry, temporal": "100, 0.3",
        "size, template": "57.66, 53.45 cm",
    }.items():
        assert text in _line(done, subject)


def test_the_embedded_bundle_is_explained_by_its_name(check):
    done = check("embedded")
    assert (done.code, done.err) == (0, "")
    assert "52 weights of the skin, 16 of the tongue" in _line(done, "gives")
    assert "look-ahead 110 ms" in _line(done, "window")
    assert "2 faces each of 100 a second, in order" in _line(done, "blocks")
    assert "as ARKit's" in _line(done, "MouthClose")


def test_a_bundle_in_blocks_says_how_many_faces_it_gives_and_what_it_remembers(check, tmp_path):
    done = check(write_latents(tmp_path / "latents"))
    assert (done.code, done.err) == (0, "")
    for subject, text in {
        "window": "16000 samples at 16000 Hz (1000 ms), its first face at 4000: look-ahead 750 ms",
        "blocks": "30 faces each of 60 a second, in order, 30 more cut off; remembers 20 numbers",
        "runs on": "ONNX Runtime",
    }.items():
        assert text in _line(done, subject)


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("audio_params.buffer_ofs", -100_000, "a look-ahead of 6.29 s: a live face comes as much"),
        ("block_params.first_frame", -4096, "40.96 s before the sound: the first pose costs 1025"),
        ("block_params.warmup_frames", 4096, "the first pose after a correction costs 1025 infer"),
    ],
)
def test_blocks_that_nobody_is_likely_to_mean_are_served_with_a_warning(
    check, tmp_path, key, value, text
):
    folder = write_gru(tmp_path / "gru")
    assert check(folder).err == ""
    edit(folder / "network_info.json", key, value)
    done = check(folder)
    assert done.code == 0
    (line,) = done.err.splitlines()
    assert line.startswith(f"warning: {folder}: {key.partition('.')[0]}")
    assert text in line


@pytest.mark.parametrize("columns", [80, 120])
def test_no_line_is_wider_than_the_terminal(check, theirs, columns):
    edit(theirs / "model_config.json", "config.skin_strength", 1.1)
    done = check(theirs, "embedded", columns=columns)
    wide = [line for line in done.out.splitlines() if len(line) > columns]
    assert [line for line in wide if not line.endswith(": ok")] == []


def test_parameters_other_than_the_sdks_are_listed(check, theirs):
    edit(theirs / "model_config.json", "config.lower_face_strength", 1.4)
    line = _line(check(theirs), "lower_face_strength")
    assert line.split() == ["lower_face_strength", "1.4", "1.3", "0", "to", "2"]


def test_default_emotions_and_fewer_emotions_are_told(check, tmp_path):
    ours = write_blendshape(tmp_path / "ours")
    edit(ours / "network_info.json", "params.default_emotion", [0] * 6 + [0.25, 0, 0, 0])
    assert "all 10, by default joy 0.25" in _line(check(ours), "emotions")


def test_multipliers_and_offsets_are_told_by_pose(check, theirs):
    values = solver_params("tongue")["bsWeightMultipliers"]
    for key, name in (("bsWeightMultipliers", "multipliers"), ("bsWeightOffsets", "offsets")):
        edit(theirs / "bs_tongue_config.json", f"blendshape_params.{key}", [2.5, *values[1:]])
        assert "tongueTipUp 2.5" in _line(check(theirs), name)


def test_weights_that_are_lacking_and_poses_that_nobody_knows_are_told(check, theirs):
    names = np.array(["neutral", "TongueTipUp", *(f"trunk{i}" for i in range(15))], "S")
    poses = {name.decode(): np.ones((12, 3), np.float32) for name in names[1:]}
    rewrite_arrays(theirs / "bs_tongue.npz", poseNames=names, **poses)
    done = check(theirs)
    assert done.code == 0
    assert "weights that stay 0, as no rig has them: tongueTipDown, tongueTipLeft" in done.out
    assert "poses that no rig table knows: trunk0, trunk1" in done.out


def test_fields_of_later_versions_are_told_and_no_fault(check, theirs):
    edit(theirs / "network_info.json", "params.identities", ["someone"])
    done = check(theirs)
    assert done.code == 0
    assert "not known to this version: network_info.json: params.identities" in done.out


def test_everything_that_is_wrong_is_told_in_one_go(check, theirs):
    edit(theirs / "model_config.json", "config.skin_strength", 7)
    edit(theirs / "model_config.json", "config.blink_strength", MISSING)
    rewrite_arrays(theirs / "model_data.npz", shapes_mean_skin=np.zeros((40, 3)))
    rewrite_arrays(theirs / "bs_skin.npz", jawOpen=MISSING)
    (theirs / "network.onnx").write_bytes(b"no network")
    done = check(theirs)
    assert (done.code, done.out.splitlines()[-1]) == (2, f"{theirs}: cannot be served")
    lines = done.err.splitlines()
    for text in (
        r"network\.onnx: cannot be loaded",
        r"config\.skin_strength: found 7, wanted a number from 0 to 2",
        r"config\.blink_strength: missing, wanted a number from 0 to 2",
        r"shapes_mean_skin: found float64",
        r"bs_skin\.npz: missing arrays: jawOpen",
    ):
        assert re.search(text, lines.pop(0))
    assert lines == []
    assert "runs on     nothing" in done.out


def test_a_bundle_that_cannot_be_read_is_told_with_all_its_files(check, theirs):
    (theirs / "model_data.npz").unlink()
    (theirs / "bs_skin_config.json").write_text("{}")
    edit(theirs / "network_info.json", "id.type", "diffusion")
    done = check(theirs)
    assert (done.code, done.err.count("error: ")) == (2, 3)
    for text in ("found 'diffusion'", "modelDataPath: there is no file", "bs_skin_config.json"):
        assert text in done.err


def test_one_bad_bundle_of_several_is_enough_for_the_exit_code(check, theirs):
    done = check("nowhere", theirs)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "nowhere: no such bundle" in done.err
    assert f"{theirs}: ok" in done.out


def test_a_check_wants_a_path(run):
    assert run("models", "check").code == 2


def test_an_audio2emotion_bundle_is_explained_by_its_classes(tmp_path, check):
    result = check(write_emotion(tmp_path / "a2e"))
    assert result.code == 0
    assert "Audio2Emotion" in result.out
    assert "happy → joy" in result.out


def test_an_audio2emotion_bundle_without_a_network_cannot_be_served(tmp_path, check):
    folder = write_emotion(tmp_path / "a2e")
    (folder / "network.onnx").write_bytes(b"no network")
    result = check(folder)
    assert result.code == 2
    assert "network.onnx" in result.err


def _fill(folder, file, name, *, value):
    with np.load(folder / file) as arrays:
        rewrite_arrays(folder / file, **{name: np.full_like(arrays[name], value)})


def _set(folder, key, value):
    edit(folder / "bs_skin_config.json", f"blendshape_params.{key}", value)


def _make_poses_alike(folder):
    with np.load(folder / "bs_skin.npz") as arrays:
        rewrite_arrays(folder / "bs_skin.npz", jawOpen=arrays["jawForward"])
    for key in ("L1regularization", "L2regularization", "TemporalSmoothing"):
        _set(folder, f"strength{key}", 0)


def _make_pointer(folder):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    (folder / "network.onnx").write_text(pointer, "utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda folder: _set(folder, "strengthSymmetry", 1e9),
            r"bs_skin_config\.json: .*\.strengthSymmetry: found 1e\+09, wanted at most",
        ),
        (
            lambda folder: _set(folder, "strengthL1regularization", 1e18),
            r"bs_skin_config\.json: .*strengthL1regularization: Expected .*, found 1e\+18",
        ),
        (
            lambda folder: _fill(folder, "bs_skin.npz", "jawOpen", value=1e10),
            r"bs_skin\.npz: jawOpen: found 1e\+10 at \[0, 0\], wanted numbers from -",
        ),
        (
            lambda folder: _fill(folder, "bs_skin.npz", "jawOpen", value=1e4),
            r"bs_skin\.npz: jawOpen: found 10000 at \[0, 0\], wanted numbers from -5765\.73 to",
        ),
        (
            lambda folder: _fill(folder, "model_data.npz", "shapes_matrix_skin", value=1e30),
            r"model_data\.npz: shapes_matrix_skin: found 1e\+30 at .*, wanted numbers from",
        ),
        (_make_poses_alike, r"bs_skin\.npz: 43 active poses depend on one another"),
        (_make_pointer, r"network\.onnx: found a pointer of Git LFS, wanted the file itself"),
    ],
)
def test_what_a_server_refuses_is_told_once_and_in_its_words(check, theirs, spoil, said):
    spoil(theirs)
    with pytest.raises(ModelError, match=said) as caught:
        load_model(str(theirs))
    done = check(theirs)
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert re.search(said.partition(", wanted")[0], line)
    key = str(caught.value).partition(", wanted")[0]
    assert key in line


def test_parameters_of_recognition_out_of_range_are_told_all_at_once(tmp_path, check):
    folder = write_emotion(tmp_path / "a2e")
    for key, value in (("emotion_contrast", 99.0), ("max_emotions", 99)):
        edit(folder / "model_config.json", f"post_processing_config.{key}", value)
    with pytest.raises(ModelError, match=r"emotion_contrast: found 99\.0"):
        load_recognizer(folder, {}, look_ahead=4000)
    done = check(folder)
    assert (done.code, done.err.count("\n")) == (2, 2)
    place = f"{folder}/model_config.json: post_processing_config"
    assert f"{place}.emotion_contrast: found 99.0, wanted a number from 0.3 to 3" in done.err
    assert f"{place}.max_emotions: found 99, wanted a number from 1 to 6" in done.err


def test_a_pulled_recogniser_of_emotions_is_checked_by_its_name(tmp_path, check, monkeypatch):
    folder = write_emotion(tmp_path / "nvidia--Audio2Emotion-v2.2")
    sizes = {path.name: {"bytes": path.stat().st_size} for path in folder.iterdir()}
    record = {"repo": "nvidia/Audio2Emotion-v2.2", "revision": "main", "commit": "c" * 40}
    write_json(folder / "pulled.json", record | {"licence": "theirs", "files": sizes})
    monkeypatch.setenv("A2F_MODELS", str(tmp_path))
    done = check("nvidia/audio2emotion-v2.2")
    assert (done.code, done.err) == (0, "")
    assert "happy → joy" in done.out
