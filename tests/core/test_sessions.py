"""Many sessions of one client, and what is answered when there is none."""

import pytest

from a2f_ws.errors import PeerError
from a2f_ws.hall.sessions import GUESSES_MAX
from a2f_ws.wire import replies, requests
from a2f_ws.wire.messages import AudioFormat
from tests.core.desk import Desk, codes, errors, of, poses, ramp

SECOND = 16_000


def test_an_unknown_session_gets_one_error_until_it_is_opened(desk):
    for _ in range(3):
        desk.say(ramp(10), sid=7)
        desk.interrupt(sid=7)
    desk.say(ramp(10), sid=8)
    assert [(m.sid, m.code, m.field) for m in desk.read()] == [(7, 4404, "sid"), (8, 4404, "sid")]
    desk.open(sid=7)
    desk.send(requests.Close(sid=7))
    desk.say(ramp(10), sid=7)
    desk.say(ramp(10), sid=7)
    assert errors(desk.read()) == [(4404, "sid")]


def test_open_on_an_open_session_is_refused_and_it_goes_on(desk):
    desk.open(pacing="burst")
    desk.open(fps=30, id=3)
    desk.line(ramp(SECOND))
    desk.finish()
    assert [(m.re, m.sid, m.code) for m in of(desk.log, replies.Error)] == [(3, 1, 4409)]
    assert of(desk.log, replies.Closed) == []
    assert len(poses(desk.log)) == 75


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"rig": "nowhere"}, 4404, "rig"),
        ({"model": "nobody"}, 4404, "model"),
        ({"rig": "auto"}, 4422, "have"),
        ({"have": ("Jaw",)}, 4422, "have"),
        ({"name": "hall", "pacing": "burst"}, 4422, "name"),
        ({"clock": True}, 4422, "clock"),
        ({"resume": "x"}, 4404, "resume"),
        ({"table": {"a": 1}}, 4422, "table"),
        ({"cache": True, "name": "hall"}, 4422, "cache"),
        ({"cache": True, "source": "mic"}, 4422, "cache"),
        ({"cache": True, "want": ("geometry",)}, 4422, "cache"),
        ({"want": ("audio",)}, 4422, "want.0"),
        ({"want": ("status", "geometry")}, 4422, "want.1"),
        ({"params": {"no_such": 1.0}}, 4422, "params.no_such"),
        ({"emotion": {"happiness": 1.0}}, 4422, "emotion.happiness"),
    ],
)
def test_an_open_that_fails_gets_an_error_and_closed(desk, fields, code, field):
    desk.open(id=5, **fields)
    error, closed = desk.read()
    assert (error.re, error.sid, error.code, error.field) == (5, 1, code, field)
    assert (closed.sid, closed.code) == (1, code)
    desk.say(ramp(10))
    desk.say(ramp(10))
    assert errors(desk.read()) == [(4404, "sid")]
    desk.open()
    assert isinstance(desk.read()[0], replies.Opened)


def test_no_more_sessions_than_allowed_are_open_at_a_time(scripted):
    desk = Desk(scripted, sessions_per_connection=2)
    for sid in (1, 2, 3):
        desk.open(sid=sid)
    assert errors(desk.read()) == [(4413, "sid")]
    desk.send(requests.Close(sid=2))
    desk.open(sid=3)
    assert of(desk.read(), replies.Opened)[0].sid == 3


def test_every_opened_has_a_layout_of_its_own(desk):
    for sid in (1, 2):
        desk.open(sid=sid)
    desk.set(sid=1, fps=30)
    assert [m.layout for m in of(desk.read(), replies.Opened)] == [1, 2, 3]


def test_ok_answers_requests_that_have_an_id_and_no_others(desk):
    desk.open()
    desk.read()
    desk.say(ramp(10), id=1)
    desk.say(ramp(10), first=10)
    desk.emotion(joy=1.0, id=2)
    desk.set(visible=True, id=3)
    desk.send(requests.Interrupt(sid=1, id=4))
    desk.send(requests.Played(sid=1, u=1, t_us=0, id=5))
    desk.send(requests.End(sid=1, u=2, id=6))
    assert [m.re for m in of(desk.read(), replies.Ok)] == [1, 2, 3, 4, 5, 6]
    assert errors(desk.log) == []


def test_a_burst_session_waits_while_too_much_is_unread(scripted):
    desk = Desk(scripted, outbox_bytes=65_536)
    desk.open(pacing="burst")
    desk.line(ramp(30 * SECOND))
    desk.wait(1.0)
    stuck = desk.outbox.size_bytes
    assert 65_536 <= stuck <= 2 * 65_536
    desk.wait(1.0)
    assert desk.outbox.size_bytes == stuck
    assert sorted(poses(desk.finish())) == list(range(1815))


def test_many_burst_sessions_together_do_not_pass_twice_the_limit(scripted):
    desk = Desk(scripted, outbox_bytes=65_536)
    for sid in range(1, 17):
        desk.open(sid=sid, pacing="burst")
        desk.line(ramp(10 * SECOND), sid=sid)
    desk.wait(1.0)
    assert desk.outbox.size_bytes <= 2 * 65_536
    desk.finish()
    assert [len(poses(desk.log, sid=sid)) for sid in range(1, 17)] == [615] * 16


def test_of_live_sessions_that_are_not_read_what_lies_behind_the_play_head_goes(scripted):
    desk = Desk(scripted, outbox_bytes=65_536)
    desk.open()
    desk.line(ramp(30 * SECOND))
    for _ in range(200):
        desk.wait(0.05)
        assert desk.outbox.size_bytes <= 65_536 * 1.2
    messages = desk.read()
    rows = poses(messages)
    dropped = sum(m.counters["poses"] for m in of(messages, replies.Status, code="dropped"))
    assert len(rows) + dropped == max(rows) + 1 == 691
    assert 200 <= min(rows) <= 600
    assert sorted(rows) == list(range(min(rows), 691))


def test_poses_go_together_once_the_last_of_their_message_lies_behind_the_play_head(scripted):
    desk = Desk(scripted, outbox_bytes=65_536)
    desk.open(ahead_us=60_000_000)
    desk.work()
    desk.read()
    desk.line(ramp(8 * SECOND))
    desk.work()
    desk.played(64 * 1_000_000 // 60 - 20_000, paused=True)
    desk.line(ramp(8 * SECOND), u=2)
    desk.work()
    desk.wait(0.1)
    assert codes(desk.log) == []
    desk.played(64 * 1_000_000 // 60, paused=True)
    desk.wait(0.1)
    messages = desk.read()
    assert min(poses(messages, u=1)) == 64
    assert codes(messages) == ["behind", "dropped"]
    assert of(messages, replies.Status)[1].counters == {"poses": 64}


def test_one_wrong_token_to_resume_with_after_another_ends_the_connection(desk):
    audio = AudioFormat(format="f32le", rate=16_000)
    asked = requests.Open(sid=1, rig="arkit", fps=60, audio=audio, resume="never given")
    desk.open(sid=2)
    for _ in range(GUESSES_MAX):
        desk.send(asked)
    refused = of(desk.read(), replies.Error)
    assert {(one.code, one.field) for one in refused} == {(4404, "resume")}
    with pytest.raises(PeerError) as caught:
        desk.sessions.answer(asked)
    assert (caught.value.closes, caught.value.code) == (True, 4413)
