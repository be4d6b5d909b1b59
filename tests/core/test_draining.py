"""How sessions end when the server is told to stop: running utterances may finish."""

from a2f_ws.wire import replies
from tests.core.desk import Desk, codes, errors, finals, of, ramp


def closed(messages):
    return [(one.sid, one.code) for one in of(messages, replies.Closed)]


def test_a_session_without_an_utterance_is_closed_with_4503_at_once(scripted):
    desk = Desk(scripted)
    desk.open(1)
    desk.open(2)
    desk.sessions.draining.begin()
    assert closed(desk.read()) == [(1, 4503), (2, 4503)]
    assert desk.sessions.draining.is_over


def test_a_running_utterance_finishes_before_its_session_is_closed(scripted):
    desk = Desk(scripted)
    desk.open()
    desk.say(ramp(8_000))
    desk.work()
    desk.sessions.draining.begin()
    assert closed(desk.read()) == []
    desk.say(ramp(8_000), first=8_000)
    desk.end()
    desk.finish()
    desk.wait(0.1)
    desk.read()
    assert finals(desk.log) == [(1, "poses_done")]
    assert closed(desk.log) == [(1, 4503)]
    assert errors(desk.log) == []


def test_a_new_utterance_is_refused_once_and_ends_the_older_one(scripted):
    desk = Desk(scripted)
    desk.open()
    desk.say(ramp(8_000))
    desk.sessions.draining.begin()
    desk.say(ramp(320), u=2)
    desk.say(ramp(320), u=2, first=320)
    desk.finish()
    desk.wait(0.1)
    desk.read()
    assert errors(desk.log) == [(4503, "u")]
    assert codes(desk.log) == ["stale"]
    assert finals(desk.log) == [(1, "poses_done")]
    assert closed(desk.log) == [(1, 4503)]


def test_a_session_that_wants_to_open_is_refused_with_4503(scripted):
    desk = Desk(scripted)
    desk.sessions.draining.begin()
    desk.open(3)
    log = desk.read()
    assert errors(log) == [(4503, None)]
    assert closed(log) == [(3, 4503)]


def test_at_the_deadline_an_endless_utterance_is_interrupted_and_closed(scripted):
    desk = Desk(scripted)
    desk.open()
    desk.say(ramp(8_000))
    desk.work()
    desk.sessions.draining.begin()
    desk.wait(1.0)
    desk.sessions.draining.cut()
    log = desk.read()
    assert finals(log) == [(1, "interrupted")]
    assert closed(log) == [(1, 4503)]
    assert desk.sessions.draining.is_over


def test_without_a_stop_nothing_ends_by_itself(scripted):
    desk = Desk(scripted)
    desk.open()
    desk.sessions.draining.tick()
    desk.wait(1.0)
    assert closed(desk.read()) == []
    assert not desk.sessions.draining.is_over
