import numpy as np
import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.solver_config import read_solver_config
from a2f_ws.inference.solver_data import read_solver_data, read_solvers, weight_columns
from a2f_ws.names import ARKIT, TONGUE, WEIGHTS
from tests.data.bundles import (
    MASK,
    MISSING,
    SKIN_VERTICES,
    TONGUE_VERTICES,
    edit,
    rewrite_arrays,
    write_geometry,
    write_json,
)

MESH = (SKIN_VERTICES, 3)


@pytest.fixture
def theirs(tmp_path):
    return write_geometry(tmp_path / "theirs")


def _skin(folder):
    return read_solver_data(
        folder / "bs_skin_config.json", folder / "bs_skin.npz", vertex_count=SKIN_VERTICES
    )


def _rename(folder, names, part="skin"):
    """Give a rig other poses of the same number."""
    path = folder / f"bs_{part}.npz"
    old = ARKIT if part == "skin" else TONGUE
    with np.load(path) as file:
        poses = {new: file[name] for new, name in zip(names, old, strict=True)}
        kept = {"neutral": file["neutral"], "poseNames": np.array(["neutral", *names], "S")}
    np.savez(path, **kept, **poses)


def test_a_rig_is_read_on_the_vertices_of_its_mask_in_their_order(theirs):
    data = _skin(theirs)
    with np.load(theirs / "bs_skin.npz") as file:
        assert data.names == ARKIT
        assert data.vertices.tolist() == MASK
        np.testing.assert_array_equal(data.neutral, file["neutral"][MASK])
        np.testing.assert_array_equal(data.deltas, np.stack([file[n][MASK] for n in ARKIT]))
        extents = np.ptp(file["neutral"], axis=0).astype(np.float64)
    assert data.deltas.dtype == data.neutral.dtype == np.float32
    assert data.diagonal == pytest.approx(np.linalg.norm(extents), rel=1e-6)
    assert (data.l1, data.l2, data.symmetry, data.temporal) == (0.5, 0.5, 100.0, 0.3)
    assert data.template_bb_size == 53.45
    assert data.active.sum() == 43
    assert data.symmetry_ids[[0, 7, 6, 13, 1]].tolist() == [0, 0, 1, 1, -1]
    assert (data.cancel.tolist(), data.offsets.tolist()) == ([-1] * 52, [0.0] * 52)
    assert data.multipliers.dtype == np.float32


@pytest.mark.parametrize("mask", [MISSING, np.zeros(0, np.int32)])
def test_without_a_mask_the_whole_mesh_is_looked_at(theirs, mask):
    rewrite_arrays(theirs / "bs_skin.npz", frontalMask=mask)
    data = _skin(theirs)
    assert data.vertices is None
    assert data.neutral.shape == MESH
    assert data.deltas.shape == (52, *MESH)


def test_skin_and_tongue_are_read_together(theirs):
    skin, tongue = read_solvers(load_bundle(theirs))
    assert (skin.names, tongue.names) == (ARKIT, TONGUE)
    assert tongue.vertices is None
    assert tongue.neutral.shape == (TONGUE_VERTICES, 3)


def test_further_arrays_and_keys_are_no_fault(theirs):
    rewrite_arrays(theirs / "bs_skin.npz", rig_version=np.array("1.2"), other=np.zeros(2))
    edit(theirs / "bs_skin_config.json", "blendshape_params.later", [1])
    edit(theirs / "bs_skin_config.json", "comment", "new")
    assert _skin(theirs).names == ARKIT


def test_a_template_size_is_54_7_where_none_is_given(theirs):
    edit(theirs / "bs_skin_config.json", "blendshape_params.templateBBSize", MISSING)
    assert _skin(theirs).template_bb_size == 54.7


def test_whole_numbers_are_numbers(theirs):
    edit(theirs / "bs_skin_config.json", "blendshape_params.strengthSymmetry", 100)
    edit(theirs / "bs_skin_config.json", "blendshape_params.bsWeightMultipliers", [2] * 52)
    assert _skin(theirs).multipliers.tolist() == [2.0] * 52


def test_any_number_but_zero_makes_a_pose_active(theirs):
    edit(
        theirs / "bs_skin_config.json",
        "blendshape_params.bsSolveActivePoses",
        [0, -1, 7] + [0] * 49,
    )
    assert np.flatnonzero(_skin(theirs).active).tolist() == [1, 2]


