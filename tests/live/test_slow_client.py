"""A client that never reads: what lies behind its play head goes, then it is cut off."""

import asyncio
import time
from contextlib import AsyncExitStack

import numpy as np
import pytest

from a2f_ws.catalog import Catalog
from a2f_ws.model import Model
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.wire.replies import Status
from tests.live.conftest import hosted
from tests.live.raw import RATE, WAIT_S, raw, witness

LIMIT = 1024 * 1024
CURVES = 1_000
ROW_BYTES = 4 * CURVES
FPS = 240


@pytest.fixture
def unstarted(scripted, tmp_path):
    """A server whose rig `wide` has rows of 4,000 bytes, so that buffers of sockets fill soon."""
    lines = [f'curve{k} = "jawOpen"' for k in range(CURVES)]
    head = 'title = "wide"\nsource = "made up"\n[space]\nhandedness = "right"\nup = "+y"\n'
    text = head + 'unit = "m"\n[curves]\n' + "\n".join(lines) + "\n"
    (tmp_path / "wide.toml").write_text(text, encoding="utf-8")
    return Server(
        Catalog([Model("embedded", scripted)], load_rigs(tmp_path)),
        Settings(port=0, outbox_bytes=LIMIT),
    )


@pytest.fixture
async def wide(unstarted):
    """The same, running."""
    async with hosted(unstarted):
        yield unstarted


async def settled(outbox, *, above):
    """Wait until an outbox holds more than so many bytes and does not grow any more."""
    before = -1
    async with asyncio.timeout(WAIT_S):
        while outbox.size_bytes <= above or outbox.size_bytes != before:
            before = outbox.size_bytes
            await asyncio.sleep(0.15)
    return before


def outbox_of(server, name):
    (connection,) = (one for one in server._connections if one.name == name)
    return connection._outbox


async def test_live_poses_behind_the_play_head_go_and_twice_the_limit_is_4413(wide):
    async with raw(wide, max_queue=1) as one:
        name = one.seen[-1]["connection"]
        await one.open(rig="wide", fps=FPS, ahead_us=250_000)
        await one.audio(np.zeros(16 * RATE, np.float32))
        await one.audio(np.zeros(16 * RATE, np.float32), first=16 * RATE)
        outbox, largest = outbox_of(wide, name), 0
        async with witness(wide):
            for t_us in range(0, 30_000_000, 200_000):
                await one.send("played", sid=1, u=1, t_us=t_us, paused=True)
                await asyncio.sleep(0.01)
                largest = max(largest, outbox.size_bytes)
        # Over the limit by what is ahead of the play head at most.
        assert LIMIT <= largest < LIMIT + FPS * ROW_BYTES // 2
        told = [item.message for item in outbox._items if isinstance(item.message, Status)]
        unread = [m.counters["poses"] for m in told if m.code == "dropped" and m.u is None]
        assert sum(unread) > 500
        for t in range(3 * LIMIT // 128):
            await one.send("ping", t=t)
        for _ in range(500):
            if outbox.size_bytes > 2 * LIMIT:
                break
            await asyncio.sleep(0.01)
        code, reason = await one.closing()
        assert code == 4413
        assert "wait to be read" in reason
        rows = [i for m in one.seen if m["op"] == "poses" for i in range(m["i"], m["i"] + m["n"])]
        assert rows == sorted(set(rows))
    async with witness(wide):
        assert name not in [connection.name for connection in wide._connections]


async def test_a_burst_session_waits_for_its_reader_and_loses_nothing(wide):
    async with raw(wide, max_queue=1) as one:
        name = one.seen[-1]["connection"]
        await one.open(rig="wide", fps=FPS, pacing="burst")
        await one.audio(np.zeros(16 * RATE, np.float32))
        await one.send("end", sid=1, u=1)
        async with witness(wide):
            size = await settled(outbox_of(wide, name), above=LIMIT // 2)
        assert size <= 2 * LIMIT
        done = await one.until("utterance", state="poses_done")
        assert done["poses"] == 16 * FPS + FPS // 4
        rows = [m for m in one.seen if m["op"] == "poses"]
        assert [m["i"] for m in rows] == list(np.cumsum([0, *(m["n"] for m in rows)])[:-1])


async def test_a_client_that_never_reads_does_not_hold_up_its_own_requests(wide):
    async with raw(wide, max_queue=1) as one:
        name = one.seen[-1]["connection"]
        await one.open(rig="wide", fps=FPS, pacing="burst")
        await one.audio(np.zeros(16 * RATE, np.float32))
        outbox = outbox_of(wide, name)
        full = await settled(outbox, above=LIMIT // 2)
        await one.send("interrupt", sid=1)
        async with asyncio.timeout(WAIT_S):
            while outbox.size_bytes > full // 4:
                await asyncio.sleep(0.01)
        assert (await one.until("utterance", state="interrupted"))["u"] == 1


async def test_a_server_stops_in_time_although_a_client_never_reads(unstarted):
    async with AsyncExitStack() as stack:
        async with hosted(unstarted):
            one = await stack.enter_async_context(raw(unstarted, max_queue=1, close_timeout=0.2))
            name = one.seen[-1]["connection"]
            await one.open(rig="wide", fps=FPS, pacing="burst")
            await one.audio(np.zeros(16 * RATE, np.float32))
            await settled(outbox_of(unstarted, name), above=LIMIT // 2)
            started = time.monotonic()
        assert time.monotonic() - started < 3.0
