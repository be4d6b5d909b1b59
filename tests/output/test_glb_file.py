"""Recordings as animations of the head; `tests/clients/test_recorded_head.py` asks a validator."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest

from a2f_ws.errors import ConfigError
from a2f_ws.names import FACE, WEIGHTS
from a2f_ws.output import glb_file
from a2f_ws.output.files import check_target, read_recording, write_recording
from a2f_ws.output.recording import Recording
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.table import load_rigs
from a2f_ws.timebase import PoseRate
from tests.training.glb import HEAD, Glb

STILL = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]


def recording(rows, *, transforms=(), times_us=None, curves=WEIGHTS):
    count = len(rows)
    times = [k * 20_000 for k in range(count)] if times_us is None else times_us
    return Recording(
        rig="browser/arkit",
        curves=curves,
        rate=PoseRate.of(50),
        times_us=np.array(times, np.int64),
        utterances=np.ones(count, np.int64),
        rows=np.array(rows, np.float32).reshape(count, len(curves) + 7 * len(transforms)),
        transforms=transforms,
        model="embedded",
        meta={"source": "a.wav"},
    )


def weights(count, **curves):
    rows = np.zeros((count, len(WEIGHTS)), np.float32)
    for name, values in curves.items():
        rows[:, WEIGHTS.index(name)] = values
    return rows


class Played:
    """What stands in a file: tracks by node and path, times, and the head around them."""

    def __init__(self, subject):
        out = BytesIO()
        glb_file.write(subject, out)
        self.glb = Glb(out.getvalue())
        (self.animation,) = self.glb.json.get("animations", [None])
        self.inputs, self.tracks = set(), {}
        for channel in (self.animation or {"channels": []})["channels"]:
            sampler = self.animation["samplers"][channel["sampler"]]
            assert sampler["interpolation"] == "LINEAR"
            self.inputs.add(sampler["input"])
            target = channel["target"]
            name = self.glb.json["nodes"][target["node"]]["name"]
            self.tracks[name, target["path"]] = self.glb.values(sampler["output"])

    def seconds(self):
        (accessor,) = self.inputs
        return self.glb.values(accessor)[:, 0]

    def shape(self, node, name):
        names = self.targets(node)
        return self.tracks[node, "weights"].reshape(-1, len(names))[:, names.index(name)]

    def targets(self, node):
        (of,) = (one for one in self.glb.json["nodes"] if one["name"] == node)
        return self.glb.json["meshes"][of["mesh"]]["extras"]["targetNames"]


def test_a_curve_moves_its_shape_on_every_mesh_that_has_it():
    jaw, lid = np.array([0.0, 0.5, 1.0]), np.array([1.0, 0.25, 0.0])
    rows = weights(3, jawOpen=jaw, eyeBlinkLeft=lid, tongueTipUp=jaw)
    played = Played(recording(rows))
    for node in ("Skin", "Mouth", "LowerTeeth", "Tongue"):
        assert played.shape(node, "jawOpen").tolist() == jaw.tolist()
    for node in ("Skin", "Mouth", "Lashes"):
        assert played.shape(node, "eyeBlinkLeft").tolist() == lid.tolist()
    assert played.shape("Tongue", "tongueTipUp").tolist() == jaw.tolist()
    moving = {node for node, path in played.tracks if path == "weights"}
    assert moving == {
        "Skin", "Mouth", "Lashes", "Brows", "LeftEye", "RightEye", "LowerTeeth", "Tongue"
    }  # fmt: skip
    others = [
        played.shape(node, name)
        for node in moving
        for name in played.targets(node)
        if name not in {"jawOpen", "eyeBlinkLeft", "tongueTipUp"}
    ]
    assert len(others) > 100
    assert not np.array(others).any()


def test_every_shape_of_the_head_has_a_curve_of_its_name():
    played = Played(recording(weights(1)))
    named = {name for node, path in played.tracks for name in played.targets(node)}
    assert named == set(WEIGHTS)


def test_times_are_those_of_the_recording_in_seconds():
    subject = recording(weights(3), times_us=[500_000, 516_666, 3_600_000_000])
    played = Played(subject)
    assert played.seconds().tolist() == np.array([0.5, 0.516666, 3600], np.float32).tolist()
    (accessor,) = played.inputs
    bounds = played.glb.json["accessors"][accessor]
    assert (bounds["min"], bounds["max"]) == ([0.5], [3600.0])


def test_poses_that_gltf_cannot_tell_apart_in_time_come_once():
    # Beyond 2^17 s a float32 has steps of 16 ms.
    late = 200_000_000_000
    subject = recording(
        weights(3, jawOpen=[0.1, 0.2, 0.3]), times_us=[late, late + 5_000, late + 40_000]
    )
    played = Played(subject)
    assert (np.diff(played.seconds()) > 0).all()
    assert played.shape("Skin", "jawOpen") == pytest.approx([0.1, 0.3])


def test_what_made_it_stands_with_the_animation():
    played = Played(recording(weights(1)))
    assert played.animation["name"] == "speech"
    about = played.animation["extras"]
    assert (about["model"], about["rig"], about["fps"]) == ("embedded", "browser/arkit", 50)
    assert about["meta"] == {"source": "a.wav"}
    assert "CC0" in played.glb.json["asset"]["copyright"]


def test_the_head_around_it_is_the_one_that_comes_with_the_package():
    played, head = Played(recording(weights(2))), Glb(HEAD.read_bytes())
    for part in ("nodes", "meshes", "materials", "scenes"):
        assert played.glb.json[part] == head.json[part]
    for name in ("Skin", "Tongue"):
        ours, theirs = played.glb.drawn(name), head.drawn(name)
        assert np.array_equal(ours.positions, theirs.positions)
        assert np.array_equal(ours.shapes["jawOpen"], theirs.shapes["jawOpen"])


def test_the_head_turns_by_its_node_and_the_shorter_way_round():
    turn = np.array([0.0, np.sin(0.1), 0.0, np.cos(0.1)])
    rows = np.zeros((3, len(WEIGHTS) + 7), np.float32)
    rows[:, len(WEIGHTS) :] = [
        [0, 0, 0, 1, 0, 0, 0],
        [*-turn, 0, 0, 0],
        [*turn * 2, 0, 0.01, 0],
    ]
    played = Played(recording(rows, transforms=("head",)))
    got = played.tracks["Head", "rotation"]
    assert got == pytest.approx(np.array([[0, 0, 0, 1], turn, turn]), abs=1e-7)
    moved = played.tracks["Head", "translation"]
    assert moved == pytest.approx(np.array([[0, 0, 0], [0, 0, 0], [0, 0.01, 0]]))


@pytest.mark.parametrize("name", ["eyeLeft", "left_eye", "LeftEye"])
def test_an_eye_that_turns_leaves_out_the_shapes_that_would_turn_it_again(name):
    rows = np.zeros((2, len(WEIGHTS) + 14), np.float32)
    rows[:, WEIGHTS.index("eyeLookOutLeft")] = 0.5
    rows[:, WEIGHTS.index("eyeLookInRight")] = 0.5
    rows[:, WEIGHTS.index("jawOpen")] = 0.5
    rows[:, len(WEIGHTS) :] = STILL * 2
    rows[:, len(WEIGHTS) + 1] = 0.1
    played = Played(recording(rows, transforms=(name, "jaw")))
    assert ("LeftEye", "rotation") in played.tracks
    assert ("LeftEye", "weights") not in played.tracks
    # The lids and the other eye go on to follow the gaze.
    assert played.shape("Skin", "eyeLookOutLeft").tolist() == [0.5, 0.5]
    assert played.shape("RightEye", "eyeLookInRight").tolist() == [0.5, 0.5]
    assert ("LowerTeeth", "weights") not in played.tracks
    assert not played.shape("Tongue", "jawOpen").any()
    assert played.shape("Skin", "jawOpen").tolist() == [0.5, 0.5]
    # A node that turns stays where it is.
    assert ("LeftEye", "translation") not in played.tracks


def test_eyes_of_unitys_rig_turn_where_the_face_looks():
    # Up and to the character's left; the axes of Unity's rows are mirrored.
    face = np.zeros((1, len(FACE)), np.float32)
    for name, degrees in (("eyeLeftX", -10), ("eyeLeftY", 20), ("eyeRightX", -10)):
        face[0, FACE.index(name)] = degrees
    rig = load_rigs()["unity/arkit"]
    subject = recording(Mapper(rig).map(face), transforms=rig.transforms)
    played = Played(replace(subject, rig=rig.name))
    x, y, z, w = played.tracks["LeftEye", "rotation"][0]
    forward = np.array([2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)])
    wanted = [
        np.sin(np.radians(20)) * np.cos(np.radians(10)),
        np.sin(np.radians(10)),
        np.cos(np.radians(20)) * np.cos(np.radians(10)),
    ]
    assert forward == pytest.approx(wanted, abs=1e-5)
    assert played.tracks["RightEye", "rotation"][0] == pytest.approx(
        [-np.sin(np.radians(5)), 0, 0, np.cos(np.radians(5))], abs=1e-6
    )
    assert ("LeftEye", "weights") not in played.tracks


def test_what_the_head_lacks_is_left_out():
    rows = np.zeros((2, 2 + 7), np.float32)
    rows[:, 1] = 1
    rows[:, 2:] = STILL
    played = Played(recording(rows, curves=("earWiggle", "jawOpen"), transforms=("tail",)))
    assert played.shape("Skin", "jawOpen").tolist() == [1, 1]
    assert {path for _, path in played.tracks} == {"weights"}


def test_a_recording_without_poses_gives_the_head_alone():
    played = Played(recording(weights(0)))
    assert played.animation is None
    assert "Skin" in played.glb.names


def test_a_glb_is_written_for_the_rigs_that_the_head_speaks_and_is_not_read(tmp_path):
    write_recording(recording(weights(2, jawOpen=1)), tmp_path / "face.glb")
    assert (tmp_path / "face.glb").read_bytes()[:4] == b"glTF"
    with pytest.raises(ConfigError, match=r"a .glb is a glTF animation of the head, which holds"):
        check_target(tmp_path / "face.glb", rig="live2d")
    with pytest.raises(ConfigError, match=r"of the head is not read; use .csv, .json or .npz"):
        read_recording(tmp_path / "face.glb")


def test_an_installation_without_the_head_says_where_it_looked(tmp_path, monkeypatch):
    monkeypatch.setattr(glb_file, "HEADS", (tmp_path / "head.glb",))
    with pytest.raises(ConfigError, match=r"no head in .*head\.glb: this installation"):
        write_recording(recording(weights(2)), tmp_path / "face.glb")
    assert list(tmp_path.iterdir()) == []
