"""TLS at a real server, with certificates made for the test."""

import asyncio
import os
import socket
import ssl
import sys
from pathlib import Path

import pytest
import trustme
from websockets.exceptions import InvalidMessage

from a2f_ws.catalog import Catalog
from a2f_ws.client import ServerGoneError
from a2f_ws.client import connect as connect_client
from a2f_ws.errors import ConfigError
from a2f_ws.model import Model
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from tests.live.raw import WAIT_S, raw, witness


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def files(tmp_path, authority):
    """Settings with a certificate for this machine."""
    return replaced(tmp_path, authority.issue_cert("127.0.0.1", "localhost"), at=1_000)


@pytest.fixture
def trusting(authority):
    """Options of a client that trusts the authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return {"ssl": context}


def replaced(folder, issued, *, at):
    issued.private_key_pem.write_to_path(folder / "key.pem")
    (folder / "cert.pem").write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))
    for name in ("key.pem", "cert.pem"):
        os.utime(folder / name, (at, at))
    return {"tls_cert": str(folder / "cert.pem"), "tls_key": str(folder / "key.pem")}


async def test_clients_and_pages_are_served_encrypted(serving, scripted, files, trusting):
    server = await serving(scripted, **files)
    assert server.url == f"wss://127.0.0.1:{server.port}"
    assert server.page_url == f"https://127.0.0.1:{server.port}/"
    async with witness(server, **trusting):
        async with raw(server, greets=False, **trusting) as one:
            assert "tls" in (await one.until("hello"))["capabilities"]
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, **trusting)
        writer.write(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
        assert (await reader.read()).startswith(b"HTTP/1.1 200 OK")
        writer.close()


async def test_the_python_client_trusts_what_the_machine_trusts(
    serving, scripted, files, authority, tmp_path, monkeypatch
):
    server = await serving(scripted, **files)
    with pytest.raises(ServerGoneError, match=r"certificate verify failed"):
        async with connect_client(server.url):
            pass
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    async with connect_client(server.url) as client:
        await client.open()


async def test_a_new_certificate_is_shown_to_new_clients_and_old_ones_stay(
    serving, scripted, files, *, authority, trusting, tmp_path
):
    server = await serving(scripted, **files)

    def certificate(one):
        return one.socket.transport.get_extra_info("ssl_object").getpeercert(binary_form=True)

    async with raw(server, **trusting) as old:
        replaced(tmp_path, authority.issue_cert("127.0.0.1"), at=2_000)
        async with raw(server, **trusting) as new:
            assert certificate(old) != certificate(new)
        await old.open()
        await old.until("opened")


async def test_who_speaks_no_tls_or_nothing_at_all_is_cut_and_holds_up_nobody(
    serving, scripted, files, trusting
):
    server = await serving(scripted, handshake_s=0.5, **files)
    async with witness(server, **trusting):
        silent, writer = await asyncio.open_connection("127.0.0.1", server.port)
        url = server.url.replace("wss", "ws")
        with pytest.raises((InvalidMessage, ConnectionError)):
            async with raw(type("Plain", (), {"url": url})):
                pass
        async with asyncio.timeout(WAIT_S):
            assert await silent.read() == b""
        writer.close()


def test_half_of_the_files_is_refused_with_what_is_missing(scripted, files):
    for missing in ("tls_cert", "tls_key"):
        half = {name: path for name, path in files.items() if name != missing}
        with pytest.raises(ConfigError, match=f"found without {missing}"):
            Server(Catalog([Model("embedded", scripted)], load_rigs()), Settings(**half))


async def test_a_server_without_tls_does_not_announce_it(fake_server):
    async with raw(fake_server, greets=False) as one:
        assert "tls" not in (await one.until("hello"))["capabilities"]


@pytest.mark.parametrize(("is_encrypted", "told"), [(True, "cert.pem"), (True, ""), (False, "")])
async def test_the_health_check_of_the_image_asks_with_tls_and_without(
    serving, scripted, files, is_encrypted, told
):
    server = await serving(scripted, **(files if is_encrypted else {}))
    script = Path(__file__).parents[2] / "deploy" / "healthcheck.py"
    environment = {**os.environ, "A2F_PORT": str(server.port), "A2F_TLS_CERT": told}
    asking = await asyncio.create_subprocess_exec(sys.executable, script, env=environment)
    assert await asking.wait() == 0
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = str(nobody.getsockname()[1])
    asking = await asyncio.create_subprocess_exec(sys.executable, script, port, env=environment)
    assert await asking.wait() == 1


async def test_greetings_that_never_end_count_from_the_moment_they_are_accepted(
    serving, scripted, files, trusting
):
    server = await serving(scripted, connections_max=2, handshake_s=60, **files)
    silent = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(2)]
    async with raw(server, greets=False, **trusting) as one:
        code, reason = await one.closing()
        assert (code, reason.endswith("retry in 5 s")) == (4429, True)
    more = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(2)]
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with asyncio.timeout(WAIT_S):
        assert await cut(reader)
    for _, one in [*silent, *more, (reader, writer)]:
        one.close()
    async with asyncio.timeout(WAIT_S):
        while server.door.limiter._count:
            await asyncio.sleep(0.01)
    async with raw(server, **trusting) as one:
        await one.open()
        await one.until("opened")


async def cut(reader):
    """True when the other end has ended the socket."""
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


async def test_a_request_in_the_same_packet_as_the_end_of_the_greeting_is_answered(
    serving, scripted, files, trusting
):
    server = await serving(scripted, **files)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting["ssl"].wrap_bio(into, out, server_hostname="127.0.0.1")
    while True:
        try:
            tls.do_handshake()
            break
        except ssl.SSLWantReadError:
            writer.write(out.read())
            into.write(await reader.read(65_536))
    tls.write(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
    writer.write(out.read())
    told = b""
    async with asyncio.timeout(WAIT_S):
        while b"200 OK" not in told:
            into.write(await reader.read(65_536))
            try:
                told += tls.read()
            except ssl.SSLWantReadError:
                continue
    assert told.startswith(b"HTTP/1.1 200 OK")
    writer.close()
