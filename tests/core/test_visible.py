"""Sessions that nobody sees, and what is forgotten of long ones."""

import pytest

from a2f_ws.wire import replies
from tests.core.desk import Desk, codes, of, poses, ramp, reach, states

SECOND = 16_000


@pytest.fixture
def live(desk):
    """A live session at 60 poses a second that is computed half a second ahead."""
    desk.open(ahead_us=500_000)
    return desk


def test_an_invisible_session_computes_nothing_and_goes_through_its_states(live):
    live.set(visible=False)
    live.work()
    before = len(live.hand._pipeline.backend.calls)
    live.line(ramp(SECOND))
    live.wait(0.9)
    live.read()
    assert states(live.log) == [(1, "started"), (1, "audio_done")]
    live.wait(0.2)
    live.read()
    assert states(live.log)[2:] == [(1, "poses_done")]
    assert of(live.log, replies.Poses) == []
    assert len(live.hand._pipeline.backend.calls) == before


def test_an_invisible_burst_session_is_through_at_once(desk):
    desk.open(pacing="burst")
    desk.set(visible=False)
    desk.line(ramp(SECOND))
    desk.wait(0.1)
    assert states(desk.read())[-1] == (1, "poses_done")
    assert of(desk.log, replies.Poses) == []


def test_a_session_that_shows_again_goes_on_at_the_play_head(live):
    live.line(ramp(10 * SECOND))
    live.work()
    live.set(visible=False)
    live.wait(2.0)
    live.read()
    assert reach(live.log) == 31
    live.set(visible=True)
    live.work()
    fresh = poses(live.read())
    assert min(fresh) == 120
    assert max(fresh) == 150
    assert [fresh[i][0] for i in (120, 133)] == [
        ramp(1, start=i * SECOND // 60)[0] for i in (120, 133)
    ]


def test_the_poses_after_an_invisible_time_are_those_that_would_have_come(embedded):
    speech = ramp(3 * SECOND) - 0.25
    plain, hidden = Desk(embedded), Desk(embedded)
    for one in (plain, hidden):
        one.open(rate=44_100)
        one.line(speech)
    hidden.set(visible=False)
    hidden.wait(0.5)
    hidden.set(visible=True)
    whole, part = poses(plain.finish()), poses(hidden.finish())
    shown = [i for i in part if i < whole_speech(speech)]
    assert min(part) == 30
    assert all((part[i] == whole[i]).all() for i in shown)


def whole_speech(speech):
    return -(-len(speech) * 60 // 44_100)


def test_results_that_were_being_computed_when_a_session_hid_are_dropped(live):
    live.line(ramp(10 * SECOND))
    live.hand.begin(live.now)
    live.set(visible=False)
    live.hand.complete()
    assert of(live.read(), replies.Poses) == []
    live.set(visible=True)
    live.work()
    assert sorted(poses(live.read())) == list(range(31))


def test_a_told_head_may_go_back_after_its_audio_was_forgotten(live):
    live.line(ramp(10 * SECOND))
    live.work()
    live.hand.begin(live.now)
    live.played(3_000_000, paused=True)
    live.work()
    live.hand.begin(live.now)
    live.set(visible=False)
    live.played(0, paused=True)
    live.set(visible=True)
    live.work()
    live.played(8_000_000, paused=True)
    live.finish(12.0)
    assert codes(live.log).count("dropped") <= 3
    live.interrupt()
    assert states(live.read()) == [(1, "interrupted")]


def test_the_audio_of_an_endless_microphone_is_forgotten_behind_the_play_head(live):
    utterance = endless(live, seconds=30)
    assert utterance._ear.memory_bytes < 4 * 5 * SECOND


def test_the_audio_of_an_endless_burst_is_forgotten_once_it_is_shown(desk):
    desk.open(pacing="burst")
    utterance = endless(desk, seconds=30)
    assert utterance._ear.memory_bytes < 4 * 5 * SECOND


def test_the_audio_of_an_endless_microphone_is_forgotten_while_nobody_sees_it(live):
    live.set(visible=False)
    utterance = endless(live, seconds=30)
    assert utterance._ear.memory_bytes < 4 * 5 * SECOND


def endless(desk, *, seconds):
    for k in range(10 * seconds):
        desk.say(ramp(SECOND // 10), first=k * SECOND // 10)
        desk.wait(0.1)
        desk.read()
    return desk.sessions._voices[1].session._hearing.alive[0]


def test_the_arrival_times_of_an_endless_burst_are_forgotten(desk):
    desk.open(pacing="burst")
    utterance = endless(desk, seconds=10)
    assert len(utterance.arrivals) == 1


def test_many_empty_utterances_behind_a_standing_head_take_no_memory(live):
    live.line(ramp(SECOND))
    live.played(0, paused=True)
    for u in range(2, 60):
        live.end(u=u)
        live.work()
        live.interrupt()
    assert len(live.sessions._voices[1].session.offering._gone) <= 2
