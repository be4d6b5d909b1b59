"""Limits per address, origins, what pages tell, what logs tell, and where a server listens."""

import asyncio
import json
import logging
import socket

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from a2f_ws.catalog import Catalog
from a2f_ws.errors import ConfigError
from a2f_ws.model import Model
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from tests.live.locked import ENDED, OWNER, PASSWORD, SPEAKER, WATCHER, bearer, proven, shown
from tests.live.raw import WAIT_S, raw, witness
from tests.live.test_server import page


def made(scripted, **settings):
    return Server(Catalog([Model("embedded", scripted)], load_rigs()), Settings(port=0, **settings))


async def test_connections_over_the_limit_are_told_when_to_come_back(serving, scripted):
    server = await serving(scripted, connections_max=2)
    async with witness(server):
        async with raw(server), raw(server, greets=False) as one:
            code, reason = await one.closing()
            assert (code, reason.endswith("retry in 5 s")) == (4429, True)
        async with raw(server):
            assert (await page(server, "/info"))[0] == 503
    async with raw(server) as one:
        await one.open()
        await one.until("opened")


async def test_too_many_connections_a_second_are_cut_without_an_answer(serving, scripted):
    server = await serving(scripted, connects_per_s=0.1)
    async with witness(server):
        answers = []
        for _ in range(12):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            try:
                async with asyncio.timeout(WAIT_S):
                    answers.append(await reader.read())
            except ConnectionError:
                answers.append(b"")
            writer.close()
    served = [answer for answer in answers if answer.startswith(b"HTTP/1.1 200")]
    assert 5 <= len(served) <= 9
    assert answers[-1] == b""


def address():
    """One of this machine that is not loopback, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        found = probe.getsockname()[0]
    return None if found.startswith(("127.", "0.")) else found


@pytest.mark.skipif(address() is None, reason="this machine has no address but loopback")
async def test_an_address_with_too_many_connections_leaves_room_for_others(serving, scripted):
    server = await serving(
        scripted, host="0.0.0.0", allow_unauthenticated=True, connections_per_address=2
    )
    url = f"ws://{address()}:{server.port}"
    async with connect(url) as first, connect(url), connect(url) as third:
        await first.recv()
        with pytest.raises(ConnectionClosed) as closed:
            await third.recv()
        assert closed.value.rcvd.code == 4429
        async with connect(f"ws://127.0.0.1:{server.port}") as other:
            await other.recv()
    async with connect(url) as again:
        await again.recv()


@pytest.mark.parametrize(
    ("host", "origin", "is_let_in"),
    [
        ("192.168.1.20", None, True),
        ("192.168.1.20", "http://192.168.1.20", True),  # as Unreal sends it
        ("192.168.1.20", "http://192.168.1.20:{port}", True),
        ("[fd00::20]", "http://[fd00::20]:{port}", True),
        ("192.168.1.20", "http://192.168.1.66", False),
        ("192.168.1.20", "http://localhost:3000", False),
        ("192.168.1.20", "null", False),
        ("rebound.example", "http://rebound.example:{port}", False),
        ("127.0.0.1.rebound.example", "http://127.0.0.1.rebound.example:{port}", False),
        ("localhost", "https://rebound.example", False),
        ("face.lan", "http://face.lan:{port}", True),  # declared
    ],
)
async def test_pages_reach_the_server_under_its_address_or_a_declared_name_only(
    serving, scripted, *, host, origin, is_let_in
):
    server = await serving(scripted, origins=["face.lan"])
    url = f"ws://{host}:{server.port}"
    origin = origin and origin.format(port=server.port)
    async with connect(url, host="127.0.0.1", port=server.port, origin=origin) as socket:
        if is_let_in:
            await socket.recv()
            return
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (
        1008,
        "pages of that origin are not allowed here",
    )


async def test_a_page_that_was_let_in_still_has_to_know_the_password(serving, scripted, password):
    server = await serving(scripted, password_file=password)
    async with raw(server, greets=False, origin=f"http://127.0.0.1:{server.port}") as one:
        await shown(one)
        assert (await one.closing())[0] == 4401


def test_it_listens_to_strangers_only_with_a_password_or_tokens(scripted, password, tokens, caplog):
    for host in ("0.0.0.0", "::", "192.0.2.1"):
        with pytest.raises(ConfigError, match="everybody on that network could connect"):
            made(scripted, host=host)
        assert made(scripted, host=host, allow_unauthenticated=True).door.kind == "none"
        assert made(scripted, host=host, tokens=str(tokens)).door.kind == "token"
    assert caplog.text.count("without TLS") == 3
    assert made(scripted, host="0.0.0.0", password_file=password).door.kind == "challenge"


async def test_models_that_are_read_only_take_nothing_of_clients(serving, scripted):
    server = await serving(scripted, read_only_models=True)
    table = {"title": "mine", "source": "me", "curves": {"aa": {"jawOpen": 1.0}}}
    async with raw(server, greets=False) as one:
        hello = await one.until("hello")
        assert "table" not in hello["capabilities"] and "auth" in hello["capabilities"]
        await one.greet()
        await one.open(rig="mine", table=table)
        error = await one.until("error")
        assert (error["code"], error["field"]) == (4403, "table")
        await one.open(sid=2)
        await one.until("opened")


async def test_no_secret_stands_in_the_log(serving, scripted, password, tokens, caplog):
    # What the program sets: at DEBUG the library prints headers and frames.
    logging.getLogger("websockets").setLevel(logging.INFO)
    caplog.set_level(logging.DEBUG)
    server = await serving(scripted, password_file=password, tokens=str(tokens))
    secrets = [PASSWORD, SPEAKER, ENDED, WATCHER]
    async with raw(server, greets=False) as one:
        secrets.append(await proven(one, PASSWORD))
        await one.until("ready")
    async with raw(server, greets=False) as one:
        secrets.append(await proven(one, "guessed password"))
        await one.closing()
    for token in (SPEAKER, ENDED, "a2f_guessed"):
        async with raw(server, greets=False, **bearer(token)) as one:
            if token == SPEAKER:
                await shown(one, token=token)
                await one.until("ready")
            else:
                assert token not in (await one.closing())[1]
    long = 5000 * "s3cret"
    async with raw(server, greets=False) as one:
        await shown(one, token=long)
        await one.until("error", code=4422)
    await page(server, "/info", Authorization=f"Bearer {SPEAKER}")
    assert "for speaker" in caplog.text and "for password" in caplog.text
    for secret in (*secrets, "a2f_guessed", "s3cret", "guessed password"):
        assert secret not in caplog.text


async def test_facts_about_others_want_a_token_of_an_administrator(serving, scripted, tokens):
    server = await serving(scripted, tokens=str(tokens))
    for path in ("/info", "/metrics"):
        for headers in ({}, {"Authorization": f"Bearer {SPEAKER}"}):
            status, answer, body = await page(server, path, **headers)
            assert (status, answer["WWW-Authenticate"]) == (401, 'Bearer realm="a2f-ws"')
            assert "Authorization: Bearer TOKEN" in body
    status, _, body = await page(server, "/info", Authorization=f"Bearer {OWNER}")
    assert (status, json.loads(body)["models"]) == (200, ["embedded"])
    for path in ("/healthz", "/readyz", "/"):
        assert (await page(server, path))[0] == 200
