"""`a2f-ws find`: what it prints of servers, and of none."""

import asyncio
import json

import pytest

from a2f_ws.commands import find as command
from a2f_ws.web.discovery import Place
from a2f_ws.web.multicast import announced, find

OWN = "127.0.0.1"
LISTEN_S = 2.5
"""The second question, which everybody on a machine hears the answer to, comes after 1 s."""

PLACE = Place(name="desk 1", addresses=(), port=49_152, auth="token", models=("embedded", "x"))


@pytest.fixture
async def desk():
    """A server that is announced on loopback."""
    pytest.importorskip("zeroconf")
    async with announced(PLACE, host=OWN):
        if not await find(1.0, host=OWN):
            pytest.skip("multicast does not work on loopback here")
        yield


async def test_servers_are_listed_with_url_access_and_models(desk, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    code = await asyncio.to_thread(command.run, LISTEN_S, as_json=False, host=OWN)
    said = capsys.readouterr().out
    assert code == 0
    for fact in ("desk 1", "ws://127.0.0.1:49152/", "token", "embedded, x"):
        assert fact in said


async def test_programs_get_one_line_of_json_for_each_server(desk, capsys):
    assert await asyncio.to_thread(command.run, LISTEN_S, as_json=True, host=OWN) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (mine,) = [one for one in found if one["port"] == PLACE.port]
    assert mine["url"] == "ws://127.0.0.1:49152/"
    assert (mine["auth"], mine["tls"], mine["protocol"]) == ("token", False, 1)
    assert mine["models"] == ["embedded", "x"]


def test_where_no_server_is_it_says_so_and_exits_with_1(run):
    pytest.importorskip("zeroconf")
    done = run("find", "--seconds", "0.2", "--host", "127.0.0.2")
    assert (done.code, done.out) == (1, "")
    assert "--discoverable" in done.err


def test_a_time_that_is_none_is_refused(run):
    assert run("find", "--seconds", "0").code == 2
