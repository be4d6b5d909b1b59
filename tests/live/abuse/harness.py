"""A server in a process of its own, somebody who talks to it, and what must not change."""

import asyncio
import base64
import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import monotonic

import numpy as np

from bench._host import hosting

HERE = Path(__file__).parent
MB = 1 << 20
PASSWORD = "correct horse battery"
LINE_WAIT_S = 20.0
BACK_S = 20.0
"""Longest wait for the end of a line, and for the server to have forgotten what is gone."""

BUSY_MS = 250.0
"""A bystander whose own words come that late stands on a machine that is busy with other things:
no server could be in time there. Another line is waited for."""

BUSY_LINES = 8
ROUND_S = 0.01
AIM_MS = 60.0
"""Wanted of the bystander's added latency, p99 (tables of `bench/abuse.py`; no test of it)."""

UPGRADE = (
    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: a2f.v1.msgpack\r\n{more}\r\n"
)
BINARY, CLOSE, PING, CONTINUATION = 0x2, 0x8, 0x9, 0x0
FINAL, COMPRESSED = 0x80, 0x40


class Bystander:
    """The one who talks, in a process of its own.

    Attributes:
        lines: What it has told so far.
    """

    def __init__(self, url, **options):
        self.lines = []
        self._told = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, HERE / "bystander.py", url, json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def wait(self, count):
        """Until it has told of so many lines."""
        with self._told:
            assert self._told.wait_for(lambda: len(self.lines) >= count, LINE_WAIT_S), self.lines

    def stop(self):
        """Let it finish its line."""
        self._process.stdin.close()
        self._process.wait(LINE_WAIT_S)
        self._process.stdout.close()

    def _read(self):
        for line in self._process.stdout:
            with self._told:
                self.lines.append(json.loads(line))
                self._told.notify_all()


class Place:
    """A server and a bystander at it.

    Attributes:
        host: The server.
        url: Its URL.
        port: Its TCP port.
        bystander: Who talks.
        quiet: What its line is like when nothing else happens.
        measured: Added latency of its poses while a case ran, milliseconds, by case.
    """

    def __init__(self, host, **options):
        self.host, self.url, self.port = host, host.url, host.port
        self.bystander = Bystander(host.url, **options)
        self.bystander.wait(2)
        self.quiet, again = self.bystander.lines[:2]
        self.measured = {}
        assert self.quiet["digest"] == again["digest"]
        assert self.quiet["state"] == "poses_done"

    @asynccontextmanager
    async def undisturbed(self, title):
        """The lines said meanwhile come whole, and the server is then as it was before.

        Gives rounds: what is over in no time is done again with `async for _ in rounds:`, for as
        long as it takes to say a whole line.
        """
        bystander = self.bystander
        begun, before = len(bystander.lines), await asyncio.to_thread(self.host.count)
        yield self._rounds()
        await asyncio.to_thread(bystander.wait, len(bystander.lines) + 1)
        while not (lines := [line for line in bystander.lines[begun:] if is_in_time(line)]):
            assert len(bystander.lines) < begun + BUSY_LINES, "the machine is too busy"
            await asyncio.to_thread(bystander.wait, len(bystander.lines) + 1)
        self.measured[title] = [ms for line in lines for ms in line.get("added_ms", ())]
        for line in lines:
            self.judge(line)
        await self._back_to(before)

    def judge(self, line):
        """A line of the bystander has come as it does when nothing else happens."""
        assert (line["state"], line["fault"], line["told"]) == ("poses_done", None, [])
        assert (line["poses"], line["is_whole"]) == (self.quiet["poses"], True)
        assert line["digest"] == self.quiet["digest"]

    async def _rounds(self):
        """Go on until a line is over that was begun after the first round.

        The pause keeps rounds that connect below the limit of connections a second.
        """
        until = len(self.bystander.lines) + 2
        while len(self.bystander.lines) < until:
            yield
            await asyncio.sleep(ROUND_S)

    async def _back_to(self, before):
        until = monotonic() + BACK_S
        while True:
            now = await asyncio.to_thread(self.host.count)
            left = {
                name: getattr(now, name) - getattr(before, name)
                for name in ("sessions", "tasks", "threads", "files")
                if getattr(now, name) > getattr(before, name)
            }
            if not left or monotonic() > until:
                break
            await asyncio.sleep(0.25)
        assert left == {}


def is_in_time(line):
    """False for a line whose own sound went out late."""
    return line.get("late_ms", 0.0) < BUSY_MS


@contextmanager
def placed(*, options=None, stderr=None, **settings):
    """A place with a server of these settings; `options` are those of the bystander's connect."""
    with hosting(stderr=stderr, **settings) as host:
        place = Place(host, **(options or {}))
        try:
            yield place
        finally:
            place.bystander.stop()


def table(measured):
    """Lines that tell the added latency by case."""
    width, missed = max(map(len, measured)) + 2, []
    yield f"{'case':<{width}}{'poses':>7}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}  ms added"
    for title, values in measured.items():
        parts = np.percentile(values, (50, 95, 99, 100))
        missed += [title] if parts[2] > AIM_MS else []
        yield f"{title:<{width}}{len(values):>7}" + "".join(f"{part:8.1f}" for part in parts)
    yield f"aim: p99 <= {AIM_MS:g} ms: {'missed in ' + ', '.join(missed) if missed else 'met'}"


def frame(payload=b"", *, first=FINAL | BINARY, length=None):
    """A masked WebSocket frame (RFC 6455 §5.2), its length as claimed where it is given."""
    size = len(payload) if length is None else length
    if size < 126:
        head = bytes([first, 0x80 | size])
    elif size < 1 << 16:
        head = bytes([first, 0xFE]) + size.to_bytes(2, "big")
    else:
        head = bytes([first, 0xFF]) + size.to_bytes(8, "big")
    return head + bytes(4) + payload


@asynccontextmanager
async def tcp(port, *, upgrades=False, more="", window=None):
    """A TCP connection, upgraded to a WebSocket if wanted, without a library to keep the rules.

    `window` bounds what the system reads ahead of the program, bytes.
    """
    reader, writer = await asyncio.open_connection(sock=dialled(port, window=window))
    try:
        if upgrades:
            key = base64.b64encode(os.urandom(16)).decode()
            writer.write(UPGRADE.format(key=key, more=more).encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 101"), head
            reader.head = head
        yield reader, writer
    finally:
        writer.transport.abort()


def dialled(port, *, window=None):
    """A connected socket."""
    found = socket.socket()
    if window is not None:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    found.connect(("127.0.0.1", port))
    found.setblocking(False)
    return found


async def drained(reader):
    """Everything until the other side closes or cuts."""
    content = b""
    try:
        while part := await reader.read(1 << 16):
            content += part
    except OSError:
        pass
    return content


def close_code(content):
    """The code of the close frame at the end of what a server sent; None without one."""
    at, code = 0, None
    while at + 2 <= len(content):
        kind, size = content[at] & 0x0F, content[at + 1]
        at += 2
        if size == 126:
            size, at = int.from_bytes(content[at : at + 2], "big"), at + 2
        elif size == 127:
            size, at = int.from_bytes(content[at : at + 8], "big"), at + 8
        if kind == CLOSE:
            code = int.from_bytes(content[at : at + 2], "big")
        at += size
    return code
