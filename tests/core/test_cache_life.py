"""Known lines among others: order, interrupts, pace, emotions, slow readers."""

import numpy as np
import pytest

from a2f_ws.wire import replies, requests
from tests.core.desk import Desk, Guest, finals, of, poses
from tests.core.repeated import LINE, OTHER, RATE, answer, begin, windows
from tests.fakes import mesh_pipeline


def test_a_known_line_waits_for_those_before_it(session):
    session.say(OTHER, u=2)
    begin(session, LINE, u=3)
    log = session.finish()
    order = [one.u for one in of(log, replies.Poses)]
    assert order == sorted(order)
    assert finals(log)[-2:] == [(2, "poses_done"), (3, "poses_done")]


def test_an_interrupted_known_line_sends_nothing_more(desk):
    desk.open(cache=True)
    desk.work()
    desk.line(np.tile(LINE, 6))
    desk.finish()
    begin(desk, np.tile(LINE, 6), u=2)
    desk.read()
    desk.interrupt(u=2)
    desk.wait(2.0)
    log = desk.read()
    assert [one.state for one in of(log, replies.Utterance, u=2)][-1] == "interrupted"
    assert not of(log, replies.Poses, u=2)


def test_a_known_live_line_comes_no_further_ahead_than_one_that_is_computed(desk):
    desk.open(cache=True, ahead_us=500_000)
    desk.work()
    desk.line(np.tile(LINE, 4))
    desk.finish()
    desk.wait(1.0)
    begin(desk, np.tile(LINE, 4), u=2)
    assert len(poses(desk.read(), u=2)) <= 32
    desk.wait(1.0)
    desk.read()
    assert 60 < len(poses(desk.log, u=2)) <= 92


def test_a_line_that_comes_back_after_a_lost_connection_goes_on(desk):
    desk.open(cache=True)
    desk.work()
    token = of(desk.read(), replies.Opened)[0].resume
    desk.line(np.tile(LINE, 3))
    desk.finish()
    begin(desk, np.tile(LINE, 3), u=2)
    guest = Guest(desk)
    guest.send(requests.Open(sid=1, rig="arkit", fps=60, audio=_audio(), resume=token))
    for _ in range(100):
        desk.wait(0.05)
        guest.read()
    assert finals(guest.log)[-1] == (2, "poses_done")
    assert max(poses(guest.log, u=2)) == 3 * 60 + 15 - 1


@pytest.fixture
def slow(scripted):
    """A client of a server that computes one pose in some of a live session."""
    scripted.backend.cost_s = 0.06
    return Desk(scripted)


def test_a_line_with_poses_between_computed_ones_is_not_kept(slow):
    slow.open(cache=True)
    slow.line(LINE)
    slow.finish()
    assert len(poses(slow.log)) == 75
    assert windows(slow) < 40
    assert len(slow.hall.cache) == 0


def test_a_known_line_is_whole_where_others_are_interpolated(slow):
    slow.open(cache=True, pacing="burst")
    slow.line(LINE)
    slow.open(sid=2, cache=True)
    slow.finish()
    begin(slow, LINE, sid=2, u=1)
    log = slow.finish()
    mine, others = poses(log, sid=2), poses(log, sid=1)
    assert len(mine) == len(others) == 75
    assert all(np.array_equal(row, others[i]) for i, row in mine.items())


def test_a_known_line_stays_whole_when_the_rate_falls_meanwhile(desk):
    long = np.tile(LINE, 4)
    desk.open(cache=True)
    desk.work()
    desk.line(long)
    desk.finish()
    desk.wait(1.0)
    begin(desk, long, u=2)
    while finals(desk.log)[-1] != (2, "poses_done"):
        desk.sessions.spoken[0].pace(7)
        desk.wait(0.05)
        desk.read()
    mine = poses(desk.log, u=2)
    assert len(mine) == 4 * 60 + 15
    assert all(np.array_equal(row, poses(desk.log, u=1)[i]) for i, row in mine.items())


