"""The rounds in which a batch's blocks are computed."""

import numpy as np
import pytest

from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.names import EMOTIONS
from a2f_ws.pipeline import Pipeline
from a2f_ws.shaping.blocks import RESTS_MAX
from a2f_ws.shaping.cut import Cut, work_of
from a2f_ws.shaping.stream import Block, Carried, Stream
from tests.data.block_bundles import write_gru

NONE = np.zeros(len(EMOTIONS), np.float32)


class Counter:
    """A network whose state counts its blocks; a result is that number and the loudest sample.

    Attributes:
        calls: Loudest samples of each call's rows.
        most: Rows of a call that fails; None = none does.
    """

    name, max_batch, cost_s = "counter", 3, 0.0
    initial = (np.zeros(1, np.float32),)

    def __init__(self, bundle):
        self.calls, self.fails_on = [], None
        self._shape = (bundle.blocks.rate.frames, bundle.columns.width)

    def run(self, windows, emotions, *, states):
        loudest = windows.max(axis=1)
        self.calls.append(loudest.tolist())
        if self.fails_on in loudest:
            raise ModelError("no")
        results = np.zeros((len(windows), *self._shape), np.float32)
        results[:, :, 0], results[:, :, 1] = loudest[:, None], [state[0] for state in states]
        if -1.0 in windows.min(axis=1):
            results[:] = np.nan
        return results, [(state[0] + 1,) for state in states]

    def close(self):
        pass


@pytest.fixture
def bundle(tmp_path):
    return load_bundle(write_gru(tmp_path / "gru"))


@pytest.fixture
def counter(bundle):
    return Counter(bundle)


@pytest.fixture
def pipeline(bundle, counter):
    made = Pipeline(bundle, counter)
    counter.calls.clear()
    return made


@pytest.fixture
def cut(pipeline):
    """Makes a cut of an utterance's next blocks, each with a loudest sample."""

    def make(carried, state, *, blocks=(), frame=0, share=0.0):
        heard = []
        for k, loudest in blocks:
            samples = np.zeros(pipeline.bundle.buffer_len, np.float32)
            samples[0] = loudest
            heard.append(Block(k, samples, np.zeros((4, len(EMOTIONS)), np.float32)))
        stream = Stream(carried, heard, frame, share)
        return Cut(None, NONE, pipeline.defaults, state, 1 / 60, stream=stream)

    return make


def test_utterances_share_calls_and_the_blocks_of_each_are_in_order(pipeline, counter, cut):
    lines = [(Carried(), pipeline.new_state()) for _ in range(2)]
    cuts = [
        cut(*lines[0], blocks=[(1, 0.25), (2, 0.5)], frame=0),
        cut(*lines[1], blocks=[(1, 0.75)], frame=0),
        cut(*lines[0], blocks=[], frame=1),
        cut(*lines[0], blocks=[(3, 1.0)], frame=6),
    ]
    assert [work_of(one) for one in cuts] == [2, 1, 0, 1]
    pipeline.run(cuts)
    assert counter.calls == [[0.25, 0.75], [0.5], [1.0]]
    assert [(one.states[0].tolist(), one.next) for one, _ in lines] == [([3.0], 4), ([1.0], 2)]


def test_a_call_has_no_more_rows_than_the_backend_takes(pipeline, counter, cut):
    lines = [(Carried(), pipeline.new_state()) for _ in range(7)]
    pipeline.run([cut(*line, blocks=[(1, 0.5)], frame=0) for line in lines])
    assert [len(call) for call in counter.calls] == [3, 3, 1]


def test_a_pose_between_two_frames_is_on_the_line_between_them(pipeline, cut):
    line = (Carried(), pipeline.new_state())
    faces = pipeline.run([cut(*line, blocks=[(1, 0.2), (2, 0.6)], frame=3, share=0.25)])
    assert faces[0, 0] == pytest.approx(0.2 + 0.25 * (0.6 - 0.2), abs=1e-6)


def test_a_batch_that_failed_and_is_tried_in_parts_moves_no_state_twice(pipeline, counter, cut):
    lines = [(Carried(), pipeline.new_state()) for _ in range(2)]
    cuts = [
        cut(*lines[0], blocks=[(1, 0.25), (2, 0.3)], frame=4),
        cut(*lines[1], blocks=[(1, 0.75), (2, 0.9)], frame=4),
    ]
    counter.fails_on = np.float32(0.9)
    with pytest.raises(ModelError, match="no"):
        pipeline.run(cuts)
    faces = pipeline.run(cuts[:1])
    assert lines[0][0].states[0].tolist() == [2.0]
    assert faces[0, 0] == pytest.approx(0.3)
    with pytest.raises(ModelError, match="no"):
        pipeline.run(cuts[1:])
    assert lines[1][0].next == 2


def test_results_that_are_not_finite_fail_the_batch_and_move_nothing(pipeline, cut):
    line = (Carried(), pipeline.new_state())
    with pytest.raises(ModelError, match="not finite"):
        pipeline.run([cut(*line, blocks=[(1, -1.0)], frame=0)])
    assert line[0].next is None


def test_a_block_that_is_left_out_is_our_mistake(pipeline, cut):
    line = (Carried(), pipeline.new_state())
    pipeline.run([cut(*line, blocks=[(1, 0.5)], frame=0)])
    with pytest.raises(MisuseError, match="block 3: wanted block 2"):
        pipeline.run([cut(*line, blocks=[(3, 0.5)], frame=8)])
    with pytest.raises(MisuseError, match="frame 4: it was forgotten, or is not computed yet"):
        pipeline.run([cut(*line, frame=4)])


def test_results_that_no_later_face_needs_are_let_go(pipeline, cut):
    line = (Carried(), pipeline.new_state())
    pipeline.run([cut(*line, blocks=[(k, 0.5) for k in range(1, 9)], frame=30)])
    assert (line[0].frame, len(line[0].rows)) == (30, 2)


@pytest.fixture
def rest(pipeline):
    """Makes a cut of silence with so much joy."""

    def make(joy):
        emotion = NONE.copy()
        emotion[EMOTIONS.index("joy")] = joy
        return Cut(None, emotion, pipeline.defaults, pipeline.new_state(), 1 / 60)

    return make


def test_the_rest_of_an_emotion_is_computed_once(pipeline, counter, rest):
    first = pipeline.run([rest(1.0), rest(0.0), rest(1.0)])
    calls = len(counter.calls)
    assert calls > 0
    again = pipeline.run([rest(1.0), rest(0.0), rest(1.0)])
    assert len(counter.calls) == calls
    assert again.tobytes() == first.tobytes()


def test_a_rest_that_has_to_be_computed_counts_as_its_inferences_and_another_as_nothing(
    pipeline, counter, rest
):
    cuts = [rest(0.5), rest(0.5)]
    pipeline.run(cuts)
    assert [work_of(one) for one in cuts] == [0, len(counter.calls)]
    assert len(counter.calls) > 1
    again = [rest(0.5)]
    pipeline.run(again)
    assert work_of(again[0]) == 0


def test_the_rest_that_is_wanted_all_the_time_is_kept_however_many_others_come(
    pipeline, counter, rest
):
    pipeline.run([rest(1.0)])
    for k in range(2 * RESTS_MAX):
        pipeline.run([rest((k + 1) / 1000)])
        counter.calls.clear()
        pipeline.run([rest(1.0)])
        assert counter.calls == []
    pipeline.run([rest(1 / 1000)])
    assert counter.calls
