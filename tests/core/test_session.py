"""A session's greeting, its settings while it lives, its end."""

import numpy as np
import pytest

from a2f_ws.wire import replies, requests
from a2f_ws.wire.messages import CurveSet
from tests.core.desk import Desk, errors, finals, of, poses, ramp, rest_rows, states
from tests.fakes import scripted_pipeline

SECOND = 16_000


def kinds(messages):
    return [type(message).__name__ for message in messages]


def curve(desk, name):
    """Place of a curve in the rows of the session opened first."""
    return of(desk.log, replies.Opened)[0].curves.index(name)


def test_opened_comes_first_and_a_rest_row_follows(desk, bundle):
    desk.open(id=9, rate=44_100)
    desk.work()
    opened, rest = desk.read()
    assert (opened.re, opened.sid, opened.model, opened.rig) == (9, 1, "embedded", "arkit")
    assert (opened.fps, opened.row, len(opened.curves)) == (60, 68, 68)
    assert (opened.layout, rest.layout) == (1, 1)
    model_us = (bundle.buffer_len - bundle.buffer_ofs) * 1_000_000 // SECOND
    assert model_us < opened.look_ahead_us < model_us + 5_000
    model_us = bundle.buffer_ofs * 1_000_000 // SECOND
    assert model_us < opened.look_back_us < model_us + 5_000
    assert len(rest.data) == 4 * 68


def test_the_rest_row_comes_once(burst):
    burst.wait(2.0)
    assert burst.read() == []


