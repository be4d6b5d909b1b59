"""The port: sub-protocols, pages, origins, starting and stopping."""

import asyncio
import base64
import json
import logging
import struct
import time
from contextlib import asynccontextmanager

import msgpack
import pytest
from websockets.asyncio.client import connect
from websockets.datastructures import Headers

from a2f_ws.catalog import Catalog
from a2f_ws.errors import ConfigError
from a2f_ws.model import Model
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.web.origin import is_allowed_origin
from tests.live.conftest import hosted
from tests.live.raw import RATE, WAIT_S, Raw, raw, speech, witness


async def page(server, path, *, method="GET", **headers):
    """Status, headers and text of a plain HTTP request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    headers = {"Host": f"127.0.0.1:{server.port}", **headers}
    lines = [f"{method} {path} HTTP/1.1"] + [f"{name}: {value}" for name, value in headers.items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    async with asyncio.timeout(WAIT_S):
        answer = await reader.read()
    writer.close()
    head, _, body = answer.decode().partition("\r\n\r\n")
    first, *rest = head.split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in rest), body


async def test_pages_are_served_on_the_same_port(server):
    async with witness(server):
        for path in ("/healthz", "/readyz", "/readyz?verbose"):
            status, headers, body = await page(server, path)
            assert (status, body) == (200, "ok\n")
            assert headers["Content-Type"] == "text/plain; charset=utf-8"
        status, headers, body = await page(server, "/info")
        info = json.loads(body)
        assert headers["Content-Type"] == "application/json; charset=utf-8"
        assert info["models"] == ["embedded"]
        assert "arkit" in info["rigs"]
        assert info["connections"] == 1
        assert info["instance"] == server.catalog.instance


@pytest.mark.parametrize("path", ["/nothing", "/metrics/", "//[", "/%00", "/../etc/passwd"])
async def test_a_page_that_is_not_there_is_404(server, path):
    async with witness(server):
        assert (await page(server, path))[0] == 404


@pytest.mark.parametrize(
    ("offers", "picked"),
    [
        (None, None),
        (["a2f.v1.msgpack"], "a2f.v1.msgpack"),
        (["a2f.v1.json"], "a2f.v1.json"),
        (["a2f.v1.json", "a2f.v1.msgpack"], "a2f.v1.json"),
        (["chat", "a2f.v1.msgpack"], "a2f.v1.msgpack"),
    ],
)
async def test_the_first_sub_protocol_of_ours_is_spoken_msgpack_without_any(server, offers, picked):
    async with connect(server.url, subprotocols=offers, compression=None) as socket:
        frame = await socket.recv()
        assert socket.subprotocol == picked
        hello = json.loads(frame) if picked == "a2f.v1.json" else msgpack.unpackb(frame)
        assert (hello["op"], hello["protocol"]) == ("hello", 1)


@pytest.mark.parametrize("offers", [["chat"], ["a2f.v2.msgpack", "mqtt"]])
async def test_offers_without_one_of_ours_are_accepted_and_closed_with_4406(server, offers):
    async with witness(server), raw(server, subprotocols=offers, greets=False) as one:
        code, reason = await one.closing()
        assert code == 4406
        assert "a2f.v1.msgpack" in reason
        assert one.seen == []


async def test_compression_is_not_negotiated(server):
    async with connect(server.url, subprotocols=["a2f.v1.msgpack"]) as socket:
        assert "Sec-WebSocket-Extensions" not in socket.response.headers


async def test_json_carries_bytes_as_base64(server):
    async with connect(server.url, subprotocols=["a2f.v1.json"]) as socket:
        pcm = base64.b64encode(speech(0.1).tobytes()).decode()
        audio = {"format": "f32le", "rate": RATE}
        for message in (
            {"op": "identify", "protocol": 1, "client": "text/1"},
            {"op": "open", "sid": 1, "rig": "arkit", "fps": 60, "audio": audio, "pacing": "burst"},
            {"op": "audio", "sid": 1, "u": 1, "first": 0, "pcm": pcm},
            {"op": "end", "sid": 1, "u": 1},
        ):
            await socket.send(json.dumps(message))
        rows = 0
        async with asyncio.timeout(WAIT_S):
            while (message := json.loads(await socket.recv())).get("state") != "poses_done":
                if message["op"] == "poses":
                    assert len(base64.b64decode(message["data"])) == 4 * 68 * message["n"]
                    rows += message["n"]
        assert rows == message["poses"] == 6 + 15


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://127.0.0.1.evil.example",
        "null",
        "http://[",
        "file://127.0.0.1",
        "http://10.1.2.3",
    ],
)
async def test_a_foreign_origin_is_closed_with_1008(server, origin, caplog):
    async with witness(server), raw(server, greets=False, origin=origin) as one:
        code, reason = await one.closing()
        assert (code, one.seen) == (1008, [])
        assert "origin" in reason
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Host": "[", "Origin": "http://127.0.0.1"},
        {"Host": "127.0.0.1\r\nHost: evil.example", "Origin": "http://evil.example"},
    ],
)
async def test_a_name_that_was_bound_anew_is_refused_too(server, headers, caplog):
    async with eager(server, b"", **headers) as reader:
        assert (
            await unmasked(reader) == struct.pack(">H", 1008) + b"pages of that origin are not"
            b" allowed here"
        )
    assert "Traceback" not in caplog.text


async def test_pages_of_this_machine_engines_and_declared_names_may_connect(serving, embedded):
    server = await serving(embedded, origins=["Studio.example"])
    for origin in (None, f"http://127.0.0.1:{server.port}", "http://127.0.0.1:3000",
                   "https://studio.example", "http://STUDIO.example:8080"):  # fmt: skip
        async with connect(server.url, origin=origin) as socket:
            assert msgpack.unpackb(await socket.recv())["op"] == "hello"


@asynccontextmanager
async def eager(server, frames, **headers):
    """What comes after the handshake, to a client that sends frames in the same packet as it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    headers = {
        "Host": f"127.0.0.1:{server.port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(),
        "Sec-WebSocket-Version": "13",
        **headers,
    }
    lines = ["GET / HTTP/1.1"] + [f"{name}: {value}" for name, value in headers.items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + frames)
    async with asyncio.timeout(WAIT_S):
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        yield reader
    writer.close()


