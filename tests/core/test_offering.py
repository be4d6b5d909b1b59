"""What is computed when: pacing of live sessions, the room that burst sessions get."""

import pytest

from a2f_ws.wire import replies
from tests.core.desk import Desk, codes, finals, of, poses, ramp, reach, states

SECOND = 16_000


@pytest.fixture
def live(desk):
    """A live session at 60 poses a second whose play head is told."""
    desk.open(ahead_us=500_000)
    return desk


def test_a_live_line_that_arrives_at_once_is_computed_no_further_than_ahead_us(live):
    live.line(ramp(10 * SECOND))
    live.work()
    live.read()
    assert reach(live.log) == 31
    live.wait(1.0)
    live.read()
    assert reach(live.log) == 91
    assert not codes(live.log)


def test_the_limit_counts_through_utterances(live):
    live.line(ramp(SECOND // 10))
    live.line(ramp(10 * SECOND), u=2)
    live.work()
    live.read()
    assert states(live.log, state="poses_done") == [(1, "poses_done")]
    assert len(poses(live.log, u=1)) == 6 + 15
    # 0.1 s of speech and 15 ease poses take 350 ms, so 150 ms of the second line are due.
    assert reach(live.log, u=2) == 10


def test_a_burst_session_has_no_limit(desk):
    desk.open(pacing="burst")
    desk.line(ramp(10 * SECOND))
    desk.work()
    desk.read()
    assert reach(desk.log) == 615
    assert states(desk.log)[-1] == (1, "poses_done")


def test_no_more_than_64_windows_of_a_session_wait_at_a_time(desk):
    desk.open(pacing="burst")
    desk.work()
    desk.line(ramp(10 * SECOND))
    assert desk.hand.scheduler.waiting == 64


def test_the_due_of_a_window_is_when_its_pose_is_at_the_play_head(desk):
    desk.open(sid=1)
    desk.open(sid=2)
    desk.work()
    desk.say(ramp(SECOND), sid=1)
    desk.now += 0.2
    desk.say(ramp(SECOND), sid=2)
    desk.read()
    desk.hand.begin(desk.now)
    desk.hand.complete()
    order = [(m.sid, m.i, m.n) for m in of(desk.read(), replies.Poses)]
    # Session 1 stands at 0.2 s: 12 poses of it come before the first one of session 2, and the
    # other 52 of the batch alternate.
    assert order == [(1, 0, 12 + 26), (2, 0, 26)]


def test_rest_rows_of_sessions_that_open_let_poses_that_are_due_go_first(scripted):
    desk = Desk(scripted, max_batch=8)
    desk.open(sid=1)
    desk.work()
    for sid in range(2, 40):
        desk.open(sid=sid)
    desk.say(ramp(SECOND // 5), sid=1)
    desk.read()
    desk.hand.begin(desk.now)
    desk.hand.complete()
    told = desk.read()
    assert [(m.sid, m.i) for m in of(told, replies.Poses)] == [(1, 0)]
    desk.work()
    assert len(of(desk.read(), replies.Rest)) + len(of(told, replies.Rest)) == 38


def test_sound_that_runs_twice_as_fast_needs_its_poses_twice_as_early(desk):
    for sid, rate in ((1, 1.0), (2, 2.0)):
        desk.open(sid=sid)
        desk.say([], sid=sid)
        desk.played(0, sid=sid, rate=rate)
    desk.work()
    desk.read()
    for sid in (1, 2):
        desk.say(ramp(2 * SECOND), sid=sid)
    desk.hand.begin(desk.now)
    desk.hand.complete()
    rows = {m.sid: m.n for m in of(desk.read(), replies.Poses)}
    assert rows[1] + rows[2] == 64
    assert abs(rows[2] - 2 * rows[1]) <= 2


def test_a_told_head_that_stands_holds_the_poses_back(live):
    live.line(ramp(10 * SECOND))
    live.played(1_000_000, paused=True)
    live.wait(5.0)
    live.read()
    assert reach(live.log) == 91
    live.played(1_000_000)
    live.wait(0.5)
    live.read()
    assert reach(live.log) == 121


def test_a_told_head_runs_on_for_one_second_and_waits_then(live):
    live.line(ramp(10 * SECOND))
    live.played(0)
    live.wait(5.0)
    live.read()
    assert reach(live.log) == 91


def test_a_told_head_stands_at_the_first_sample_of_the_next_line_until_it_is_played(live):
    live.line(ramp(SECOND))
    live.line(ramp(10 * SECOND), u=2)
    live.wait(1.0)
    live.played(1_200_000)
    live.wait(5.0)
    live.read()
    assert reach(live.log, u=1) == 75
    assert reach(live.log, u=2) == 31
    live.played(2_000_000, u=2, paused=True)
    live.work()
    live.read()
    assert reach(live.log, u=2) == 151


def test_played_for_an_utterance_that_has_not_begun_is_refused(live):
    live.line(ramp(SECOND))
    live.played(0, u=2)
    assert [(m.code, m.field) for m in of(live.read(), replies.Error)] == [(4409, "u")]


def test_late_poses_of_a_told_head_are_told_at_50_ms_and_dropped_beyond_100(live):
    live.line(ramp(10 * SECOND))
    live.played(90_000, paused=True)
    live.wait(0.05, works=False)
    assert codes(live.read()) == []
    live.wait(0.05, works=False)
    assert codes(live.read()) == ["behind"]
    live.played(1_000_000, paused=True)
    live.wait(0.05, works=False)
    (dropped,) = of(live.read(), replies.Status)
    assert (dropped.code, dropped.counters) == ("dropped", {"poses": 60})
    live.work()
    assert min(poses(live.read())) == 60


def test_late_poses_of_an_assumed_head_are_dropped_beyond_a_second(live):
    live.line(ramp(10 * SECOND))
    live.wait(0.5, works=False)
    assert codes(live.read()) == []
    live.wait(0.4, works=False)
    assert codes(live.read()) == ["behind"]
    live.wait(0.2, works=False)
    assert codes(live.read()) == ["dropped"]
    live.work()
    assert min(poses(live.read())) in (61, 62, 63)


def test_a_line_of_which_every_speech_pose_was_dropped_has_nothing_to_ease_from(live):
    live.line(ramp(SECOND))
    live.wait(2.5, works=False)
    live.finish(1.0)
    dropped = of(live.log, replies.Status, code="dropped")
    assert sum(message.counters["poses"] for message in dropped) == 60
    assert finals(live.log) == [(1, "poses_done")]
    assert poses(live.log) == {}


def test_poses_are_not_late_when_their_audio_has_only_just_come(live):
    for k in range(8):
        live.say(ramp(SECOND // 2, start=k * SECOND // 2), first=k * SECOND // 2)
        live.played(5_000_000)
        live.work()
        live.wait(0.5)
    assert codes(live.read()) == []
    assert sorted(poses(live.log)) == list(range(235))


def test_a_client_that_jumps_to_the_next_line_gets_it_although_the_one_before_is_unfinished(live):
    live.line(ramp(10 * SECOND))
    live.line(ramp(SECOND), u=2)
    live.work()
    live.played(0, u=2)
    live.finish(5.0)
    assert finals(live.log) == [
        (1, "poses_done"), (2, "poses_done"),
    ]  # fmt: skip
    assert len(poses(live.log, u=2)) == 75


def test_a_slow_backend_does_not_strand_the_end_of_a_line_that_the_assumed_head_has_passed(live):
    live.line(ramp(2 * SECOND))
    live.wait(1.0)
    live.wait(1.2, works=False)
    live.line(ramp(SECOND), u=2)
    live.wait(0.3, works=False)
    live.finish(5.0)
    assert finals(live.log) == [
        (1, "poses_done"), (2, "poses_done"),
    ]  # fmt: skip


def test_dropped_poses_are_counted_with_those_that_were_being_computed(live):
    live.line(ramp(10 * SECOND))
    live.hand.begin(live.now)
    live.now += 9.0
    live.played(2_000_000, paused=True)
    live.played(3_000_000, paused=True)
    live.hand.complete()
    live.work()
    live.wait(0.05)
    rows = poses(live.read())
    dropped = sum(m.counters["poses"] for m in of(live.log, replies.Status, code="dropped"))
    assert dropped == min(rows) == 180


def test_when_late_poses_are_given_up_those_of_the_next_line_still_come_after(scripted):
    desk = Desk(scripted, max_batch=4)
    desk.open()
    desk.line(ramp(SECOND // 2))
    desk.line(ramp(SECOND), u=2)
    desk.played(400_000, paused=True)
    desk.hand.begin(desk.now)
    desk.wait(0.5, works=False)
    desk.hand.complete()
    desk.finish(2.0)
    assert "dropped" in codes(desk.log)
    order = [m.u for m in of(desk.log, replies.Poses)]
    assert order == sorted(order)
    assert len(poses(desk.log, u=2)) == 75