def test_curves_are_trimmed_in_poses_and_rest(burst):
    burst.line(ramp(SECOND // 10) + 0.2)
    burst.set(curves={"eyeBlinkLeft": CurveSet(offset=0.5)})
    burst.finish()
    burst.wait(0.2)
    burst.read()
    assert poses(burst.log)[0][0] == np.float32(0.2) + np.float32(0.5)
    assert [row[0] for row in rest_rows(burst.log)] == [0.0, 0.5]


def test_parts_of_a_curve_that_are_not_named_stay_as_they_are(burst):
    burst.set(curves={"eyeBlinkLeft": CurveSet(offset=0.5)})
    burst.set(curves={"eyeBlinkLeft": CurveSet(max=0.25)})
    burst.wait(0.2)
    burst.read()
    assert [row[0] for row in rest_rows(burst.log)][-1] == 0.25


def test_rest_rows_come_at_most_ten_times_a_second_however_often_curves_change(burst):
    for k in range(100):
        burst.set(curves={"eyeBlinkLeft": CurveSet(offset=k / 100)})
        burst.now += 0.01
        burst.work()
    rows = rest_rows(burst.read())
    assert 9 <= len(rows) <= 11
    burst.wait(0.2)
    assert rest_rows(burst.read())[-1][0] == np.float32(0.99)


def test_a_set_that_changes_nothing_sends_no_rest_row(burst):
    burst.set(curves={}, params={}, visible=True, id=4)
    burst.wait(0.2)
    assert burst.read() == [replies.Ok(re=4)]


def test_swapped_groups_change_sides(desk):
    desk.open(pacing="burst")
    desk.set(swap=("eyes",))
    desk.line(ramp(SECOND // 10))
    rows = poses(desk.finish())
    assert rows[1][curve(desk, "eyeBlinkRight")] == ramp(1, start=266)[0]


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"params": {"lower_face_strength": 9.0}}, 4422, "params.lower_face_strength"),
        ({"params": {"no_such": 1.0}}, 4422, "params.no_such"),
        ({"curves": {"noSuch": CurveSet(gain=1.0)}}, 4422, "curves.noSuch"),
        ({"curves": {"jawOpen": CurveSet(min=0.9, max=0.1)}}, 4422, "curves.jawOpen"),
        ({"swap": ("ears",)}, 4422, "swap.0"),
        ({"rig": "nowhere"}, 4404, "rig"),
        ({"model": "nobody"}, 4404, "model"),
        ({"have": ("Jowl",)}, 4422, "have"),
    ],
)
def test_a_set_that_is_refused_changes_nothing(burst, fields, code, field):
    good = {"params": {"input_strength": 0.0}, "curves": {"eyeBlinkLeft": CurveSet(offset=0.5)}}
    both = {name: {**good.get(name, {}), **value} if isinstance(value, dict) else value
            for name, value in fields.items()}  # fmt: skip
    burst.set(**{**good, **both, "visible": False})
    assert errors(burst.read()) == [(code, field)]
    burst.line(ramp(SECOND // 10) + 0.1)
    assert poses(burst.finish())[0][0] == np.float32(0.1)


def test_another_pose_rate_gives_a_fresh_opened_and_rest_row(burst):
    burst.set(fps=30, id=5)
    burst.work()
    opened, rest = burst.read()
    assert (opened.re, opened.layout, opened.fps) == (5, 2, 30)
    assert rest.layout == 2
    burst.line(ramp(SECOND))
    assert len(poses(burst.finish(), layout=2)) == 30 + 8


def test_rig_model_and_rate_cannot_change_while_an_utterance_is_alive(burst):
    burst.say(ramp(SECOND))
    burst.work()
    burst.set(fps=30)
    assert errors(burst.read()) == [(4409, None)]
    burst.end()
    assert len(poses(burst.finish())) == 75
    burst.set(fps=30)
    assert of(burst.read(), replies.Opened)[0].fps == 30


def test_another_model_goes_on_with_its_own_worker(scripted, bundle):
    desk = Desk(scripted, scripted_pipeline(bundle))
    desk.open(params={"input_strength": 0.0}, emotion={"joy": 1.0})
    for model in ("second", "embedded") * 40:
        desk.set(model=model)
    desk.set(model="second")
    desk.work()
    desk.read()
    assert desk.sessions._voices[1].session.offering.queued == 0
    desk.line(ramp(SECOND // 10) + 0.1)
    rows = poses(desk.finish())
    assert rows[0][0] == np.float32(0.1)
    assert rows[0][6] == np.float32(0.1) + np.float32(6 / 2000)
    assert desk.hands["second"].scheduler.waiting == 0


def test_close_interrupts_everything_and_frees_the_number(burst):
    burst.say(ramp(SECOND), u=1)
    burst.say(ramp(SECOND), u=2)
    burst.hand.begin(burst.now)
    burst.send(requests.Close(sid=1, id=8))
    burst.hand.complete()
    messages = burst.read()
    assert finals(messages) == [(1, "interrupted"), (2, "interrupted")]
    assert of(messages, replies.Poses) == []
    assert (messages[-1].re, messages[-1].code) == (8, 1000)
    burst.open(pacing="burst")
    burst.line(ramp(SECOND))
    assert len(poses(burst.finish(), layout=2)) == 75


def test_a_number_can_be_opened_again_while_old_windows_are_computed(burst):
    burst.say(ramp(SECOND))
    burst.hand.begin(burst.now)
    burst.send(requests.Close(sid=1))
    burst.open(pacing="burst")
    burst.line(ramp(SECOND))
    burst.hand.complete()
    assert len(poses(burst.finish(), layout=2)) == 75
    burst.line(ramp(SECOND), u=2)
    assert len(poses(burst.finish(), layout=2, u=2)) == 75
    assert errors(burst.log) == []


def test_a_session_that_the_server_gives_up_says_so_once(burst):
    burst.say(ramp(SECOND))
    voice = burst.sessions._voices[1]
    for _ in range(3):
        voice.fail("broken")
    messages = burst.read()
    assert kinds(messages) == ["Utterance", "Error", "Utterance", "Closed"]
    assert errors(messages) == [(4500, None)]
    assert finals(messages) == [(1, "interrupted")]
    assert (messages[-1].code, messages[-1].reason) == (4500, "broken")


def test_a_client_that_is_gone_leaves_no_work_behind(burst):
    burst.say(ramp(30 * SECOND))
    burst.hand.begin(burst.now)
    burst.sessions.leave()
    burst.hand.complete()
    assert burst.hand.scheduler.waiting == 0
    burst.wait(1.0)
    assert states(burst.read()) == [(1, "started"), (1, "interrupted")]
