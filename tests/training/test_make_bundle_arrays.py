"""The arrays of synthetic bundles: the rules of the format, and what makes them well posed."""

import json
import struct

import numpy as np
import pytest

from a2f_ws.names import ARKIT, TONGUE
from training.bundle import poses, surface
from training.bundle.size import SIZES
from training.bundle.writer import write_bundle


@pytest.fixture(scope="module", params=["tiny", "small"])
def bundle(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle")
    return write_bundle(folder, size=request.param), SIZES[request.param]


def local_entries(path):
    """Entries as a reader finds them that walks the local headers from the start of the file."""
    data, place, found = path.read_bytes(), 0, []
    while data[place : place + 4] == b"PK\x03\x04":
        header = struct.unpack("<HHHHHIIIHH", data[place + 4 : place + 30])
        version, flags, method, _, _, _, packed, plain, name_len, extra_len = header
        name = data[place + 30 : place + 30 + name_len].decode()
        found.append((name, version, flags, method, packed, plain))
        place += 30 + name_len + extra_len + packed
    assert data[place : place + 4] == b"PK\x01\x02"
    return found


def test_model_data_has_its_eight_arrays_in_float32_and_nothing_odd(bundle):
    folder, size = bundle
    skin, tongue = (size.vertices, 3), (size.tongue_vertices, 3)
    with np.load(folder / "model_data.npz", allow_pickle=False) as data:
        arrays = {name: data[name] for name in data.files}
    assert {name: array.shape for name, array in arrays.items()} == {
        "shapes_matrix_skin": (size.shapes, *skin),
        "shapes_mean_skin": skin,
        "lip_open_pose_delta": skin,
        "eye_close_pose_delta": skin,
        "shapes_matrix_tongue": (size.tongue_shapes, *tongue),
        "shapes_mean_tongue": tongue,
        "neutral_jaw": (5, 3),
        "saccade_rot_matrix": (5000, 2),
    }
    assert {array.dtype.str for array in arrays.values()} == {"<f4"}
    assert all(array.flags.c_contiguous and np.isfinite(array).all() for array in arrays.values())


@pytest.mark.parametrize("name", ["shapes_matrix_skin", "shapes_matrix_tongue"])
def test_the_rows_of_a_basis_are_orthogonal_and_of_length_one(bundle, name):
    folder, _ = bundle
    basis = np.load(folder / "model_data.npz")[name]
    rows = basis.reshape(len(basis), -1).astype(np.float64)
    np.testing.assert_allclose(rows @ rows.T, np.eye(len(rows)), rtol=0, atol=1e-6)


def test_a_plain_reader_finds_every_entry_without_zip64_and_descriptors(bundle):
    folder, _ = bundle
    for path in folder.glob("*.npz"):
        for name, version, flags, method, packed, plain in local_entries(path):
            assert (version <= 20, flags, method, packed) == (True, 0, 0, plain), (path, name)
        names = [entry[0].removesuffix(".npy") for entry in local_entries(path)]
        assert names == np.load(path).files


def test_the_emotion_database_has_shots_one_after_another_and_the_one_in_use(bundle):
    folder, size = bundle
    data = np.load(folder / "implicit_emo_db.npz")
    rows, starts, sizes = (data[f"emo_{name}"] for name in ("db", "spec_start", "spec_size"))
    names = [name.decode() for name in data["emo_spec_names"]]
    assert rows.shape == (size.emotion_rows, 16)
    assert [a.dtype.str for a in (rows, starts, sizes)] == ["<f4", "<i4", "<i4"]
    assert data["emo_spec_names"].dtype.kind == "S"
    assert len(set(names)) == len(names) > 2
    assert starts.tolist() == [0, *np.cumsum(sizes)[:-1]]
    assert sizes.sum() == len(rows)
    assert sizes.min() > 0
    config = json.loads((folder / "model_config.json").read_text())["config"]
    assert config["source_frame"] < sizes[names.index(config["source_shot"])]


@pytest.mark.parametrize(("part", "names"), [("skin", ARKIT), ("tongue", TONGUE)])
def test_a_rig_has_neutral_first_and_one_delta_for_each_pose(bundle, part, names):
    folder, size = bundle
    vertices = size.vertices if part == "skin" else size.tongue_vertices
    data = np.load(folder / f"bs_{part}.npz", allow_pickle=False)
    assert [name.decode() for name in data["poseNames"]] == ["neutral", *names]
    assert data["poseNames"].dtype.kind == "S"
    for name in ("neutral", *names):
        assert (data[name].shape, data[name].dtype.str) == ((vertices, 3), "<f4")
        assert np.isfinite(data[name]).all()
        assert np.abs(data[name]).max() > 0.01, name
    mean = np.load(folder / "model_data.npz")[f"shapes_mean_{part}"]
    assert 0.0 < np.abs(data["neutral"] - mean).max() < 0.1
    assert ("frontalMask" in data) == (part == "skin")


def test_the_mask_has_each_of_its_vertices_once_and_lies_in_front(bundle):
    folder, size = bundle
    data = np.load(folder / "bs_skin.npz")
    mask = data["frontalMask"]
    assert (mask.shape, mask.dtype.str) == ((size.frontal,), "<i4")
    assert len(set(mask.tolist())) == len(mask)
    assert 0 <= mask.min() <= mask.max() < size.vertices
    assert (data["neutral"][mask][:, 2] > 0.0).mean() > 0.9


def test_a_pose_of_the_right_is_the_mirror_image_of_the_left_one():
    points, mirror = surface.bust(400), np.array([-1.0, 1.0, 1.0])
    here = poses.skin_deltas(points, np.random.default_rng(1))
    there = poses.skin_deltas(points * mirror, np.random.default_rng(1))
    for index, name in enumerate(ARKIT):
        if name.endswith("Left"):
            other = there[ARKIT.index(f"{name.removesuffix('Left')}Right")]
            np.testing.assert_allclose(other * mirror, here[index], rtol=0, atol=1e-6)


def test_lids_and_lips_move_where_eyes_and_mouth_are(tmp_path):
    data = np.load(write_bundle(tmp_path, size="small") / "model_data.npz")
    points = data["shapes_mean_skin"]
    for name, (low, high) in {
        "eye_close_pose_delta": (154.0, 159.0),
        "lip_open_pose_delta": (147.0, 151.0),
    }.items():
        motion = np.linalg.norm(data[name], axis=1)
        assert 0.2 < motion.max() < 3.0
        assert low < points[motion.argmax()][1] < high
        assert points[motion > 0.2 * motion.max()][:, 2].min() > 0.0


def test_the_jaw_points_span_space_and_the_eyes_jump_between_fixations(bundle):
    data = np.load(bundle[0] / "model_data.npz")
    jaw, eyes = data["neutral_jaw"], data["saccade_rot_matrix"]
    assert np.linalg.svd(jaw - jaw.mean(axis=0))[1].min() > 0.4
    assert np.abs(eyes).max() <= 4.0
    steps = np.abs(np.diff(eyes, axis=0)).max(axis=1)
    assert 0.02 < (steps > 0.4).mean() < 0.15
