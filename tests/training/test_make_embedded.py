import io
import shutil
import sys

import numpy as np
import onnx
import onnxruntime
import pytest

from a2f_ws.inference.bundle import embedded_path, load_bundle
from a2f_ws.names import ARKIT, TONGUE, WEIGHTS
from training import make_embedded
from training.fold import fold
from training.rewire import JAW_POINTS_CM, TONGUE_SPREAD, jaw_displacements_cm, rewire


@pytest.fixture(scope="module")
def seed():
    return onnx.load(make_embedded.SEED)


@pytest.fixture(scope="module")
def network():
    return onnx.load(embedded_path() / "network.onnx")


@pytest.fixture(scope="module")
def both(seed, network):
    """Outputs of the seed and of the bundle's network for the same input."""
    random = np.random.default_rng(11)
    windows = (random.standard_normal((6, 1, 8320)) * 0.1).astype(np.float32)
    windows[0] = 0.0
    emotions = np.zeros((6, 26), np.float32)
    emotions[:, 16:] = random.random((6, 10))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    old = onnxruntime.InferenceSession(seed.SerializeToString(), options)
    new = onnxruntime.InferenceSession(network.SerializeToString(), options)
    arkit, tongue = old.run(["arkit", "tongue"], {"input": windows, "emotion": emotions})
    result = new.run(["result"], {"input": windows, "emotion": emotions[:, None]})[0]
    return arkit, tongue, result[:, 0]


def test_the_52_weights_are_the_seeds(both):
    arkit, _, result = both
    assert arkit.std() > 0.01
    # The same operations in the same order; another build of the runtime may fuse them otherwise.
    np.testing.assert_allclose(result[:, :52], arkit, rtol=0, atol=1e-6)


def test_the_two_tongue_outputs_are_spread_on_the_16_poses(both):
    _, tongue, result = both
    tip, back = tongue[:, 0], tongue[:, 1]
    wanted = np.zeros((len(tongue), 16), np.float32)
    wanted[:, TONGUE.index("tongueTipUp")] = tip
    wanted[:, TONGUE.index("tongueUp")] = 0.2 * tip + 0.7 * back
    wanted[:, TONGUE.index("tongueIn")] = 0.3 * back
    np.testing.assert_allclose(result[:, 52:68], wanted, rtol=0, atol=1e-6)


def test_no_tongue_pose_can_pass_1():
    for pose in TONGUE:
        assert sum(share.get(pose, 0.0) for share in TONGUE_SPREAD.values()) <= 1.0


def test_the_jaw_points_follow_jaw_open_and_jaw_forward_and_the_eyes_rest(both):
    arkit, _, result = both
    opened, forward = jaw_displacements_cm()
    wanted = (
        arkit[:, [ARKIT.index("jawOpen")]] * opened
        + arkit[:, [ARKIT.index("jawForward")]] * forward
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
    assert tensors == {
        "input": ["batch_size", 1, 8320],
        "emotion": ["batch_size", 1, 26],
        "result": ["batch_size", 1, 87],
    }
    assert [(opset.domain, opset.version) for opset in network.opset_import] == [("", 17)]
    assert not {"Shape", "Constant", "Cast"} & {node.op_type for node in network.graph.node}
    assert {node.domain for node in network.graph.node} == {""}


def test_folding_changes_no_bit_of_the_seed(seed):
    random = np.random.default_rng(5)
    feeds = {
        "input": (random.standard_normal((3, 1, 8320)) * 0.1).astype(np.float32),
        "emotion": random.random((3, 26)).astype(np.float32),
    }
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    folded = fold(seed)
    before, after = (
        onnxruntime.InferenceSession(model.SerializeToString(), options).run(None, feeds)
        for model in (seed, folded)
    )
    assert len(folded.graph.node) < len(seed.graph.node) / 3
    for old, new in zip(before, after, strict=True):
        np.testing.assert_allclose(new, old, rtol=0, atol=1e-6)


def test_a_seed_of_another_shape_is_refused():
    broken = onnx.load(make_embedded.SEED)
    for node in broken.graph.node:
        if "tongue" in node.output:
            node.input[0] = "/MatMul_output_0"
    with pytest.raises(ValueError, match="wanted one tensor"):
        rewire(broken)


def test_the_files_in_the_package_are_those_that_the_script_writes(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["make_embedded", "--check"])
    assert make_embedded.main() == 0, capsys.readouterr().out
    table = capsys.readouterr().out
    assert "network.onnx" in table
    assert "differs" not in table


def test_a_stale_file_fails_the_check_and_is_written_without_it(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(make_embedded, "BUNDLE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["make_embedded", "--check"])
    assert make_embedded.main() == 1
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(sys, "argv", ["make_embedded"])
    assert make_embedded.main() == 0
    for mesh in embedded_path().glob("bs_*"):
        shutil.copy(mesh, tmp_path)
    assert load_bundle(tmp_path).poses == WEIGHTS
    monkeypatch.setattr(sys, "argv", ["make_embedded", "--check"])
    assert make_embedded.main() == 0
    assert "written" in capsys.readouterr().out


def test_the_bundle_is_well_below_4_mb():
    assert sum(file.stat().st_size for file in embedded_path().iterdir()) < 3_000_000


def test_archives_are_the_same_bytes_every_time_and_plain_to_read():
    content = make_embedded.npz(a=np.arange(3, dtype=np.int32), b=np.array([b"x"]))
    assert content == make_embedded.npz(a=np.arange(3, dtype=np.int32), b=np.array([b"x"]))
    with np.load(io.BytesIO(content)) as archive:
        assert archive["a"].tolist() == [0, 1, 2]
        assert archive["b"].tolist() == [b"x"]
