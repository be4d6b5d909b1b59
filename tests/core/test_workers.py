"""Several workers of one model: a session stays with its own, and may change between lines."""

import numpy as np
import pytest

from a2f_ws.wire import requests
from tests.core.desk import Desk, errors, poses, ramp
from tests.fakes import scripted_pipeline

SECOND = 16_000


@pytest.fixture
def desk(scripted):
    """Two workers, and a second model that has one."""
    return Desk(scripted, scripted_pipeline(scripted.bundle), workers=2)


def counts(desk, model="embedded"):
    return [sessions for sessions, _, _ in desk.pools[model].standing()]


def waiting(desk):
    return [hand.scheduler.waiting for hand in desk.crew]


def idle(desk, *busy):
    """Say how busy the workers are."""
    for hand, share in zip(desk.crew, busy, strict=True):
        hand.busy = share


def test_sessions_are_placed_evenly_and_each_is_computed_by_its_own_worker(desk):
    for sid in (1, 2, 3, 4):
        desk.open(sid=sid)
    desk.work()
    assert counts(desk) == [2, 2]
    for sid in (1, 3):
        desk.say(ramp(SECOND // 2), sid=sid)
    assert (waiting(desk)[0] > 0, waiting(desk)[1]) == (True, 0)
    desk.say(ramp(SECOND // 2), sid=2)
    assert waiting(desk)[1] > 0


def test_the_poses_are_those_of_one_worker(desk, scripted):
    def told(desk):
        for sid in (1, 2, 3):
            desk.open(sid=sid, pacing="burst")
            desk.line(ramp(SECOND // 2, start=100 * sid), sid=sid)
        messages = desk.finish()
        return [np.stack([*poses(messages, sid=sid).values()]).tobytes() for sid in (1, 2, 3)]

    assert told(desk) == told(Desk(scripted))
    assert counts(desk) == [2, 1]


def test_sessions_that_close_make_room_for_those_that_open(desk):
    for sid in (1, 2, 3, 4):
        desk.open(sid=sid)
    for sid in (2, 4):
        desk.send(requests.Close(sid=sid))
    assert counts(desk) == [2, 0]
    desk.open(sid=5)
    assert counts(desk) == [2, 1]


def test_another_model_is_another_pool_and_back_again(desk):
    desk.open(sid=1)
    desk.set(sid=1, model="second")
    assert (counts(desk), counts(desk, "second")) == ([0, 0], [1])
    desk.set(sid=1, model="embedded")
    assert (counts(desk), counts(desk, "second")) == ([1, 0], [0])
    assert errors(desk.read()) == []


def test_another_pose_rate_does_not_change_the_worker(desk):
    desk.open(sid=1, fps=30)
    desk.open(sid=2, fps=60)
    desk.set(sid=2, fps=240)
    desk.set(sid=1, fps=120)
    desk.work()
    desk.say(ramp(SECOND // 2), sid=2)
    assert (waiting(desk)[0], waiting(desk)[1] > 0) == (0, True)


def test_a_new_line_goes_to_an_idle_worker_when_the_own_one_is_overloaded(desk):
    desk.open(sid=1)
    desk.work()
    idle(desk, 0.95, 0.1)
    desk.line(ramp(SECOND // 2), sid=1)
    assert (waiting(desk)[0], waiting(desk)[1] > 0) == (0, True)
    assert counts(desk) == [0, 1]
    assert len(poses(desk.finish())) == 30 + 15


def test_nobody_changes_workers_in_the_middle_of_a_line(desk):
    desk.open(sid=1)
    desk.work()
    desk.say(ramp(SECOND // 2), sid=1)
    idle(desk, 0.95, 0.1)
    desk.say(ramp(SECOND // 2, start=SECOND // 2), sid=1, first=SECOND // 2)
    desk.end()
    assert (waiting(desk)[0] > 0, waiting(desk)[1]) == (True, 0)
    assert counts(desk) == [1, 0]
    assert len(poses(desk.finish())) == 60 + 15


def test_a_rest_row_that_still_waits_is_not_left_behind(desk):
    desk.open(sid=1)
    idle(desk, 0.95, 0.1)
    desk.say(ramp(SECOND // 2), sid=1)
    assert counts(desk) == [1, 0]
    desk.end()
    assert len(poses(desk.finish())) == 30 + 15


def test_where_all_are_busy_everybody_stays(desk):
    desk.open(sid=1)
    desk.work()
    idle(desk, 0.95, 0.6)
    desk.line(ramp(SECOND // 2), sid=1)
    assert counts(desk) == [1, 0]


def test_one_who_moved_is_slowed_down_by_its_new_worker_only(desk):
    for sid in (1, 2, 3):
        desk.open(sid=sid)
    desk.work()
    idle(desk, 0.95, 0.1)
    desk.line(ramp(SECOND), sid=3)
    voice = desk.sessions._voices[3]
    assert desk.pools["embedded"].of(voice) is desk.crew[1]
    assert voice not in desk.crew[0].governor._members
    assert voice in desk.crew[1].governor._members
