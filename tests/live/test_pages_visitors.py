"""Who gets a page over HTTP, and how slowly it may be read."""

import asyncio
import json
import socket
import time
from contextlib import suppress

import pytest
from websockets.asyncio.client import connect

from a2f_ws.connection import CLOSE_S
from a2f_ws.web import entrance
from tests.live.browser import FILES, MEGABYTE, NOISE, fetch, site
from tests.live.raw import WAIT_S, witness


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8765", 200),
        ("localhost", 200),
        ("[::1]:8765", 200),
        ("192.168.1.20:8765", 200),
        ("Studio.example:8765", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example:8765", 421),
        ("localhost.evil.example", 421),
        ("user@evil.example", 421),
        ("", 421),
        ("[", 421),
    ],
)
async def test_pages_are_for_this_host_and_not_for_a_name_that_was_bound_anew(
    scripted, studio, *, host, status
):
    async with site(scripted, studio, origins=["studio.example"]) as server:
        for path in ("/", "/info", "/speech.flac"):
            got, _, body = await fetch(server, path, Host=host)
            assert got == status, path
        assert status == 200 or b"origins" in body
        assert (await fetch(server, "/healthz", Host=host))[0] == 200


async def test_six_connections_at_once_get_whole_pages(place):
    paths = ["/assets/noise-3c4d.bin", "/assets/app-1a2b.js"] * 3
    async with witness(place):
        answers = await asyncio.gather(*(fetch(place, path) for path in paths))
    assert [body == FILES[path[1:]] for path, (_, _, body) in zip(paths, answers, strict=True)] == [
        True
    ] * 6


def pausing(server, pause_s):
    """What a reader gets who takes a little and then does something else for a while."""
    with socket.socket() as browser:
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        browser.settimeout(WAIT_S)
        browser.connect(("127.0.0.1", server.port))
        host = f"Host: 127.0.0.1:{server.port}"
        browser.sendall(f"GET /assets/noise-3c4d.bin HTTP/1.1\r\n{host}\r\n\r\n".encode())
        parts = [browser.recv(16_384)]
        time.sleep(pause_s)
        with suppress(ConnectionError):
            while part := browser.recv(MEGABYTE):
                parts.append(part)
    return b"".join(parts).partition(b"\r\n\r\n")[2]


async def test_a_slow_reader_gets_the_whole_page_whatever_the_limits_of_a_handshake(
    scripted, studio
):
    async with site(scripted, studio, handshake_s=0.2) as server, witness(server):
        body = await asyncio.to_thread(pausing, server, 2 * CLOSE_S)
    assert (len(body), body == NOISE) == (len(NOISE), True)


async def test_who_does_not_read_is_cut_off_after_the_time_for_a_page(
    scripted, studio, monkeypatch
):
    monkeypatch.setattr(entrance, "PAGE_S", 0.2)
    async with site(scripted, studio) as server, witness(server):
        body = await asyncio.to_thread(pausing, server, 0.8)
        got = len(body)
    assert 0 < got < len(NOISE)


async def test_more_readers_than_there_is_room_for_are_asked_to_come_back(
    scripted, studio, monkeypatch
):
    monkeypatch.setattr(entrance, "READERS_MAX", 2)
    async with site(scripted, studio) as server, witness(server):
        slow = [asyncio.create_task(asyncio.to_thread(pausing, server, 1.0)) for _ in range(2)]
        await asyncio.sleep(0.4)
        while_full, _, _ = await fetch(server, "/")
        await asyncio.gather(*slow)
        afterwards, _, _ = await fetch(server, "/")
    assert (while_full, afterwards) == (503, 200)


async def test_who_asks_for_nothing_in_time_is_cut_off(scripted, studio):
    async with site(scripted, studio, handshake_s=0.2) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\n")
        async with asyncio.timeout(WAIT_S):
            assert await reader.read() == b""
        writer.close()


async def test_a_client_of_ours_outlives_the_limits_of_a_visitor(scripted, studio, monkeypatch):
    monkeypatch.setattr(entrance, "PAGE_S", 0.2)
    async with site(scripted, studio, handshake_s=0.2) as server, connect(server.url) as client:
        await client.recv()
        await client.send(json.dumps({"op": "nonsense"}))
        async with asyncio.timeout(WAIT_S):
            await client.wait_closed()
        assert client.close_code not in (None, 1006)
