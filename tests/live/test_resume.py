"""A session whose connection is lost, taken up again over another one."""

import asyncio
from contextlib import AsyncExitStack

import numpy as np
import pytest

from tests.live.raw import RATE, raw, rows_alone, speech

SPEECH = speech(2.0)
STEP = RATE // 50


@pytest.fixture
async def meet(fake_server):
    """`await meet()` gives another connection to the server."""
    async with AsyncExitStack() as stack:

        async def one():
            return await stack.enter_async_context(raw(fake_server))

        yield one


@pytest.fixture
async def lost(meet):
    """A session that has heard half of a line and had its play head told, without connection."""
    one = await meet()
    await one.open()
    token = (await one.until("opened"))["resume"]
    await say(one, to=RATE)
    await one.send("played", sid=1, u=1, t_us=250_000, paused=True, id=2)
    await reached(one, 40)
    await one.until("ok", re=2) if not messages(one, "ok") else None
    one.socket.transport.abort()
    return one, token


async def say(one, samples=SPEECH, *, u=1, sid=1, since=0, to=None):
    for first in range(since, to or len(samples), STEP):
        await one.audio(
            samples[first : min(first + STEP, to or len(samples))], u=u, first=first, sid=sid
        )
    if to is None:
        await one.send("end", sid=sid, u=u)


async def resume(one, token, *, sid=1):
    await one.open(sid=sid, resume=token)
    return await one.until("opened", sid=sid)


def messages(one, op, **fields):
    return [m for m in one.seen if m["op"] == op and fields.items() <= m.items()]


def rows(one, **fields):
    """Pose index → row, as bytes; no pose comes twice."""
    found = {}
    for m in messages(one, "poses", **fields):
        size = len(m["data"]) // m["n"]
        for k in range(m["n"]):
            assert m["i"] + k not in found
            found[m["i"] + k] = m["data"][k * size : (k + 1) * size]
    return found


async def reached(one, i):
    """Read up to pose i."""
    while not any(m["i"] <= i < m["i"] + m["n"] for m in messages(one, "poses")):
        await one.until("poses")


def whole(scripted, samples=SPEECH):
    """The rows of a line that nothing disturbs."""
    data = rows_alone(scripted, samples)
    count = 60 * len(samples) // RATE + 15
    size = len(data) // count
    return {i: data[i * size : (i + 1) * size] for i in range(count)}


async def test_a_line_goes_on_where_it_was_and_is_what_it_would_have_been(meet, lost, scripted):
    first, token = lost
    second = await meet()
    opened = await resume(second, token)
    assert opened["received"] == {"u": 1, "to_us": 1_000_000}
    assert (opened["rig"], opened["fps"], opened["resume"] != token) == ("arkit", 60, True)
    await say(second, since=RATE)
    for t_us in (250_000, 1_000_000, 2_000_000):
        await second.send("played", sid=1, u=1, t_us=t_us, paused=True)
    await second.until("utterance", state="poses_done")
    states = [m["state"] for m in messages(second, "utterance")]
    assert states == ["started", "audio_done", "poses_done"]
    wanted, before, after = whole(scripted), rows(first), rows(second)
    assert min(after) == 15
    assert before == {i: wanted[i] for i in before}
    assert after == {i: wanted[i] for i in range(15, len(wanted))}


