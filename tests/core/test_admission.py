"""Which sessions are let in, and when the others may ask again."""

import numpy as np
import pytest

from a2f_ws.batching.member import LATELY_S, NEW_S, SPEAKS_S
from a2f_ws.hall.admission import RETRY_NEW_S
from a2f_ws.hall.waits import RETRY_LEAST_S, RETRY_MOST_S
from a2f_ws.wire import replies, requests
from tests.core.desk import Desk, Guest, errors, of, poses, ramp
from tests.fakes import scripted_pipeline

SECOND = 16_000
SOUND = np.zeros(50 * SECOND, np.float32)


@pytest.fixture
def desk(scripted):
    """A server of which one worker holds five sessions that speak, at their least rates."""
    scripted.backend.cost_s = 0.8 / (5 * 15)
    return Desk(scripted)


def speak(desk, *sids):
    for sid in sids:
        desk.line(SOUND, sid=sid)


def opened(desk, *sids, **fields):
    """Those of the sessions that were let in."""
    desk.read()
    for sid in sids:
        desk.open(sid=sid, **fields)
    return [message.sid for message in of(desk.read(), replies.Opened)]


def refusals(messages):
    """(sid, retry_s) of every refusal; what `closed` says is the same."""
    told = [(m.sid, m.code, m.retry_s) for m in of(messages, replies.Error) if m.code != 4404]
    assert told == [(m.sid, m.code, m.retry_s) for m in of(messages, replies.Closed)]
    assert {code for _, code, _ in told} <= {4429}
    return [(sid, retry_s) for sid, _, retry_s in told]


def test_beside_those_that_speak_as_many_are_let_in_as_the_worker_holds(desk):
    for sid in range(1, 8):
        desk.open(sid=sid)
        speak(desk, sid)
        desk.wait(0.2)
    assert refusals(desk.read()) == [(6, RETRY_LEAST_S), (7, RETRY_LEAST_S)]


def test_the_refusal_says_what_is_full_and_when_to_ask_again(desk):
    for sid in range(1, 6):
        desk.open(sid=sid)
        speak(desk, sid)
    desk.wait(0.1)
    desk.read()
    desk.open(sid=6, id=9)
    error, closed = desk.read()
    assert (error.re, error.retry_s, closed.retry_s) == (9, RETRY_LEAST_S, RETRY_LEAST_S)
    assert error.message.startswith("model 'embedded' has no room for another session that speaks")
    assert error.message.endswith("retry in 1 s")
    assert desk.hall.admission.refused == {"embedded": 1}


def test_the_longer_a_machine_is_full_the_later_one_is_told_to_ask_again(desk):
    for sid in range(1, 6):
        desk.open(sid=sid)
        speak(desk, sid)
    desk.wait(0.1)
    told = []
    for _ in range(6):
        desk.read()
        desk.open(sid=6)
        ((_, retry_s),) = refusals(desk.read())
        told.append(retry_s)
        desk.wait(retry_s)
    assert told[:2] == [1, 1]
    assert sorted(told) == told
    assert RETRY_MOST_S / 3 < told[-1] <= RETRY_MOST_S * 1.5
    desk.interrupt(sid=1)
    desk.send(requests.Close(sid=1))
    assert opened(desk, 6) == [6]
    speak(desk, 6)
    desk.wait(0.1)
    desk.open(sid=7)
    assert refusals(desk.read()) == [(7, 1)]


def test_nobody_who_was_refused_counts(desk):
    for sid in range(1, 6):
        desk.open(sid=sid)
        speak(desk, sid)
    desk.wait(0.1)
    for _ in range(50):
        desk.open(sid=6)
    assert len(desk.hall.admission) == 5
    desk.send(requests.Close(sid=1))
    desk.read()
    assert opened(desk, 6) == [6]


def test_a_thousand_silent_sessions_are_let_in(scripted):
    scripted.backend.cost_s = 0.0013
    desk, count = Desk(scripted, sessions_per_connection=1000), 0
    for second in range(25):
        count += len(opened(desk, *range(40 * second, 40 * second + 40)))
        desk.wait(1.0, works=False)
    assert count == 1000


def test_sessions_that_open_together_and_do_not_speak_are_refused_for_a_second_only(scripted):
    scripted.backend.cost_s = 0.8 / (5 * 15)
    desk = Desk(scripted, sessions_per_connection=99)
    assert opened(desk, *range(1, 61)) == list(range(1, 51))
    assert {retry_s for _, retry_s in refusals(desk.log)} == {RETRY_NEW_S}
    desk.wait(NEW_S + 0.1)
    assert opened(desk, *range(51, 61)) == list(range(51, 61))


def test_however_slow_the_machine_somebody_is_let_in_and_nobody_beside_who_speaks(scripted):
    scripted.backend.cost_s = 0.3
    desk = Desk(scripted)
    assert opened(desk, 1) == [1]
    speak(desk, 1)
    desk.wait(1.0)
    assert opened(desk, 2) == []
    desk.interrupt(sid=1)
    desk.wait(SPEAKS_S + LATELY_S)
    assert opened(desk, 2) == [2]


def test_those_that_pause_between_their_lines_are_counted_for_a_while(desk):
    for sid in range(1, 6):
        desk.open(sid=sid)
        speak(desk, sid)
    desk.wait(40.0)
    for sid in range(1, 6):
        desk.interrupt(sid=sid)
    desk.wait(SPEAKS_S + 0.5)
    assert opened(desk, 6) == []
    desk.wait(LATELY_S)
    assert opened(desk, 6) == [6]


