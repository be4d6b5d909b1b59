"""Which rigs a recording in ARKit's curves can be made of, and that it is the same face."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest

from a2f_ws.names import ARKIT, FACE
from a2f_ws.output import livelink_csv
from a2f_ws.output.arkit_rows import RIGS, arkit_curves, arkit_names
from a2f_ws.output.files import check_target, read_recording, write_recording
from a2f_ws.output.glb_file import MIRRORED, STILL
from a2f_ws.output.recording import Recording
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.table import load_rigs
from a2f_ws.timebase import PoseRate
from tests.training.glb import Glb

BUNDLED = load_rigs()
COUNT = 9


def faces():
    """Faces whose lips close no more than the jaw opens; eyes and mood rest."""
    rows = np.random.default_rng(5).random((COUNT, len(FACE))).astype(np.float32)
    rows[:, len(FACE) - 14 :] = 0
    jaw, close = FACE.index("jawOpen"), FACE.index("mouthClose")
    rows[:, close] *= rows[:, jaw]
    return rows


def recorded(name):
    rig = BUNDLED[name]
    return Recording(
        rig=name,
        curves=tuple(rig.curves),
        rate=PoseRate.of(50),
        times_us=np.arange(COUNT, dtype=np.int64) * 20_000,
        utterances=np.ones(COUNT, np.int64),
        rows=Mapper(rig).map(faces()),
        transforms=tuple(rig.transforms),
    )


def is_same_face(name):
    """True when a rig's curves, by ARKit's names, are those of the rig `arkit`."""
    subject = recorded(name)
    names, rows = arkit_names(subject.curves), arkit_curves(subject)
    if not set(ARKIT) <= set(names):
        return False
    found = rows[:, [names.index(one) for one in ARKIT]]
    return np.allclose(found, recorded("arkit").rows[:, : len(ARKIT)], atol=1e-6)


def test_every_bundled_rig_with_the_face_of_arkit_is_taken_and_no_other():
    assert {name for name in BUNDLED if is_same_face(name)} == set(RIGS)


@pytest.mark.parametrize("name", RIGS)
def test_a_recording_of_each_of_them_reads_back_as_the_same_face(tmp_path, name):
    check_target(tmp_path / "face.csv", rig=name)
    write_recording(recorded(name), tmp_path / "face.csv")
    read = read_recording(tmp_path / "face.csv")
    assert np.allclose(read.rows, recorded("arkit").rows[:, : len(ARKIT)], atol=1e-6)


def weights_of(path):
    glb = Glb(path.read_bytes())
    (animation,) = glb.json["animations"]
    skin = glb.names.index("Skin")
    for channel in animation["channels"]:
        if channel["target"] == {"node": skin, "path": "weights"}:
            return glb.values(animation["samplers"][channel["sampler"]]["output"]).ravel()
    raise AssertionError("nothing moves")


@pytest.mark.parametrize("name", [name for name in RIGS if name != "unity/arkit"])
def test_the_head_shows_the_same_face_from_each_of_them(tmp_path, name):
    for one in ("arkit", name):
        path = tmp_path / f"{one.replace('/', '-')}.glb"
        write_recording(recorded(one), path)
    found = weights_of(tmp_path / f"{name.replace('/', '-')}.glb")
    assert np.allclose(found, weights_of(tmp_path / "arkit.glb"), atol=1e-6)


def test_lips_that_close_beyond_the_jaw_stay_closed():
    subject = recorded("nim")
    jaw, close = subject.curves.index("JawOpen"), subject.curves.index("MouthClose")
    rows = np.zeros_like(subject.rows)
    rows[:, close] = 0.25
    rows[0, jaw] = 0.9
    back = arkit_curves(replace(subject, rows=rows))
    assert back[1, [jaw, close]].tolist() == [0.25, 0.25]
    assert back[0, jaw] == 1.0
    assert rows[1, jaw] == 0.0


def test_the_rigs_that_are_mirrored_or_still_say_so_by_their_axes():
    axes = {
        name: (BUNDLED[name].space.handedness, BUNDLED[name].space.up)
        for name in RIGS
        if BUNDLED[name].transforms
    }
    for name, (handedness, up) in axes.items():
        assert (name in STILL) == (up != "+y"), name
        assert (name in MIRRORED) == (handedness == "left" and up == "+y"), name
        if name in STILL:
            turns = recorded(name).turns("head")
            assert np.array_equal(turns, np.tile(np.float32([0, 0, 0, 1, 0, 0, 0]), (COUNT, 1)))


def test_angles_of_the_packet_rig_keep_their_columns():
    out = BytesIO()
    subject = recorded("unreal/livelink")
    yaw = subject.curves.index("HeadYaw")
    rows = subject.rows.copy()
    rows[:, yaw] = 0.5
    livelink_csv.write(replace(subject, rows=rows), out)
    head, *lines = out.getvalue().decode().splitlines()
    column = head.split(",").index("HeadYaw")
    assert {line.split(",")[column] for line in lines} == {"0.5000000000"}