async def test_who_speaks_before_hello_is_understood(server):
    messages = [{"op": "identify", "protocol": 1, "client": "eager/1"}, {"op": "ping", "t": 5}]
    frames = b"".join(masked(msgpack.packb(message)) for message in messages)
    async with eager(server, frames) as reader:
        ops = [msgpack.unpackb(await unmasked(reader))["op"] for _ in range(3)]
    assert ops == ["hello", "ready", "pong"]


def masked(payload):
    """A binary frame as a client sends it; a mask of zeros leaves the bytes alone."""
    assert len(payload) < 126
    return bytes([0x82, 0x80 | len(payload), 0, 0, 0, 0]) + payload


async def unmasked(reader):
    """The payload of the next frame from the server."""
    _, length = await reader.readexactly(2)
    if length == 126:
        (length,) = struct.unpack(">H", await reader.readexactly(2))
    return await reader.readexactly(length)


async def test_a_stop_takes_less_than_three_seconds_and_closes_with_1001(scripted):
    server = Server(Catalog([Model("embedded", scripted)], load_rigs()), Settings(port=0))
    clients, tasks = [], []
    async with hosted(server):
        for k in range(6):
            one = Raw(await connect(server.url, compression=None))
            clients.append(one)
            if k == 5:
                continue
            await one.greet()
            await one.open(pacing=["burst", "live"][k % 2])
            await one.audio(speech(20.0))
            tasks.append(asyncio.create_task(one.closing()))
        await asyncio.sleep(0.05)
        started = time.monotonic()
    assert time.monotonic() - started < 3.0
    assert {code for code, _ in await asyncio.gather(*tasks)} == {1001}
    for one in clients:
        await one.socket.close()


async def test_a_stop_does_not_wait_for_a_peer_that_never_asks_for_anything(scripted):
    server = Server(Catalog([Model("embedded", scripted)], load_rigs()), Settings(port=0))
    async with hosted(server):
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        _, half = await asyncio.open_connection("127.0.0.1", server.port)
        half.write(b"GET / HTTP/1.1\r\n")
        await asyncio.sleep(0.05)
        started = time.monotonic()
    assert time.monotonic() - started < 3.0
    writer.close()
    half.close()


async def test_a_stopped_server_leaves_its_port_free(scripted):
    catalog = Catalog([Model("embedded", scripted)], load_rigs())
    first = Server(catalog, Settings(port=0))
    async with hosted(first):
        port = first.port
    async with hosted(Server(catalog, Settings(port=port))) as second:
        assert second.port == port


async def test_a_port_in_use_is_named_with_what_to_do(server, scripted):
    other = Server(server.catalog, Settings(port=server.port))
    with pytest.raises(ConfigError) as caught:
        async with other.running():
            pass
    text = str(caught.value)
    assert f"127.0.0.1:{server.port}" in text
    assert "--port" in text


def test_an_address_beyond_loopback_needs_to_be_allowed(scripted):
    catalog = Catalog([Model("embedded", scripted)], load_rigs())
    for host in ("0.0.0.0", "::", "192.168.1.5", "example.com", ""):
        with pytest.raises(ConfigError, match="--allow-unauthenticated"):
            Server(catalog, Settings(host=host))
        Server(catalog, Settings(host=host, allow_unauthenticated=True))
    for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost"):
        Server(catalog, Settings(host=host))


@pytest.mark.parametrize(
    ("host", "origin", "is_allowed"),
    [
        ("127.0.0.1:8765", "http://localhost:5173", True),
        ("localhost:8765", "http://127.0.0.1:5173", True),
        ("[::1]:8765", "http://localhost", True),
        ("192.168.1.5:8765", "http://localhost", False),
        ("192.168.1.5:8765", "http://192.168.1.5", True),
        ("evil.example:8765", "http://127.0.0.1", False),
        ("127.0.0.1:8765", "http://evil.example", False),
        ("localhost:8765", "http://localhost.evil.example", False),
    ],
)
def test_names_of_this_machine_are_one_and_no_other_name_is(host, *, origin, is_allowed):
    headers = Headers([("Host", host), ("Origin", origin)])
    assert is_allowed_origin(headers, []) is is_allowed


def test_two_origins_at_once_are_none_of_ours():
    headers = Headers([("Host", "127.0.0.1"), ("Origin", "http://127.0.0.1")])
    assert is_allowed_origin(headers, [])
    headers["Origin"] = "http://evil.example"
    assert not is_allowed_origin(headers, [])


def test_an_address_of_ipv6_stands_in_brackets(scripted):
    catalog = Catalog([Model("embedded", scripted)], load_rigs())
    assert Server(catalog, Settings(host="::1")).url == "ws://[::1]:0"


async def test_what_a_client_calls_itself_cannot_forge_a_line_of_the_log(server, caplog):
    with caplog.at_level(logging.INFO):
        async with raw(server, greets=False) as one:
            await one.send("identify", protocol=1, client="x\nERROR all is lost")
            await one.until("ready")
    assert not any("\n" in record.getMessage() for record in caplog.records)
