"""Sessions that are computed at a lower rate than they are shown."""

import numpy as np
import pytest

from a2f_ws.batching.strain import Strain
from a2f_ws.wire import replies
from tests.core.desk import Desk, codes, finals, of, poses, ramp, reach, states

SECOND = 16_000
COST_S = 0.05


@pytest.fixture
def dear(scripted):
    """A pipeline of which a window costs 50 ms."""
    scripted.backend.cost_s = COST_S
    return scripted


@pytest.fixture
def slow(dear):
    """A client of a server that computes every fourth of 60 poses a second."""
    return Desk(dear)


def late(desk):
    """A machine whose live windows have waited too long for some time."""
    desk.hand.scheduler._strain = strain = Strain()
    for k in range(10):
        strain.took(now=desk.now + 0.05 * (k - 10), waited_s=0.1, is_idle=False)


def rates(messages):
    """(level, rate_hz, look_ahead_us) of every `rate`, in order."""
    return [
        (m.level, m.counters["rate_hz"], m.counters["look_ahead_us"])
        for m in of(messages, replies.Status, code="rate")
    ]


def plain(pipeline, samples, **fields):
    """The rows that the same sound gives at full rate."""
    desk = Desk(pipeline)
    desk.open(pacing="burst", **fields)
    desk.line(samples)
    return poses(desk.finish())


def test_the_look_ahead_at_opening_counts_the_poses_that_are_interpolated(slow):
    slow.open(sid=1, pacing="burst")
    slow.open(sid=2)
    opened = {m.sid: m.look_ahead_us for m in of(slow.read(), replies.Opened)}
    assert opened[2] - opened[1] == 50_000
    slow.work()
    assert rates(slow.read() + slow.log) == rates(slow.log)
    assert rates(slow.log) == [("warning", 15.0, opened[2])]


def test_every_pose_comes_once_with_its_index_and_time(slow):
    slow.open()
    slow.line(ramp(2 * SECOND))
    slow.finish()
    assert list(poses(slow.log)) == list(range(135))
    for message in of(slow.log, replies.Poses):
        assert message.t_us == message.i * 1_000_000 // 60
    assert finals(slow.log) == [(1, "poses_done")]
    assert "dropped" not in codes(slow.log)
    assert "behind" not in codes(slow.log)


def test_only_every_fourth_pose_is_computed(slow):
    slow.open()
    slow.work()
    before = sum(slow.hand._pipeline.backend.calls)
    slow.line(ramp(2 * SECOND))
    slow.finish()
    computed = sum(slow.hand._pipeline.backend.calls) - before
    # 0, 4 … 116, 119 and the rest face; rest rows aside.
    assert computed in (32, 33)


def test_a_burst_session_is_never_slowed(slow):
    slow.open(pacing="burst")
    slow.line(ramp(SECOND))
    slow.finish()
    assert rates(slow.log) == []
    expected = plain(slow.hand._pipeline, ramp(SECOND))
    assert {i: row.tobytes() for i, row in poses(slow.log).items()} == {
        i: row.tobytes() for i, row in expected.items()
    }


def test_a_machine_that_turns_out_slow_is_told_once_and_acts_at_the_next_tick(scripted):
    desk = Desk(scripted)
    desk.open()
    desk.line(ramp(3 * SECOND))
    desk.work(1)
    for _ in range(9):
        desk.hand.scheduler.measured(1, COST_S)
    late(desk)
    desk.wait(0.05)
    desk.read()
    opened = of(desk.log, replies.Opened)[0].look_ahead_us
    assert rates(desk.log) == [("warning", 15.0, opened + 50_000)]
    desk.finish()
    assert len(rates(desk.log)) == 1
    assert list(poses(desk.log)) == list(range(195))


def test_a_machine_that_has_become_fast_is_used_again_after_a_while(slow):
    slow.open()
    slow.line(ramp(8 * SECOND))
    slow.wait(0.5)
    for _ in range(9):
        slow.hand.scheduler.measured(1, 0.001)
    slow.wait(2.9)
    slow.read()
    assert len(rates(slow.log)) == 1
    slow.wait(0.3)
    slow.read()
    opened = of(slow.log, replies.Opened)[0].look_ahead_us
    assert rates(slow.log)[1:] == [("info", 60.0, opened - 50_000)]
    slow.finish()
    assert list(poses(slow.log)) == list(range(495))


def test_a_second_session_that_speaks_slows_both_where_windows_wait(dear):
    dear.backend.cost_s = 0.010
    desk = Desk(dear)
    for sid in (1, 2):
        desk.open(sid=sid)
    desk.work()
    desk.read()
    assert rates(desk.log) == []
    desk.line(ramp(3 * SECOND), sid=1)
    desk.wait(0.5)
    desk.read()
    assert rates(desk.log) == []
    desk.line(ramp(3 * SECOND), sid=2)
    desk.wait(0.1)
    desk.read()
    assert rates(desk.log) == []
    late(desk)
    desk.wait(0.1)
    desk.read()
    assert sorted(m.sid for m in of(desk.log, replies.Status, code="rate")) == [1, 2]
    assert {rate for _, rate, _ in rates(desk.log)} == {30.0}
    desk.finish()
    for sid in (1, 2):
        assert list(poses(desk.log, sid=sid)) == list(range(195))


def test_a_line_that_is_computed_as_far_as_it_may_be_slows_nobody(dear):
    dear.backend.cost_s = 0.010
    desk = Desk(dear)
    for sid in (1, 2):
        desk.open(sid=sid, ahead_us=250_000)
    desk.line(ramp(3 * SECOND), sid=1)
    desk.played(0, sid=1, paused=True)
    desk.wait(1.5)
    desk.line(ramp(SECOND), sid=2)
    desk.wait(1.0)
    desk.read()
    assert rates(desk.log) == []


