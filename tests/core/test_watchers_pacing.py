"""How far ahead of the play head watchers are told, and from where on."""

import numpy as np
import pytest

from a2f_ws.wire import replies, requests
from tests.core.desk import Desk, Guest, codes, finals, of, poses, ramp, sound

SECOND = 16_000


@pytest.fixture
def far(scripted):
    """Speaks as "hall", computed up to a minute ahead; few bytes may wait for a client."""
    desk = Desk(scripted, outbox_bytes=262_144)
    desk.open(name="hall", ahead_us=60_000_000)
    desk.work()
    desk.read()
    return desk


@pytest.fixture
def watcher(far):
    guest = Guest(far)
    guest.watch(want=("audio",))
    guest.read()
    return guest


def test_a_watcher_that_was_there_misses_nothing_although_the_play_head_runs(far, watcher):
    line = ramp(SECOND)
    far.say(line)
    far.now += 0.02
    far.end()
    far.finish()
    watcher.read()
    first, samples = sound(watcher.log, u=1)
    assert (first, len(samples)) == (0, SECOND)
    assert min(poses(watcher.log)) == 0


def test_a_watcher_of_whoever_comes_gets_the_line_from_its_first_sample(scripted):
    desk = Desk(scripted)
    guest = Guest(desk)
    guest.watch(want=("audio",))
    desk.open(name="hall")
    desk.work()
    desk.now += 1.0
    desk.say(ramp(SECOND))
    desk.now += 0.1
    desk.end()
    desk.finish()
    assert sound(guest.read(), u=1)[0] == 0
    assert len(poses(guest.log)) == 75


def test_what_is_not_due_soon_waits_for_the_reader_and_comes_whole(far, watcher):
    line = ramp(20 * SECOND)
    far.line(line)
    far.work()
    waiting = watcher.outbox.size_bytes
    assert waiting < 262_144 // 2
    for _ in range(60):
        watcher.read()
        far.read()
        far.wait(0.05)
    watcher.read()
    assert np.array_equal(sound(watcher.log, u=1)[1], line)
    assert len(poses(watcher.log)) == 20 * 60 + 15
    assert finals(watcher.log) == [(1, "poses_done")]
    assert codes(watcher.log) == []


def test_who_never_reads_gets_only_what_is_due(far, watcher):
    far.line(ramp(20 * SECOND))
    far.work()
    far.wait(3.0)
    told = of(watcher.read(), requests.Audio)
    assert 3.0 * SECOND <= told[-1].first < 3.5 * SECOND


def test_what_waits_is_told_when_the_speaker_leaves_after_its_line(far, watcher):
    line = ramp(20 * SECOND)
    far.line(line)
    far.finish()
    assert finals(far.log) == [(1, "poses_done")]
    assert finals(watcher.read()) == []
    far.send(requests.Close(sid=1))
    watcher.read()
    assert np.array_equal(sound(watcher.log, u=1)[1], line)
    assert finals(watcher.log) == [(1, "poses_done")]
    assert of(watcher.log, replies.Status)[-1].code == "waiting"
