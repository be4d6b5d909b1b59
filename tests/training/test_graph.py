import numpy as np
import onnxruntime
import pytest

from a2f_ws.names import ARKIT, EMOTIONS, TONGUE, WEIGHTS
from tests.data.windowed import random_weights
from training.lips import lip_aperture
from training.net import face
from training.net.decode import Decoding
from training.net.graph import build, build_decoder, build_stream
from training.net.shape import (
    BANDS,
    BUFFER_LEN,
    BUFFER_OFS,
    FIRST,
    FRAMES,
    HOP,
    LAYERS,
    LOGITS,
    OUTPUTS,
    STREAM_FRAMES,
    STREAM_OFS,
    mel_bank,
    stream_length,
)
from training.speech.targets import ARTICULATORS, DECISIONS

BLOCK = STREAM_FRAMES


@pytest.fixture(scope="module")
def weights():
    return random_weights()


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


@pytest.fixture(scope="module")
def windowed(weights):
    return session(build(weights, Decoding(), shows_numbers=True))


@pytest.fixture(scope="module")
def decoder():
    return session(build_decoder(Decoding()))


def decode(decoder, numbers, **emotions):
    emotion = np.zeros((len(numbers), 1, face.EMOTION_LEN), np.float32)
    for name, value in emotions.items():
        emotion[:, 0, face.IMPLICIT_LEN + EMOTIONS.index(name)] = value
    feeds = {"numbers": numbers[:, None].astype(np.float32), "emotion": emotion}
    return decoder.run(["result"], feeds)[0][:, 0]


def numbers(seal=-30.0, tuck=-30.0, silence=-30.0, **articulators):
    row = np.zeros((1, OUTPUTS), np.float32)
    row[0, LOGITS] = (seal, tuck, silence)
    for name, value in articulators.items():
        row[0, ARTICULATORS.index(name)] = value
    return row


def test_the_window_ends_100_ms_after_the_face_and_its_frames_fill_it():
    assert BUFFER_LEN - BUFFER_OFS == 1600
    assert FIRST + (FRAMES - 1) * HOP + 400 == BUFFER_LEN
    assert sum(layer.reach for layer in LAYERS) == FRAMES - 1


def test_the_network_is_plain_onnx_with_a_free_batch(weights):
    model = build(weights, Decoding(), shows_numbers=False)
    shapes = {
        tensor.name: [
            axis.dim_param or axis.dim_value for axis in tensor.type.tensor_type.shape.dim
        ]
        for tensor in (*model.graph.input, *model.graph.output)
    }
    assert shapes == {
        "input": ["batch_size", 1, 8320],
        "emotion": ["batch_size", 1, 26],
        "result": ["batch_size", 1, 87],
    }
    assert {node.domain for node in model.graph.node} == {""}
    assert len(model.SerializeToString()) < 6_000_000


def test_a_row_has_the_same_bits_in_any_batch(windowed):
    random = np.random.default_rng(1)
    sound = (random.standard_normal((5, 1, BUFFER_LEN)) * 0.1).astype(np.float32)
    emotion = random.random((5, 1, 26)).astype(np.float32)
    together = windowed.run(["result"], {"input": sound, "emotion": emotion})[0]
    alone = [
        windowed.run(["result"], {"input": sound[i : i + 1], "emotion": emotion[i : i + 1]})[0]
        for i in range(5)
    ]
    assert np.concatenate(alone).tobytes() == together.tobytes()


@pytest.fixture(scope="module")
def stream(weights):
    return session(build_stream(weights, Decoding(), frames=BLOCK))


def zeros(stream, rows=1):
    """States of utterances that begin."""
    tensors = {tensor.name: tensor for tensor in stream.get_inputs()}
    return {
        name: np.zeros([rows, *tensor.shape[1:]], np.float32)
        for name, tensor in tensors.items()
        if name not in ("input", "emotion")
    }


def blocks(stream, sound, *, count, states, first=0):
    """Faces (B, BLOCK · count, 87) of sound (B, S), and the states after them."""
    names, rows = [tensor.name for tensor in stream.get_outputs()], []
    emotion = np.zeros((len(sound), BLOCK, 26), np.float32)
    for start in range(first, first + count * BLOCK * HOP, BLOCK * HOP):
        heard = sound[:, None, start : start + stream_length(BLOCK)]
        given = dict(
            zip(
                names, stream.run(None, {"input": heard, "emotion": emotion, **states}), strict=True
            )
        )
        rows.append(given["result"])
        states = {name: given[f"next_{name}"] for name in states}
    return np.concatenate(rows, axis=1), states


def noise(rows, samples):
    return (np.random.default_rng(2).standard_normal((rows, samples)) * 0.1).astype(np.float32)


