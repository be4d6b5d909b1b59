"""The WebSockets of the Unity package, on Mono, against others and against strangers."""

import asyncio
import base64
import hashlib
import re
import ssl
import subprocess

import pytest
from websockets.asyncio.server import serve

from tests.clients.conftest import call
from tests.clients.unity_assemblies import LIMIT_S, Assemblies

pytestmark = [pytest.mark.needs("mono", "mcs"), pytest.mark.slow]


@pytest.fixture(scope="module")
def wire(tmp_path_factory):
    """The program that drives a wire."""
    return Assemblies(tmp_path_factory.mktemp("unity")).program("WireCheck")


async def run(program, *words):
    """Lines that a program told, while the loop serves it."""
    process = await asyncio.create_subprocess_exec(
        "mono", str(program), *words, stdout=subprocess.PIPE
    )
    try:
        told, _ = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
    return told.decode().splitlines()


async def against(handler, wire, *words, tls=None, trusting=False):
    """What a wire tells of a WebSocket server that does what `handler` says."""
    kind = {"subprotocols": ["a2f.v1.msgpack"], "compression": None, "max_size": None}
    async with serve(handler, "localhost", 0, ssl=tls, **kind) as server:
        port = server.sockets[0].getsockname()[1]
        url = f"{'wss' if tls else 'ws'}://localhost:{port}"
        return await run(wire, *words, url, *(["any"] if trusting else []))


async def echo(socket):
    try:
        async for message in socket:
            await socket.send(message)
    finally:
        echo.code = socket.protocol.close_rcvd.code if socket.protocol.close_rcvd else None


SIZES = (0, 1, 125, 126, 127, 65535, 65536, 300000, 1048576)


@pytest.mark.parametrize("kind", ["socket", "platform"])
def test_messages_of_all_lengths_go_there_and_back_on_both_wires(wire, kind):
    told = asyncio.run(against(echo, wire, kind, "echo"))
    assert told == [
        "state Open",
        *(f"echo {size} True" for size in SIZES),
        "closed Closed 4000",
        "threads False",
    ]
    assert echo.code == 4000


@pytest.mark.parametrize("kind", ["socket", "platform"])
def test_fragments_pings_and_close_codes_of_a_server_are_understood(wire, kind):
    async def speak(socket):
        await socket.send([b"ab", b"", b"c" * 70_000, b"d"])
        pong = await socket.ping(b"there?")
        await pong
        await socket.send(b"x" * 200)
        await socket.close(4503, "retry in 7 s")

    told = asyncio.run(against(speak, wire, kind, "listen"))
    whole = sum(b"ab" + b"c" * 70_000 + b"d")
    assert told == [
        f"message 70003 {whole}",
        f"message 200 {200 * ord('x')}",
        "closed 4503 retry in 7 s",
        "threads False",
    ]


def test_what_is_too_long_or_text_ends_the_wire_with_its_code(wire):
    async def shout(socket):
        await socket.send(b"1" * (5 * 1024 * 1024))
        await socket.wait_closed()

    async def write(socket):
        await socket.send("hello")
        await socket.wait_closed()

    long = asyncio.run(against(shout, wire, "socket", "listen"))
    text = asyncio.run(against(write, wire, "socket", "listen"))
    assert re.match(r"closed 1009 found a message of 5242880", long[0])
    assert text[0] == "closed 4400 found a text frame, wanted binary ones"


@pytest.mark.needs("openssl")
def test_tls_is_spoken_and_an_unknown_certificate_is_refused_unless_told_otherwise(wire, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    call(
        [*request, "-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)],
        limit_s=LIMIT_S,
        cwd=tmp_path,
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    trusting = asyncio.run(against(echo, wire, "socket", "echo", tls=tls, trusting=True))
    assert trusting[: 1 + len(SIZES)] == ["state Open", *(f"echo {size} True" for size in SIZES)]
    strict = asyncio.run(against(echo, wire, "socket", "listen", tls=tls))
    assert re.match(r"closed 1006 .*(?i:certificate|authentication)", strict[0])
    assert strict[-1] == "threads False"


def frame(first, payload, *, mask=False):
    """A short frame as a server must not send it, or may."""
    return bytes([first, (0x80 if mask else 0) | len(payload)]) + payload


HOSTILE = {
    "masked": (frame(0x82, b"abcd", mask=True), "1002"),
    "reserved bits": (frame(0xC2, b"a"), "1002"),
    "unknown opcode": (frame(0x83, b"a"), "1002"),
    "fragmented ping": (frame(0x09, b"a"), "1002"),
    "continuation of nothing": (frame(0x80, b"a"), "1002"),
    "message within a message": (frame(0x02, b"a") + frame(0x82, b"b"), "1002"),
    "half a close code": (frame(0x88, b"\x03"), "1002"),
    "reason that is no UTF-8": (frame(0x88, b"\x03\xe8\xff"), "1007"),
    "length with its top bit": (b"\x82\x7f" + b"\xff" * 8, "1009"),
    "byte by byte": (frame(0x82, b"abc") + frame(0x88, b"\x11\x94bye"), "4500 bye"),
}


async def greet(reader, writer):
    """Shake hands as a WebSocket server."""
    asked = (await reader.readuntil(b"\r\n\r\n")).decode()
    key = re.search(r"Sec-WebSocket-Key: (\S+)", asked)[1]
    seal = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    answer = f"Sec-WebSocket-Accept: {base64.b64encode(seal).decode()}\r\n\r\n"
    writer.write(
        f"HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{answer}".encode()
    )


def test_hostile_frames_end_the_wire_with_the_codes_of_the_standard(wire):
    async def meet(name):
        async def serve_one(reader, writer):
            await greet(reader, writer)
            for byte in HOSTILE[name][0]:
                writer.write(bytes([byte]))
                await writer.drain()
            await reader.read()
            writer.close()

        server = await asyncio.start_server(serve_one, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await run(wire, "socket", "listen", f"ws://127.0.0.1:{port}")

    async def meet_all():
        return await asyncio.gather(*(meet(name) for name in HOSTILE))

    for (name, (_, code)), told in zip(HOSTILE.items(), asyncio.run(meet_all()), strict=True):
        assert told[-2].startswith(f"closed {code}"), (name, told)
        assert told[-1] == "threads False", (name, told)


def test_who_is_no_websocket_server_is_told_and_one_who_is_silent_is_left(wire):
    async def page(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async def silence(reader, writer):
        await reader.read()
        writer.close()

    async def meet(handler, mode):
        server = await asyncio.start_server(handler, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await run(wire, "socket", mode, f"ws://127.0.0.1:{port}")

    told = asyncio.run(meet(page, "listen"))
    assert 'found "HTTP/1.1 200 OK"' in told[0]
    assert asyncio.run(meet(silence, "abort")) == ["closed Closed 1006", "threads False"]
