"""ONNX Runtime with networks that give faces in blocks."""

import numpy as np
import onnx
import pytest
from onnx import helper

from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.choice import choose
from a2f_ws.inference.means import Means
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.inference.onnx_blocks import OnnxBlocks, onnx_backend
from tests.data.block_bundles import write_gru, write_latents
from tests.data.bundles import edit, write_blendshape


@pytest.fixture(params=[write_gru, write_latents])
def folder(request, tmp_path):
    return request.param(tmp_path / "bundle")


@pytest.fixture
def bundle(folder):
    return load_bundle(folder)


def run(backend, asked):
    windows, emotions, states = asked
    return backend.run(windows, emotions, states=states)


def inputs(bundle, rows, *, seed=1):
    random = np.random.default_rng(seed)

    def drawn(*shape):
        return (random.standard_normal(shape) * 0.2).astype(np.float32)

    states = [tuple(drawn(*s.shape) for s in bundle.blocks.states) for _ in range(rows)]
    emotions = np.abs(drawn(rows, bundle.blocks.rate.frames, bundle.emotion_len))
    return drawn(rows, bundle.buffer_len), emotions, states


def test_a_row_has_the_same_bits_in_any_company_and_states_are_its_own(bundle):
    backend = OnnxBlocks(bundle)
    windows, emotions, states = inputs(bundle, 7)
    together, following = backend.run(windows, emotions, states=states)
    assert together.shape == (7, bundle.blocks.rate.frames, bundle.columns.width)
    for i in range(7):
        alone, [state] = backend.run(windows[[i]], emotions[[i]], states=[states[i]])
        assert alone[0].tobytes() == together[i].tobytes()
        assert [one.tobytes() for one in state] == [one.tobytes() for one in following[i]]
        assert [one.shape for one in state] == [s.shape for s in bundle.blocks.states]
        assert all(one.base is None or one.base.nbytes == one.nbytes for one in following[i])


def test_a_state_changes_what_comes_next_and_what_was_given_stays(bundle):
    backend = OnnxBlocks(bundle)
    windows, emotions, states = inputs(bundle, 1)
    kept = [one.copy() for one in states[0]]
    fresh, _ = backend.run(windows, emotions, states=[backend.initial])
    later, _ = backend.run(windows, emotions, states=states)
    assert np.abs(fresh - later).max() > 0.01
    assert all(np.array_equal(one, old) for one, old in zip(states[0], kept, strict=True))


def test_noise_is_the_same_at_every_start_and_another_with_another_seed(tmp_path):
    bundle = load_bundle(write_latents(tmp_path / "a"))
    other = load_bundle(write_latents(tmp_path / "b"))
    edit(tmp_path / "b" / "network_info.json", "block_params.noise.seed", 8)
    reseeded = load_bundle(tmp_path / "b")
    windows, emotions, states = inputs(bundle, 2)
    results = [
        OnnxBlocks(one).run(windows, emotions, states=states)[0]
        for one in (bundle, other, reseeded)
    ]
    assert results[0].tobytes() == results[1].tobytes()
    assert not np.array_equal(results[0], results[2])


def test_a_copy_beside_it_gives_the_same_and_outlives_it(bundle):
    backend = OnnxBlocks(bundle)
    other = backend.beside()
    asked = inputs(bundle, 3)
    wanted = run(backend, asked)[0]
    backend.close()
    assert run(other, asked)[0].tobytes() == wanted.tobytes()
    with pytest.raises(MisuseError, match="closed"):
        run(backend, asked)


def test_wrong_numbers_of_rows_frames_and_states_are_the_callers_fault(bundle):
    backend = OnnxBlocks(bundle)
    windows, emotions, states = inputs(bundle, 2)
    for wrong, text in (
        ((windows[:, 1:], emotions, states), "windows: found float32"),
        ((windows, emotions[:, 1:], states), "emotions: found float32"),
        ((windows, emotions, states[:1]), "states: found 1, wanted 2"),
        ((windows.astype(np.float64), emotions, states), "windows: found float64"),
    ):
        with pytest.raises(MisuseError, match=text):
            run(backend, wrong)
    most = backend.max_batch + 1
    with pytest.raises(MisuseError, match=f"found {most} rows"):
        run(backend, inputs(bundle, most))


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("audio_params.buffer_len", 641, r"input: found .*640\], wanted .*641\]"),
        ("block_params.frames", 5, r"emotion: found .*4, 26\], wanted .*5, 26\]"),
        ("block_params.frames_after", 1, r"result: found .*4, 87\], wanted .*5, 87\]"),
        ("block_params.states", [], r"found \['emotion', 'hidden', 'input'\] in, wanted"),
        (
            "block_params.states",
            [{"input": "hidden", "output": "hidden_out", "shape": [1, 13], "batch_axis": 1}],
            r"hidden: found .*12\], wanted .*13\]",
        ),
        (
            "block_params.states",
            [{"input": "hidden", "output": "hidden_out", "shape": [1, 12]}],
            r"hidden: found .*\[1, 'batch_size', 12\], wanted",
        ),
        ("block_params.noise", {"input": "noise", "shape": [3]}, r"in, wanted .*'noise'"),
    ],
)
def test_a_network_that_is_not_the_one_described_is_refused(tmp_path, key, value, text):
    folder = write_gru(tmp_path / "gru")
    edit(folder / "network_info.json", key, value)
    with pytest.raises(ModelError, match=text):
        OnnxBlocks(load_bundle(folder))


def test_a_network_that_gives_nonsense_for_silence_is_refused(tmp_path):
    folder = write_gru(tmp_path / "gru")
    network = onnx.load(folder / "network.onnx")
    for node in network.graph.node:
        node.output[:] = ["quiet" if name == "result" else name for name in node.output]
    network.graph.node.append(helper.make_node("Log", ["quiet"], ["logged"]))
    network.graph.node.append(helper.make_node("Log", ["logged"], ["result"]))
    onnx.save(network, folder / "network.onnx")
    with pytest.raises(ModelError, match="non-finite results for silence"):
        OnnxBlocks(load_bundle(folder))


def test_each_kind_of_network_gets_what_runs_it(bundle, tmp_path):
    assert isinstance(onnx_backend(bundle), OnnxBlocks)
    plain = load_bundle(write_blendshape(tmp_path / "plain"))
    assert isinstance(onnx_backend(plain), OnnxBackend)
    with pytest.raises(MisuseError, match="wanted a network with blocks"):
        OnnxBlocks(plain)


@pytest.mark.parametrize(
    ("kind", "title"),
    [("tensorrt", "TensorRT"), ("tensorrt-rtx", "TensorRT for RTX"), ("openvino", "OpenVINO")],
)
def test_libraries_that_carry_no_state_say_so(bundle, kind, title):
    with pytest.raises(ModelError, match=f"in blocks, which {title} does not take"):
        choose(bundle, Means(backend=kind))


def test_the_best_that_works_is_onnx_runtime_for_every_worker(bundle):
    choice = choose(bundle, Means(backend="auto", workers=3))
    assert choice.kind == "onnx"
    assert [type(one) for one in choice.backends] == [OnnxBlocks] * 3
    assert choice.passed_over == {}
