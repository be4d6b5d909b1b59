import numpy as np
import onnx
import onnxruntime
import pytest

from tests.training import network_forward as forward
from training.bundle import autocorrelation, networks, wav2vec
from training.bundle.geometry import Motion
from training.bundle.nodes import SYNTHETIC, Network
from training.bundle.size import SIZES, Size, with_network
from training.net.nodes import model_of

SMALL = Size(
    name="test", vertices=300, frontal=100, shapes=9, tongue_vertices=60, tongue_shapes=3,
    emotion_rows=500,
)  # fmt: skip
SHAPES = {"input": ["batch_size", 1, 8320], "emotion": ["batch_size", 1, 26]}


def motion(size):
    spread = np.linspace(0.4, 0.02, size.width)
    opening = np.linspace(1.0, 2.0, size.width)
    return Motion(
        spread=spread, opening=opening, shapes=size.shapes, tongue_shapes=size.tongue_shapes
    )


def drawn(size):
    return networks.draw(size, motion(size), seed=4)


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


def sounds():
    """Speech-like tones, noise, silence, full-scale noise and a full-scale square wave."""
    random, t = np.random.default_rng(6), np.arange(8320) / 16000.0
    voice = sum(np.sin(2.0 * np.pi * 140.0 * k * t) / k for k in range(1, 9))
    rows = [
        0.1 * voice * np.hanning(8320),
        0.05 * random.standard_normal(8320),
        np.zeros(8320),
        random.uniform(-1.0, 1.0, 8320),
        np.sign(np.sin(2.0 * np.pi * 200.0 * t)),
    ]
    return np.array(rows, np.float32)[:, None]


def moods(rows):
    return np.random.default_rng(7).random((rows, 1, 26)).astype(np.float32)


@pytest.fixture(scope="module", params=["faithful", "light"])
def made(request):
    size = with_network(SMALL, request.param)
    weights = drawn(size)
    return weights, session(networks.build(size, weights))


def count(model):
    """Parameters: all constants but those that the arithmetic itself needs."""
    tensors = [t for t in model.graph.initializer if not t.name.startswith("constant_")]
    return sum(int(np.prod(t.dims)) for t in tensors)


@pytest.mark.parametrize(("name", "wanted"), [("mark", 18_273_331), ("claire", 39_440_326)])
def test_a_faithful_network_has_as_many_parameters_as_the_released_one(name, wanted):
    size = SIZES[name]
    assert count(networks.build(size, drawn(size))) == wanted


def test_the_light_network_has_the_parameters_of_the_trunk_and_branch_b_only():
    size = with_network(SIZES["mark"], "light")
    wanted = 319_387 + 196_864 + 645_888 + 143_616 + 166_743 + 2_920 + 88
    assert count(networks.build(size, drawn(size))) == wanted


@pytest.mark.parametrize("network", ["faithful", "light", "tiny"])
def test_a_network_has_the_opset_names_and_shapes_of_the_released_ones(network):
    size = with_network(SMALL, network)
    model = networks.build(size, drawn(size))
    assert [(o.domain, o.version) for o in model.opset_import] == [("", 14)]
    declared = {v.name: v for v in (*model.graph.input, *model.graph.output)}
    shapes = {
        name: [d.dim_param or d.dim_value for d in v.type.tensor_type.shape.dim]
        for name, v in declared.items()
    }
    assert shapes == {**SHAPES, "result": ["batch_size", 1, 31]}
    assert {v.type.tensor_type.elem_type for v in declared.values()} == {onnx.TensorProto.FLOAT}


def test_a_network_gives_what_its_weights_give_in_float64(made):
    weights, network = made
    given, felt = sounds()[[0, 2, 3]], moods(3)
    (result,) = network.run(None, {"input": given, "emotion": felt})
    wanted = [
        forward.network(sound[0], mood[0], weights)
        for sound, mood in zip(given.astype(np.float64), felt.astype(np.float64), strict=True)
    ]
    np.testing.assert_allclose(result[:2, 0], wanted[:2], rtol=0, atol=1e-5)
    # Noise of full scale has 80 times the power of speech, and float32's error with it.
    np.testing.assert_allclose(result[2, 0], wanted[2], rtol=0, atol=2e-3)


