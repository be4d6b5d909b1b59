"""When a session is walked through: when something may have changed, and not otherwise."""

import pytest

from a2f_ws.wire import replies
from tests.core.desk import Desk, of, ramp


@pytest.fixture
def desk(scripted):
    return Desk(scripted)


def walked_at(desk, sid=1):
    """When a session was walked through last."""
    return desk.sessions._voices[sid].served_at


def test_sessions_that_say_nothing_are_left_alone_once_their_rest_row_is_there(desk):
    for sid in range(1, 6):
        desk.open(sid=sid)
    desk.work()
    desk.wait(0.5)
    then = [walked_at(desk, sid) for sid in range(1, 6)]
    assert not desk.sessions.is_awake
    desk.wait(5.0)
    assert [walked_at(desk, sid) for sid in range(1, 6)] == then
    assert len(of(desk.read(), replies.Rest)) == 5


def test_a_session_that_speaks_again_is_awake_until_its_line_is_over(desk):
    desk.open()
    desk.work()
    desk.wait(1.0)
    desk.line(ramp(8_000))
    assert desk.sessions.is_awake
    desk.finish()
    desk.wait(0.5)
    assert not desk.sessions.is_awake


def test_who_wants_to_know_the_load_hears_of_it_while_nothing_is_said(desk):
    desk.open(want=("status",))
    desk.work()
    desk.wait(5.5)
    loads = of(desk.read(), replies.Status, code="load")
    assert len(loads) == 5


def test_a_session_that_wakes_late_hears_of_the_load_once_a_second_and_no_faster(desk):
    desk.open()
    desk.wait(30.0)
    desk.open(sid=2, want=("status",))
    desk.wait(3.0)
    assert len(of(desk.read(), replies.Status, code="load")) <= 4


def test_sound_that_comes_makes_time_that_passes_needless(desk):
    desk.open()
    desk.work()
    desk.say(ramp(3_200))
    desk.now += 0.01
    then = walked_at(desk)
    desk.sessions.tick()
    assert walked_at(desk) == then
    desk.now += 0.04
    desk.sessions.tick()
    assert walked_at(desk) == desk.now


def test_faces_that_nothing_waited_for_are_handed_on_and_no_more(desk):
    desk.open()
    desk.work()
    desk.say(ramp(8_000))
    then = walked_at(desk)
    desk.now += 0.01
    desk.work()
    assert walked_at(desk) == then
    assert of(desk.read(), replies.Poses)


def test_faces_that_make_room_for_more_let_the_session_go_on_at_once(desk):
    desk.open()
    desk.work()
    desk.line(ramp(32_000))
    desk.now += 0.01
    desk.work()
    assert walked_at(desk) == desk.now
    # More than the 64 windows that may be queued at a time, without a tick between them.
    assert sum(message.n for message in of(desk.read(), replies.Poses)) > 64