def test_a_low_pose_rate_needs_no_more_than_that_rate(desk):
    for sid in range(1, 9):
        desk.open(sid=sid, fps=10)
        speak(desk, sid)
        desk.wait(0.2)
    # 5 times 15 windows a second are 7 times 10.
    assert refusals(desk.read()) == [(8, RETRY_LEAST_S)]


def test_burst_sessions_wait_instead_of_being_refused(desk):
    for sid in range(1, 6):
        desk.open(sid=sid)
        speak(desk, sid)
    desk.wait(0.1)
    desk.read()
    assert opened(desk, *range(10, 30), pacing="burst") == list(range(10, 30))


def test_bursts_leave_live_sessions_their_room(desk):
    for sid in range(10, 15):
        desk.open(sid=sid, pacing="burst")
        desk.line(ramp(10 * SECOND), sid=sid)
    desk.wait(0.5)
    assert opened(desk, 1) == [1]
    speak(desk, 1)
    desk.wait(1.0)
    assert of(desk.read(), replies.Status, code="rate") == []


def test_a_number_bounds_all_sessions_of_all_connections(scripted):
    desk = Desk(scripted, max_sessions=3)
    other = Guest(desk)
    assert opened(desk, 1, 2) == [1, 2]
    assert opened(other, 1, 2, pacing="burst") == [1]
    assert refusals(other.log) == [(2, RETRY_LEAST_S)]
    desk.send(requests.Close(sid=2))
    assert opened(other, 2, pacing="burst") == [2]
    other.leave()
    assert opened(desk, 2, 3, 4) == [2, 3]


def test_a_lost_session_keeps_its_place_until_its_client_comes_back(scripted):
    desk = Desk(scripted, max_sessions=1)
    guest = Guest(desk)
    guest.open()
    token = of(guest.read(), replies.Opened)[0].resume
    guest.lose()
    assert opened(desk, 1) == []
    again = Guest(desk)
    again.open(resume=token)
    assert len(of(again.read(), replies.Opened)) == 1
    assert len(desk.hall.admission) == 1


def test_another_limit_acts_at_once_and_ends_nobody(scripted):
    desk = Desk(scripted)
    opened(desk, 1, 2)
    desk.hall.admission.limit = 1
    assert opened(desk, 3) == []
    desk.line(ramp(SECOND))
    assert len(poses(desk.finish(), sid=1)) == 75


def test_a_set_that_needs_more_than_there_is_room_for_is_refused_and_changes_nothing(desk):
    desk.open(sid=9, fps=10)
    for sid in range(1, 5):
        desk.open(sid=sid)
        speak(desk, sid)
    desk.wait(1.5)
    desk.set(sid=9, fps=60)
    desk.set(sid=9, fps=10)
    assert errors(desk.read()) == []
    desk.open(sid=5)
    speak(desk, 5)
    desk.wait(1.5)
    desk.read()
    desk.set(sid=9, fps=60, id=4)
    (error,) = desk.read()
    assert (error.re, error.code, error.retry_s) == (4, 4429, RETRY_LEAST_S)
    desk.set(sid=9, rig="visemes", id=5)
    assert [(m.re, m.fps) for m in of(desk.read(), replies.Opened)] == [(5, 10)]


def test_a_change_to_a_model_that_has_no_room_is_refused(scripted, bundle):
    slow = scripted_pipeline(bundle)
    slow.backend.cost_s = 0.05
    desk = Desk(scripted, slow)
    desk.open(sid=1, model="second")
    speak(desk, 1)
    desk.wait(0.2)
    desk.open(sid=2, model="embedded")
    desk.wait(1.5)
    desk.read()
    desk.set(sid=2, model="second")
    assert errors(desk.read()) == [(4429, None)]
    speak(desk, 2)
    desk.wait(1.0)
    assert len(poses(desk.read(), sid=2)) > 60


def busy_loop(desk, pose_s, *, late_s=0.0):
    """Let the loop be found to work so long on each pose."""
    for k in range(41):
        desk.hall.admission.pulse.beat(
            now=50.0 + 0.05 * k, work_s=60.0 * pose_s * k, poses=60 * k, late_s=late_s
        )


def test_where_the_network_costs_nothing_the_sockets_are_the_limit(scripted):
    desk = Desk(scripted)
    busy_loop(desk, 0.8 / (60 * 10))
    for sid in range(1, 13):
        desk.open(sid=sid)
        speak(desk, sid)
        desk.wait(0.1)
    assert refusals(desk.read()) == [(11, RETRY_LEAST_S), (12, RETRY_LEAST_S)]
    assert desk.hall.admission.refused == {"sockets": 2}


def test_watchers_take_room_of_the_sockets_and_are_refused_like_others(scripted):
    desk = Desk(scripted)
    busy_loop(desk, 0.8 / (60 * 4))
    desk.open(name="hall")
    speak(desk, 1)
    desk.wait(0.1)
    guest = Guest(desk)
    for sid in range(1, 6):
        guest.watch(sid=sid)
        desk.wait(0.1)
    assert [m.sid for m in of(guest.read(), replies.Opened)] == [1, 2, 3]
    assert refusals(guest.log) == [(4, RETRY_LEAST_S), (5, RETRY_LEAST_S)]
    guest.send(requests.Close(sid=1))
    guest.watch(sid=6)
    assert [m.sid for m in of(guest.read(), replies.Opened)] == [6]


def test_a_loop_that_does_not_keep_up_takes_nobody_while_somebody_speaks(scripted):
    desk = Desk(scripted)
    busy_loop(desk, 0.0, late_s=0.2)
    assert opened(desk, 1) == [1]
    speak(desk, 1)
    desk.wait(0.2)
    assert opened(desk, 2) == []
    busy_loop(desk, 0.0)
    assert opened(desk, 2) == [2]
