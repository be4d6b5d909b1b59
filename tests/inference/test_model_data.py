import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.model_data import array_shapes, read_model_data
from tests.data.bundles import (
    MISSING,
    SKIN_VERTICES,
    TONGUE_VERTICES,
    edit,
    rewrite_arrays,
    write_blendshape,
    write_geometry,
)


@pytest.fixture
def theirs(tmp_path):
    return write_geometry(tmp_path / "theirs")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return load_bundle(write_geometry(tmp_path_factory.mktemp("whole") / "theirs"))


def _read(folder, vertices=None):
    return read_model_data(load_bundle(folder), vertices=vertices)


def test_every_array_is_read_as_it_stands_in_the_file(bundle):
    data = read_model_data(bundle, vertices=None)
    with np.load(bundle.model_data) as file:
        pairs = {
            "skin_mean": "shapes_mean_skin",
            "lip_open": "lip_open_pose_delta",
            "eye_close": "eye_close_pose_delta",
            "skin_basis": "shapes_matrix_skin",
            "tongue_mean": "shapes_mean_tongue",
            "tongue_basis": "shapes_matrix_tongue",
            "jaw": "neutral_jaw",
            "saccades": "saccade_rot_matrix",
        }
        for field, name in pairs.items():
            found = getattr(data, field)
            assert found.dtype == np.float32
            np.testing.assert_array_equal(found, file[name])
        assert sorted(pairs.values()) == sorted(file.files) == sorted(array_shapes(bundle))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.integers(0, SKIN_VERTICES - 1), max_size=SKIN_VERTICES))
def test_the_rows_asked_for_are_those_of_the_whole_basis(bundle, rows):
    vertices = np.array(rows, np.int32)
    whole = read_model_data(bundle, vertices=None).skin_basis
    part = read_model_data(bundle, vertices=vertices)
    np.testing.assert_array_equal(part.skin_basis, whole[:, vertices])
    assert part.skin_basis.shape == (3, len(rows), 3)
    assert part.skin_mean.shape == (SKIN_VERTICES, 3)


def test_without_meshes_the_whole_basis_never_is_in_memory(theirs):
    components, vertices = 64, 4000
    mesh = np.ones((vertices, 3), np.float32) * np.arange(vertices, dtype=np.float32)[:, np.newaxis]
    for key, value in (("num_shapes_skin", components), ("num_verts_skin", vertices)):
        edit(theirs / "network_info.json", f"params.{key}", value)
    rewrite_arrays(
        theirs / "model_data.npz",
        shapes_matrix_skin=np.ones((components, vertices, 3), np.float32),
        shapes_mean_skin=mesh,
        lip_open_pose_delta=mesh,
        eye_close_pose_delta=mesh,
    )
    bundle = load_bundle(theirs)
    tracemalloc.start()
    try:
        read_model_data(bundle, vertices=np.arange(10, dtype=np.int32))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < components * vertices * 3 * 4 / 2


def test_compressed_files_and_further_arrays_are_no_fault(theirs):
    path = theirs / "model_data.npz"
    before = _read(theirs)
    with np.load(path) as file:
        np.savez_compressed(path, blink_keys=np.zeros(3), notes=np.array("x"), **file)
    np.testing.assert_array_equal(_read(theirs).skin_basis, before.skin_basis)


SKIN = (SKIN_VERTICES, 3)
TONGUE = (TONGUE_VERTICES, 3)
SHAPES = {
    "shapes_matrix_skin": (3, *SKIN),
    "shapes_mean_skin": SKIN,
    "lip_open_pose_delta": SKIN,
    "eye_close_pose_delta": SKIN,
    "shapes_matrix_tongue": (2, *TONGUE),
    "shapes_mean_tongue": TONGUE,
    "neutral_jaw": (5, 3),
    "saccade_rot_matrix": (10, 2),
}


CHANGES = [
    (lambda a: MISSING, r"missing arrays: {name}"),
    (lambda a: a.astype(np.float64), r"{name}: found float64 .*, wanted float32"),
    (lambda a: a[..., :1], r"{name}: found float32 .*, wanted float32"),
    (lambda a: a[np.newaxis], r"{name}: found float32 .*, wanted float32"),
    (lambda a: np.where(a == a.flat[-1], np.nan, a), r"{name}: found nan at \[.*\], wanted finite"),
    (lambda a: np.full_like(a, -np.inf), r"{name}: found -inf at \[0, "),
    (lambda a: np.concatenate([a, a], axis=-2), r"{name}: found float32 .*, wanted float32"),
]
ANY_LENGTH = "saccade_rot_matrix"


@pytest.mark.parametrize(
    ("name", "change", "text"),
    [(name, *row) for name in SHAPES for row in CHANGES[: -1 if name == ANY_LENGTH else None]],
)
def test_a_wrong_array_is_refused_by_name(theirs, name, change, text):
    path = theirs / "model_data.npz"
    with np.load(path) as file:
        assert file[name].shape == SHAPES[name]
        changed = change(file[name])
    rewrite_arrays(path, **{name: changed})
    with pytest.raises(ModelError, match=r"model_data\.npz: " + text.format(name=name)):
        _read(theirs, np.array([1], np.int32))


@pytest.mark.parametrize(
    ("name", "array", "text"),
    [
        ("saccade_rot_matrix", np.zeros((0, 2), np.float32), r"found no rows, wanted one at least"),
        ("shapes_mean_skin", np.ones(SKIN, np.float32), r"found y = 1 everywhere, wanted a face"),
    ],
)
def test_tables_without_rows_and_faces_without_height_are_refused(theirs, name, array, text):
    rewrite_arrays(theirs / "model_data.npz", **{name: array})
    with pytest.raises(ModelError, match=rf"model_data\.npz: {name}: {text}"):
        _read(theirs)


@pytest.mark.parametrize(
    ("key", "name"),
    [("num_verts_skin", "shapes_matrix_skin"), ("num_verts_tongue", "shapes_matrix_tongue"),
     ("num_shapes_skin", "shapes_matrix_skin"), ("num_shapes_tongue", "shapes_matrix_tongue")],
)  # fmt: skip
def test_sizes_have_to_agree_with_network_info(theirs, key, name):
    edit(theirs / "network_info.json", f"params.{key}", 7)
    with pytest.raises(ModelError, match=rf"model_data\.npz: {name}: found .*, wanted .*7"):
        _read(theirs)


def test_a_jaw_of_other_points_is_read_where_network_info_says_so(theirs):
    edit(theirs / "network_info.json", "params.result_jaw_size", 12)
    with pytest.raises(ModelError, match=r"neutral_jaw: found float32 \(5, 3\), wanted .*\(4, 3\)"):
        _read(theirs)
    rewrite_arrays(theirs / "model_data.npz", neutral_jaw=np.eye(4, 3, dtype=np.float32))
    assert _read(theirs).jaw.shape == (4, 3)


def test_a_bundle_of_weights_has_no_meshes_to_read(tmp_path):
    bundle = load_bundle(write_blendshape(tmp_path / "ours"))
    with pytest.raises(ModelError, match=r"ours: found a blendshape bundle, wanted one with mesh"):
        read_model_data(bundle, vertices=None)
