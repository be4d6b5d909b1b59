"""What can be done to a server with TCP and WebSocket frames alone."""

import asyncio
import os
import zlib
from contextlib import suppress

import msgpack
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.live.abuse.harness import (
    BINARY,
    COMPRESSED,
    CONTINUATION,
    FINAL,
    MB,
    PING,
    close_code,
    drained,
    frame,
    tcp,
)

IDENTIFY = msgpack.packb({"op": "identify", "protocol": 1, "client": "rude/1"})


async def test_half_open_handshakes_are_cut_and_hold_nothing(place, undisturbed):
    async def half_open(k):
        async with tcp(place.port, upgrades=k % 2 == 0) as (reader, _):
            return close_code(await drained(reader))

    async with undisturbed():
        codes = await asyncio.gather(*map(half_open, range(60)))
    assert codes == [4408, None] * 30


async def test_slow_loris_headers_are_cut_in_time(place, undisturbed):
    async def drip(_):
        async with tcp(place.port) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n")
            reading = asyncio.create_task(drained(reader))
            sent = 0
            while not reading.done():
                writer.write(b"X-A: b\r\n")
                sent += 1
                await asyncio.sleep(0.1)
            return sent

    async with undisturbed():
        assert max(await asyncio.gather(*map(drip, range(40)))) < 100


async def test_ten_thousand_tiny_frames_are_all_answered(place, undisturbed):
    count = 10_000
    ping = frame(msgpack.packb({"op": "ping", "t": 1}))
    async with undisturbed() as rounds, tcp(place.port, upgrades=True) as (reader, writer):
        writer.write(frame(IDENTIFY))
        async for _ in rounds:
            writer.write(ping * count)
            content = b""
            while content.count(b"\xa4pong") < count:
                part = await reader.read(1 << 16)
                assert part
                content += part


@pytest.mark.parametrize("way", ["at_once", "in_pieces"])
async def test_a_frame_of_64_megabytes_is_refused_before_it_is_read(place, undisturbed, way):
    before = (await asyncio.to_thread(place.host.count)).rss_bytes
    async with undisturbed() as rounds:
        async for _ in rounds:
            assert await giant(place, is_in_pieces=way == "in_pieces") == 1009
        assert (await asyncio.to_thread(place.host.count)).rss_bytes - before < 32 * MB


async def giant(place, *, is_in_pieces):
    """The code that a message of 64 MB is closed with."""
    async with tcp(place.port, upgrades=True) as (reader, writer):
        reading = asyncio.create_task(drained(reader))
        writer.write(frame(IDENTIFY))
        piece = bytes(MB // 4)
        writer.write(frame(piece, first=BINARY) if is_in_pieces else frame(length=64 * MB))
        for _ in range(256):
            if reading.done():
                break
            writer.write(frame(piece, first=CONTINUATION) if is_in_pieces else piece)
            try:
                await writer.drain()
            except OSError:
                break
        return close_code(await reading)


async def test_a_compressed_bomb_is_never_unpacked(place, undisturbed):
    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    squeezed = zlib.compressobj(wbits=-15)
    bomb = squeezed.compress(bytes(64 * MB)) + squeezed.flush(zlib.Z_SYNC_FLUSH)[:-4]
    before = (await asyncio.to_thread(place.host.count)).rss_bytes
    async with undisturbed() as rounds:
        async for _ in rounds:
            async with tcp(place.port, upgrades=True, more=offer) as (reader, writer):
                assert b"permessage-deflate" not in reader.head
                writer.write(frame(bomb, first=FINAL | COMPRESSED | BINARY))
                assert close_code(await drained(reader)) == 1002
        assert (await asyncio.to_thread(place.host.count)).rss_bytes - before < 32 * MB


async def test_a_flood_of_pings_holds_up_nobody(place, undisturbed):
    async with undisturbed() as rounds, tcp(place.port, upgrades=True) as (reader, writer):
        writer.write(frame(IDENTIFY))
        flood = frame(os.urandom(8), first=FINAL | PING) * 1000
        told = frame(msgpack.packb({"op": "ping", "t": 7}))
        async for _ in rounds:
            writer.write(flood + told)
            await reader.readuntil(b"\xa4pong")
        writer.write(frame((1000).to_bytes(2, "big"), first=FINAL | 8))
        assert (await drained(reader)).endswith(b"\x88\x02\x03\xe8")


async def test_pings_whose_answers_are_never_read_cost_no_memory(place, undisturbed):
    flood = frame(os.urandom(125), first=FINAL | PING) * 1000
    async with undisturbed(), tcp(place.port, upgrades=True) as (_, writer):
        writer.write(frame(IDENTIFY))
        before = (await asyncio.to_thread(place.host.count)).rss_bytes
        with suppress(OSError):
            for _ in range(400):
                writer.write(flood)
                async with asyncio.timeout(1.0):
                    await writer.drain()
        assert (await asyncio.to_thread(place.host.count)).rss_bytes - before < 32 * MB


async def test_two_hundred_connects_a_second_are_borne(place, undisturbed):
    met = []

    async def come_and_go(k):
        await asyncio.sleep(k / 200)
        async with tcp(place.port, upgrades=True) as (reader, writer):
            writer.write(frame(IDENTIFY))
            await reader.readuntil(b"\xa5ready")
            met.append(k)

    async with undisturbed():
        await asyncio.gather(*map(come_and_go, range(400)))
    assert len(met) == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1.evil.example"])
async def test_a_page_from_elsewhere_is_turned_away(place, undisturbed, origin):
    async with undisturbed() as rounds:
        async for _ in rounds:
            async with connect(place.url, origin=origin) as socket:
                with pytest.raises(ConnectionClosed) as caught:
                    await socket.recv()
                assert caught.value.rcvd.code == 1008


async def test_a_name_bound_to_this_machine_by_a_stranger_is_turned_away(place, undisturbed):
    headers = {"Host": f"evil.example:{place.port}", "Origin": f"http://evil.example:{place.port}"}
    request = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    key = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    key += "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    async with undisturbed() as rounds:
        async for _ in rounds:
            async with tcp(place.port) as (reader, writer):
                writer.write(f"GET / HTTP/1.1\r\n{request}{key}\r\n".encode())
                await reader.readuntil(b"\r\n\r\n")
                assert close_code(await drained(reader)) == 1008
