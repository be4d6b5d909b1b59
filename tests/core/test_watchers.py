"""A session with a name, fed by one client and watched by others."""

import numpy as np
import pytest

from a2f_ws.security.rights import Grant, Right
from a2f_ws.wire import replies, requests
from a2f_ws.wire.messages import CurveSet
from a2f_ws.wire.requests import Audio, Played
from tests.core.desk import (
    Guest,
    codes,
    errors,
    finals,
    of,
    poses,
    ramp,
    reach,
    rest_rows,
    sound,
    states,
)

SECOND = 16_000


def test_a_watcher_gets_the_poses_of_the_speaker(speaker, watcher):
    speaker.line(ramp(SECOND))
    speaker.finish()
    watcher.read()
    mine, theirs = poses(watcher.log), poses(speaker.log)
    assert list(mine) == list(theirs)
    assert all(np.array_equal(mine[i], theirs[i]) for i in mine)
    assert states(watcher.log) == states(speaker.log)
    assert of(watcher.log, replies.Utterance)[-1] == of(speaker.log, replies.Utterance)[-1]


def test_a_watcher_has_the_rig_it_asks_for(speaker):
    guest = Guest(speaker)
    guest.watch(rig="unity/vrm1", curves={"aa": CurveSet(gain=0.5)})
    speaker.line(ramp(SECOND // 2))
    speaker.finish()
    opened = of(guest.read(), replies.Opened)[0]
    alone = Guest(speaker)
    alone.open(rig="unity/vrm1", pacing="burst", curves={"aa": CurveSet(gain=0.5)})
    alone.line(ramp(SECOND // 2))
    speaker.work()
    alone.read()
    assert opened.rig == "unity/vrm1"
    mine, wanted = poses(guest.log), poses(alone.log)
    assert list(mine) == list(wanted)
    assert all(np.array_equal(mine[i], wanted[i]) for i in mine)


def test_watchers_with_the_same_rig_share_one_mapping(speaker, monkeypatch):
    guests = [Guest(speaker) for _ in range(5)]
    for guest in guests:
        guest.watch(rig="unity/vrm1")
    fittings = {id(w.fitting): w.fitting for g in guests for w in g.sessions._watchers.values()}
    assert len(fittings) == 1
    calls = []
    (fitting,) = fittings.values()
    original = fitting.mapper.map
    monkeypatch.setattr(fitting.mapper, "map", lambda f: calls.append(len(f)) or original(f))
    speaker.line(ramp(SECOND))
    speaker.finish()
    assert sum(calls) == 75
    assert all(len(poses(guest.read())) == 75 for guest in guests)


def test_waiting_for_a_speaker_is_normal_and_opened_says_when_one_comes(desk):
    guest = Guest(desk)
    guest.watch(fps=30, id=7)
    opened, rest = guest.read()
    assert (opened.re, opened.model, opened.fps) == (7, "", 30)
    assert len(rest.data) == 4 * opened.row
    desk.open(name="hall", fps=50, emotion={"joy": 1.0})
    desk.work()
    again, rest = guest.read()
    assert (again.re, again.model, again.fps) == (None, "embedded", 50)
    assert again.look_ahead_us > 0 and again.layout != opened.layout
    assert rest.layout == again.layout
    assert np.array_equal(rest_rows([rest])[0], rest_rows(desk.read())[0])


def test_a_late_watcher_starts_at_the_play_head(speaker):
    speaker.line(ramp(4 * SECOND))
    speaker.work()
    speaker.played(2_000_000)
    speaker.work()
    guest = Guest(speaker)
    guest.watch(want=("audio",))
    speaker.work()
    messages = guest.read()
    kinds = [type(message).__name__ for message in messages]
    assert kinds[:3] == ["Opened", "Rest", "Utterance"]
    assert states(messages)[0] == (1, "started")
    assert min(poses(messages)) == 120
    first, samples = sound(messages)
    assert first == 2 * SECOND
    assert np.array_equal(samples, ramp(len(samples), start=first))


def test_a_watcher_of_a_line_that_is_over_waits_for_the_next_one(speaker):
    speaker.line(ramp(SECOND // 2))
    speaker.finish()
    speaker.wait(2.0)
    guest = Guest(speaker)
    guest.watch(want=("audio",))
    assert [type(m).__name__ for m in guest.read()] == ["Opened", "Rest"]
    speaker.line(ramp(SECOND // 2), u=2)
    speaker.finish()
    assert {u for u, _ in states(guest.read())} == {2}
    assert len(poses(guest.log)) == 45


def test_sound_goes_no_further_than_poses_may_and_all_of_it_comes(speaker):
    guest = Guest(speaker)
    guest.watch(want=("audio",))
    opened = of(guest.read(), replies.Opened)[0]
    assert (opened.audio.format, opened.audio.rate) == ("f32le", SECOND)
    speaker.line(ramp(6 * SECOND))
    speaker.work()
    _, samples = sound(guest.read())
    near_s = 1.5 + opened.look_ahead_us / 1e6
    assert near_s - 0.1 <= len(samples) / SECOND <= near_s
    speaker.finish()
    guest.read()
    assert np.array_equal(sound(guest.log)[1], ramp(6 * SECOND))
    assert states(guest.log) == [(1, "started"), (1, "audio_done"), (1, "poses_done")]


def test_sound_comes_only_to_those_who_want_it(speaker, watcher):
    speaker.line(ramp(SECOND))
    speaker.finish()
    assert of(watcher.read(), Audio) == []
    assert of(speaker.log, Audio) == []


def test_what_was_missing_or_sent_twice_is_neither_in_the_sound_of_watchers(speaker):
    guest = Guest(speaker)
    guest.watch(want=("audio",))
    speaker.say(ramp(SECOND // 4))
    speaker.say(ramp(SECOND // 4, start=SECOND // 8), first=SECOND // 8)
    speaker.say(ramp(SECOND // 8, start=SECOND // 2), first=SECOND // 2)
    speaker.end()
    speaker.finish()
    guest.read()
    firsts = [m.first for m in of(guest.log, Audio)]
    assert firsts == sorted(set(firsts))
    parts = of(guest.log, Audio)
    got = np.concatenate([np.arange(m.first, m.first + len(m.pcm) // 4) for m in parts])
    assert got.tolist() == [*range(3 * SECOND // 8), *range(SECOND // 2, 5 * SECOND // 8)]
    assert codes(guest.log) == ["gap"]


def test_an_interrupt_reaches_the_watchers(speaker, watcher):
    speaker.say(ramp(SECOND))
    speaker.work()
    watcher.read()
    speaker.interrupt()
    speaker.say(ramp(SECOND // 2), u=2)
    speaker.end(u=2)
    speaker.finish()
    messages = watcher.read()
    assert finals(messages) == [(1, "interrupted"), (2, "poses_done")]
    assert {m.u for m in of(messages, replies.Poses)} == {2}
    assert len(poses(messages, u=2)) == 45


def test_poses_and_sound_of_an_interrupted_line_that_wait_are_dropped(speaker):
    guest = Guest(speaker)
    guest.watch(want=("audio",))
    guest.read()
    speaker.say(ramp(SECOND))
    speaker.work()
    speaker.interrupt()
    assert [type(m).__name__ for m in guest.read()] == ["Utterance", "Utterance"]
    assert guest.log[-1].state == "interrupted" and guest.log[-1].poses == 0


def test_the_clock_owns_the_play_head_and_the_speaker_hears_of_it(speaker):
    guest = Guest(speaker)
    guest.watch(clock=True)
    speaker.line(ramp(8 * SECOND))
    speaker.work()
    guest.played(500_000, paused=True)
    speaker.wait(3.0)
    assert reach(speaker.read()) == 2 * 60 + 1
    assert of(speaker.log, Played) == [Played(sid=1, u=1, t_us=500_000, paused=True)]
    speaker.played(4_000_000)
    speaker.wait(1.0)
    assert poses(speaker.read()) == {}
    assert errors(speaker.log) == []
    guest.played(600_000, u=9)
    assert errors(guest.read()) == [(4409, "u")]


def test_without_its_clock_the_play_head_runs_by_itself_again(speaker):
    guest = Guest(speaker)
    guest.watch(clock=True)
    speaker.line(ramp(4 * SECOND))
    guest.played(0, paused=True)
    speaker.wait(3.0)
    assert finals(speaker.read()) == []
    guest.leave()
    speaker.wait(4.5)
    assert finals(speaker.read()) == [(1, "poses_done")]
    assert len(poses(speaker.log)) == 255


def test_a_second_clock_and_a_second_speaker_are_refused(speaker):
    first, second = Guest(speaker), Guest(speaker)
    first.watch(clock=True)
    second.watch(clock=True)
    assert errors(second.read()) == [(4409, "clock")]
    assert of(second.log, replies.Closed)[0].code == 4409
    second.open(name="hall")
    assert errors(second.read()) == [(4409, "name")]
    first.leave()
    second.watch(clock=True)
    assert errors(second.read()) == []


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (requests.Emotion(sid=1, values={"joy": 1.0}), "op"),
        (requests.Audio(sid=1, u=1, first=0, pcm=b""), "op"),
        (requests.End(sid=1, u=1), "op"),
        (requests.Played(sid=1, u=1, t_us=0), "op"),
        (requests.Set(sid=1, params={"lower_face_strength": 1.0}), "params"),
        (requests.Set(sid=1, model="embedded"), "model"),
        (requests.Set(sid=1, fps=30), "fps"),
        (requests.Set(sid=1, weights={}), "weights"),
    ],
)
def test_what_is_the_speakers_is_refused_to_watchers(watcher, request_, field):
    watcher.send(request_)
    assert errors(watcher.read()) == [(4403, field)]


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"emotion": {"joy": 1.0}}, 4403, "emotion"),
        ({"params": {}}, 4403, "params"),
        ({"model": "embedded"}, 4403, "model"),
        ({"weights": {}}, 4403, "weights"),
        ({"pacing": "burst"}, 4422, "pacing"),
        ({"want": ("audio", "geometry")}, 4422, "want.1"),
        ({"cache": True}, 4422, "cache"),
        ({"resume": "x"}, 4404, "resume"),
        ({"rig": "nowhere"}, 4404, "rig"),
    ],
)
def test_what_no_watcher_can_have_is_refused_at_open(speaker, fields, code, field):
    guest = Guest(speaker)
    guest.watch(**fields)
    assert errors(guest.read()) == [(code, field)]
    assert of(guest.log, replies.Closed)[0].code == code


def test_speaking_watching_and_interrupting_are_separate_rights(speaker):
    speaker.say(ramp(SECOND))
    only = {right: Grant(name="x", rights=right) for right in Right}
    guest = Guest(speaker, grant=only[Right.SPEAK])
    guest.watch()
    assert errors(guest.read()) == [(4403, "role")]
    guest = Guest(speaker, grant=only[Right.WATCH])
    guest.watch()
    guest.interrupt()
    guest.open(sid=2)
    assert errors(guest.read()) == [(4403, "op"), (4403, "role")]
    speaker.work()
    assert finals(speaker.read()) == []
    guest = Guest(speaker, grant=Grant(name="x", rights=Right.WATCH | Right.INTERRUPT))
    guest.watch()
    guest.interrupt()
    assert finals(speaker.read()) == [(1, "interrupted")]
    assert finals(guest.read()) == [(1, "interrupted")]
