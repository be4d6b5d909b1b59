import json
import re
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from a2f_ws.errors import ConfigError
from a2f_ws.names import WEIGHTS
from a2f_ws.output import json_file, npz_file
from a2f_ws.output.files import check_target, read_recording, replacing, write_recording
from a2f_ws.output.recording import Recording
from a2f_ws.timebase import PoseRate

FINITE = st.floats(-(2.0**99), 2.0**99, width=32)


def recording(
    rows=((0.1, -2.5), (1e-8, 0.0)), rig="mine/tall", curves=("a", "lächeln"), transforms=()
):
    count = len(rows)
    return Recording(
        rig=rig,
        curves=tuple(curves),
        rate=PoseRate.of([30000, 1001]),
        times_us=np.arange(count, dtype=np.int64) * 33_366,
        utterances=1 + np.arange(count, dtype=np.int64) // 2,
        rows=np.array(rows, np.float32).reshape(count, len(curves) + 7 * len(transforms)),
        transforms=tuple(transforms),
        model="embedded",
        meta={"clip": "a.wav", "gain": 0.5, "n": 3, "live": True, "none": None},
    )


def assert_same(got, wanted):
    assert got.transforms == wanted.transforms
    assert (got.rig, got.curves, got.rate) == (wanted.rig, wanted.curves, wanted.rate)
    assert (got.model, dict(got.meta)) == (wanted.model, dict(wanted.meta))
    assert got.times_us.dtype == got.utterances.dtype == np.int64
    assert got.times_us.tolist() == wanted.times_us.tolist()
    assert got.utterances.tolist() == wanted.utterances.tolist()
    assert got.rows.dtype == np.float32
    assert got.rows.shape == wanted.rows.shape
    assert np.array_equal(got.rows, wanted.rows)


@given(arrays(np.float32, st.tuples(st.integers(0, 6), st.just(3)), elements=FINITE))
@settings(max_examples=50, deadline=None)
def test_json_and_npz_give_back_every_value(rows):
    wanted = recording(rows, curves=("a", "b", "c"))
    for form in (json_file, npz_file):
        out = BytesIO()
        form.write(wanted, out)
        assert_same(form.read(BytesIO(out.getvalue())), wanted)


@pytest.mark.parametrize("form", [json_file, npz_file])
@pytest.mark.parametrize("count", [0, 3])
@pytest.mark.parametrize("curves", [("a",), ()])
def test_transforms_are_kept_with_their_names(form, count, curves):
    rows = np.random.default_rng(1).random((count, len(curves) + 2 * 7))
    wanted = recording(rows, curves=curves, transforms=("head", "jaw"))
    out = BytesIO()
    form.write(wanted, out)
    got = form.read(BytesIO(out.getvalue()))
    assert_same(got, wanted)
    assert np.array_equal(got.turns("jaw"), rows[:, -7:].astype(np.float32))


