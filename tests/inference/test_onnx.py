import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, load, numpy_helper, save

from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference.backend import Backend
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.onnx import MAX_BATCH, TRIALS, OnnxBackend
from tests.data.bundles import WIDTH, edit, rewrite_network, write_blendshape, write_geometry
from tests.fakes import FakeBackend
from training.bundle.writer import write_bundle


@pytest.fixture(scope="module")
def backend(bundle) -> Backend:
    return OnnxBackend(bundle)


@pytest.fixture(scope="module")
def inputs():
    random = np.random.default_rng(7)
    windows = (random.standard_normal((MAX_BATCH, 8320)) * 0.1).astype(np.float32)
    windows[::5] = 0.0
    emotions = np.zeros((MAX_BATCH, 26), np.float32)
    emotions[:, 16:] = random.random((MAX_BATCH, 10))
    return windows, emotions


@pytest.fixture
def tiny(tmp_path):
    return write_blendshape(tmp_path / "tiny")


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 48, 63])
def test_a_row_has_the_same_bits_at_every_batch_size_and_place(backend, inputs, rows):
    windows, emotions = inputs
    together = backend.run(windows, emotions)
    first = backend.run(windows[:rows], emotions[:rows])
    last = backend.run(windows[-rows:], emotions[-rows:])
    assert first.tobytes() == together[:rows].tobytes()
    assert last.tobytes() == together[-rows:].tobytes()


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(9)))
def test_a_row_has_the_same_bits_in_any_company(backend, inputs, order):
    windows, emotions = inputs[0][:9], inputs[1][:9]
    alone = np.concatenate([backend.run(windows[[i]], emotions[[i]]) for i in order])
    assert backend.run(windows[order], emotions[order]).tobytes() == alone.tobytes()


def test_weights_of_our_networks_lie_in_0_to_1_with_the_mouth_closed_no_further_than_open(
    backend, bundle, inputs
):
    result = backend.run(*inputs)
    names = bundle.poses
    assert (result.dtype, result.shape) == (np.float32, (MAX_BATCH, 87))
    assert result[:, :68].min() >= 0.0
    assert result[:, :68].max() <= 1.0
    assert (result[:, names.index("mouthClose")] <= result[:, names.index("jawOpen")]).all()


def test_the_results_belong_to_the_caller(backend, inputs):
    windows, emotions = inputs[0][:2], inputs[1][:2]
    first = backend.run(windows, emotions)
    kept = first.copy()
    backend.run(windows[::-1], emotions)
    assert np.array_equal(first, kept)


def test_the_tiny_network_gives_what_the_fake_backend_gives(tiny):
    real = OnnxBackend(load_bundle(tiny))
    fake = FakeBackend(buffer_len=400, buffer_ofs=200)
    random = np.random.default_rng(3)
    windows = random.uniform(-1, 1, (5, 400)).astype(np.float32)
    emotions = random.random((5, 26)).astype(np.float32)
    np.testing.assert_allclose(
        real.run(windows, emotions), fake.run(windows, emotions), rtol=0, atol=1e-6
    )


def test_rows_need_not_be_contiguous(tiny):
    backend = OnnxBackend(load_bundle(tiny))
    windows = np.random.default_rng(1).random((6, 400)).astype(np.float32)
    emotions = np.zeros((6, 26), np.float32)
    every = backend.run(windows, emotions)
    assert np.array_equal(backend.run(windows[::2], emotions[::2]), every[::2])


def test_the_network_of_a_geometry_bundle_runs_too(tmp_path):
    backend = OnnxBackend(load_bundle(write_geometry(tmp_path / "theirs")))
    result = backend.run(np.zeros((2, 400), np.float32), np.zeros((2, 26), np.float32))
    assert result.shape == (2, 24)


@pytest.mark.parametrize(
    ("windows", "emotions", "text"),
    [
        ((0, 400), (0, 26), "found 0 rows, wanted 1 to 64"),
        ((65, 400), (65, 26), "found 65 rows"),
        ((1, 399), (1, 26), r"windows: found float32 \(1, 399\), wanted float32 \(1, 400\)"),
        ((2, 400), (1, 26), r"emotions: found float32 \(1, 26\), wanted float32 \(2, 26\)"),
    ],
)
def test_wrong_shapes_are_the_callers_fault(tiny, windows, emotions, text):
    backend = OnnxBackend(load_bundle(tiny))
    with pytest.raises(MisuseError, match=text):
        backend.run(np.zeros(windows, np.float32), np.zeros(emotions, np.float32))


def test_float64_is_the_callers_fault(tiny):
    backend = OnnxBackend(load_bundle(tiny))
    with pytest.raises(MisuseError, match="windows: found float64"):
        backend.run(np.zeros((1, 400)), np.zeros((1, 26), np.float32))