ARRAY_FAULTS = [
    ({"poseNames": MISSING}, r"missing arrays: poseNames"),
    ({"neutral": MISSING}, r"missing arrays: neutral"),
    ({"jawOpen": MISSING, "tongueOut": MISSING}, r"missing arrays: jawOpen, tongueOut"),
    ({"poseNames": np.array(["rest", *ARKIT], "S")}, r"poseNames\[0\]: found 'rest', wanted 'ne"),
    ({"poseNames": np.zeros(0, "S4")}, r"poseNames\[0\]: found 'nothing', wanted 'neutral'"),
    ({"poseNames": np.array(["neutral", *ARKIT[1:], "jawOpen"], "S")}, r"found 'jawOpen' again"),
    ({"poseNames": np.array(["neutral", *ARKIT[1:], "JawOpen"], "S")}, r"found 'jawOpen' again"),
    ({"poseNames": np.array(["neutral", *ARKIT[1:], "neutral"], "S")}, r"found 'neutral' again"),
    ({"poseNames": np.arange(53)}, r"poseNames: found int64 \(53,\), wanted texts \(any,\)"),
    ({"neutral": np.zeros((39, 3), np.float32)}, r"neutral: found float32 \(39, 3\), wanted .*40"),
    ({"neutral": np.ones(MESH)}, r"neutral: found float64"),
    ({"neutral": np.ones(MESH, np.float32)}, r"neutral: found a mesh of size 0, wanted > 0 cm"),
    ({"neutral": np.full(MESH, np.nan, np.float32)}, r"neutral: found nan at \[0, 0\]"),
    ({"mouthClose": np.zeros(120, np.float32)}, r"mouthClose: found float32 \(120,\), wanted"),
    ({"mouthClose": np.zeros((41, 3), np.float32)}, r"mouthClose: found float32 \(41, 3\), wanted"),
    ({"mouthClose": np.zeros(MESH)}, r"mouthClose: found float64"),
    ({"mouthClose": np.full(MESH, np.inf, np.float32)}, r"mouthClose: found inf at \[0, 0\]"),
    ({"mouthClose": np.full(MESH, 1e4, np.float32)}, r"mouthClose: found 10000 at .*-5765\.73 to"),
    ({"neutral": np.full(MESH, 1e30, np.float32)}, r"neutral: found 1e\+30 at .*, wanted numbers"),
    ({"frontalMask": np.array([0, 40], np.int32)}, r"frontalMask\[1\]: found 40, wanted .*to 39"),
    ({"frontalMask": np.array([-1], np.int32)}, r"frontalMask\[0\]: found -1, wanted a vertex"),
    ({"frontalMask": np.array([1, 2])}, r"frontalMask: found int64 \(2,\), wanted int32 \(any,\)"),
    ({"frontalMask": np.ones((2, 1), np.int32)}, r"frontalMask: found int32 \(2, 1\), wanted"),
    ({"frontalMask": np.ones(41, np.int32)}, r"frontalMask: found 41 vertices, wanted at most"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "text"), ARRAY_FAULTS)
def test_a_wrong_rig_is_refused_by_array(theirs, changes, text):
    rewrite_arrays(theirs / "bs_skin.npz", **changes)
    with pytest.raises(ModelError, match=rf"bs_skin\.npz: .*{text}"):
        _skin(theirs)


