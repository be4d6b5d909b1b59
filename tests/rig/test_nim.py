"""NVIDIA's names, order and MouthClose, and the way there and back."""

from dataclasses import replace

import numpy as np
import pytest

from a2f_ws.inference.bundle import embedded_path, load_bundle
from a2f_ws.names import EMOTIONS, FACE, WEIGHTS
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.matching import best, fitted
from a2f_ws.rig.table import load_rigs
from a2f_ws.shaping.cut import Cut
from a2f_ws.shaping.weight_faces import WeightFaces
from tests.rig.tables import mapped
from tests.rig.test_visemes import CLASSES

RIGS = load_rigs()
NIM = RIGS["nim"]
A2F = RIGS["unreal/metahuman-a2f"]
JAW, CLOSE = WEIGHTS.index("jawOpen"), WEIGHTS.index("mouthClose")


def faces_of_arkit(count=200):
    """Faces whose mouthClose closes no more than jawOpen opens."""
    faces = np.zeros((count, len(FACE)), np.float32)
    weights = np.random.default_rng(3).uniform(0, 1, (count, len(WEIGHTS))).astype(np.float32)
    weights[:, CLOSE] *= weights[:, JAW]
    faces[:, : len(WEIGHTS)] = weights
    return faces


def as_the_server_takes_it(rows):
    """The faces that a network with NVIDIA's meaning of MouthClose gives with these weights."""
    bundle = replace(load_bundle(embedded_path()), mouth_close="a2f")
    kind = WeightFaces(bundle)
    still = {
        "upper_face_strength": 1.0, "lower_face_strength": 1.0, "skin_strength": 1.0,
        "tongue_strength": 1.0, "eyelid_open_offset": 0.0, "lip_open_offset": 0.0,
    }  # fmt: skip
    params = kind.params.changed(kind.params.defaults(bundle.config, "test"), still)
    emotion = np.zeros(len(EMOTIONS), np.float32)
    results = np.zeros((len(rows), bundle.columns.eyes.stop), np.float32)
    results[:, bundle.columns.skin.start : bundle.columns.tongue.stop] = rows
    cuts = [Cut(None, emotion, params, kind.new_state(), 1 / 60) for _ in rows]
    return kind.step(results, cuts)[:, : len(WEIGHTS)]


def test_names_and_order_are_those_of_nvidias_service():
    assert NIM.curves == tuple(name[0].upper() + name[1:] for name in WEIGHTS)
    assert NIM.curves[17:19] == ("JawOpen", "MouthClose")
    assert NIM.curves[51:54] == ("TongueOut", "TongueTipUp", "TongueTipDown")
    assert (NIM.curves[67], NIM.row) == ("TongueNarrow", 68)


@pytest.mark.parametrize(
    ("pose", "jaw", "close"),
    [
        ({"jawOpen": 0.5}, 0.5, 0.0),
        ({"jawOpen": 0.5, "mouthClose": 0.5}, 0.0, 0.5),
        ({"jawOpen": 0.5, "mouthClose": 0.125}, 0.375, 0.125),
        ({"jawOpen": 0.25, "mouthClose": 0.5}, 0.0, 0.5),
    ],
)
def test_mouth_close_opens_the_jaw_that_it_closes_by_itself(pose, jaw, close):
    shown = mapped(NIM, **pose)
    assert (shown["JawOpen"], shown["MouthClose"]) == (jaw, close)
    assert {name for name, value in shown.items() if value} <= {"JawOpen", "MouthClose"}


def test_a_face_of_arkit_comes_back_from_nvidias_poses_as_it_was():
    faces = faces_of_arkit()
    back = as_the_server_takes_it(Mapper(NIM).map(faces))
    # jawOpen is taken apart and put together again: one rounding each way.
    np.testing.assert_allclose(back, faces[:, : len(WEIGHTS)], atol=1.2e-7)


def test_nvidias_poses_come_back_from_arkit_as_they_were():
    rows = faces_of_arkit()[:, : len(WEIGHTS)].copy()
    rows[:, JAW] *= 1.0 - rows[:, CLOSE]
    faces = np.zeros((len(rows), len(FACE)), np.float32)
    faces[:, : len(WEIGHTS)] = as_the_server_takes_it(rows)
    np.testing.assert_allclose(Mapper(NIM).map(faces), rows, atol=1.2e-7)


def test_sealed_lips_of_every_bilabial_leave_nothing_to_nvidias_jaw():
    row = dict(zip(NIM.curves, Mapper(NIM).map(CLASSES["PP"][None])[0].tolist(), strict=True))
    assert row["JawOpen"] == 0.0
    assert row["MouthClose"] == CLASSES["PP"][CLOSE] > 0.0


def test_a_mesh_with_nvidias_shapes_gets_its_own_meaning_by_name_and_arkits_by_auto():
    have = list(NIM.curves)
    assert fitted(NIM, have).unmatched == ()
    found = best(RIGS.values(), have)
    assert found.table.name == "browser/arkit"
    assert mapped(found.table, jawOpen=0.5, mouthClose=0.5)["JawOpen"] == 0.5


def test_nvidias_pose_asset_gets_52_poses_with_its_meaning_and_a_head_for_unreal():
    assert A2F.curves == NIM.curves[:52]
    assert (A2F.transforms, A2F.idle["head"]) == (("head",), (52, 1.0))
    faces = faces_of_arkit()
    assert Mapper(A2F).map(faces)[:, :52].tobytes() == Mapper(NIM).map(faces)[:, :52].tobytes()
    assert not [curve for curve in A2F.curves if curve.startswith("CTRL_")]