def test_another_pose_rate_gets_a_stride_of_its_own(slow):
    slow.open()
    slow.work()
    slow.set(fps=30)
    slow.read()
    first, second = of(slow.log, replies.Opened)
    assert first.look_ahead_us - second.look_ahead_us == 50_000 - 33_334
    assert [rate for _, rate, _ in rates(slow.log)] == [15.0, 15.0]
    slow.set(fps=10)
    slow.read()
    assert len(rates(slow.log)) == 2


def test_a_set_that_is_refused_leaves_the_rate_as_it_is(slow):
    slow.open()
    slow.line(ramp(2 * SECOND))
    slow.set(fps=240)
    slow.finish()
    assert len(rates(slow.log)) == 1
    assert list(poses(slow.log)) == list(range(135))


def test_filters_run_in_true_time(slow):
    steps = []
    run = slow.hand._pipeline.run

    def noting(cuts):
        steps.extend(cut.dt_s for cut in cuts if cut.samples is not None)
        return run(cuts)

    slow.hand._pipeline.run = noting
    slow.open()
    slow.line(ramp(SECOND))
    slow.finish()
    assert steps == pytest.approx([1 / 60] + [4 / 60] * 14 + [3 / 60])


def test_an_emotion_acts_from_the_first_pose_that_is_not_computed_yet(slow):
    slow.open(ahead_us=250_000, emotion={"joy": 0.0})
    slow.line(np.zeros(2 * SECOND, np.float32))
    slow.work()
    slow.read()
    done = reach(slow.log)
    slow.emotion(joy=1.0)
    slow.finish()
    joy = np.array([row.max() for row in poses(slow.log, u=1).values()])[:120]
    assert (done - 1) % 4 == 0
    assert not joy[:done].any()
    np.testing.assert_allclose(joy[done : done + 4], 0.025 * np.arange(1, 5), atol=1e-6)
    assert (joy[done + 4 :] == joy[done + 3]).all()


def test_an_open_microphone_is_neither_late_nor_behind_although_poses_wait(dear):
    desk = Desk(dear, max_batch=1)
    desk.open(want=("status",))
    desk.work()
    look_ahead_us = of(desk.read(), replies.Opened)[0].look_ahead_us
    for k in range(100):
        desk.say(ramp(SECOND // 20, start=k * SECOND // 20), first=k * SECOND // 20)
        heard_us = (k + 1) * 50_000
        if heard_us > look_ahead_us + 120_000:
            desk.played(heard_us - look_ahead_us - 60_000)
        desk.wait(0.05)
    desk.end()
    desk.finish()
    assert set(codes(desk.log)) == {"rate", "load"}
    told = of(desk.log, replies.Status, code="load")
    assert sum(m.counters["late"] + m.counters["dropped"] for m in told) == 0
    assert list(poses(desk.log)) == list(range(315))


def test_an_assumed_head_waits_for_what_the_stride_allows(dear):
    dear.backend.cost_s = 0.2
    desk = Desk(dear)
    desk.open(want=("status",))
    desk.work()
    for k in range(60):
        desk.say(ramp(SECOND // 20, start=k * SECOND // 20), first=k * SECOND // 20)
        desk.wait(0.05)
    desk.end()
    desk.finish()
    assert [rate for _, rate, _ in rates(desk.log)] == [15.0]
    assert set(codes(desk.log)) == {"rate", "load"}
    told = of(desk.log, replies.Status, code="load")
    assert sum(m.counters["late"] + m.counters["dropped"] for m in told) == 0


def test_poses_that_come_late_are_still_given_up_at_a_low_rate(slow):
    slow.open()
    slow.line(ramp(10 * SECOND))
    slow.played(90_000, paused=True)
    slow.wait(0.1, works=False)
    slow.played(1_000_000, paused=True)
    slow.wait(0.05, works=False)
    (dropped,) = of(slow.read(), replies.Status, code="dropped")
    assert dropped.counters == {"poses": 60}
    slow.work()
    rows = poses(slow.read())
    assert min(rows) == 60
    assert list(rows) == list(range(60, max(rows) + 1))


def test_credit_counts_only_what_has_been_computed(dear):
    desk = Desk(dear, credit_s=5.0)
    desk.open(ahead_us=60_000_000)
    desk.work()
    sent = 0
    while sent < 12 * SECOND:
        desk.say(ramp(SECOND // 4, start=sent), first=sent)
        if of(desk.read(), replies.Error):
            desk.wait(0.05)
        else:
            sent += SECOND // 4
    desk.end()
    desk.finish()
    assert states(desk.log)[-1] == (1, "poses_done")
    assert list(poses(desk.log)) == list(range(735))


def test_audio_is_kept_for_a_face_that_is_far_away_from_the_one_before(dear):
    dear.backend.cost_s = 0.3
    desk = Desk(dear)
    desk.open(fps=240)
    desk.line(ramp(2 * SECOND), first=SECOND // 3)
    desk.finish()
    assert [rate for _, rate, _ in rates(desk.log)] == [15.0]
    rows = poses(desk.log)
    assert list(rows) == list(range(80, 620))
    expected = plain(dear, ramp(2 * SECOND), fps=240)
    assert rows[80].tobytes() == expected[0].tobytes()
    assert rows[559].tobytes() == expected[479].tobytes()
