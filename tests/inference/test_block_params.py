"""Bundles whose networks give faces in blocks: what they say, and what is refused."""

import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.timebase import BlockRate, PoseRate
from tests.data.block_bundles import write_gru, write_latents
from tests.data.bundles import MISSING, edit, write_blendshape

STATE = {"input": "hidden", "output": "hidden_out", "shape": [1, 12], "batch_axis": 1}


@pytest.fixture
def gru(tmp_path):
    return write_gru(tmp_path / "gru")


def test_a_bundle_says_where_its_frames_lie(tmp_path):
    blocks = load_bundle(write_latents(tmp_path / "latents")).blocks
    assert blocks.rate == BlockRate(PoseRate(60, 1), frames=30, before=45)
    assert (blocks.before, blocks.rows, blocks.warmup) == (15, 60, 1)
    assert [state.input for state in blocks.states] == ["latents", "tail"]
    assert blocks.noise.shape == (2, 60, 87)


def test_a_window_may_begin_after_the_moment_of_its_first_frame(gru):
    bundle = load_bundle(gru)
    assert (bundle.buffer_len, bundle.buffer_ofs, bundle.look_ahead) == (640, -480, 1120)


def test_a_bundle_of_one_face_per_window_has_no_blocks(tmp_path):
    assert load_bundle(write_blendshape(tmp_path / "ours")).blocks is None


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("block_params", MISSING, "block_params: found nothing, wanted it with id.type 'blocks'"),
        ("id.type", "regression", r"id\.type: found 'regression', wanted 'blocks' with"),
        ("audio_params.buffer_ofs", 640, r"buffer_ofs: found 640, wanted <= 639"),
        ("block_params.frames", 0, r"frames: Expected .*>= 1, found 0"),
        ("block_params.frame_rate", 5, r"frame_rate: fps 5: wanted 10 to 240"),
        ("block_params.frame_rate", [60, 0], r"frame_rate: fps .*both >= 1"),
        ("block_params.first_frame", 1, r"first_frame: Expected .*<= 0, found 1"),
        ("block_params.frames_before", -1, "frames_before"),
        ("block_params.warmup_frames", 5_000, r"warmup_frames: Expected .*<= 4096"),
        ("block_params.warm_up", 5, "unknown field `warm_up`"),
        ("block_params.states", [STATE, STATE], "input 'hidden': found twice"),
        ("block_params.states", [STATE | {"input": "emotion"}], "input 'emotion': found twice"),
        ("block_params.states", [STATE | {"output": "result"}], "output 'result': found twice"),
        ("block_params.states", [STATE | {"shape": []}], r"states\.0\.shape"),
        ("block_params.states", [STATE | {"batch_axis": 3}], "found 3, wanted 0 to 2"),
        ("block_params.states", [STATE | {"shape": [2**13, 2**12]}], "33554432 values, wanted"),
        ("block_params.noise", {"input": "input", "shape": [1]}, "input 'input': found twice"),
        ("block_params.noise", {"input": "noise", "shape": [2**24, 2]}, r"noise\.shape: found"),
    ],
)
def test_what_contradicts_itself_is_refused_with_file_and_key(gru, key, value, text):
    edit(gru / "network_info.json", key, value)
    with pytest.raises(ModelError, match=rf"network_info\.json: .*{text}"):
        load_bundle(gru)


def test_blocks_of_a_bundle_that_says_it_has_none_are_refused(tmp_path):
    folder = write_blendshape(tmp_path / "ours")
    edit(folder / "network_info.json", "block_params", {"frame_rate": 100, "frames": 4})
    with pytest.raises(ModelError, match=r"id\.type: found 'regression', wanted 'blocks' with"):
        load_bundle(folder)
