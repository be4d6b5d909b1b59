import json
import os
import shutil

import numpy as np
import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference import manifest
from a2f_ws.inference.bundle import embedded_path, load_bundle
from a2f_ws.names import EMOTIONS, UPPER, WEIGHTS
from tests.data.bundles import (
    MISSING,
    SKIN_VERTICES,
    TONGUE_VERTICES,
    edit,
    write_blendshape,
    write_geometry,
)


@pytest.fixture
def ours(tmp_path):
    return write_blendshape(tmp_path / "ours")


@pytest.fixture
def theirs(tmp_path):
    return write_geometry(tmp_path / "theirs")


def test_the_embedded_bundle_describes_52_and_16_weights_jaw_and_eyes():
    bundle = load_bundle(embedded_path())
    assert (bundle.name, bundle.kind, bundle.mouth_close) == ("embedded", "blendshape", "arkit")
    assert (bundle.buffer_len, bundle.buffer_ofs, bundle.look_ahead) == (560, -1200, 1760)
    assert (bundle.samplerate, bundle.emotion_len, bundle.columns.width) == (16000, 26, 87)
    assert (bundle.columns.skin, bundle.columns.tongue) == (slice(0, 52), slice(52, 68))
    assert (bundle.columns.jaw, bundle.columns.eyes) == (slice(68, 83), slice(83, 87))
    assert (bundle.poses, bundle.emotions) == (WEIGHTS, EMOTIONS)
    assert bundle.regions == tuple("upper" if name in UPPER else "lower" for name in WEIGHTS)
    assert bundle.implicit.tolist() == [0.0] * 16
    meshes = [file.name for file in bundle.solver]
    assert {name for name in meshes if name.endswith(".npz")} == {"bs_skin.npz", "bs_tongue.npz"}


def test_a_bundle_loads_from_its_folder_and_from_its_manifest(ours):
    assert load_bundle(ours).network == load_bundle(str(ours / "model.json")).network
    assert load_bundle(ours).network == ours / "network.onnx"


def test_without_an_emotion_database_the_implicit_emotion_is_zero(ours):
    assert load_bundle(ours).implicit.tolist() == [0.0] * 16


def test_the_implicit_emotion_is_the_row_of_shot_and_frame(theirs):
    assert load_bundle(theirs).implicit.tolist() == [float(48 + i) for i in range(16)]


def test_a_geometry_bundle_names_the_files_of_its_solver(theirs):
    bundle = load_bundle(theirs)
    assert (bundle.kind, bundle.mouth_close, bundle.poses) == ("geometry", "a2f", ())
    assert bundle.columns.width == 24
    assert [path.name for path in bundle.solver] == [
        "bs_skin_config.json", "bs_skin.npz", "bs_tongue_config.json", "bs_tongue.npz",
    ]  # fmt: skip


def test_an_engine_that_is_not_there_means_the_onnx_file_of_the_same_stem(theirs):
    assert load_bundle(theirs).network == theirs / "network.onnx"


def test_an_engine_without_an_onnx_file_is_taken_as_it_is(theirs):
    (theirs / "network.onnx").rename(theirs / "network.trt")
    assert load_bundle(theirs).network == theirs / "network.trt"


def test_unknown_keys_are_kept_and_no_fault(theirs):
    assert load_bundle(theirs).unknown == {}
    edit(theirs / "model.json", "somethingNew", [1, 2])
    edit(theirs / "model.json", "blendshapePaths.skin.more", "x")
    edit(theirs / "network_info.json", "params.identities", ["someone"])
    edit(theirs / "model_config.json", "config.later", {"a": 1})
    bundle = load_bundle(theirs)
    assert bundle.config["later"] == {"a": 1}
    assert bundle.unknown == {
        "model.json: somethingNew": [1, 2],
        "model.json: blendshapePaths.skin.more": "x",
        "network_info.json: params.identities": ["someone"],
    }


def test_a_geometry_bundle_tells_the_sizes_of_its_meshes(theirs, ours):
    bundle = load_bundle(theirs)
    assert (bundle.skin_vertices, bundle.tongue_vertices) == (SKIN_VERTICES, TONGUE_VERTICES)
    assert (load_bundle(ours).skin_vertices, load_bundle(ours).tongue_vertices) == (0, 0)


def test_bundles_for_something_else_are_told_as_such(theirs):
    edit(theirs / "network_info.json", "emotions", ["angry", "sad"])
    with pytest.raises(ModelError, match=r"network_info\.json: emotions: found an Audio2Emotion"):
        load_bundle(theirs)
    edit(theirs / "model.json", "modelConfigPaths", ["model_config_Claire.json"])
    with pytest.raises(
        ModelError, match=r"model\.json: modelConfigPaths: found a diffusion bundle"
    ):
        load_bundle(theirs)


def test_a_byte_order_mark_is_no_fault(ours):
    path = ours / "model.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_bundle(ours).name == "tiny-blendshape"


def test_the_trt_info_is_read_where_there_is_one(ours):
    assert load_bundle(ours).trt_info is None
    (ours / "trt_info.json").write_text('{"defaults": {"MAX_BATCH_SIZE": 8}}')
    assert load_bundle(ours).trt_info == {"defaults": {"MAX_BATCH_SIZE": 8}}


