import numpy as np
import pytest

from a2f_ws.animation.emotion import EmotionTrack
from a2f_ws.audio.window import Windows

EMOTION_ATOL = 1e-5
"""Suggested by the vectors' README; times, counts and padding are exact."""


def emotion_of(vectors, name):
    times = vectors.arrays[f"{name}__key_timestamps"].tolist()
    keys = vectors.arrays[f"{name}__keys"]
    track = EmotionTrack(keys[0], at=times[0])
    for at, values in zip(times[1:], keys[1:], strict=True):
        track.key(at, values)
    return track


def play(vectors, name, stride):
    """Our classes through one case, cutting everything as soon as it is there."""
    case = vectors.meta["cases"][name]
    rate = stride(case["sample_rate"] * case["fps_den"], case["fps_num"])
    windows = Windows(buffer_len=case["buffer_len"], buffer_ofs=case["buffer_ofs"], rate=rate)
    track = emotion_of(vectors, name)
    audio = (np.arange(case["n_samples"]) + 1).astype(np.float32)
    chunks = vectors.arrays[f"{name}__chunks"]
    poses, available = [], []
    for step, piece in enumerate([*np.split(audio, np.cumsum(chunks)[:-1]), None]):
        if piece is None:
            windows.close()
        else:
            windows.hear(piece)
        available.append(windows.available - len(poses))
        while len(poses) < windows.available:
            k = len(poses)
            row = windows.cut(k) * np.float32(case["input_strength"])
            poses.append(
                (step, rate.sample(k), rate.sample(k + 1), row, track.value(rate.sample(k)))
            )
        windows.drop_before(len(poses))
    return poses, available


@pytest.fixture(scope="module")
def vectors(reference):
    return reference("executor_timing")


@pytest.fixture(scope="module")
def played(vectors, stride):
    return {name: play(vectors, name, stride) for name in vectors.meta["cases"]}


def wanted(vectors, name, array):
    return vectors.arrays[f"{name}__{array}"]


def test_poses_are_available_after_the_same_chunks(vectors, played):
    assert len(played) > 0
    for name, (poses, available) in played.items():
        assert len(poses) == vectors.meta["cases"][name]["total_frames"]
        assert available == wanted(vectors, name, "available_after_chunk").tolist()
        steps = [step for step, *_ in poses]
        assert steps == wanted(vectors, name, "chunk_of_frame").tolist()


def test_time_stamps_are_equal(vectors, played):
    for name, (poses, _) in played.items():
        times = [[at, following] for _, at, following, *_ in poses]
        assert times == wanted(vectors, name, "timestamps").tolist()


def test_windows_hold_the_same_samples_and_the_same_padding(vectors, played):
    for name, (poses, _) in played.items():
        rows = [row for *_, row, _ in poses]
        heard = [np.flatnonzero(row) for row in rows]
        leading = wanted(vectors, name, "n_leading_zeros").tolist()
        assert [int(places[0]) for places in heard] == leading
        assert [len(places) for places in heard] == wanted(vectors, name, "n_real_samples").tolist()
        first = np.array([row[places[0]] for row, places in zip(rows, heard, strict=True)])
        assert np.array_equal(first, wanted(vectors, name, "first_real_value"))
        strength = np.float32(vectors.meta["cases"][name]["input_strength"])
        for row, places in zip(rows, heard, strict=True):
            start = round(float(row[places[0]] / strength))
            run = np.arange(start, start + len(places)).astype(np.float32) * strength
            assert np.array_equal(row[places], run)


def test_the_network_gets_the_same_emotions(vectors, played):
    implicit = vectors.arrays["implicit_emotion"]
    for name, (poses, _) in played.items():
        found = [np.concatenate((implicit, emotion)) for *_, emotion in poses]
        emotions = wanted(vectors, name, "net_emotion")
        np.testing.assert_allclose(found, emotions, rtol=0, atol=EMOTION_ATOL)
