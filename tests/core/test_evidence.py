"""Nobody is refused, or let in, because of what seems to be for a moment."""

import numpy as np
import pytest

from a2f_ws.wire import replies
from tests.core.desk import Desk, of

SOUND = np.zeros(50 * 16_000, np.float32)
EACH_S = 0.8 / (5 * 15)


@pytest.fixture
def desk(scripted):
    """A server of which one worker holds five sessions that speak, at their least rates."""
    scripted.backend.cost_s = EACH_S
    return Desk(scripted)


def speak(desk, *sids):
    for sid in sids:
        desk.line(SOUND, sid=sid)


def opened(desk, *sids):
    """Those of the sessions that were let in."""
    desk.read()
    for sid in sids:
        desk.open(sid=sid)
    return [message.sid for message in of(desk.read(), replies.Opened)]


def dear(desk, each_s):
    """Let a window cost so much, seconds, in batches of any size."""
    for size in (1, 2, 4, 8, 16, 32, 64):
        for _ in range(50):
            desk.hand.scheduler.measured(size, size * each_s)
    assert desk.hand.scheduler.cost_s == pytest.approx(each_s)


def test_windows_that_are_dear_for_a_second_refuse_nobody(desk):
    dear(desk, EACH_S)
    desk.open(sid=1)
    speak(desk, 1)
    desk.wait(4.0)
    dear(desk, 10 * EACH_S)
    desk.wait(1.0)
    assert opened(desk, 2) == [2]


def test_windows_that_are_cheap_for_a_second_let_nobody_in(desk):
    dear(desk, EACH_S)
    for sid in range(1, 6):
        desk.open(sid=sid)
        speak(desk, sid)
    desk.wait(4.0)
    dear(desk, EACH_S / 10)
    desk.wait(1.0)
    assert opened(desk, 6) == []
    desk.wait(3.0)
    assert opened(desk, 6) == [6]


@pytest.mark.parametrize(("busy", "count"), [(0.3, 20), (0.9, 0)])
def test_an_idle_machine_lets_all_in_whatever_a_window_is_thought_to_cost(desk, busy, count):
    desk.hand.busy = busy
    for sid in range(1, 6):
        desk.open(sid=sid)
        speak(desk, sid)
    desk.hand.governor.slowed = lambda now: 0
    desk.wait(2.0)
    for sid in range(10, 30):
        desk.open(sid=sid)
        desk.wait(1.2)
    assert len([m for m in of(desk.read(), replies.Opened) if m.sid >= 10]) == count


def test_of_many_that_speak_as_they_open_so_many_are_let_in_as_there_is_room_for(desk):
    desk.hand.busy = 0.0
    desk.wait(5.0)
    for sid in range(1, 17):
        desk.open(sid=sid)
        speak(desk, sid)
        desk.now += 0.01
    assert [m.sid for m in of(desk.read(), replies.Opened)] == [1, 2, 3, 4, 5]


def test_sixty_that_stay_silent_are_let_in_at_once_beside_four_that_speak(scripted):
    scripted.backend.cost_s = 0.8 / (21 * 15)
    desk = Desk(scripted, sessions_per_connection=99)
    for sid in range(1, 5):
        desk.open(sid=sid)
        speak(desk, sid)
    desk.wait(3.0)
    assert len(opened(desk, *range(10, 70))) == 60