def test_a_line_whose_filters_began_anew_is_not_kept(desk):
    desk.open(cache=True)
    desk.work()
    desk.say(LINE[:8_000])
    desk.work()
    (utterance,) = desk.sessions.spoken[0]._hearing.alive
    utterance.take_back(utterance.shown)
    desk.say(LINE[8_000:], first=8_000)
    desk.end()
    desk.finish()
    assert len(poses(desk.log)) == 75
    assert len(desk.hall.cache) == 0


def test_an_emotion_that_comes_during_a_known_line_is_in_force_behind_it(desk):
    long = np.tile(LINE, 4)
    desk.open(cache=True)
    desk.work()
    desk.line(long)
    desk.line(OTHER, u=2)
    desk.finish()
    desk.wait(1.0)
    begin(desk, long, u=3)
    desk.emotion(joy=1.0)
    desk.line(OTHER, u=4)
    log = desk.finish()
    assert all(np.array_equal(row, poses(log, u=1)[i]) for i, row in poses(log, u=3).items())
    assert not np.array_equal(poses(log, u=4)[30], poses(log, u=2)[30])


def test_a_line_behind_an_emotion_that_still_moves_is_computed(session):
    session.say(OTHER, u=2)
    session.emotion(u=2, t_us=900_000, transition_us=500_000, joy=1.0)
    begin(session, LINE, u=3)
    assert answer(session.read(), 3) is False


def test_a_line_behind_another_with_the_same_emotion_is_known(session):
    session.say(OTHER, u=2)
    begin(session, LINE, u=3)
    assert answer(session.read(), 3) is True


def test_the_next_line_goes_on_from_the_emotion_in_force_after_a_known_one(desk):
    desk.open(cache=True, emotion={"joy": 0.5}, pacing="burst")
    desk.work()
    desk.line(LINE)
    desk.finish()
    begin(desk, LINE, u=2)
    desk.line(LINE, u=3)
    log = desk.finish()
    assert all(np.array_equal(row, poses(log, u=1)[i]) for i, row in poses(log, u=3).items())


def test_while_the_voice_decides_about_the_emotion_nothing_is_kept(scripted, recognizer):
    desk = Desk(scripted, recognizer=recognizer)
    desk.open(cache=True, pacing="burst")
    desk.work()
    desk.line(LINE)
    desk.finish()
    assert len(desk.hall.cache) == 0
    desk.set(params={"emotion_recognition": 0})
    desk.line(LINE, u=2)
    desk.finish()
    assert len(desk.hall.cache) == 1
    begin(desk, LINE, u=3)
    assert answer(desk.finish(), 3) is True
    desk.set(params={"emotion_recognition": 1})
    begin(desk, LINE, u=4)
    assert answer(desk.read(), 4) is False


def test_a_line_begun_while_parameters_were_still_being_prepared_is_not_kept(bundle):
    asked = []
    desk = Desk(mesh_pipeline(bundle), prepare=lambda *job, done: asked.append((*job, done)))

    def prepare():
        pipeline, params, done = asked.pop(0)
        pipeline.prepare(params)
        done(None)

    desk.open(cache=True, pacing="burst", params={"input_strength": 2.0})
    prepare()
    desk.work()
    desk.set(params={"input_strength": 2.5})
    desk.say(LINE)
    desk.work()
    prepare()
    desk.end()
    desk.finish()
    assert len(poses(desk.log)) == 75
    assert len(desk.hall.cache) == 0


def test_a_long_known_line_never_floods_a_reader_that_waits(desk):
    desk.open(cache=True, pacing="burst", fps=240)
    desk.work()
    desk.line(np.tile(LINE, 30))
    while not finals(desk.log):
        desk.wait(0.05)
        desk.read()
    begin(desk, np.tile(LINE, 30), u=2)
    desk.wait(1.0)
    assert desk.outbox.size_bytes < 1.2 * desk.settings.outbox_bytes
    log = desk.finish()
    assert len(poses(log, u=2)) == len(poses(log, u=1)) == 30 * 240 + 60


def _audio():
    return requests.AudioFormat(format="f32le", rate=RATE)
