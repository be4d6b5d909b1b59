"""A session with a name, fed by one client and watched by others."""

import numpy as np

from a2f_ws.wire import replies, requests
from a2f_ws.wire.messages import CurveSet
from tests.core.desk import Guest, codes, finals, of, poses, ramp, rest_rows, sound

SECOND = 16_000


def test_a_watchers_set_is_its_own(speaker, watcher):
    other = Guest(speaker)
    other.watch()
    other.read()
    watcher.set(curves={"jawOpen": CurveSet(gain=0.0, offset=0.25)}, id=3)
    speaker.line(ramp(SECOND // 2))
    speaker.finish()
    jaw = of(watcher.read(), replies.Ok) and 17
    assert {float(row[jaw]) for row in poses(watcher.log).values()} == {0.25}
    assert len({float(row[jaw]) for row in poses(other.read()).values()}) > 2
    assert rest_rows(watcher.log)[-1][jaw] == 0.25


def test_another_rig_in_the_middle_gives_the_poses_from_the_play_head_on_anew(speaker, watcher):
    speaker.line(ramp(3 * SECOND))
    speaker.played(1_000_000)
    speaker.work()
    watcher.read()
    watcher.set(rig="unity/vrm1", id=4)
    messages = watcher.read()
    opened = of(messages, replies.Opened)[0]
    assert (opened.re, opened.rig) == (4, "unity/vrm1")
    again = of(messages, replies.Poses)
    assert {m.layout for m in again} == {opened.layout}
    assert again[0].i == 60


def test_a_hidden_watcher_gets_no_poses_and_then_those_from_the_play_head_on(speaker, watcher):
    watcher.set(visible=False)
    speaker.line(ramp(3 * SECOND))
    speaker.played(500_000, paused=True)
    speaker.work()
    assert poses(watcher.read()) == {}
    watcher.set(visible=True)
    speaker.work()
    assert min(poses(watcher.read())) == 30


def test_a_speaker_who_wants_no_poses_is_computed_for_watchers(speaker, watcher):
    speaker.set(visible=False)
    speaker.line(ramp(SECOND))
    speaker.finish()
    assert poses(speaker.log) == {}
    assert finals(speaker.log) == [(1, "poses_done")]
    assert len(poses(watcher.read())) == 75
    speaker.line(ramp(2 * SECOND), u=2)
    speaker.played(0, u=2, paused=True)
    speaker.work()
    speaker.set(visible=True)
    speaker.work()
    assert min(poses(speaker.read(), u=2)) == 0


def test_the_speaker_may_leave_and_come_back_under_the_same_name(speaker, watcher):
    speaker.say(ramp(SECOND))
    speaker.work()
    speaker.send(requests.Close(sid=1))
    messages = watcher.read()
    assert finals(messages) == [(1, "interrupted")]
    assert codes(messages) == ["waiting"]
    speaker.open(name="hall", fps=30)
    speaker.line(ramp(SECOND // 2))
    speaker.finish()
    messages = watcher.read()
    assert of(messages, replies.Opened)[0].fps == 30
    assert finals(messages) == [(1, "poses_done")]
    assert len(poses(messages)) == 15 + 8


def test_a_new_rate_of_the_speaker_is_told_by_a_fresh_opened(speaker, watcher):
    speaker.set(fps=30)
    opened = of(watcher.read(), replies.Opened)
    assert [(m.fps, m.re) for m in opened] == [(30, None)]
    speaker.set(rig="unity/vrm1")
    assert of(watcher.read(), replies.Opened) == []


def test_a_watcher_that_does_not_read_loses_poses_and_never_sound(scripted):
    from tests.core.desk import Desk

    desk = Desk(scripted, outbox_bytes=131_072)
    desk.open(name="hall")
    slow, quick = Guest(desk), Guest(desk)
    slow.watch(want=("audio",), rig="arkit")
    quick.watch(want=("audio",), rig="arkit")
    line = ramp(3 * SECOND // 2)
    for u in range(1, 4):
        desk.line(line, u=u)
        for _ in range(40):
            desk.wait(0.05)
            desk.read()
            quick.read()
    slow.read()
    assert len(poses(quick.log, u=2)) == 105
    assert sum(len(poses(slow.log, u=u)) for u in (1, 2, 3)) < 3 * 105
    for u in (1, 2, 3):
        assert np.array_equal(sound(slow.log, u=u)[1], line)
    assert codes(slow.log).index("behind") < codes(slow.log).index("dropped")
    order = [m.i for m in of(slow.log, replies.Poses, u=3)]
    assert order == sorted(order)
    assert codes(quick.log) == []
    assert "dropped" not in codes(desk.log)


def test_names_and_watchers_leave_nothing_behind(speaker, watcher):
    watcher.leave()
    speaker.send(requests.Close(sid=1))
    assert speaker.hall._names == {}
    assert speaker.hall.claims._by_digest == {}


def test_load_tells_watchers_how_busy_the_model_is(speaker):
    guest = Guest(speaker)
    guest.watch(want=("status",))
    speaker.wait(2.1)
    loads = [m.counters for m in of(guest.read(), replies.Status, code="load")]
    assert loads == [{"busy": 0.25}, {"busy": 0.25}]
