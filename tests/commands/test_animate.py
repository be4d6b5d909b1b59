import csv
import shutil

import numpy as np
import pytest
import soundfile

from a2f_ws.inference.bundle import embedded_path
from a2f_ws.output.files import read_recording
from tests.data.block_bundles import write_gru
from tests.training.glb import Glb

POSES = 60 + 15
"""One second at 60 per second, and the quarter that closes the mouth."""


def test_a_csv_is_a_live_link_face_recording_of_every_pose(run, clip, tmp_path):
    done = run("animate", clip, "-o", tmp_path / "face.csv")
    assert (done.code, done.out) == (0, "")
    assert f"{POSES} poses of arkit" in done.err
    lines = list(csv.reader((tmp_path / "face.csv").read_text("ascii").splitlines()))
    assert lines[0][:2] == ["Timecode", "BlendshapeCount"]
    assert {len(line) for line in lines} == {63}
    assert len(lines) == 1 + POSES
    recording = read_recording(tmp_path / "face.csv")
    jaw = recording.rows[:, recording.curves.index("jawOpen")]
    assert jaw.max() > 0.2
    assert jaw[-1] == 0.0


@pytest.mark.parametrize("suffix", [".json", ".npz"])
def test_other_formats_hold_all_curves_of_the_rig(run, clip, tmp_path, suffix):
    target = tmp_path / f"face{suffix}"
    assert run("animate", clip, "-o", target, "--fps", "30000/1001").code == 0
    recording = read_recording(target)
    assert (recording.rig, recording.model, len(recording.curves)) == ("arkit", "embedded", 68)
    assert recording.rate.wire == [30_000, 1001]
    assert recording.rows.shape == (30 + 8, 68)
    assert dict(recording.meta) == {"source": "clip.wav"}


def test_a_glb_is_the_head_that_speaks_as_long_as_the_sound(run, clip, tmp_path):
    assert run("animate", clip, "-o", tmp_path / "face.glb").code == 0
    run("animate", clip, "-o", tmp_path / "face.npz")
    glb, wanted = Glb((tmp_path / "face.glb").read_bytes()), read_recording(tmp_path / "face.npz")
    (animation,) = glb.json["animations"]
    sampler = animation["samplers"][0]
    seconds = glb.values(sampler["input"])[:, 0]
    assert (seconds[0], len(seconds)) == (0.0, POSES)
    # The sound, and the quarter of a second that closes the mouth, whose last pose is its end.
    assert seconds[-1] == pytest.approx(1.25 - 1 / 60, abs=1e-4)
    names = glb.json["meshes"][0]["extras"]["targetNames"]
    jaw = glb.values(sampler["output"]).reshape(POSES, -1)[:, names.index("jawOpen")]
    assert jaw.tolist() == wanted.rows[:, wanted.curves.index("jawOpen")].tolist()


def test_transforms_of_a_rig_are_kept(run, clip, tmp_path):
    for suffix in (".json", ".npz"):
        target = tmp_path / f"face{suffix}"
        assert run("animate", clip, "-o", target, "--rig", "browser/arkit").code == 0
        recording = read_recording(target)
        assert recording.transforms == ("head",)
        assert recording.rows.shape == (POSES, 68 + 7)
        assert recording.turns("head")[:, 3].tolist() == [1.0] * POSES


def test_unreals_rig_goes_into_a_csv_as_well(run, clip, tmp_path):
    for rig in ("arkit", "unreal/livelink"):
        target = tmp_path / f"{rig.replace('/', '-')}.csv"
        assert run("animate", clip, "-o", target, "--rig", rig).code == 0
    plain, angled = (
        list(csv.reader((tmp_path / name).read_text("ascii").splitlines()))
        for name in ("arkit.csv", "unreal-livelink.csv")
    )
    assert plain[0] == angled[0]
    assert [line[:54] for line in plain] == [line[:54] for line in angled]


