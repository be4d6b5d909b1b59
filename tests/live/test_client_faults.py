import asyncio
from contextlib import aclosing

import msgpack
import numpy as np
import pytest
from websockets.asyncio.server import serve

from a2f_ws.client import ServerError, ServerGoneError, connect
from a2f_ws.errors import ConfigError
from a2f_ws.wire.codes import Code
from tests.sounds import RATE_HZ, ramp, real_time, rows


async def test_a_refusal_tells_code_and_field(fake_server):
    async with connect(fake_server.url) as client:
        with pytest.raises(ServerError, match="nonsense") as unknown_rig:
            await client.open(rig="nonsense", rate=RATE_HZ)
        with pytest.raises(ServerError) as bad_rate:
            await client.open(rate=7)
        session = await client.open(rate=RATE_HZ)
        with pytest.raises(ServerError, match="hunger") as unknown_emotion:
            await session.emotion({"hunger": 1.0})
        with pytest.raises(ServerError) as early:
            await session.played(3, 0)
        assert len(await rows(session.say(ramp(0.1)))) == 6 + 15
    assert (unknown_rig.value.code, unknown_rig.value.field) == (Code.UNKNOWN, "rig")
    assert (bad_rate.value.code, bad_rate.value.field) == (Code.BAD_VALUE, "audio.rate")
    assert unknown_emotion.value.field == "values.hunger"
    assert (early.value.code, early.value.field) == (Code.WRONG_STATE, "u")


async def test_refused_audio_is_told_where_the_poses_are_read(fake_server):
    broken = np.array([0.0, np.nan], "<f4").tobytes()
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ, format="f32le")
        with pytest.raises(ServerError) as refused:
            await rows(session.say(broken))
        assert len(await rows(session.say(bytes(RATE_HZ)))) == 15 + 15
    assert (refused.value.code, refused.value.field) == (Code.BAD_VALUE, "pcm")


async def test_what_the_source_of_the_sound_raises_is_told_too(fake_server):
    async def failing():
        yield ramp(0.1)
        raise LookupError("no microphone")

    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ)
        with pytest.raises(LookupError, match="no microphone"):
            await rows(session.say(failing()))
        with pytest.raises(ValueError, match="inside of a sample frame"):
            await rows(session.say([b"abc"]))
        assert len(await rows(session.say(ramp(0.1)))) == 6 + 15


async def test_what_the_block_raises_leaves_it_unchanged(fake_server):
    with pytest.raises(LookupError, match="mine"):
        async with connect(fake_server.url) as client:
            session = await client.open(rate=RATE_HZ)
            session.say(real_time(ramp(5), 0.02))
            raise LookupError("mine")


async def test_cancelling_a_reader_leaves_the_connection_usable(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ)
        reader = asyncio.create_task(rows(session.say(real_time(ramp(5), 0.02))))
        await asyncio.sleep(0.1)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        assert len(await rows(session.say(ramp(0.1)))) == 6 + 15
        assert await client.ping() < 5.0


async def test_a_closed_session_says_so_and_its_number_is_free_again(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ)
        line = session.say(real_time(ramp(5), 0.02))
        async with aclosing(line.blocks()) as blocks:
            await anext(blocks)
            await session.close()
        assert (line.state, session.is_closed) == ("interrupted", True)
        with pytest.raises(ServerError, match="closed"):
            await rows(session.say(ramp(0.1)))
        assert (await client.open(rate=RATE_HZ)).sid == session.sid


async def test_a_server_that_stops_is_told_by_every_call(serving, scripted, stopping):
    server = await serving(scripted)
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ)
        line = session.say(real_time(ramp(5), 0.02))
        with pytest.raises(ServerGoneError) as gone:
            async for pose in line:
                if pose.i == 0:
                    stopping(server)
        for call in (session.emotion({}), client.open(rate=RATE_HZ), client.ping()):
            with pytest.raises(ServerGoneError):
                await call
        with pytest.raises(ServerGoneError):
            await rows(session.say(ramp(0.1)))
    assert (gone.value.code, gone.value.message) == (Code.GOING_AWAY, "the server stops")
    with pytest.raises(ServerGoneError, match="no a2f-ws server answers there"):
        async with connect(server.url):
            pass


async def test_where_nobody_speaks_the_protocol_connecting_fails_with_a_reason():
    async def hang_up(reader, writer):
        await reader.readline()
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    web = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = web.sockets[0].getsockname()[1]
    async with web:
        with pytest.raises(ServerGoneError, match="404"):
            async with connect(f"ws://127.0.0.1:{port}"):
                pass
    with pytest.raises(ConfigError, match="not the address of a server"):
        async with connect("127.0.0.1:8765"):
            pass


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([b"\xc1"], Code.MALFORMED),
        ([{"op": "ready", "connection": "c1"}], Code.WRONG_STATE),
        ([{"op": "hello", "protocol": 2}], Code.VERSION),
    ],
)
async def test_a_server_that_breaks_the_protocol_is_left_with_a_reason(*, frames, code):
    whole = {
        "server": "s/1",
        "instance": "x",
        "models": [],
        "rigs": [],
        "audio": {"formats": [], "rate": [8000, 192_000], "channels_max": 1},
        "limits": {},
    }

    async def speak(socket):
        for frame in frames:
            is_bytes = isinstance(frame, bytes)
            await socket.send(frame if is_bytes else msgpack.packb({**whole, **frame}))
        await socket.wait_closed()

    async with serve(speak, "127.0.0.1", 0, subprotocols=["a2f.v1.msgpack"]) as listener:
        port = listener.sockets[0].getsockname()[1]
        with pytest.raises(ServerGoneError) as gone:
            async with connect(f"ws://127.0.0.1:{port}"):
                pass
    assert gone.value.code == code
