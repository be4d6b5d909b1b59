import io
import shutil
import sys

import numpy as np
import onnx
import pytest

from a2f_ws.inference.bundle import embedded_path, load_bundle
from a2f_ws.inference.onnx_blocks import OnnxBlocks
from a2f_ws.names import ARKIT, WEIGHTS
from a2f_ws.session.streaming import Places
from a2f_ws.timebase import PoseRate
from tests.data.windowed import random_weights
from training import make_embedded
from training.net.decode import Decoding
from training.net.face import JAW_POINTS_CM, jaw_displacements_cm
from training.net.graph import build
from training.net.shape import FRAME, HOP, STREAM_FRAMES


@pytest.fixture(scope="module")
def network():
    return onnx.load(embedded_path() / "network.onnx")


@pytest.fixture(scope="module")
def result():
    """Faces of the bundle for half a second of silence, and of loud noise with all emotions."""
    bundle = load_bundle(embedded_path())
    backend = OnnxBlocks(bundle)
    random = np.random.default_rng(11)
    states, faces = [backend.initial] * 6, []
    for _ in range(25):
        windows = (random.standard_normal((6, bundle.buffer_len)) * 0.1).astype(np.float32)
        windows[0] = 0.0
        emotions = bundle.emotion_rows(random.random((12, 10)).astype(np.float32)).reshape(6, 2, 26)
        emotions[0] = 0.0
        rows, states = backend.run(windows, emotions, states=states)
        faces.append(rows[:, -1])
    return np.concatenate((faces[-1], np.concatenate(faces[-5:-1])[1:]))


def test_digital_silence_is_a_closed_calm_face(result):
    calm = dict(zip(WEIGHTS, result[0], strict=False))
    assert calm["jawOpen"] < 0.03
    assert max(value for name, value in calm.items() if name.startswith(("brow", "eye"))) == 0.0


def test_the_jaw_points_follow_jaw_open_and_jaw_forward_and_the_eyes_rest(result):
    opened, forward = jaw_displacements_cm()
    wanted = (
        result[:, [ARKIT.index("jawOpen")]] * opened
        + result[:, [ARKIT.index("jawForward")]] * forward
    )
    np.testing.assert_allclose(result[:, 68:83], wanted, rtol=0, atol=1e-6)
    assert result[:, 83:].tolist() == [[0.0] * 4] * len(result)


def test_an_open_jaw_has_turned_about_its_joints_downwards_and_back():
    opened, forward = jaw_displacements_cm()
    front = opened.reshape(5, 3)[0]
    assert np.linalg.norm(front) == pytest.approx(3.49, abs=0.01)
    assert front[0] == 0.0
    assert front[1] < -2.0
    assert front[2] < -1.0
    before = np.linalg.norm(JAW_POINTS_CM[:, 1:], axis=1)
    after = np.linalg.norm((JAW_POINTS_CM + opened.reshape(5, 3))[:, 1:], axis=1)
    np.testing.assert_allclose(after, before, atol=1e-5)
    assert forward.reshape(5, 3).tolist() == [[0.0, 0.0, pytest.approx(0.7)]] * 5
    assert np.linalg.matrix_rank(JAW_POINTS_CM - JAW_POINTS_CM.mean(axis=0)) == 3


def test_the_network_is_plain_onnx_with_a_free_batch_and_nothing_else_free(network):
    tensors = {
        tensor.name: [
            axis.dim_param or axis.dim_value for axis in tensor.type.tensor_type.shape.dim
        ]
        for tensor in (*network.graph.input, *network.graph.output)
    }
    assert {name: tensors[name][1:] for name in ("input", "emotion", "result")} == {
        "input": [1, 560],
        "emotion": [2, 26],
        "result": [2, 87],
    }
    assert {sizes[0] for sizes in tensors.values()} == {"batch_size"}
    assert not {"batch_size"} & {size for sizes in tensors.values() for size in sizes[1:]}
    assert [(opset.domain, opset.version) for opset in network.opset_import] == [("", 17)]
    assert not {"Shape", "Constant", "Cast"} & {node.op_type for node in network.graph.node}
    assert {node.domain for node in network.graph.node} == {""}


def test_what_the_network_carries_is_in_the_manifest_as_in_the_file(network):
    tensors = {
        tensor.name: [axis.dim_value for axis in tensor.type.tensor_type.shape.dim][1:]
        for tensor in (*network.graph.input, *network.graph.output)
    }
    states = load_bundle(embedded_path()).blocks.states
    assert {tensors[state.input] == tensors[state.output] for state in states} == {True}
    assert [tensors[state.input] for state in states] == [list(state.shape) for state in states]
    assert len(tensors) == 3 + 2 * len(states)


def test_the_first_block_has_all_that_can_be_heard_of_sample_0():
    bundle = load_bundle(embedded_path())
    first = bundle.blocks.rate.sample(0) - bundle.buffer_ofs
    assert -HOP * (STREAM_FRAMES + 1) <= first + FRAME - HOP <= 0


def test_a_network_for_windows_is_no_network_of_the_bundle():
    network = build(random_weights(), Decoding(), shows_numbers=False)
    with pytest.raises(ValueError, match="found 8320 samples for 1 frames, wanted 400"):
        make_embedded.network_info(network)


@pytest.mark.parametrize("fps", [24, 25, 30, 60, 90, 100])
def test_the_look_ahead_that_clients_are_told_is_at_most_120_ms(fps):
    bundle = load_bundle(embedded_path())
    places = Places.of(PoseRate.of(fps), bundle.blocks)
    needs = [
        bundle.blocks.rate.sample(places.needed(i) - 1) + bundle.look_ahead - places.fps.sample(i)
        for i in range(10 * fps)
    ]
    assert max(needs) <= 1920


def test_the_files_in_the_package_are_those_that_the_script_writes(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["make_embedded", "--check"])
    assert make_embedded.main() == 0, capsys.readouterr().out
    table = capsys.readouterr().out
    assert "network.onnx" in table
    assert "differs" not in table


def test_a_stale_file_fails_the_check_and_is_written_without_it(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sys, "argv", ["make_embedded", "--check", "--folder", str(tmp_path)])
    assert make_embedded.main() == 1
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(sys, "argv", ["make_embedded", "--folder", str(tmp_path)])
    assert make_embedded.main() == 0
    for mesh in embedded_path().glob("bs_*"):
        shutil.copy(mesh, tmp_path)
    assert load_bundle(tmp_path).poses == WEIGHTS
    monkeypatch.setattr(sys, "argv", ["make_embedded", "--check", "--folder", str(tmp_path)])
    assert make_embedded.main() == 0
    assert "written" in capsys.readouterr().out


def test_the_bundle_is_at_most_6_mb():
    assert sum(file.stat().st_size for file in embedded_path().iterdir()) < 6_000_000


def test_archives_are_the_same_bytes_every_time_and_plain_to_read():
    content = make_embedded.npz(a=np.arange(3, dtype=np.int32), b=np.array([b"x"]))
    assert content == make_embedded.npz(a=np.arange(3, dtype=np.int32), b=np.array([b"x"]))
    with np.load(io.BytesIO(content)) as archive:
        assert archive["a"].tolist() == [0, 1, 2]
        assert archive["b"].tolist() == [b"x"]