def test_a_bundle_named_by_its_folder_gives_the_same_poses(run, clip, tmp_path):
    folder = shutil.copytree(embedded_path(), tmp_path / "copied")
    run("animate", clip, "-o", tmp_path / "a.npz")
    run("animate", clip, "-o", tmp_path / "b.npz", "--model", folder)
    a, b = read_recording(tmp_path / "a.npz"), read_recording(tmp_path / "b.npz")
    assert np.array_equal(a.rows, b.rows)


def test_rate_and_channels_of_the_file_hardly_matter(run, clip, stereo, tmp_path):
    run("animate", clip, "-o", tmp_path / "a.npz")
    assert run("animate", stereo, "-o", tmp_path / "b.npz").code == 0
    a, b = read_recording(tmp_path / "a.npz"), read_recording(tmp_path / "b.npz")
    assert a.rows.shape == b.rows.shape
    jaw = a.curves.index("jawOpen")
    assert np.abs(a.rows[:, jaw] - b.rows[:, jaw]).mean() < 0.02


def test_an_emotion_shows_in_the_face(run, clip, tmp_path):
    run("animate", clip, "-o", tmp_path / "calm.npz")
    run("animate", clip, "-o", tmp_path / "glad.npz", "--emotion", "joy=1.0")
    calm, glad = read_recording(tmp_path / "calm.npz"), read_recording(tmp_path / "glad.npz")
    smile = calm.curves.index("mouthSmileLeft")
    assert (glad.rows[:, smile] > calm.rows[:, smile] + 0.1).all()


def test_a_rig_of_the_users_own_has_its_own_columns(run, clip, tmp_path):
    (tmp_path / "rigs").mkdir()
    (tmp_path / "rigs" / "puppet.toml").write_text(
        'title = "Puppet"\nsource = "this test"\n'
        '[space]\nhandedness = "right"\nup = "+y"\nunit = "m"\n'
        "[range]\nmin = 0.0\nmax = 100.0\n"
        "[curves]\nmouth = { jawOpen = 100.0 }\n",
        "utf-8",
    )
    target = tmp_path / "face.json"
    done = run("animate", clip, "-o", target, "--rig", "puppet", "--rigs", tmp_path / "rigs")
    assert done.code == 0
    recording = read_recording(target)
    assert (recording.curves, recording.rows.shape) == (("mouth",), (POSES, 1))
    assert recording.rows.max() > 20.0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["missing.wav"], "missing.wav: no such file"),
        (["notes.txt"], "notes.txt: not an audio file"),
        (["clip.wav", "--rig", "arcit"], "found rig 'arcit' (did you mean 'arkit'?)"),
        (["clip.wav", "--fps", "5"], "--fps 5: wanted 10 to 240"),
        (["clip.wav", "--fps", "fast"], "--fps fast: wanted 10 to 240"),
        (["clip.wav", "--emotion", "joy"], "--emotion joy: wanted NAME=VALUE"),
        (["clip.wav", "--emotion", "joy=2"], "--emotion joy=2: wanted NAME=VALUE"),
        (["clip.wav", "--emotion", "hunger=1"], "found emotion 'hunger'"),
        (["clip.wav", "--emotion", "joy=1", "--emotion", "joy=0"], "joy is given twice"),
        (["clip.wav", "--model", "nowhere"], "nowhere: no such bundle"),
        (["clip.wav", "--rigs", "nowhere"], "nowhere: no such folder of rig tables"),
    ],
)
def test_every_mistake_gets_one_line_and_no_file(
    run, clip, tmp_path, monkeypatch, *, words, complaint
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("not sound", "utf-8")
    done = run("animate", *words, "-o", "face.npz")
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("error: ")
    assert complaint in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "face.npz").exists()


def test_a_csv_refuses_rigs_that_it_has_no_columns_for(run, clip, tmp_path):
    done = run("animate", clip, "-o", tmp_path / "face.csv", "--rig", "puppet")
    assert (done.code, "nim, not 'puppet'" in done.err) == (2, True)


