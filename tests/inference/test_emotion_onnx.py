import numpy as np
import onnx
import pytest

from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference import emotion_onnx
from a2f_ws.inference.emotion_bundle import load_emotion_bundle
from a2f_ws.inference.emotion_onnx import MAX_BATCH, OnnxClassifier
from tests.data.emotion_bundles import OFFSETS, classifier, logits_of, write_emotion

WINDOW = 5_000


@pytest.fixture
def folder(tmp_path):
    return write_emotion(tmp_path / "moods")


def loaded(folder):
    return OnnxClassifier(load_emotion_bundle(folder), window=WINDOW)


def noise(rows, samples=WINDOW):
    random = np.random.default_rng(rows)
    return (random.uniform(0.0, 0.4, (rows, 1)) * random.standard_normal((rows, samples))).astype(
        np.float32
    )


def test_logits_are_those_of_the_network_whatever_the_window(folder):
    network = loaded(folder)
    for samples in (400, WINDOW, 60_000):
        windows = noise(3, samples)
        wanted = [logits_of(window) for window in windows]
        np.testing.assert_allclose(network.run(windows), wanted, rtol=0, atol=1e-4)


def test_a_row_has_the_same_bits_in_any_batch(folder):
    network = loaded(folder)
    windows = noise(network.max_batch)
    together = network.run(windows)
    assert np.array_equal(together, np.concatenate([network.run(row[None]) for row in windows]))


def test_what_one_window_costs_is_measured_at_load(folder):
    assert 0.0 < loaded(folder).cost_s < 5.0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"names": ("input", "output")}, "found ['input'] in"),
        ({"names": ("input_values", "logits")}, "['logits'] out"),
        ({"classes": 4}, "wanted tensor(float) ['batch_size', 6]"),
        ({"batch": 1}, "input_values: found"),
        ({"samples": 8_000}, "wanted tensor(float) ['batch_size', 'samples']"),
        ({"dtype": onnx.TensorProto.DOUBLE}, "tensor(double)"),
        ({"offsets": np.full_like(OFFSETS, np.nan)}, "non-finite"),
    ],
)
def test_a_network_that_does_not_fit_the_bundle_is_refused(folder, change, told):
    onnx.save(classifier(**change), folder / "network.onnx")
    with pytest.raises(ModelError) as caught:
        loaded(folder)
    assert told in str(caught.value)


def test_a_file_that_is_no_network_is_refused(folder):
    (folder / "network.onnx").write_bytes(b"not a network")
    with pytest.raises(ModelError, match="cannot be loaded"):
        loaded(folder)


def test_wrong_windows_and_a_closed_network_are_misuse(folder):
    network = loaded(folder)
    for windows in (noise(1)[0], noise(1).astype(np.float64), noise(MAX_BATCH + 1)):
        with pytest.raises(MisuseError):
            network.run(windows)
    network.close()
    network.close()
    with pytest.raises(MisuseError, match="closed"):
        network.run(noise(1))


def test_a_slow_network_takes_few_rows_at_a_time(folder, monkeypatch):
    monkeypatch.setattr(
        emotion_onnx, "perf_counter", iter([10.0, 10.3, 11.0, 11.1, 12.0, 12.2]).__next__
    )
    network = loaded(folder)
    assert network.cost_s == pytest.approx(0.1)
    assert network.max_batch == 2
