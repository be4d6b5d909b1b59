import asyncio
from itertools import pairwise

import numpy as np
import pytest

import a2f_ws.hall.lost as kept
from a2f_ws.client import Block, ServerError, ServerGoneError, Sound, connect
from a2f_ws.wire.replies import Utterance
from tests.live.relay import relay
from tests.sounds import RATE_HZ, pieces, ramp, real_time, rows


async def alone(server, pcm):
    """The rows of a line that nothing disturbs."""
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst")
        return await rows(session.say(pcm))


async def test_a_line_whose_connection_is_cut_comes_whole_and_once(fake_server):
    pcm = ramp(2)
    async with relay(fake_server) as net, connect(net.url) as client:
        session = await client.open(rate=RATE_HZ)
        shown = []
        async for pose in session.say(real_time(pcm, 0.02)):
            shown.append(pose)
            if pose.i in (20, 60):
                net.cut()
        assert net.joined == 3
        assert [pose.i for pose in shown] == list(range(120 + 15))
        wanted = await alone(fake_server, pcm)
        assert np.array_equal(np.stack([pose.row for pose in shown]), wanted)
        assert len(await rows(session.say(ramp(0.1)))) == 6 + 15


async def test_sound_that_was_on_its_way_is_sent_again(fake_server):
    pcm = ramp(3)
    async with relay(fake_server) as net, connect(net.url) as client:
        session = await client.open(rate=RATE_HZ)
        first, second = session.say(pieces(pcm, 640)), session.say(pieces(ramp(0.5), 640))
        reader = asyncio.create_task(rows(second))
        seen = []
        async for pose in first:
            if not seen:
                net.cut()
            seen.append(pose.i)
        assert len(set(seen)) == len(seen)
        assert seen == sorted(seen)
        assert seen[-1] == 180 + 15 - 1
        assert len(await reader) == 30 + 15
        assert (first.state, second.state) == ("poses_done", "poses_done")


async def test_requests_wait_for_the_next_connection(fake_server):
    async with relay(fake_server) as net, connect(net.url) as client:
        session = await client.open(rate=RATE_HZ, emotion={"joy": 1.0})
        layout = session.opened.layout
        net.is_cut = True
        net.cut()
        await asyncio.sleep(0.05)
        feeling = asyncio.create_task(session.emotion({"anger": 1.0}))
        other = asyncio.create_task(client.open(rate=RATE_HZ))
        await asyncio.sleep(0.3)
        assert not feeling.done()
        net.is_cut = False
        await feeling
        assert (await other).sid != session.sid
        assert session.opened.resume is not None
        assert net.joined == 2
        assert not session.is_closed
        assert layout >= 1


async def test_an_interrupt_while_nothing_can_be_sent_acts_afterwards(fake_server):
    async with relay(fake_server) as net, connect(net.url) as client:
        session = await client.open(rate=RATE_HZ)
        speech = session.say(real_time(ramp(5), 0.02))
        async for pose in speech:
            if pose.i == 5:
                net.cut()
                break
        assert len(await rows(session.say(ramp(0.1)))) == 6 + 15
        assert speech.state == "interrupted"


