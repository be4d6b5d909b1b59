"""Windows, frames, times and emotions of the classifier's executor, as a session uses them."""

import numpy as np
import pytest

from a2f_ws.animation.recognition import Recognition
from a2f_ws.audio.emotion_window import EmotionPace
from a2f_ws.session.ear import Ear
from a2f_ws.session.felt import Felt
from a2f_ws.timebase import MODEL_RATE_HZ, PoseRate
from tests.reference.a2e import row_of

EMOTION_ATOL = 1e-5
"""Suggested by the vectors' README; windows, counts and time stamps are exact."""


class Played:
    """One case, played chunk by chunk: every window is answered as soon as it is there.

    Attributes:
        available: Windows that can be heard after each chunk, and after the end.
        edges: First, second, last but one and last sample of every window.
        steps: Number of the chunk after which each frame came.
        inferences: Window that each frame was made of.
        times: Sample of each frame and of the one after it.
        emotions: What each frame shows.
    """

    def __init__(self, vectors, name, *, bundle):
        case, arrays = vectors.meta["cases"][name], vectors.arrays
        self.logits = arrays[f"{name}__logits"]
        self.params = row_of(case["params"])
        self.prefers = np.array([case["params"]["enablePreferredEmotion"]])
        rate = PoseRate(case["fps_num"], case["fps_den"])
        self.dt_s = rate.den / rate.num
        pace = EmotionPace(case["buffer_len"], case["inferences_to_skip"] + 1, rate)
        self.ear = Ear(0, rate_hz=MODEL_RATE_HZ, fps=rate, bundle=bundle, pace=pace)
        self.felt = Felt(pace, self.ear, first=0)
        width = arrays[f"{name}__emotions"].shape[1]
        correspondence = arrays["emotion_correspondence"].tolist()
        self.recognition = Recognition(correspondence, emotions=width)
        self.state, self.preferred = self.recognition.new_state(), np.zeros((1, width), np.float32)
        self.available, self.edges, self.steps = [], [], []
        self.inferences, self.times, self.emotions = [], [], []
        audio = (np.arange(case["n_samples"]) + 1).astype(np.float32)
        pieces = np.split(audio, np.cumsum(arrays[f"{name}__chunks"])[:-1])
        for step, piece in enumerate([*pieces, None]):
            if piece is None:
                self.ear.is_ended = True
            else:
                self.ear.hear(piece)
            self.hear(step)

    def hear(self, step):
        answered = len(self.edges)
        self.available.append(self.felt.available - answered)
        while (window := self.felt.voice()) is not None:
            k = len(self.edges)
            self.edges.append(window[[0, 1, -2, -1]])
            self.felt.take(k, self.logits[k])
            self.felt.listen(0)
            while (logits := self.felt.due()) is not None:
                self.frame(logits, step=step, k=k)

    def frame(self, logits, *, step, k):
        at = self.felt.next_at
        values = self.recognition.step(
            logits[None],
            [self.state],
            params=self.params[None],
            preferred=self.preferred,
            prefers=self.prefers,
            dt_s=self.dt_s,
        )
        self.felt.key(values[0])
        self.felt.track.drop_before(at)
        self.steps.append(step)
        self.inferences.append(k)
        self.times.append((at, self.felt.next_at))
        self.emotions.append(self.felt.track.value(at))


@pytest.fixture(scope="module")
def vectors(reference):
    return reference("a2e_executor")


@pytest.fixture(scope="module")
def played(vectors, bundle):
    return {name: Played(vectors, name, bundle=bundle) for name in vectors.meta["cases"]}


def wanted(vectors, name, array):
    return vectors.arrays[f"{name}__{array}"]


def test_windows_are_available_after_the_same_chunks(vectors, played):
    assert len(played) > 0
    for name, case in played.items():
        after = wanted(vectors, name, "available_inferences_after_chunk")
        assert case.available == after.tolist(), name
        assert len(case.edges) == vectors.meta["cases"][name]["n_inferences"]


def test_the_network_hears_the_same_stretches_of_sound(vectors, played):
    for name, case in played.items():
        assert np.array_equal(case.edges, wanted(vectors, name, "net_window_edges")), name


def test_frames_come_from_the_same_windows_at_the_same_times(vectors, played):
    for name, case in played.items():
        assert len(case.times) == vectors.meta["cases"][name]["total_frames"]
        assert np.array_equal(case.times, wanted(vectors, name, "timestamps")), name
        assert case.inferences == wanted(vectors, name, "inference_of_frame").tolist(), name


def test_frames_come_after_the_same_chunks(vectors, played):
    for name, case in played.items():
        assert case.steps == wanted(vectors, name, "chunk_of_frame").tolist(), name


def test_frames_show_the_same_emotions(vectors, played):
    for name, case in played.items():
        found = np.stack(case.emotions)
        want = wanted(vectors, name, "emotions")
        np.testing.assert_allclose(found, want, rtol=0, atol=EMOTION_ATOL, err_msg=name)


def test_nothing_is_asked_or_made_after_the_last_frame(played):
    for name, case in played.items():
        assert case.felt.voice() is None, name
        assert case.felt.due() is None, name
        assert case.felt.known_to is None, name
