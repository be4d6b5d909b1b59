import numpy as np
import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import load_bundle
from tests.data.bundles import MISSING, edit, write_geometry


@pytest.fixture
def theirs(tmp_path):
    return write_geometry(tmp_path / "theirs")


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("source_shot", "third", r"implicit_emo_db\.npz: .*found no shot 'third'"),
        ("source_shot", MISSING, r"model_config\.json: config\.source_shot: found None"),
        ("source_frame", 3, r"implicit_emo_db\.npz: shot 'second': found 3 frames"),
        ("source_frame", -1, r"config\.source_frame: found -1, wanted an integer >= 0"),
        ("source_frame", 1.5, r"config\.source_frame: found 1\.5"),
        ("source_frame", True, r"config\.source_frame: found True"),
    ],
)
def test_a_shot_or_frame_that_is_not_there_is_named(theirs, key, value, text):
    edit(theirs / "model_config.json", f"config.{key}", value)
    with pytest.raises(ModelError, match=text):
        load_bundle(theirs)


def _database(**changes):
    return {
        "emo_db": np.zeros((5, 16), np.float32),
        "emo_spec_names": np.array([b"first", b"second"]),
        "emo_spec_start": np.array([0, 2], np.int32),
        "emo_spec_size": np.array([2, 3], np.int32),
    } | changes


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"emo_db": np.zeros((5, 15), np.float32)}, r"emo_db: found float32 \(5, 15\), wanted"),
        ({"emo_db": np.zeros((5, 16))}, r"emo_db: found float64"),
        ({"emo_db": np.zeros(16, np.float32)}, r"emo_db: found float32 \(16,\)"),
        ({"emo_spec_size": np.array([5], np.int32)}, r"2 names, 2 starts, 1 sizes"),
        ({"emo_spec_start": np.array([0, 9], np.int32)}, r"shot 'second'"),
        ({"emo_spec_names": np.array([b"first", None])}, r"emo_spec_names: found object \(2,\)"),
        ({"emo_spec_start": np.array([0, 2])}, r"emo_spec_start: found int64 \(2,\), wanted int32"),
    ],
)
def test_a_wrong_emotion_database_is_named(theirs, changes, text):
    np.savez(theirs / "implicit_emo_db.npz", **_database(**changes))
    with pytest.raises(ModelError, match=rf"implicit_emo_db\.npz: .*{text}"):
        load_bundle(theirs)


def test_an_emotion_database_that_is_cut_short_or_incomplete_is_named(theirs):
    path = theirs / "implicit_emo_db.npz"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ModelError, match=r"implicit_emo_db\.npz: cannot be read as \.npz"):
        load_bundle(theirs)
    np.savez(path, emo_db=np.zeros((1, 16), np.float32))
    with pytest.raises(ModelError, match=r"missing arrays: emo_spec_names, emo_spec_start"):
        load_bundle(theirs)
