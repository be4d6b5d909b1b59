import json

import numpy as np
import onnxruntime
import pytest

from training import make_bundle
from training.bundle.writer import write_emotion_bundle

CLASSES = ["angry", "disgust", "fear", "happy", "neutral", "sad"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_emotion_bundle(tmp_path_factory.mktemp("emotion"))


@pytest.fixture(scope="module")
def network(folder):
    return onnxruntime.InferenceSession(folder / "network.onnx")


def content(folder, name):
    return json.loads((folder / name).read_text())


def tone(frequency_hz, level, *, samples=30000):
    return level * np.sin(2.0 * np.pi * frequency_hz * np.arange(samples) / 16000.0)


def logits(network, *sounds):
    (result,) = network.run(None, {"input_values": np.array(sounds, np.float32)})
    return result


def test_an_emotion_bundle_has_the_documents_of_version_two(folder):
    assert content(folder, "model.json") == {
        "networkInfoPath": "network_info.json",
        "networkPath": "network.trt",
        "modelConfigPath": "model_config.json",
    }
    info = content(folder, "network_info.json")
    assert info == {"audio_params": {"samplerate": 16000}, "emotions": CLASSES}
    config = content(folder, "model_config.json")["post_processing_config"]
    assert config.pop("preferred_emotion") == [0.0] * 10
    assert config.pop("emotion_correspondence") == dict(
        zip(CLASSES, (1, 3, 4, 6, -1, 9), strict=True)
    )
    assert list(config.values()) == [10, 1.0, 6, 0.7, False, 0.5, 0.5, 0.033, 0.6]


def test_the_engine_is_built_for_windows_of_5000_to_60000_samples(folder):
    info = content(folder, "trt_info.json")
    lines = [line.format(**info["defaults"]) for line in info["trt_build_param"]["batch"]]
    sizes = [line.rpartition("x")[2] for line in lines]
    assert (sizes, info["defaults"]["MAX_BUFFER_LEN"]) == (["5000", "30000", "60000"], 60000)


def test_both_axes_of_the_network_are_free_and_a_row_is_six_logits(network):
    (given,), (result,) = network.get_inputs(), network.get_outputs()
    assert (given.name, result.name) == ("input_values", "output")
    assert all(isinstance(size, str) for size in given.shape)
    assert result.shape[1] == 6
    for rows, samples in ((1, 400), (2, 401), (3, 60000)):
        made = logits(network, *np.zeros((rows, samples)))
        assert made.shape == (rows, 6)
        assert np.isfinite(made).all()


def test_silence_is_neutral_and_loud_and_bright_sound_is_not(network):
    silence, quiet_low, loud_low, loud_high, clipped = logits(
        network,
        np.zeros(30000),
        tone(100.0, 0.003),
        tone(150.0, 0.5),
        tone(900.0, 0.3),
        np.sign(tone(150.0, 1.0)),
    )
    assert CLASSES[silence.argmax()] == "neutral"
    assert quiet_low[CLASSES.index("sad")] > loud_high[CLASSES.index("sad")]
    assert CLASSES[loud_low.argmax()] in ("angry", "happy")
    assert loud_high[CLASSES.index("fear")] > loud_low[CLASSES.index("fear")] + 0.5
    assert np.isfinite(clipped).all()


def test_a_row_does_not_depend_on_its_company(network):
    alone = logits(network, tone(200.0, 0.1))
    company = logits(network, tone(700.0, 0.4), tone(200.0, 0.1))
    np.testing.assert_array_equal(company[1:], alone)


def test_the_command_writes_the_same_emotion_bundle_for_the_same_seed(tmp_path, folder):
    assert make_bundle.main([str(tmp_path), "--audio2emotion"]) == 0
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in folder.iterdir()}
