"""Any changes of pace, chunks, batches and interrupts, in any order."""

from collections import deque
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.catalog import Catalog
from a2f_ws.model import Model
from a2f_ws.session.session import Session
from a2f_ws.session.setup import settle
from a2f_ws.wire import replies
from a2f_ws.wire.messages import AudioFormat
from a2f_ws.wire.requests import Audio, Open
from tests.core.desk import RIGS, Desk, poses, ramp
from tests.fakes import scripted_pipeline

SECOND = 16_000


def plain(pipeline, samples):
    """The rows that the same sound gives when every pose is computed."""
    desk = Desk(pipeline)
    desk.open(pacing="burst")
    desk.line(samples)
    return poses(desk.finish())


class Hand:
    """One session at the pace that it is told, worked on step by step.

    Attributes:
        rows: (u, i) → row, as said.
        computed: Pairs (u, i) that were.
    """

    def __init__(self, pipeline):
        audio = AudioFormat(format="f32le", rate=SECOND)
        request = Open(sid=1, rig="arkit", fps=60, audio=audio, pacing="burst")
        setup, emotion = settle(request, Catalog([Model("m", pipeline)], RIGS))
        self.session = Session(1, setup, emotion=emotion, credit_us=60_000_000)
        self.rows, self.computed = {}, set()
        self.heard, self.u = 0, 1
        self._waiting, self._running = deque(), deque()

    def hear(self, frames, speech):
        pcm = speech[self.heard : self.heard + frames].astype("<f4").tobytes()
        self.session.hear(Audio(sid=1, u=self.u, first=self.heard, pcm=pcm), now=0.0)
        self.heard += frames

    def pace(self, stride):
        self.session.pace(stride)

    def begin(self, count):
        self._waiting.extend(w for w, _ in self.session.offer(now=0.0, has_room=True))
        taken = [self._waiting.popleft() for _ in range(min(count, len(self._waiting)))]
        cuts = [(window, self.session.cut(window)) for window in taken]
        self._running.append([(window, cut) for window, cut in cuts if cut is not None])

    def complete(self):
        if not self._running:
            return
        batch = self._running.popleft()
        if not batch:
            return
        windows = [window for window, _ in batch]
        faces = self.session.setup.model.pipeline.run([cut for _, cut in batch])
        self.computed |= {
            (window.utterance.u, window.i)
            for window in windows
            if window.utterance is not None and not (window.is_dead or window.is_ease)
        }
        self.session.take_faces(windows, faces)
        for message in self.session.saying.take():
            if isinstance(message, replies.Poses):
                table = np.frombuffer(message.data, "<f4").reshape(message.n, -1)
                for k, row in enumerate(table):
                    assert (message.u, message.i + k) not in self.rows
                    self.rows[message.u, message.i + k] = row

    def next_line(self):
        self.session.interrupt(None)
        self.u, self.heard = self.u + 1, 0

    def finish(self):
        if self.heard:
            self.session.end(self.u, now=0.0)
        for _ in range(400):
            self.begin(8)
            self.complete()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("hear"), st.integers(1, 4_000)),
        st.tuples(st.just("pace"), st.integers(1, 12)),
        st.tuples(st.just("begin"), st.integers(1, 5)),
        st.tuples(st.just("complete")),
        st.tuples(st.just("next_line")),
    ),
    max_size=40,
)


@given(steps=STEPS)
def test_whatever_the_pace_every_pose_comes_once_and_in_order(embedded_like, steps):
    speech = (ramp(10 * SECOND) + 0.1).astype(np.float32)
    hand = Hand(embedded_like)
    for name, *arguments in steps:
        if name == "hear":
            hand.hear(*arguments, speech)
        else:
            getattr(hand, name)(*arguments)
    hand.finish()
    assert list(hand.rows) == sorted(hand.rows)
    for u in range(1, hand.u + 1):
        rows = [i for v, i in hand.rows if v == u]
        assert rows == list(range(len(rows)))
        marks = sorted(i for v, i in hand.computed if v == u)
        expected = plain(embedded_like, speech[: hand.heard] if u == hand.u else speech)
        for i in marks:
            assert hand.rows[u, i].tobytes() == expected[i].tobytes()
        for begin, stop in pairwise(marks):
            for i in range(begin + 1, stop):
                part = np.float32(i - begin) / np.float32(stop - begin)
                line = hand.rows[u, begin] + part * (hand.rows[u, stop] - hand.rows[u, begin])
                np.testing.assert_allclose(hand.rows[u, i], line, atol=2e-7)
    if hand.heard:
        speech_poses = -(-hand.heard * 60 // SECOND)
        assert [i for v, i in hand.rows if v == hand.u] == list(range(speech_poses + 15))


@pytest.fixture(scope="module")
def embedded_like(bundle):
    """A scripted pipeline; its faces have no memory, as smoothing is off in the bundle."""
    pipeline = scripted_pipeline(bundle)
    for name in ("lower_face_smoothing", "upper_face_smoothing"):
        pipeline.defaults[pipeline.params.column(name)] = 0.0
    return pipeline