def test_the_autocorrelation_is_that_of_the_published_network():
    graph = Network()
    value = autocorrelation.correlated(graph, "input")
    model = model_of(
        graph, {"input": [1, 8320]}, outputs={"result": (value, [1, 25, 32])}, form=SYNTHETIC
    )
    given = sounds()
    (result,) = session(model).run(None, {"input": given})
    wanted = np.array([forward.autocorrelation(row[0].astype(np.float64)) for row in given])
    np.testing.assert_allclose(result[:, 0], wanted, rtol=1e-5, atol=1e-4)


def test_a_transformer_layer_is_that_of_wav2vec():
    weights = wav2vec.draw(np.random.default_rng(8), layers=1)
    graph = Network()
    value = wav2vec.layer(graph, "input", index=0, weights=weights)
    model = model_of(
        graph, {"input": [25, 768]}, outputs={"result": (value, [25, 768])}, form=SYNTHETIC
    )
    given = np.random.default_rng(9).standard_normal((2, 25, 768)).astype(np.float32)
    (result,) = session(model).run(None, {"input": given})
    doubles = {name: weight.astype(np.float64) for name, weight in weights.items()}
    wanted = [forward.transformer_layer(x.astype(np.float64), doubles, "layer.0") for x in given]
    np.testing.assert_allclose(result, wanted, rtol=0, atol=1e-4)


def test_silence_is_near_the_neutral_row_and_loud_sound_opens_the_mouth(made):
    _, network = made
    voice, _, silence, full, square = sounds()
    levels = np.stack([silence, 0.1 * voice, voice, full, square])
    calm = np.zeros((5, 1, 26), np.float32)
    rows = network.run(None, {"input": levels, "emotion": calm})[0][:, 0]
    opening, spread = motion(SMALL).opening, motion(SMALL).spread
    assert np.max(np.abs(rows[0]) / spread) < 1.0
    share = rows @ opening / (opening @ opening)
    assert abs(share[0]) < 0.1
    assert share[0] < share[1] < share[2]
    assert share[2] > 0.5
    # Whatever comes in, no output goes further than a loud voice's by much.
    assert np.max(np.abs(rows - share[:, None] * opening) / spread) < 20.0


def test_every_emotion_changes_the_row(made):
    _, network = made
    felt = np.concatenate([np.zeros((1, 1, 26)), np.eye(26)[:, None]]).astype(np.float32)
    given = np.zeros((27, 1, 8320), np.float32)
    rows = network.run(None, {"input": given, "emotion": felt})[0][:, 0]
    assert np.abs(rows[1:] - rows[0]).max(axis=1).min() > 0.02


def test_the_tiny_network_is_means_of_eight_parts_and_emotions_times_two_matrices():
    size = SIZES["tiny"]
    weights = drawn(size)
    network = session(networks.build(size, weights))
    random = np.random.default_rng(10)
    given = (random.integers(-64, 65, (3, 1, 400)) / 64.0).astype(np.float32)
    felt = (random.integers(0, 5, (3, 1, 26)) / 4.0).astype(np.float32)
    (result,) = network.run(None, {"input": given, "emotion": felt})
    means = given.reshape(3, 8, 50).astype(np.float64).mean(axis=2)
    wanted = means @ weights["sound.weight"] + felt[:, 0] @ weights["emotion.weight"]
    np.testing.assert_allclose(result[:, 0], wanted, rtol=0, atol=1e-5)


def test_the_tiny_network_takes_a_few_kilobytes_and_any_window_of_sixteenths():
    size = Size(**{**{f: getattr(SIZES["tiny"], f) for f in Size.__slots__}, "window": 640})
    model = networks.build(size, drawn(size))
    assert model.ByteSize() < 6_000
    given = {"input": np.zeros((1, 1, 640), np.float32), "emotion": moods(1)}
    assert session(model).run(None, given)[0].shape == (1, 1, size.width)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"window": 400}, "window: found 400, wanted 8320 for the faithful network"),
        ({"network": "large"}, "network: found 'large', wanted one of faithful, light, tiny"),
        ({"frontal": 301}, "frontal: found 301, wanted 1 … 300"),
        ({"vertices": 10}, "vertices: found 10, wanted 200 … 10000000"),
    ],
)
def test_a_size_that_cannot_be_is_refused_with_what_was_wanted(change, text):
    values = {f: getattr(SMALL, f) for f in Size.__slots__}
    with pytest.raises(ValueError, match=text):
        Size(**{**values, **change})