ONES, NONE = [1] * 52, [-1] * 52
CONFIG_FAULTS = [
    *((key, MISSING, rf"missing required field `{key}`") for key in (
        "strengthL1regularization", "strengthL2regularization", "strengthTemporalSmoothing",
        "strengthSymmetry", "numPoses", "bsSolveActivePoses", "bsSolveCancelPoses",
        "bsSolveSymmetryPoses", "bsWeightMultipliers", "bsWeightOffsets",
    )),
    *((key, -0.1, rf"{key}: Expected .*>= 0.*, found -0\.1") for key in (
        "strengthL1regularization", "strengthL2regularization", "strengthTemporalSmoothing",
        "strengthSymmetry",
    )),
    ("strengthSymmetry", 1e39, r"strengthSymmetry: Expected .*found 1e\+39"),
    *((key, 1.1e9, rf"{key}: Expected .*<= 1000000000.0`?, found 1100000000") for key in (
        "strengthL1regularization", "strengthL2regularization", "strengthTemporalSmoothing",
        "strengthSymmetry", "templateBBSize",
    )),
    ("strengthSymmetry", "1", r"strengthSymmetry: Expected `float`, got `str`, found '1'"),
    ("templateBBSize", 0.9, r"templateBBSize: Expected .*>= 1.*, found 0\.9"),
    ("numPoses", 51, r"bsSolveActivePoses: found 52 items, wanted 51 as numPoses says"),
    ("numPoses", 52.5, r"numPoses: Expected `int`, got `float`"),
    ("bsSolveActivePoses", [0] * 52, r"bsSolveActivePoses: found no active pose, wanted one"),
    ("bsSolveActivePoses", [True] * 52, r"bsSolveActivePoses\.0: Expected `int`, got `bool`"),
    ("bsSolveCancelPoses", [*NONE[1:], 3], r"bsSolveCancelPoses: found 3 at 1 poses, wanted at"),
    ("bsSolveSymmetryPoses", [4, 4, 4, *NONE[3:]], r"bsSolveSymmetryPoses: found 4 at 3 poses"),
    ("bsSolveSymmetryPoses", [-2, *NONE[1:]], r"bsSolveSymmetryPoses: found -2 at 1 poses"),
    ("bsSolveSymmetryPoses", [2**40] * 2, r"bsSolveSymmetryPoses\.0: Expected"),
    ("bsWeightMultipliers", [1e39, *ONES[1:]], r"bsWeightMultipliers\.0: Expected"),
    ("bsWeightMultipliers", [1001.0, *ONES[1:]], r"Multipliers\.0: Expected .*<= 1000.*, found"),
    ("bsWeightOffsets", [-1001.0, *ONES[1:]], r"Offsets\.0: Expected .*>= -1000.*, found -1001"),
    ("bsWeightMultipliers", ["1", *ONES[1:]], r"bsWeightMultipliers\.0: Expected `float`"),
    *((key, ONES[1:], rf"{key}: found 51 items, wanted 52") for key in (
        "bsSolveActivePoses", "bsSolveCancelPoses", "bsSolveSymmetryPoses", "bsWeightMultipliers",
        "bsWeightOffsets",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "text"), CONFIG_FAULTS)
def test_a_fault_of_the_configuration_names_its_key(theirs, key, value, text):
    edit(theirs / "bs_skin_config.json", f"blendshape_params.{key}", value)
    with pytest.raises(ModelError, match=rf"bs_skin_config\.json: .*blendshape_params.*{text}"):
        _skin(theirs)


def test_as_many_poses_are_configured_as_the_rig_has(theirs):
    path = theirs / "bs_skin_config.json"
    counts = {"numPoses": 2, "bsSolveActivePoses": [1, 1], "bsSolveCancelPoses": [-1, -1],
              "bsSolveSymmetryPoses": [-1, -1], "bsWeightMultipliers": [1, 1],
              "bsWeightOffsets": [0, 0]}  # fmt: skip
    for key, value in counts.items():
        edit(path, f"blendshape_params.{key}", value)
    assert read_solver_config(path).pose_count == 2
    with pytest.raises(ModelError, match=r"numPoses: found 2, wanted 52 as in bs_skin\.npz"):
        _skin(theirs)


@pytest.mark.parametrize("content", [{}, {"blendshape_params": []}, []])
def test_a_configuration_of_another_form_is_refused(theirs, content):
    write_json(theirs / "bs_skin_config.json", content)
    with pytest.raises(ModelError, match=r"bs_skin_config\.json: "):
        _skin(theirs)


def test_poses_are_our_weights_whatever_the_case_of_their_first_letter():
    columns = weight_columns(["jawOpen", "JawOpen", "tongueUp", "jawopen", "", "tailWag"])
    assert columns.tolist() == [17, 17, 60, -1, -1, -1]
    assert weight_columns(WEIGHTS).tolist() == list(range(68))
    assert weight_columns([name[0].upper() + name[1:] for name in ARKIT]).tolist() == [*range(52)]


def test_a_character_of_its_own_may_have_other_poses_beside_ours(theirs):
    _rename(theirs, ["JawOpen", *(f"tail{i}" for i in range(51))])
    _rename(theirs, [f"trunk{i}" for i in range(16)], part="tongue")
    skin, tongue = read_solvers(load_bundle(theirs))
    assert np.flatnonzero(weight_columns(skin.names) >= 0).tolist() == [0]
    assert tongue.names[3] == "trunk3"


def test_a_skin_with_none_of_our_weights_is_refused(theirs):
    _rename(theirs, [f"tail{i}" for i in range(52)])
    with pytest.raises(ModelError, match=r"bs_skin\.npz: poseNames: found tail0, .* one of the 68"):
        read_solvers(load_bundle(theirs))


def test_a_weight_of_both_skin_and_tongue_is_refused(theirs):
    _rename(theirs, ["TongueOut", *TONGUE[1:]], part="tongue")
    with pytest.raises(ModelError, match=r"bs_tongue\.npz: .*found tongueOut, which bs_skin\.npz"):
        read_solvers(load_bundle(theirs))


def test_both_meshes_have_as_many_vertices_as_network_info_says(theirs):
    edit(theirs / "network_info.json", "params.num_verts_tongue", 13)
    with pytest.raises(ModelError, match=r"bs_tongue\.npz: neutral: found .*12, 3.*wanted .*13, 3"):
        read_solvers(load_bundle(theirs))