async def test_sound_that_is_sent_again_is_not_spoken_twice(meet, lost, scripted):
    _, token = lost
    second = await meet()
    await resume(second, token)
    await say(second, since=RATE // 2)
    await second.send("played", sid=1, u=1, t_us=2_000_000, paused=True)
    done = await second.until("utterance", state="poses_done")
    assert done["t_us"] == 134 * 1_000_000 // 60
    after, wanted = rows(second), whole(scripted)
    assert after == {i: wanted[i] for i in after}
    assert messages(second, "error") == []


async def test_emotion_and_parameters_go_on_with_the_session(meet):
    first = await meet()
    await first.open(emotion={"joy": 0.5})
    token = (await first.until("opened"))["resume"]
    await first.until("rest")
    await first.send("set", sid=1, curves={"jawOpen": {"offset": 0.25}}, id=1)
    await first.send("emotion", sid=1, values={"anger": 1.0}, transition_us=0, id=2)
    await first.until("ok", re=2)
    wanted = None
    while wanted is None or first.seen[-1]["op"] == "rest":
        await asyncio.sleep(0.15)
        await first.send("ping", t=3)
        await first.until("pong")
        wanted = messages(first, "rest")[-1]["data"]
    first.socket.transport.abort()
    second = await meet()
    opened = await resume(second, token)
    rest = await second.until("rest")
    assert (rest["layout"], rest["data"]) == (opened["layout"], wanted)
    assert wanted != messages(first, "rest")[0]["data"]


async def test_another_connection_takes_over_at_once(meet, scripted):
    first, second = await meet(), await meet()
    await first.open()
    token = (await first.until("opened"))["resume"]
    await say(first, to=RATE)
    await first.until("poses")
    opened = await resume(second, token, sid=4)
    closed = await first.until("closed", sid=1)
    assert closed["code"] == 4490
    assert opened["received"]["u"] == 1
    await say(second, since=round(opened["received"]["to_us"] * RATE / 1e6), sid=4)
    done = await second.until("utterance", state="poses_done")
    assert (done["sid"], done["t_us"]) == (4, 134 * 1_000_000 // 60)
    await first.open()
    assert (await first.until("opened"))["sid"] == 1
    wanted, after = whole(scripted), rows(second)
    assert after == {i: wanted[i] for i in after}


async def test_a_token_is_good_once_and_an_unknown_one_is_told(meet, lost):
    _, token = lost
    second, third = await meet(), await meet()
    await resume(second, token)
    for bad in (token, "never given"):
        await third.open(sid=2, resume=bad)
        refused = await third.until("error")
        assert (refused["code"], refused["field"], refused["sid"]) == (4404, "resume", 2)
        assert (await third.until("closed", sid=2))["code"] == 4404
    await third.open(sid=2)
    await third.until("opened", sid=2)


async def test_a_session_that_was_ended_on_purpose_is_not_kept(meet):
    first, second = await meet(), await meet()
    await first.open(name="hall")
    token = (await first.until("opened"))["resume"]
    await first.socket.close(1000)
    is_free = False
    while not is_free:
        await second.open(name="hall")
        is_free = (await second.answers(1))[0]["op"] == "opened"
        await asyncio.sleep(0.01)
    await second.open(sid=2, resume=token)
    assert (await second.until("error", sid=2))["code"] == 4404


async def test_a_burst_session_has_nothing_to_be_resumed_with(meet):
    one = await meet()
    await one.open(pacing="burst")
    assert "resume" not in await one.until("opened")


async def test_a_speaker_who_is_lost_is_heard_on_and_then_interrupted(meet, monkeypatch):
    import a2f_ws.hall.lost as kept

    monkeypatch.setattr(kept, "LOST_S", 1.2)
    speaker, watcher = await meet(), await meet()
    await speaker.open(name="hall")
    token = (await speaker.until("opened"))["resume"]
    await watcher.send("open", sid=1, rig="arkit", fps=60, role="watch", name="hall")
    await watcher.until("opened")
    await say(speaker, to=RATE)
    await (await speaker.socket.ping())  # by now the server has read all of it
    await watcher.until("poses")
    speaker.socket.transport.abort()
    over = await watcher.until("utterance", state="interrupted")
    assert over["poses"] >= 60 - 16
    assert (await watcher.until("status"))["code"] == "waiting"
    late = await meet()
    await late.open(resume=token)
    assert (await late.until("error"))["code"] == 4404
    await late.open(name="hall")
    await late.until("opened")


async def test_an_end_that_got_lost_may_be_said_again_and_the_next_line_follows(meet, lost):
    _, token = lost
    second = await meet()
    await resume(second, token)
    await second.send("end", sid=1, u=1)
    await say(second, speech(0.3), u=2)
    await second.send("played", sid=1, u=2, t_us=0)
    for u, poses in ((1, 60 + 15 - 15), (2, 18 + 15)):
        done = await second.until("utterance", u=u, state="poses_done")
        assert len(rows(second, u=u)) == poses
        assert done["poses"] == poses


async def test_a_watcher_takes_its_own_place_over_with_the_clock(meet):
    speaker, first, second = await meet(), await meet(), await meet()
    await speaker.open(name="hall")
    await speaker.until("opened")
    fields = {"role": "watch", "name": "hall", "clock": True, "audio": None}
    await first.open(**fields)
    token = (await first.until("opened"))["resume"]
    await say(speaker)
    await first.send("played", sid=1, u=1, t_us=0)
    await speaker.until("played")
    await second.open(**fields, resume=token)
    assert (await first.until("closed"))["code"] == 4490
    await second.until("utterance", state="started")
    await second.send("played", sid=1, u=1, t_us=1_000_000, id=8)
    await second.until("ok", re=8)
    told = [(await speaker.until("played"))["t_us"]]
    assert told == [1_000_000]


async def test_the_next_line_begins_in_the_packet_of_an_interrupt_unharmed(meet, scripted):
    one = await meet()
    await one.open()
    await one.until("opened")
    await say(one)
    await one.until("poses")
    line = speech(0.5)
    await asyncio.gather(
        one.send("interrupt", sid=1, u=1),
        one.send("audio", sid=1, u=2, first=0, pcm=np.asarray(line, "<f4").tobytes()),
        one.send("end", sid=1, u=2),
    )
    await one.until("utterance", u=2, state="poses_done")
    over = one.seen.index(messages(one, "utterance", u=1, state="interrupted")[0])
    assert not [m for m in one.seen[over:] if m["op"] == "poses" and m["u"] == 1]
    assert messages(one, "utterance", u=1)[-1]["poses"] == len(rows(one, u=1))
    assert rows(one, u=2) == whole(scripted, line)
