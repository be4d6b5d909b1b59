import numpy as np
import pytest

from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.faults import array_faults, manifest_faults
from tests.data.bundles import MISSING, SKIN_VERTICES, edit, rewrite_arrays, write_geometry

MESH = (SKIN_VERTICES, 3)


@pytest.fixture
def theirs(tmp_path):
    return write_geometry(tmp_path / "theirs")


def _are(faults, *wanted):
    assert [text in fault for text, fault in zip(wanted, faults, strict=True)] == [True] * len(
        wanted
    ), faults


def test_a_whole_bundle_has_no_fault(theirs):
    assert manifest_faults(theirs) == manifest_faults(theirs / "model.json") == []
    assert array_faults(load_bundle(theirs)) == []


def test_all_faults_of_the_manifest_and_of_its_texts_are_told_at_once(theirs):
    (theirs / "implicit_emo_db.npz").unlink()
    edit(theirs / "model.json", "modelDataPath", "/model_data.npz")
    edit(theirs / "model.json", "blendshapePaths.tongue.data", "../bs_tongue.npz")
    edit(theirs / "network_info.json", "audio_params.samplerate", 48000)
    edit(theirs / "bs_skin_config.json", "blendshape_params.numPoses", 3)
    (theirs / "model_config.json").write_text("{}")
    _are(
        manifest_faults(theirs),
        "samplerate: found 48000",
        "emotionDatabasePath: there is no file",
        "modelDataPath: found '/model_data.npz', wanted a path inside",
        "blendshapePaths.tongue.data: found '../bs_tongue.npz', wanted a path inside",
        "missing required field `config`",
        "bsSolveActivePoses: found 52 items, wanted 3",
    )


@pytest.mark.parametrize("content", ["", "{}", "[]"])
def test_a_manifest_that_cannot_be_read_is_one_fault(theirs, content):
    (theirs / "model.json").write_text(content)
    assert len(manifest_faults(theirs)) == 1


def test_an_engine_that_is_not_there_is_no_fault_where_its_onnx_file_is(theirs):
    (theirs / "model_data.npz").unlink()
    _are(manifest_faults(theirs), "modelDataPath: there is no file")


def test_all_faults_of_the_arrays_are_told_at_once(theirs):
    rewrite_arrays(
        theirs / "model_data.npz",
        shapes_mean_skin=np.zeros(MESH),
        neutral_jaw=MISSING,
        shapes_matrix_skin=np.full((3, *MESH), np.nan, np.float32),
    )
    edit(theirs / "bs_skin_config.json", "blendshape_params.bsWeightOffsets", [])
    rewrite_arrays(theirs / "bs_skin.npz", jawOpen=MISSING, mouthLeft=np.zeros(3, np.float32))
    rewrite_arrays(theirs / "bs_tongue.npz", frontalMask=np.array([99], np.int32))
    _are(
        array_faults(load_bundle(theirs)),
        "shapes_matrix_skin: found nan at [0, 0, 0]",
        "shapes_mean_skin: found float64",
        "missing arrays: neutral_jaw",
        "bsWeightOffsets: found 0 items, wanted 52",
        "missing arrays: jawOpen",
        "mouthLeft: found float32 (3,)",
        "frontalMask[0]: found 99",
    )


def test_files_cut_short_are_one_fault_each(theirs):
    for name in ("model_data", "bs_skin", "bs_tongue"):
        path = theirs / f"{name}.npz"
        path.write_bytes(path.read_bytes()[:-30])
    _are(
        array_faults(load_bundle(theirs)),
        "model_data.npz: cannot be read",
        "bs_skin.npz: cannot be read",
        "bs_tongue.npz: cannot be read",
    )


def test_what_only_whole_rigs_show_is_told_too(theirs):
    names = np.array(["neutral", "tongueOut", *(f"x{i}" for i in range(15))], "S")
    poses = {name.decode(): np.ones((12, 3), np.float32) for name in names[1:]}
    rewrite_arrays(theirs / "bs_tongue.npz", poseNames=names, **poses)
    _are(array_faults(load_bundle(theirs)), "found tongueOut, which bs_skin.npz has too")