def test_transforms_stand_beside_the_curves_as_the_studio_writes_them(tmp_path):
    wanted = recording([[0.5, *range(7)]], curves=("a",), transforms=("head",))
    write_recording(wanted, tmp_path / "a.json")
    document = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert list(document)[-5:] == ["t_us", "u", "transforms", "rows", "transform_rows"]
    assert (document["transforms"], document["rows"]) == (["head"], [[0.5]])
    assert document["transform_rows"] == [[0, 1, 2, 3, 4, 5, 6]]
    write_recording(wanted, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        assert archive["rows"].tolist() == [[0.5]]
        assert archive["transform_rows"].tolist() == [[0, 1, 2, 3, 4, 5, 6]]
        assert archive["transforms"].tolist() == ["head"]


@pytest.mark.parametrize("name", ["face.json", "face.npz", "FACE.JSON"])
def test_a_file_gives_back_the_recording(tmp_path, name):
    write_recording(recording(), tmp_path / name)
    assert_same(read_recording(tmp_path / name), recording())
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_json_says_names_once_and_has_a_line_per_pose(tmp_path):
    write_recording(recording(), tmp_path / "face.json")
    text = (tmp_path / "face.json").read_text(encoding="utf-8")
    assert json.loads(text) == {
        "format": "a2f-ws recording",
        "version": 1,
        "model": "embedded",
        "rig": "mine/tall",
        "fps": [30000, 1001],
        "curves": ["a", "lächeln"],
        "meta": {"clip": "a.wav", "gain": 0.5, "n": 3, "live": True, "none": None},
        "t_us": [0, 33366],
        "u": [1, 1],
        "rows": [[0.100000001, -2.5], [9.99999994e-09, 0]],
    }
    assert "\n    [0.100000001, -2.5],\n    [9.99999994e-09, 0]\n" in text


def test_npz_is_read_by_numpy_alone(tmp_path):
    write_recording(recording(), tmp_path / "face.npz")
    with np.load(tmp_path / "face.npz", allow_pickle=False) as archive:
        assert archive["rows"].tolist() == recording().rows.tolist()
        assert archive["t_us"].tolist() == [0, 33_366]
        assert archive["u"].tolist() == [1, 1]
        assert archive["curves"].tolist() == ["a", "lächeln"]
        assert json.loads(str(archive["head"]))["model"] == "embedded"


def test_csv_takes_rigs_with_arkit_curves_only(tmp_path):
    for rig in ("browser/arkit", "arkit"):
        arkit = recording(np.zeros((2, 68)), rig=rig, curves=WEIGHTS)
        write_recording(arkit, tmp_path / "face.csv")
    assert len(read_recording(tmp_path / "face.csv").rows) == 2
    with pytest.raises(ConfigError) as caught:
        write_recording(recording(), tmp_path / "other.csv")
    assert str(caught.value) == (
        f"{tmp_path / 'other.csv'}: a .csv is a Live Link Face recording, which holds the rigs "
        "arkit, arkit-lr, browser/arkit, browser/rpm, unity/arkit, unity/perfect-sync, "
        "unreal/livelink and nim, not 'mine/tall'; use .json or .npz"
    )
    with pytest.raises(ConfigError, match=r"the rig's rows lack eyeBlinkLeft; use .json or .npz"):
        write_recording(recording(rig="arkit"), tmp_path / "other.csv")
    assert not (tmp_path / "other.csv").exists()


@pytest.mark.parametrize("name", ["face.fbx", "face"])
def test_an_unknown_suffix_is_answered_with_those_known(tmp_path, name):
    text = re.escape(
        f"{name}: unknown suffix {tmp_path.joinpath(name).suffix!r}, wanted one of "
        ".csv (Live Link Face recording), .json (JSON recording), .npz (NumPy archive), "
        ".glb (glTF animation of the head)"
    )
    with pytest.raises(ConfigError, match=text):
        write_recording(recording(), tmp_path / name)
    with pytest.raises(ConfigError, match=text):
        check_target(tmp_path / name, rig="arkit")
    with pytest.raises(ConfigError, match=text):
        read_recording(tmp_path / name)


def test_a_target_that_cannot_be_is_told_before_the_work(tmp_path):
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(ConfigError, match="is a folder, wanted a file name"):
        check_target(tmp_path / "folder.json", rig="x")
    with pytest.raises(ConfigError, match="there is no folder"):
        check_target(tmp_path / "no" / "face.json", rig="x")
    check_target(tmp_path / "face.json", rig="x")


def test_a_failure_leaves_the_older_file_and_no_draft(tmp_path):
    target = tmp_path / "face.json"
    target.write_text("old")
    with pytest.raises(KeyError), replacing(target) as out:
        out.write(b"half")
        raise KeyError
    text = r"face.json: cannot be written: no space"
    with pytest.raises(ConfigError, match=text), replacing(target):
        raise OSError(28, "no space")
    assert target.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["face.json"]


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.csv", b"hello", "not a Live Link Face recording: column EyeBlinkLeft is missing"),
        ("a.csv", b"\xff", "not a Live Link Face recording: 'utf-8' codec"),
        ("a.json", b"hello", "not a JSON recording: Expecting value"),
        ("a.json", b"[]", "not a JSON recording: no a2f-ws recording"),
        ("a.json", b'{"rows": []}', "not a JSON recording: missing or misshapen: 't_us'"),
        ("a.json", b'{"rows": [], "t_us": [], "u": []}', "no a2f-ws recording of version 1"),
        ("a.npz", b"hello", "not a NumPy archive: "),
        ("a.npz", b"", "not a NumPy archive: no a2f-ws recording: "),
    ],
)
def test_reading_something_else_is_a_clear_error(tmp_path, name, content, text):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match=re.escape(str(tmp_path / name)) + ".*" + re.escape(text)):
        read_recording(tmp_path / name)


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.npz"])
def test_reading_a_missing_file_is_a_clear_error(tmp_path, name):
    with pytest.raises(ConfigError, match=f"{name}: cannot be read: No such file"):
        read_recording(tmp_path / name)


@pytest.mark.parametrize(
    "change",
    [
        {"fps": 5000},
        {"fps": "60"},
        {"fps": [1, "2"]},
        {"curves": "a"},
        {"transforms": "head"},
        {"transforms": ["head"]},
        {"meta": 3},
        {"version": 2},
        {"rows": [[1.0], [2.0, 3.0]]},
        {"rows": [[1.0, 2.0]]},
        {"rows": [["x", "y"], ["z", "w"]]},
        {"rows": [[0.0, 1.0], [float("nan"), 0.0]]},
        {"t_us": [0, 10**30]},
        {"t_us": [[0], [1]]},
        {"u": None},
    ],
)
def test_json_with_a_wrong_part_is_a_clear_error(tmp_path, change):
    path = tmp_path / "a.json"
    write_recording(recording(), path)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change))
    with pytest.raises(ConfigError, match=r"a\.json: not a JSON"):
        read_recording(path)


def test_a_damaged_archive_is_a_clear_error(tmp_path):
    path = tmp_path / "a.npz"
    write_recording(recording(np.random.default_rng(0).random((500, 2))), path)
    content = bytearray(path.read_bytes())
    for damage in (content[: len(content) // 2], content[:200] + b"\0" * 400 + content[600:]):
        path.write_bytes(damage)
        with pytest.raises(ConfigError, match=r"a\.npz: not a NumPy archive"):
            read_recording(path)
