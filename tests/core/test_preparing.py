"""Face parameters for which a pipeline has to be made ready first."""

import pytest
import soundfile

from a2f_ws.catalog import Catalog, Model
from a2f_ws.offline import animate
from a2f_ws.output.speech import SpeechFile
from a2f_ws.sessions import Sessions
from a2f_ws.timebase import PoseRate
from a2f_ws.wire import replies
from tests.core.desk import RIGS, Desk, finals, of, poses, ramp, rest_rows
from tests.fakes import mesh_pipeline

SECOND = 16_000
STRONG = {"input_strength": 2.0}


class Later:
    """Prepares when it is told to; what was asked for waits in `asked`."""

    def __init__(self):
        self.asked = []

    def __call__(self, pipeline, params, *, done):
        self.asked.append((pipeline, params, done))

    def work(self):
        pipeline, params, done = self.asked.pop(0)
        try:
            pipeline.prepare(params)
        except Exception as error:
            done(error)
        else:
            done(None)


@pytest.fixture
def later():
    return Later()


@pytest.fixture
def desk(bundle, later):
    """A client of a server that prepares later, when it is told to."""
    desk = Desk(mesh_pipeline(bundle))
    old = desk.sessions
    desk.sessions = Sessions(
        desk.outbox,
        catalog=old._catalog,
        workers=desk.hands,
        settings=old._settings,
        now=lambda: desk.now,
        prepare=later,
    )
    return desk


def test_nothing_is_computed_before_the_pipeline_is_prepared(desk, later):
    desk.open(params=STRONG)
    desk.line(ramp(SECOND))
    desk.wait(0.5)
    desk.read()
    assert (rest_rows(desk.log), poses(desk.log)) == ([], {})
    assert len(of(desk.log, replies.Opened)) == 1
    assert len(later.asked) == 1
    later.work()
    desk.finish()
    assert len(rest_rows(desk.log)) == 1
    assert list(poses(desk.log)) == list(range(75))


def test_what_waits_when_parameters_change_is_computed_with_the_new_ones(desk, later):
    desk.open(pacing="burst")
    desk.line(ramp(2 * SECOND))
    desk.hand.begin(desk.now)
    desk.set(params=STRONG)
    desk.hand.complete()
    desk.work()
    desk.read()
    computed = list(poses(desk.log))
    assert computed == list(range(63))
    later.work()
    desk.finish()
    rows = poses(desk.log)
    assert list(rows) == list(range(135))
    assert [rows[i][0] for i in (62, 63)] == [
        pytest.approx(gain * (i * SECOND // 60 % 1_000) / 2_000, abs=1e-6)
        for i, gain in ((62, 1), (63, 2))
    ]


def test_parameters_that_change_while_others_are_prepared_are_prepared_next(desk, later):
    desk.open(params=STRONG)
    desk.set(params={"input_strength": 1.0})
    desk.work()
    desk.read()
    assert len(rest_rows(desk.log)) == 1
    later.work()
    assert later.asked == []


def test_parameters_that_cannot_be_put_to_use_end_the_session_with_a_sentence(desk, later):
    desk.hand._pipeline.fault = ValueError("the mask is empty")
    desk.open(params=STRONG)
    desk.line(ramp(SECOND))
    later.work()
    desk.read()
    (error,) = of(desk.log, replies.Error)
    assert error.code == 4500
    assert "the mask is empty" in error.message
    assert finals(desk.log) == [(1, "interrupted")]
    assert [m.code for m in of(desk.log, replies.Closed)] == [4500]


def test_a_session_that_is_gone_before_it_was_prepared_is_left_alone(desk, later):
    desk.open(params=STRONG)
    desk.sessions.leave()
    desk.read()
    later.work()
    assert desk.read() == []


def test_a_file_is_prepared_for_before_it_is_read(bundle, tmp_path):
    pipeline = mesh_pipeline(bundle)
    pipeline.is_prepared = lambda params: bool(pipeline.prepared)
    soundfile.write(tmp_path / "line.wav", ramp(SECOND), SECOND)
    with SpeechFile(tmp_path / "line.wav") as speech:
        take = animate(speech, Catalog([Model("m", pipeline)], RIGS), rate=PoseRate.of(60))
    assert len(take.rows) == 75
    assert pipeline.prepared == [1.0]