@pytest.mark.parametrize("target", ["face.txt", "nowhere/face.csv", "."])
def test_a_target_that_cannot_be_is_refused_before_the_work(
    run, clip, tmp_path, monkeypatch, *, target
):
    monkeypatch.chdir(tmp_path)
    done = run("animate", clip, "-o", target)
    assert (done.code, done.err.count("\n")) == (2, 1)


def test_a_corrupt_bundle_is_told_with_file_and_key(run, clip, tmp_path):
    folder = shutil.copytree(embedded_path(), tmp_path / "broken")
    (folder / "network.onnx").write_bytes(b"not a network")
    done = run("animate", clip, "-o", tmp_path / "face.csv", "--model", folder)
    assert (done.code, "network.onnx: cannot be loaded" in done.err) == (2, True)
    (folder / "network_info.json").write_text("{}", "utf-8")
    done = run("animate", clip, "-o", tmp_path / "face.csv", "--model", folder)
    assert (done.code, "network_info.json" in done.err) == (2, True)


def test_a_damaged_file_is_told_and_leaves_no_result(run, tmp_path):
    whole = tmp_path / "whole.flac"
    soundfile.write(whole, np.random.default_rng(1).uniform(-0.5, 0.5, 64_000), 16_000)
    content = whole.read_bytes()
    (tmp_path / "half.flac").write_bytes(content[: len(content) // 2])
    done = run("animate", tmp_path / "half.flac", "-o", tmp_path / "face.csv")
    assert (done.code, "half.flac: damaged" in done.err) == (2, True)
    assert not (tmp_path / "face.csv").exists()


def jaw_of(path):
    recording = read_recording(path)
    return recording.rows[:, recording.curves.index("jawOpen")]


def test_a_style_and_single_parameters_change_the_face_the_parameters_last(run, clip, tmp_path):
    style = tmp_path / "style.yaml"
    style.write_text(
        "a2f:\n  face_params: {lower_face_strength: 1.5, face_mask_level: 0.5}\n"
        "  blendshape_params: {weight_multipliers: {JawOpen: 0.5}}\n",
        encoding="utf-8",
    )
    files = {name: tmp_path / f"{name}.npz" for name in ("plain", "styled", "still")}
    assert run("animate", clip, "-o", files["plain"]).code == 0
    styled = run("animate", clip, "-o", files["styled"], "--style", style)
    assert styled.code == 0, styled.err
    words = ["--style", style, "--param", "lower_face_strength=0", "--solver", "exact"]
    assert run("animate", clip, "-o", files["still"], *words).code == 0
    plain = jaw_of(files["plain"])
    assert np.allclose(jaw_of(files["styled"])[:60], 0.75 * plain[:60], atol=1e-5)
    assert plain.max() > 0.2
    assert jaw_of(files["still"]).max() == 0.0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--param", "skin_strenght=1"], "no face parameter 'skin_strenght'; did you mean 'skin_s"),
        (["--param", "skin_strength=9"], "--param: skin_strength=9: face parameter skin_strength"),
        (["--param", "skin_strength"], "wanted NAME=VALUE with a number"),
        (["--style", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["--solver", "newton"], "solver: found 'newton', wanted"),
        (["--model", "claire"], "run: a2f-ws models pull nvidia/Audio2Face-3D-v2.3.1-Claire"),
    ],
)
def test_a_wrong_look_is_told_before_anything_is_computed(run, clip, tmp_path, words, said):
    done = run("animate", clip, "-o", tmp_path / "face.csv", *words)
    assert (done.code, said in done.err) == (2, True), done.err
    assert not (tmp_path / "face.csv").exists()


def test_a_model_in_blocks_animates_a_file_to_the_last_pose(run, clip, tmp_path):
    model = write_gru(tmp_path / "gru")
    assert run("animate", clip, "--model", model, "-o", tmp_path / "face.npz").code == 0
    recording = read_recording(tmp_path / "face.npz")
    assert len(recording.rows) == POSES
    assert np.ptp(recording.rows[:60], axis=0).max() > 0.2