async def test_a_watcher_goes_on_without_saying_anything_twice(fake_server):
    pcm = ramp(2)
    async with (
        relay(fake_server) as net,
        connect(fake_server.url) as speaking,
        connect(net.url) as watching,
    ):
        session = await speaking.open(rate=RATE_HZ, name="hall")
        watch = await watching.watch("hall", want_audio=True)
        await watch.set(curves={"jawOpen": {"gain": 0.0, "offset": 0.25}})
        talk = asyncio.create_task(rows(session.say(real_time(pcm, 0.02))))
        events, is_cut = [], False
        async for event in watch:
            events.append(event)
            if isinstance(event, Block) and event.i > 20 and not is_cut:
                is_cut = True
                net.cut()
            if isinstance(event, Utterance) and event.state == "poses_done":
                break
        await talk
    blocks = [event for event in events if isinstance(event, Block)]
    sounds = [event for event in events if isinstance(event, Sound)]
    assert all(a.i + len(a.rows) <= b.i for a, b in pairwise(blocks))
    assert all(a.first + len(a.pcm) // 2 <= b.first for a, b in pairwise(sounds))
    assert blocks[-1].i + len(blocks[-1].rows) == 120 + 15
    assert [e.state for e in events if isinstance(e, Utterance)].count("started") == 1
    jaw = watch.names.index("jawOpen")
    assert {value for block in blocks for value in block.rows[:, jaw]} == {0.25}
    heard = b"".join(one.pcm for one in sounds)
    assert len(heard) > 0.8 * len(pcm)


async def test_a_session_that_was_not_kept_so_long_says_so_where_poses_are_read(
    fake_server, monkeypatch
):
    monkeypatch.setattr(kept, "LOST_S", 0.1)
    async with relay(fake_server) as net, connect(net.url) as client:
        session = await client.open(rate=RATE_HZ)
        with pytest.raises(ServerError, match="token") as gone:
            async for pose in session.say(real_time(ramp(5), 0.02)):
                if pose.i == 5:
                    net.is_cut = True
                    net.cut()
                    asyncio.get_running_loop().call_later(0.5, setattr, net, "is_cut", False)
        assert (gone.value.code, session.is_closed) == (4404, True)
        again = await client.open(rate=RATE_HZ)
        assert len(await rows(again.say(ramp(0.1)))) == 6 + 15


@pytest.mark.parametrize("fields", [{"pacing": "burst"}, {}])
async def test_what_cannot_be_taken_up_ends_at_once(fake_server, fields):
    async with relay(fake_server) as net, connect(net.url, resumes=bool(fields)) as client:
        session = await client.open(rate=RATE_HZ, **fields)
        with pytest.raises(ServerGoneError):
            async for _ in session.say(real_time(ramp(5), 0.02)):
                net.cut()
        assert net.joined == 1


async def test_a_client_that_leaves_does_not_wait_for_a_lost_server(fake_server):
    async with relay(fake_server) as net:
        async with connect(net.url) as client:
            session = await client.open(rate=RATE_HZ)
            net.is_cut = True
            net.cut()
            await asyncio.sleep(0.05)
        assert session.is_closed


async def test_a_server_that_is_gone_for_good_is_told_within_seconds(serving, scripted):
    server = await serving(scripted)
    async with relay(server) as net, connect(net.url) as client:
        session = await client.open(rate=RATE_HZ)
        net.listener.close()
        with pytest.raises(ServerGoneError):
            async for _ in session.say(real_time(ramp(5), 0.02)):
                net.cut()


async def test_a_server_that_fails_in_a_line_is_told_where_its_poses_are_read(serving, scripted):
    server = await serving(scripted)
    async with connect(server.url) as client:
        for _ in range(5):
            session = await client.open(rate=RATE_HZ)
            with pytest.raises(ServerError) as failed:
                async for _ in session.say(real_time(ramp(2), 0.02)):
                    scripted.backend.fail_with = RuntimeError("out of memory")
            assert failed.value.code == 4500


async def test_sound_that_comes_while_sessions_are_taken_up_waits_for_that(fake_server):
    async with relay(fake_server) as net, connect(net.url) as client:
        sessions = [await client.open(rate=RATE_HZ) for _ in range(3)]
        lines = [session.say(real_time(ramp(2), 0.002)) for session in sessions]
        others = [asyncio.create_task(rows(line)) for line in lines[1:]]
        seen = []
        async for pose in lines[0]:
            seen.append(pose.i)
            if pose.i in (20, 40, 60, 80, 100):
                net.cut()
        assert net.joined == 6
        assert seen == list(range(120 + 15))
        for other in others:
            assert len(await other) == 120 + 15


async def test_a_line_that_begins_while_nothing_can_be_sent_is_said_afterwards(fake_server):
    async with relay(fake_server) as net, connect(net.url) as client:
        session = await client.open(rate=RATE_HZ)
        net.is_cut = True
        net.cut()
        await asyncio.sleep(0.1)
        line = asyncio.create_task(rows(session.say(ramp(0.5))))
        await asyncio.sleep(0.1)
        net.is_cut = False
        assert len(await line) == 30 + 15
