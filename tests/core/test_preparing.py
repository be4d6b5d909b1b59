"""Face parameters for which a pipeline has to be made ready first."""

from itertools import pairwise

import pytest
import soundfile

from a2f_ws.catalog import Catalog
from a2f_ws.model import Model
from a2f_ws.offline import animate
from a2f_ws.outbox import Outbox
from a2f_ws.output.speech import SpeechFile
from a2f_ws.timebase import PoseRate
from a2f_ws.wire import replies, requests
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
    return Desk(mesh_pipeline(bundle), prepare=later)


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


def gains(rows, *numbers):
    """The input strengths that poses of a ramp were computed with."""
    heights = [i * SECOND // 60 % 1_000 / 2_000 for i in numbers]
    return [round(float(rows[i][0]) / high, 3) for i, high in zip(numbers, heights, strict=True)]


def test_a_session_goes_on_with_what_was_prepared_until_the_new_is_ready(desk, later):
    desk.open(pacing="burst")
    desk.line(ramp(3 * SECOND))
    desk.hand.begin(desk.now)
    desk.set(params=STRONG)
    desk.hand.complete()
    desk.hand.begin(desk.now)
    desk.hand.complete()
    later.work()
    desk.finish()
    assert list(poses(desk.log)) == list(range(195))
    assert gains(poses(desk.log), 62, 64, 151) == [1.0, 1.0, 2.0]


def test_a_slider_that_is_dragged_never_stops_the_face(desk, later):
    desk.open()
    desk.work()
    desk.say(ramp(4 * SECOND) * 0.25)
    reached = []
    for step in range(20):
        desk.set(params={"input_strength": 2.0 + step / 16})
        desk.played(step * 100_000)
        if step % 5 == 4:
            later.work()
        desk.wait(0.1)
        desk.read()
        reached.append(len(poses(desk.log)))
    assert all(after > before for before, after in pairwise(reached))
    while later.asked:
        later.work()
    desk.played(2_500_000)
    desk.wait(0.1)
    desk.read()
    assert desk.hand._pipeline.prepared == [2.0 + step / 16 for step in (0, 4, 9, 14, 19)]
    assert gains(poses(desk.log), max(poses(desk.log))) == pytest.approx(
        [(2.0 + 19 / 16) / 4], abs=1e-3
    )


def test_parameters_that_need_no_preparation_act_while_others_wait(desk, later):
    desk.open(pacing="burst")
    desk.work()
    desk.set(params={**STRONG, "upper_face_strength": 0.0, "lower_face_strength": 0.0})
    desk.line(ramp(SECOND))
    desk.work()
    desk.read()
    assert len(later.asked) == 1
    assert list(poses(desk.log)) == list(range(75))
    assert not any(row[:10].any() for row in poses(desk.log).values())


def test_a_rest_row_follows_when_what_was_prepared_takes_its_place(desk, later):
    desk.open()
    desk.work()
    desk.set(params=STRONG)
    desk.wait(0.5)
    desk.read()
    before = len(rest_rows(desk.log))
    later.work()
    desk.wait(0.5)
    desk.read()
    assert len(rest_rows(desk.log)) == before + 1


def test_sessions_that_are_closed_before_their_turn_cost_nothing(desk, later):
    for step in range(40):
        desk.open(params={"input_strength": 2.0 + step / 32})
        desk.send(requests.Close(sid=1))
    desk.open(params={"input_strength": 3.75})
    later.work()
    later.work()
    assert desk.hand._pipeline.prepared == [2.0, 3.75]
    assert later.asked == []


def test_connections_take_turns_at_having_something_prepared(desk, later):
    other = desk.sit(Outbox())
    for sid in range(1, 6):
        desk.open(sid, params={"input_strength": 2.0 + sid / 8})
    mine, desk.sessions = desk.sessions, other
    desk.open(1, params={"input_strength": 3.5})
    desk.open(2, params={"input_strength": 3.75})
    desk.sessions = mine
    while later.asked:
        later.work()
    assert desk.hand._pipeline.prepared == [2.125, 2.25, 3.5, 2.375, 3.75, 2.5, 2.625]


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
    soundfile.write(tmp_path / "line.wav", ramp(SECOND), SECOND)
    with SpeechFile(tmp_path / "line.wav") as speech:
        take = animate(speech, Catalog([Model("m", pipeline)], RIGS), rate=PoseRate.of(60))
    assert len(take.rows) == 75
    assert pipeline.prepared == [1.0]