def test_a_stream_says_what_windows_say(stream, windowed):
    sound = noise(1, 16_000)
    early = -(STREAM_OFS // (BLOCK * HOP)) + 1
    first = early * BLOCK * HOP + STREAM_OFS
    heard = np.concatenate([np.zeros((1, first), np.float32), sound], axis=1)
    faces, _ = blocks(stream, heard, count=40, states=zeros(stream))
    padded = np.concatenate([np.zeros((1, BUFFER_OFS), np.float32), sound], axis=1)
    shown = range(40 * BLOCK - early * BLOCK)
    windows = np.stack([padded[:, i * HOP :][:, :BUFFER_LEN] for i in shown])
    emotion = np.zeros((len(windows), 1, 26), np.float32)
    wanted = windowed.run(["result"], {"input": windows, "emotion": emotion})[0][:, 0]
    # Other shapes may be summed in another order.
    np.testing.assert_allclose(faces[0, early * BLOCK :], wanted, atol=1e-5)


def test_streams_have_the_same_bits_alone_and_together(stream):
    sound = noise(7, 8_000)
    together, _ = blocks(stream, sound, count=15, states=zeros(stream, 7))
    alone = [blocks(stream, sound[[i]], count=15, states=zeros(stream))[0] for i in range(7)]
    assert np.concatenate(alone).tobytes() == together.tobytes()


def test_a_stream_that_begins_late_has_heard_enough_after_49_frames(stream):
    sound, late = noise(1, 24_000), 30 * HOP
    whole, _ = blocks(stream, sound, count=60, states=zeros(stream))
    _, warm = blocks(stream, sound, count=25, states=zeros(stream), first=late)
    rest, _ = blocks(stream, sound, count=5, states=warm, first=late + 25 * BLOCK * HOP)
    start = 30 + 25 * BLOCK
    assert rest[0].tobytes() == whole[0, start : start + 5 * BLOCK].tobytes()


def test_silence_of_any_kind_gives_finite_faces(windowed):
    sound = np.zeros((2, 1, BUFFER_LEN), np.float32)
    sound[1] = 1.0
    result = windowed.run(["result"], {"input": sound, "emotion": np.zeros((2, 1, 26), np.float32)})
    assert np.isfinite(result[0]).all()


def test_a_seal_closes_an_open_mouth(decoder):
    opened = decode(decoder, numbers(jaw=0.7, lld=0.3, ulr=0.2))
    sealed = decode(decoder, numbers(seal=9.0, jaw=0.7, lld=0.3, ulr=0.2))
    assert lip_aperture(opened)[0] > 0.5
    assert lip_aperture(sealed)[0] < 0.05


def test_decided_silence_is_a_closed_mouth(decoder):
    result = decode(decoder, numbers(silence=9.0, jaw=0.6, round=0.8, lld=0.3))
    assert lip_aperture(result)[0] < 0.02


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_no_emotion_opens_a_seal(decoder, emotion):
    sealed = decode(decoder, numbers(seal=9.0, jaw=0.3), **{emotion: 1.0})
    assert lip_aperture(sealed)[0] < 0.05


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_every_emotion_shows_above_the_mouth_in_proportion_and_in_silence(decoder, emotion):
    calm = decode(decoder, numbers(silence=9.0))
    half, full = (decode(decoder, numbers(silence=9.0), **{emotion: x}) for x in (0.5, 1.0))
    upper = [i for i, name in enumerate(ARKIT) if name.startswith(("brow", "eye", "nose", "cheek"))]
    assert (full - calm)[0, upper].max() >= 0.1
    np.testing.assert_allclose((half - calm)[0, upper] * 2, (full - calm)[0, upper], atol=1e-6)
    assert calm[0, upper].max() == 0.0


def test_the_tongue_means_something(decoder):
    tip = decode(decoder, numbers(ttip=0.9))[0, len(ARKIT) :]
    out = decode(decoder, numbers(tout=0.9))[0]
    back = decode(decoder, numbers(tback=0.9))[0, len(ARKIT) :]
    assert tip[TONGUE.index("tongueTipUp")] == pytest.approx(0.9)
    assert out[WEIGHTS.index("tongueOut")] == pytest.approx(0.405)
    assert out[WEIGHTS.index("tongueStretch")] == pytest.approx(0.72)
    assert back[TONGUE.index("tongueUp")] == pytest.approx(0.63)


def test_weights_stay_between_0_and_1_and_the_eyes_rest(decoder):
    random = np.random.default_rng(8)
    wild = (random.standard_normal((50, OUTPUTS)) * 3).astype(np.float32)
    result = decode(decoder, wild, joy=1.0, anger=1.0)
    assert result[:, : len(WEIGHTS)].min() >= 0.0
    assert result[:, : len(WEIGHTS)].max() <= 1.0
    assert not result[:, -face.EYES_LEN :].any()


def test_the_jaw_points_follow_jaw_open_and_jaw_forward(decoder):
    result = decode(decoder, numbers(jaw=0.6, funnel=0.5))
    opened, forward = face.jaw_displacements_cm()
    wanted = (
        result[0, ARKIT.index("jawOpen")] * opened + result[0, ARKIT.index("jawForward")] * forward
    )
    np.testing.assert_allclose(result[0, 68:83], wanted, atol=1e-6)


def test_decisions_are_three_and_lie_after_the_articulators():
    assert LOGITS.stop - LOGITS.start == len(DECISIONS) == 3
    assert LOGITS.start == len(ARTICULATORS)


def test_the_mel_bank_is_a_mean_over_bins_at_every_warp():
    for warp in (0.86, 1.0, 1.16):
        bank = mel_bank(warp)
        assert bank.shape == (257, BANDS)
        np.testing.assert_allclose(bank.sum(axis=0), 1.0, atol=1e-5)
        centres = bank.argmax(axis=0)
        assert (np.diff(centres) >= 0).all()
