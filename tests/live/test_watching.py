"""A session with a name: fed over one socket, watched over others."""

import asyncio
from contextlib import AsyncExitStack

import numpy as np
import pytest

from a2f_ws.security.rights import Right
from a2f_ws.security.tokens import entry, new_token
from tests.live.locked import bearer, shown
from tests.live.raw import AUDIO, RATE, raw, rows_alone, speech

NAME = "hall"
AHEAD_US = 250_000


@pytest.fixture
async def meet(fake_server):
    """`await meet()` gives another client of the server."""
    async with AsyncExitStack() as stack:

        async def one():
            return await stack.enter_async_context(raw(fake_server))

        yield one


@pytest.fixture
async def speaker(meet):
    """Speaks as "hall"; its poses come at most a quarter of a second ahead of the play head."""
    one = await meet()
    await one.open(name=NAME, ahead_us=AHEAD_US)
    await one.until("rest")
    return one


async def watch(one, *, sid=1, rig="arkit", **fields):
    await one.send("open", sid=sid, rig=rig, fps=60, role="watch", name=NAME, **fields)
    return await one.until("opened")


async def say(one, samples, *, u=1, step=RATE // 50):
    for first in range(0, len(samples), step):
        await one.audio(samples[first : first + step], u=u, first=first)
    await one.send("end", sid=1, u=u)


def messages(one, op, **fields):
    return [m for m in one.seen if m["op"] == op and fields.items() <= m.items()]


def rows(one, **fields):
    """The rows of all `poses`, one behind the other; they come in order and without a hole."""
    found = messages(one, "poses", **fields)
    ends = list(np.cumsum([m["n"] for m in found]))
    assert [m["i"] - found[0]["i"] for m in found] == [0, *ends[:-1]]
    return b"".join(m["data"] for m in found)


def sound(one, **fields):
    """The sound of all `audio`, in one piece."""
    found = messages(one, "audio", **fields)
    ends = [m["first"] + len(m["pcm"]) // 4 for m in found]
    assert [m["first"] for m in found[1:]] == ends[:-1]
    return b"".join(m["pcm"] for m in found)


def errors(one):
    return [(m["code"], m.get("field")) for m in messages(one, "error")]


async def reached(one, i):
    """Read up to pose i."""
    while not any(m["i"] <= i < m["i"] + m["n"] for m in messages(one, "poses")):
        await one.until("poses")


async def settled(one):
    """Everything that the server had to say to what was sent has come."""
    await one.send("ping", t=7)
    await one.until("pong", t=7)


async def test_one_speaks_and_many_watch_the_same_poses_in_rigs_of_their_own(
    meet, speaker, scripted
):
    twins, other = [await meet(), await meet()], await meet()
    for twin in twins:
        await watch(twin, want=["audio"])
    opened = await watch(other, rig="unity/vrm1")
    samples = speech(1.0)
    await say(speaker, samples)
    for one in (speaker, *twins, other):
        done = await one.until("utterance", state="poses_done")
        assert done["poses"] == 60 + 15
    wanted = rows_alone(scripted, samples)
    assert rows(speaker) == rows(twins[0]) == rows(twins[1]) == wanted
    assert len(rows(other)) == 4 * opened["row"] * (60 + 15)
    assert sound(twins[0]) == sound(twins[1]) == samples.tobytes()
    assert messages(other, "audio") == []


async def test_a_watcher_that_comes_late_starts_at_the_play_head(meet, speaker, scripted):
    samples = speech(2.0)
    await say(speaker, samples)
    await speaker.send("played", sid=1, u=1, t_us=1_000_000, paused=True)
    await reached(speaker, 60)
    late = await meet()
    opened = await watch(late, want=["audio"])
    assert opened["audio"] == {**AUDIO, "channels": 1, "source": "line"}
    await late.until("poses")
    await speaker.send("played", sid=1, u=1, t_us=1_000_000)
    while not messages(late, "utterance", state="poses_done"):
        await speaker.send("played", sid=1, u=1, t_us=2_000_000)
        await asyncio.sleep(0.1)
        await settled(late)
    states = [m["state"] for m in messages(late, "utterance")]
    assert states == ["started", "audio_done", "poses_done"]
    first = messages(late, "poses")[0]
    assert (first["i"], first["t_us"]) == (60, 1_000_000)
    row_bytes = 4 * opened["row"]
    assert rows(late) == rows_alone(scripted, samples)[60 * row_bytes :]
    assert messages(late, "audio")[0]["first"] == RATE
    assert sound(late) == samples[RATE:].tobytes()


async def test_sound_goes_no_further_ahead_than_the_poses_may(meet, speaker):
    watcher = await meet()
    opened = await watch(watcher, want=["audio"])
    await say(speaker, speech(3.0))
    await speaker.send("played", sid=1, u=1, t_us=500_000, paused=True)
    for _ in range(5):
        await asyncio.sleep(0.05)
        await settled(watcher)
    near_us = 500_000 + AHEAD_US + opened["look_ahead_us"]
    heard_us = len(sound(watcher)) // 4 * 1_000_000 // RATE
    assert near_us - 100_000 < heard_us <= near_us


async def test_the_clock_of_a_watcher_moves_the_play_head_and_the_speaker_hears_of_it(
    meet, speaker
):
    clock, rival, stranger = await meet(), await meet(), await meet()
    await watch(clock, clock=True)
    await rival.send("open", sid=1, rig="arkit", fps=60, role="watch", name=NAME, clock=True)
    refused = await rival.until("error")
    assert (refused["code"], refused["field"]) == (4409, "clock")
    await rival.until("closed", sid=1, code=4409)
    await stranger.open(name=NAME)
    refused = await stranger.until("error")
    assert (refused["code"], refused["field"]) == (4409, "name")
    await stranger.until("closed", sid=1, code=4409)
    await say(speaker, speech(3.0))
    await clock.until("utterance", state="started")
    await clock.send("played", sid=1, u=1, t_us=1_500_000, rate=1.0, paused=True)
    told = await speaker.until("played")
    assert (told["u"], told["t_us"], told["paused"]) == (1, 1_500_000, True)
    await reached(clock, 90)
    await rival.send("open", sid=1, rig="arkit", fps=60, role="watch", name=NAME)
    await rival.until("opened")
    await rival.send("played", sid=1, u=1, t_us=2_000_000, id=3)
    refused = await rival.until("error", re=3)
    assert (refused["code"], refused["field"]) == (4403, "op")


async def test_a_speaker_may_leave_and_another_one_may_come(meet, speaker):
    early, watcher = await meet(), await meet()
    await watch(watcher)
    await watcher.until("rest")
    await say(speaker, speech(3.0))
    await watcher.until("poses")
    await speaker.send("close", sid=1)
    await watcher.until("utterance", state="interrupted")
    assert (await watcher.until("status"))["code"] == "waiting"
    waiting = await watch(early)
    assert (waiting["model"], waiting["look_ahead_us"]) == ("", 0)
    second = await meet()
    await second.open(name=NAME, fps=30)
    fresh = await watcher.until("opened")
    assert (fresh["fps"], fresh["layout"] > 1, fresh.get("re")) == (30, True, None)
    await say(second, speech(0.5))
    for one in (watcher, early):
        done = await one.until("utterance", state="poses_done")
        assert done["poses"] == 15 + 8


async def test_what_is_the_speakers_is_refused_to_a_watcher_and_its_set_is_its_own(meet, speaker):
    watcher, other = await meet(), await meet()
    await watch(watcher)
    await watch(other)
    await watcher.send("emotion", sid=1, values={"joy": 1.0}, id=1)
    await watcher.send("audio", sid=1, u=1, first=0, pcm=b"", id=2)
    await watcher.send("set", sid=1, params={"input_strength": 1.0}, id=3)
    await watcher.send("set", sid=1, curves={"jawOpen": {"gain": 0.0, "offset": 0.25}}, id=4)
    await watcher.until("ok", re=4)
    assert errors(watcher) == [(4403, "op"), (4403, "op"), (4403, "params")]
    await say(speaker, speech(0.5))
    for one in (speaker, watcher, other):
        await one.until("utterance", state="poses_done")
    jaw = (await watch(watcher, sid=2))["curves"].index("jawOpen")
    mine = np.frombuffer(rows(watcher, sid=1), "<f4").reshape(30 + 15, -1)
    assert set(mine[:, jaw]) == {0.25}
    assert rows(other) == rows(speaker)


async def test_interrupting_from_a_watching_session_is_a_right_of_its_own(
    serving, scripted, tmp_path
):
    rights = {
        "speaker": Right.SPEAK,
        "watcher": Right.WATCH,
        "director": Right.WATCH | Right.INTERRUPT,
    }
    tokens = {name: new_token() for name in rights}
    file = tmp_path / "tokens.toml"
    file.write_text(
        "\n".join(
            entry(tokens[name], name=name, rights=right, expires=None)
            for name, right in rights.items()
        )
    )
    server = await serving(scripted, tokens=str(file))
    async with AsyncExitStack() as stack:
        clients = {}
        for name, token in tokens.items():
            one = await stack.enter_async_context(raw(server, greets=False, **bearer(token)))
            await shown(one)
            clients[name] = one
        speaking, watching, directing = clients.values()
        await speaking.open(name=NAME)
        await speaking.until("opened")
        await watch(watching)
        await watch(directing)
        await say(speaking, speech(3.0))
        await watching.until("poses")
        await watching.send("interrupt", sid=1, id=5)
        refused = await watching.until("error", re=5)
        assert (refused["code"], refused["field"]) == (4403, "op")
        await directing.send("interrupt", sid=1, u=1, id=6)
        for one in clients.values():
            over = await one.until("utterance", state="interrupted")
            assert over["poses"] == sum(m["n"] for m in messages(one, "poses"))
        assert messages(directing, "ok", re=6) or await directing.until("ok", re=6)


async def test_a_watcher_that_does_not_read_takes_nothing_from_one_that_does(serving, scripted):
    server = await serving(scripted, outbox_bytes=262_144)
    samples = speech(6.0)
    async with (
        raw(server) as one,
        raw(server) as quick,
        raw(server, max_queue=1) as slow,
    ):
        await one.open(name=NAME, ahead_us=60_000_000)
        await one.until("opened")
        await watch(quick, want=["audio"])
        await slow.send("open", sid=1, rig="arkit", fps=60, role="watch", name=NAME, want=["audio"])
        await asyncio.sleep(0.1)
        slow.socket.transport.pause_reading()
        talk = asyncio.create_task(say(one, samples, step=len(samples)))
        await quick.until("utterance", state="poses_done")
        await talk
        slow.socket.transport.resume_reading()
        await slow.until("utterance", state="poses_done")
    assert rows(quick) == rows_alone(scripted, samples)
    assert sound(quick) == sound(slow) == samples.tobytes()
    assert [m["code"] for m in messages(quick, "status")] == []
    order = [m["i"] for m in messages(slow, "poses")]
    assert order == sorted(order)
