"""An open microphone: one endless utterance, its head at the newest sound, its mouth quiet."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.wire import replies
from tests.core.desk import Desk, codes, errors, finals, of, poses, reach
from tests.noises import steady, words

SECOND = 16_000
CHUNK = SECOND // 50


def speech(seconds):
    """Words in a room, float32 (n,)."""
    sound = words(int(seconds * 2))
    return sound + steady("pink", len(sound) / SECOND, db=-60)


@pytest.fixture
def mic(scripted):
    """A live microphone at 60 poses a second, its greeting read."""
    desk = Desk(scripted)
    desk.open(source="mic")
    desk.work()
    desk.read()
    return desk


def capture(desk, samples, *, first=0, u=1, chunk=CHUNK, per_s=SECOND, works=True):
    """Send what a microphone captures, whose clock gives so many samples in a second of ours."""
    for at in range(0, len(samples), chunk):
        part = samples[at : at + chunk]
        desk.now += len(part) / per_s
        desk.say(part, u=u, first=first + at)
        desk.sessions.tick()
        if works:
            desk.work()
    desk.read()


def lag_us(desk, *, sent):
    """Sound that was sent after the newest pose that came, microseconds."""
    return sent * 1_000_000 // SECOND - (reach(desk.log) - 1) * 1_000_000 // 60


def rows_of(desk):
    """All poses in order, as bytes; there is one of every index."""
    found = poses(desk.log)
    assert list(found) == list(range(len(found)))
    return b"".join(row.tobytes() for row in found.values())


def test_every_pose_comes_as_soon_as_its_sound_is_there(mic):
    opened = of(mic.log, replies.Opened)[0]
    sound = speech(2)
    for at in range(0, len(sound), CHUNK):
        capture(mic, sound[at : at + CHUNK], first=at)
        if at > SECOND:
            assert lag_us(mic, sent=at + CHUNK) <= opened.look_ahead_us + 1_000_000 // 60
    assert codes(mic.log) == []


def test_a_gate_and_a_gain_cost_no_look_ahead(scripted):
    desk = Desk(scripted)
    desk.open(sid=1)
    desk.open(sid=2, source="mic")
    line, mic = of(desk.read(), replies.Opened)
    assert (mic.look_ahead_us, mic.look_back_us) == (line.look_ahead_us, line.look_back_us)


@settings(max_examples=12)
@given(
    chunk=st.sampled_from([160, 333, 1_600, 8_000, 24_000]),
    lags=st.lists(st.integers(0, 3), min_size=1, max_size=5),
    rate=st.sampled_from([16_000, 22_050, 48_000]),
)
def test_live_and_burst_give_the_same_poses_in_any_chunks(embedded, chunk, lags, rate):
    sound = np.interp(np.arange(2 * rate) / rate, np.arange(2 * SECOND) / SECOND, speech(2))
    whole = Desk(embedded)
    whole.open(source="mic", pacing="burst", rate=rate)
    whole.line(sound)
    whole.finish()
    live = Desk(embedded, max_batch=3)
    live.open(source="mic", rate=rate)
    for k, at in enumerate(range(0, len(sound), chunk)):
        live.say(sound[at : at + chunk], first=at)
        for _ in range(lags[k % len(lags)]):
            live.work(1)
        live.work()
    live.end()
    live.finish()
    assert rows_of(live) == rows_of(whole)
    assert np.abs(np.stack(list(poses(live.log).values()))).max() > 0.1


@pytest.mark.parametrize("ppm", [-200, 200, -5_000, 5_000])
def test_a_clock_that_runs_otherwise_than_ours_neither_drops_nor_delays_poses(mic, ppm):
    sound = np.tile(speech(10), 6)
    capture(mic, sound, per_s=SECOND * (1 + ppm / 1e6))
    assert codes(mic.log) == []
    assert errors(mic.log) == []
    assert list(poses(mic.log)) == list(range(reach(mic.log)))
    assert lag_us(mic, sent=len(sound)) <= 150_000


def test_a_clock_that_is_fast_does_not_delay_poses_that_follow_played(mic):
    sound = np.tile(speech(10), 3)
    begin = mic.now
    for at in range(0, len(sound), CHUNK):
        capture(mic, sound[at : at + CHUNK], first=at, per_s=SECOND * 1.005)
        head_us = round((mic.now - begin) * 1e6) - 400_000
        if at % (5 * CHUNK) == 0 and head_us > 0:
            mic.played(head_us)
    assert codes(mic.log) == []
    assert list(poses(mic.log)) == list(range(reach(mic.log)))
    assert lag_us(mic, sent=len(sound)) <= 150_000


def test_sound_that_was_held_up_is_left_out_and_the_newest_is_shown_at_once(mic):
    capture(mic, speech(2))
    before = reach(mic.log)
    mic.wait(4.0)
    late = speech(4)
    for at in range(0, len(late), CHUNK):
        mic.say(late[at : at + CHUNK], first=2 * SECOND + at)
    mic.work()
    mic.wait(0.05)
    mic.read()
    assert set(codes(mic.log)) == {"behind", "dropped"}
    dropped = sum(m.counters["poses"] for m in of(mic.log, replies.Status, code="dropped"))
    assert before + 4 * 60 - dropped == len(poses(mic.log))
    assert dropped > 3 * 60
    assert lag_us(mic, sent=6 * SECOND) <= 150_000
    told = len(codes(mic.log))
    capture(mic, speech(2), first=6 * SECOND)
    assert len(codes(mic.log)) == told
    assert lag_us(mic, sent=8 * SECOND) <= 150_000
    last = before + 4 * 60
    assert [i for i in poses(mic.log) if i >= last - 8] == list(range(last - 8, reach(mic.log)))


@pytest.mark.parametrize("chunk_s", [0.3, 0.5, 1.0])
def test_long_chunks_are_no_lateness(mic, chunk_s):
    capture(mic, speech(8), chunk=round(chunk_s * SECOND))
    assert codes(mic.log) == []
    assert list(poses(mic.log)) == list(range(reach(mic.log)))


def test_a_player_that_stands_still_does_not_stop_the_microphone(mic):
    capture(mic, speech(1))
    mic.played(500_000, paused=True)
    sound = np.tile(speech(10), 8)
    capture(mic, sound, first=SECOND)
    assert errors(mic.log) == []
    assert lag_us(mic, sent=len(sound) + SECOND) <= 150_000


def test_credit_goes_on_for_ever_and_ends_with_the_utterance(scripted):
    desk = Desk(scripted, credit_s=2.0)
    desk.open(source="mic")
    sound = speech(20)
    capture(desk, sound)
    desk.end()
    desk.finish()
    told = [m.to_us for m in of(desk.log, replies.Credit)]
    assert len(told) == pytest.approx(19, abs=1)
    assert told == sorted(told)
    assert errors(desk.log) == []
    assert finals(desk.log) == [(1, "poses_done")]


def test_the_next_utterance_is_unharmed_by_an_interrupt_in_the_same_moment(mic):
    capture(mic, speech(2))
    mic.interrupt()
    capture(mic, speech(2), u=2)
    mic.end(u=2)
    mic.finish()
    assert finals(mic.log) == [(1, "interrupted"), (2, "poses_done")]
    assert list(poses(mic.log, u=2)) == list(range(120 + 15))


def test_the_poses_of_an_utterance_that_ends_are_complete_when_the_next_one_follows(mic):
    capture(mic, speech(2))
    mic.say(speech(1)[:CHUNK], u=2)
    mic.work()
    mic.read()
    assert finals(mic.log) == [(1, "poses_done")]
    assert list(poses(mic.log, u=1)) == list(range(120 + 15))
    assert codes(mic.log) == []


def test_the_room_that_one_utterance_has_heard_is_known_to_the_next(embedded):
    hum = steady("hum 50", 6, db=-30)

    def shown(*lines):
        desk = Desk(embedded)
        desk.open(source="mic", pacing="burst")
        for u, line in enumerate(lines, start=1):
            desk.line(line, u=u)
        return np.stack(list(poses(desk.finish(), u=len(lines)).values()))

    quiet = shown(np.zeros(2 * SECOND, np.float32))
    assert np.array_equal(shown(hum, hum[: 2 * SECOND]), quiet)
    assert np.abs(shown(hum[: 2 * SECOND]) - quiet).max() > 0.1


def test_a_microphone_that_nobody_sees_goes_on_at_the_newest_sound(mic):
    mic.set(visible=False)
    mic.work()
    capture(mic, np.tile(speech(10), 2))
    mic.set(visible=True)
    mic.work()
    capture(mic, speech(1), first=20 * SECOND)
    assert min(poses(mic.log)) >= 20 * 60 - 15
    assert lag_us(mic, sent=21 * SECOND) <= 150_000
    assert codes(mic.log) == []


def test_a_line_is_never_touched(scripted):
    desk = Desk(scripted)
    desk.open(pacing="burst")
    noise = steady("white", 1, db=-40)
    desk.line(noise)
    rows = poses(desk.finish())
    assert [rows[i][0] for i in range(60)] == [abs(noise[i * SECOND // 60]) for i in range(60)]
