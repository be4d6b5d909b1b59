import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.names import WEIGHTS
from tests.data.bundles import MISSING, edit, write_blendshape, write_geometry


@pytest.fixture
def ours(tmp_path):
    return write_blendshape(tmp_path / "ours")


@pytest.fixture
def theirs(tmp_path):
    return write_geometry(tmp_path / "theirs")


NETWORK_INFO_FAULTS = [
    ("id.type", "diffusion", r"id\.type: found 'diffusion', wanted 'regression'"),
    ("id.output", "audio", r"id\.output: found 'audio', wanted 'geometry' or 'blendshape'"),
    ("id.actor", 7, r"id\.actor: Expected `str`, got `int`, found 7"),
    ("id", MISSING, "`id`"),
    ("audio_params.buffer_len", MISSING, "buffer_len"),
    ("audio_params.buffer_len", "8320", r"audio_params\.buffer_len"),
    ("audio_params.buffer_len", 0, r"audio_params\.buffer_len: Expected .*>= 1, found 0"),
    ("audio_params.buffer_ofs", 401, r"audio_params\.buffer_ofs: found 401, wanted <= 400"),
    ("audio_params.buffer_ofs", -1, r"audio_params\.buffer_ofs"),
    ("audio_params.samplerate", 48000, r"samplerate: found 48000, wanted 16000"),
    ("params.implicit_emotion_len", -1, r"params\.implicit_emotion_len"),
    ("params.default_emotion", [0.0], r"default_emotion: found 1 numbers, wanted 10"),
    ("params.default_emotion", [1.5] * 10, r"default_emotion\.0: Expected .*<= 1.*, found 1\.5"),
    ("params.explicit_emotions", ["hunger"] * 10, r"explicit_emotions: found .*hunger"),
    ("params.explicit_emotions", ["joy"] * 10, r"explicit_emotions: found .*at most once"),
    ("params.num_shapes_skin", 51, r"num_shapes_skin: found 51, wanted 52"),
    ("params.num_shapes_tongue", 0, r"num_shapes_tongue: found 0, wanted 16"),
    ("params.result_jaw_size", 12, r"result_jaw_size: found 12, wanted 15"),
    ("params.result_eyes_size", 6, r"result_eyes_size: found 6, wanted 4"),
    ("params.mouth_close", "apple", r"mouth_close: found 'apple', wanted 'a2f' or 'arkit'"),
    ("params.pose_names", MISSING, r"pose_names\[0\]: found nothing, wanted eyeBlinkLeft"),
    ("params.pose_names", [*WEIGHTS[:67], "tongueLong"], r"\[67\]: found tongueLong, wanted "),
    ("params.pose_names", [*WEIGHTS, "more"], r"pose_names: found 69 items, wanted 68"),
    ("params.pose_regions", ["upper"], r"pose_regions: found 1 items, wanted 68"),
    ("params.pose_regions", ["middle"] * 68, r"pose_regions\[0\]: found 'middle', wanted 'upper'"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "text"), NETWORK_INFO_FAULTS)
def test_a_fault_of_network_info_names_file_and_key(ours, key, value, text):
    edit(ours / "network_info.json", key, value)
    with pytest.raises(ModelError, match=rf"network_info\.json: .*{text}"):
        load_bundle(ours)


GEOMETRY_FAULTS = [
    ("num_shapes_skin", 0, r"num_shapes_skin: found 0, wanted >= 1"),
    ("num_shapes_tongue", 0, r"num_shapes_tongue: found 0, wanted >= 1"),
    ("num_verts_skin", 0, r"num_verts_skin: found 0, wanted >= 1"),
    ("num_verts_tongue", 0, r"num_verts_tongue: found 0, wanted >= 1"),
    ("num_verts_skin", 2**20 + 1, r"num_verts_skin: Expected .*<= 1048576, found 1048577"),
    ("num_verts_skin", 6.5, r"num_verts_skin: Expected `int`, got `float`, found 6\.5"),
    ("result_jaw_size", 0, r"result_jaw_size: found 0, wanted a multiple of 3"),
    ("result_jaw_size", 14, r"result_jaw_size: found 14, wanted a multiple of 3"),
    ("result_eyes_size", 6, r"result_eyes_size: found 6, wanted 4"),
]


@pytest.mark.parametrize(("key", "value", "text"), GEOMETRY_FAULTS)
def test_a_geometry_bundle_has_meshes_components_and_jaw_points(theirs, key, value, text):
    edit(theirs / "network_info.json", f"params.{key}", value)
    with pytest.raises(ModelError, match=rf"network_info\.json: params\.{text}"):
        load_bundle(theirs)
