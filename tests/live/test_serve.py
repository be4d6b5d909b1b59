"""`a2f-ws serve` as a program of its own."""

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from a2f_ws.cli import main
from a2f_ws.client import ServerGoneError, connect

ROOT = Path(__file__).resolve().parents[2]
STOP_S = 3.0
START_S = 15.0


@pytest.fixture(autouse=True)
def own_log():
    """The log as it was: `main` sets it up for the whole process."""
    root, library = logging.getLogger(), logging.getLogger("websockets")
    before = root.level, root.handlers[:], library.level
    yield
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    library.setLevel(before[2])


@asynccontextmanager
async def serving(*words, **variables):
    """The program, started and announced: gives the process and what it announced."""
    apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "a2f_ws", "serve", "--port", "0", "--announce", *words),
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **apart,
    )
    try:
        async with asyncio.timeout(START_S):
            yield process, json.loads(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def test_it_announces_itself_in_one_line_and_all_else_goes_to_stderr():
    async with serving("--exit-with-stdin") as (process, told):
        assert set(told) == {"url", "port", "pid", "protocol", "instance"}
        assert told["url"] == f"ws://127.0.0.1:{told['port']}"
        assert (told["pid"], told["protocol"]) == (process.pid, 1)
        async with connect(told["url"]) as client:
            assert client.hello.instance == told["instance"]
            assert client.hello.models[0].name == "embedded"
        process.stdin.close()
        out, err = await process.communicate()
    assert (process.returncode, out) == (0, b"")
    glance = err.decode()
    for fact in ("embedded", "ONNX Runtime", "arkit", told["url"]):
        assert fact in glance


async def test_a_server_on_all_addresses_announces_one_that_can_be_connected_to():
    words = ("--host", "0.0.0.0", "--allow-unauthenticated", "--exit-with-stdin")
    async with serving(*words) as (process, told):
        assert told["url"] == f"ws://127.0.0.1:{told['port']}"
        async with connect(told["url"]) as client:
            assert client.hello.instance == told["instance"]
        process.stdin.close()
        await process.communicate()


@pytest.mark.parametrize("way", ["stdin", "signal"])
async def test_it_stops_within_three_seconds_with_sessions_open(way):
    async with (
        serving("--exit-with-stdin", A2F_DRAIN_S="0") as (process, told),
        connect(told["url"]) as client,
    ):
        sessions = [await client.open() for _ in range(3)]
        lines = [session.say(silence()) for session in sessions]
        readers = [asyncio.create_task(drain(line)) for line in lines]
        await asyncio.sleep(0.5)
        if way == "stdin":
            process.stdin.close()
        else:
            process.send_signal(signal.CTRL_BREAK_EVENT if os.name == "nt" else signal.SIGINT)
        async with asyncio.timeout(STOP_S):
            assert await process.wait() == 0
        ends = await asyncio.gather(*readers)
    assert [type(end) for end in ends] == [ServerGoneError] * 3
    assert {end.code for end in ends} == {1001}


async def silence():
    """An open microphone."""
    while True:
        await asyncio.sleep(0.02)
        yield bytes(640)


async def drain(line):
    """What ends a line."""
    try:
        async for _ in line:
            pass
    except ServerGoneError as gone:
        return gone
    return None


async def test_settings_come_from_file_environment_and_flags(tmp_path):
    config = tmp_path / "a2f.toml"
    config.write_text("[server]\ncredit_s = 7.0\nsessions_per_connection = 5\nport = 1\n", "utf-8")
    async with (
        serving("--config", str(config), A2F_SESSIONS_PER_CONNECTION="3") as (_, told),
        connect(told["url"]) as client,
    ):
        limits = client.hello.limits
    assert (limits["credit_us"], limits["sessions"]) == (7_000_000, 3)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--host", "0.0.0.0"], "--allow-unauthenticated"),
        (["--host", "203.0.113.7", "--allow-unauthenticated"], "cannot listen on 203.0.113.7"),
        (["--port", "70000"], "port"),
        (["--model", "nowhere"], "nowhere: no such bundle"),
        (["--config", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["--rigs", "nowhere"], "nowhere: no such folder of rig tables"),
        (["--log-level", "loud"], "log_level"),
        (["--log-format", "xml"], "log_format: found 'xml', wanted"),
        (["--drain", "-1"], "drain_s: found -1.0, wanted"),
        (["--discoverable"], "discoverable: found host 127.0.0.1"),
    ],
)
def test_what_cannot_be_served_is_told_in_one_line(capsys, *, words, complaint):
    with pytest.raises(SystemExit) as end:
        main(["serve", *words])
    said = capsys.readouterr()
    assert (end.value.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith("error: ")
    assert complaint in said.err


def test_a_port_in_use_is_told_in_one_line(capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit) as end:
            main(["serve", "--port", str(port)])
    said = capsys.readouterr()
    assert (end.value.code, said.err.count("\n")) == (2, 1)
    assert f"cannot listen on 127.0.0.1:{port}" in said.err