def test_paths_may_lead_into_subfolders_with_either_slash(ours):
    (ours / "net").mkdir()
    (ours / "network.onnx").rename(ours / "net" / "network.onnx")
    for name in ("net/network.onnx", "net\\network.onnx", "./net/../net/network.onnx"):
        edit(ours / "model.json", "networkPath", name)
        assert os.path.samefile(load_bundle(ours).network, ours / "net" / "network.onnx")


def test_a_folder_of_links_into_a_cache_is_a_bundle(ours, tmp_path):
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    try:
        for file in ours.iterdir():
            (snapshot / file.name).symlink_to(file)
    except OSError:
        pytest.skip("this account may not make links")
    assert load_bundle(snapshot).network == snapshot / "network.onnx"


@pytest.mark.parametrize(
    "name", ["../network.onnx", "a/../../network.onnx", "/network.onnx", "C:\\network.onnx",
             "C:network.onnx", "\\\\host\\share\\network.onnx", "", "."],
)  # fmt: skip
def test_a_path_that_leaves_the_folder_is_refused(ours, name):
    shutil.copy(ours / "network.onnx", ours.parent / "network.onnx")
    edit(ours / "model.json", "networkPath", name)
    with pytest.raises(ModelError, match=r"model\.json: networkPath: found .*wanted a path inside"):
        load_bundle(ours)


def test_a_network_may_know_fewer_emotions_in_another_order(ours):
    edit(ours / "network_info.json", "params.explicit_emotions", ["joy", "anger"])
    edit(ours / "network_info.json", "params.default_emotion", [0.25, 0.5])
    bundle = load_bundle(ours)
    assert bundle.emotion_len == 18
    assert bundle.default_emotion.tolist() == [0, 0.5, 0, 0, 0, 0, 0.25, 0, 0, 0]
    explicit = np.arange(20, dtype=np.float32).reshape(2, 10)
    assert bundle.emotion_rows(explicit)[:, 16:].tolist() == [[6.0, 1.0], [16.0, 11.0]]


def test_emotion_rows_have_the_implicit_emotion_first(theirs):
    bundle = load_bundle(theirs)
    rows = bundle.emotion_rows(np.full((2, 10), 0.5, np.float32))
    assert rows.dtype == np.float32
    assert rows.tolist() == [[*bundle.implicit.tolist(), *[0.5] * 10]] * 2


def test_a_path_without_a_bundle_is_one_clear_message(tmp_path):
    with pytest.raises(ModelError, match=r"nowhere: no such bundle"):
        load_bundle(tmp_path / "nowhere")
    with pytest.raises(ModelError, match=r"not a bundle: it has no model\.json"):
        load_bundle(tmp_path)


@pytest.mark.parametrize(
    "name", ["network_info.json", "model_config.json", "implicit_emo_db.npz", "model_data.npz",
             "network.onnx", "bs_skin.npz", "bs_tongue_config.json"],
)  # fmt: skip
def test_each_missing_file_is_named_with_its_key(theirs, name):
    (theirs / name).unlink()
    with pytest.raises(ModelError, match=rf"model\.json: \w+(\.\w+)*: there is no file .*{name}"):
        load_bundle(theirs)


@pytest.mark.parametrize("name", ["x" * 300, "x/" * 3000 + "y"])
def test_a_file_name_that_no_system_allows_is_missing_like_any_other(theirs, name):
    for key in ("networkInfoPath", "networkPath", "blendshapePaths.skin.data"):
        edit(theirs / "model.json", key, f"{name}.trt")
        with pytest.raises(ModelError, match=rf"model\.json: {key}: there is no file"):
            load_bundle(theirs)
        edit(theirs / "model.json", key, "network_info.json")


@pytest.mark.parametrize("name", ["model.json", "network_info.json", "model_config.json"])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe{}", b"null"])
def test_a_file_that_is_not_the_json_it_should_be_is_named(ours, name, content):
    (ours / name).write_bytes(content)
    with pytest.raises(ModelError, match=name):
        load_bundle(ours)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"[" * 100_000, r"Expected `object`, got `array`"),
        (b'{"a": ' * 100_000, r"not JSON"),
        (b'{"networkPath": 3, ', r"not JSON"),
    ],
)
def test_json_nested_without_end_or_cut_short_is_refused(ours, content, text):
    (ours / "model.json").write_bytes(content)
    with pytest.raises(ModelError, match=rf"model\.json: {text}"):
        load_bundle(ours)


def test_json_without_end_is_not_read(ours, monkeypatch):
    monkeypatch.setattr(manifest, "JSON_MAX", 100)
    with pytest.raises(ModelError, match=r"model\.json: found more than 100 bytes, wanted a JSON"):
        load_bundle(ours)


@pytest.mark.parametrize(
    "key", ["emotionDatabasePath", "modelDataPath", "blendshapePaths", "networkInfoPath"]
)
def test_a_geometry_manifest_needs_every_entry(theirs, key):
    edit(theirs / "model.json", key, MISSING)
    with pytest.raises(ModelError, match=rf"model\.json: .*{key}"):
        load_bundle(theirs)


def test_a_tiny_bundle_is_written_as_plain_json(ours):
    document = json.loads((ours / "network_info.json").read_text(encoding="utf-8"))
    assert document["id"]["output"] == "blendshape"