def test_a_closed_backend_refuses_work(tiny):
    backend = OnnxBackend(load_bundle(tiny))
    backend.close()
    backend.close()
    with pytest.raises(MisuseError, match="closed"):
        backend.run(np.zeros((1, 400), np.float32), np.zeros((1, 26), np.float32))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"width": WIDTH - 1}, r"result: found tensor\(float\) .*86\], wanted .*87\]"),
        ({"buffer_len": 399}, r"input: found .*399\], wanted .*400\]"),
        ({"emotion_len": 25}, r"emotion: found .*25\], wanted .*26\]"),
        ({"batch": 1}, r"found tensor\(float\) \[1, 1, \d+\], wanted .*batch_size"),
        ({"dtype": TensorProto.DOUBLE}, r"found tensor\(double\)"),
        ({"names": ("audio", "emotion", "result")}, r"found \['audio', 'emotion'\] in"),
        ({"names": ("input", "emotion", "output")}, r"found .*\['output'\] out, wanted"),
    ],
)
def test_a_network_that_is_not_the_one_described_is_refused(tiny, change, text):
    rewrite_network(tiny / "network.onnx", **change)
    with pytest.raises(ModelError, match=rf"network\.onnx: .*{text}"):
        OnnxBackend(load_bundle(tiny))


@pytest.mark.parametrize("content", [b"", b"not a network", None])
def test_a_file_that_is_no_network_is_refused(tiny, content):
    path = tiny / "network.onnx"
    path.write_bytes(path.read_bytes()[:-500] if content is None else content)
    with pytest.raises(ModelError, match=r"network\.onnx: cannot be loaded: \S"):
        OnnxBackend(load_bundle(tiny))


def test_a_truncated_network_is_refused(bundle, tmp_path):
    network = shutil.copytree(bundle.path, tmp_path / "mine") / "network.onnx"
    network.write_bytes(network.read_bytes()[: network.stat().st_size // 2])
    with pytest.raises(ModelError, match=r"network\.onnx: cannot be loaded"):
        OnnxBackend(load_bundle(network.parent))


def test_an_engine_file_is_not_for_this_backend(tmp_path):
    theirs = write_geometry(tmp_path / "theirs")
    (theirs / "network.onnx").rename(theirs / "network.trt")
    with pytest.raises(ModelError, match=r"network\.trt: ONNX Runtime needs the \.onnx file"):
        OnnxBackend(load_bundle(theirs))


def test_a_manifest_of_other_sizes_is_told_apart_from_its_network(tiny):
    edit(tiny / "network_info.json", "audio_params.buffer_len", 500)
    with pytest.raises(ModelError, match=r"input: found .*400\], wanted .*500\]"):
        OnnxBackend(load_bundle(tiny))


@pytest.mark.parametrize("threads", [1, 2])
def test_a_network_of_nvidia_s_making_gives_the_same_bits_in_any_company(tmp_path, threads):
    folder = write_bundle(tmp_path / "small", size="tiny", network="faithful")
    backend = OnnxBackend(load_bundle(folder), threads=threads)
    # A machine with much else to do may have found four rows too slow.
    backend.max_batch = max(4, backend.max_batch)
    random = np.random.default_rng(3)
    windows = random.standard_normal((4, 8320)).astype(np.float32) * np.float32(0.1)
    emotions = random.random((4, 26)).astype(np.float32)
    alone = [backend.run(windows[[i]], emotions[[i]]) for i in range(4)]
    assert backend.run(windows, emotions).tobytes() == np.concatenate(alone).tobytes()


@pytest.mark.parametrize("most", [TRIALS - 1, TRIALS, 40])
def test_a_network_that_differs_only_in_large_batches_is_run_row_by_row(tiny, most):
    """More rows than `most` at a time move all results by a hair, as other kernels would."""
    network = load(tiny / "network.onnx")
    graph = network.graph
    for node in graph.node:
        node.output[:] = ["plain" if name == "result" else name for name in node.output]
    values = {"axis": np.int64(0), "most": np.float32(most), "hair": np.float32(1e-6)}
    graph.initializer.extend(numpy_helper.from_array(np.array(v), k) for k, v in values.items())
    for operation, inputs, output in (
        ("Shape", ["input"], "shape"),
        ("Gather", ["shape", "axis"], "rows"),
        ("Cast", ["rows"], "count"),
        ("Sub", ["count", "most"], "beyond"),
        ("Relu", ["beyond"], "excess"),
        ("Mul", ["excess", "hair"], "error"),
        ("Add", ["plain", "error"], "result"),
    ):
        more = {"to": TensorProto.FLOAT} if operation == "Cast" else {}
        graph.node.append(helper.make_node(operation, inputs, [output], **more))
    save(network, tiny / "network.onnx")
    backend = OnnxBackend(load_bundle(tiny))
    random = np.random.default_rng(3)
    windows = random.standard_normal((backend.max_batch, 400)).astype(np.float32)
    emotions = np.zeros((backend.max_batch, 26), np.float32)
    together = backend.run(windows, emotions)
    assert together[7].tobytes() == backend.run(windows[[7]], emotions[[7]])[0].tobytes()
    assert len(together) == MAX_BATCH
