"""A server that is told to stop: running speech may finish, nothing new begins."""

import asyncio
import os
import signal
import time
from contextlib import asynccontextmanager

from tests.live.raw import RATE, raw, speech
from tests.live.test_operations import place, wait_until
from tests.live.test_serve import STOP_S, serving
from tests.live.test_server import page


def stop(process):
    """What a service manager sends, and Ctrl+Break on Windows."""
    process.send_signal(signal.CTRL_BREAK_EVENT if os.name == "nt" else signal.SIGTERM)


async def is_draining(server):
    return (await page(server, "/readyz"))[0] == 503


@asynccontextmanager
async def speaking(server, *, u=1):
    """A live session whose utterance goes on for as long as the block does."""
    async with raw(server) as one:
        await one.open()
        await one.audio(speech(0.6), u=u)
        await one.until("poses")
        yield one


async def test_a_stop_lets_a_running_utterance_finish_and_takes_nothing_new():
    async with (
        serving("--drain", "20") as (process, told),
        raw(place(told), greets=True) as idle,
        speaking(place(told)) as one,
    ):
        server = place(told)
        await idle.open(sid=7)
        await idle.until("opened")
        stop(process)
        await wait_until(lambda: is_draining(server))
        assert (await page(server, "/healthz"))[0] == 200
        assert (await page(server, "/readyz"))[2].startswith("draining")
        assert await idle.closing() == (4503, "the server stops and takes nothing new")
        assert [m["code"] for m in idle.seen if m["op"] == "closed"] == [4503]
        async with raw(server, greets=False) as late:
            assert (await late.closing())[0] == 4503
        await one.open(sid=2)
        assert [(m["op"], m["code"]) for m in await one.answers(2)] == [
            ("error", 4503),
            ("closed", 4503),
        ]
        await one.audio(speech(0.4), first=round(0.6 * RATE))
        await one.send("end", sid=1, u=1)
        assert (await one.closing())[0] == 4503
        async with asyncio.timeout(STOP_S):
            assert await process.wait() == 0
    finals = [m for m in one.seen if m["op"] == "utterance" and m["state"] == "poses_done"]
    assert [m["poses"] for m in finals] == [60 + 15]
    assert sum(m["n"] for m in one.seen if m["op"] == "poses") == 75
    assert [m["code"] for m in one.seen if m["op"] == "closed" and m["sid"] == 1] == [4503]


async def test_an_endless_utterance_is_cut_at_the_deadline_and_told():
    async with serving("--drain", "1") as (process, told), speaking(place(told)) as one:
        began = time.monotonic()
        stop(process)
        assert (await one.closing())[0] == 4503
        assert time.monotonic() - began > 0.8
        async with asyncio.timeout(STOP_S):
            assert await process.wait() == 0
    ends = [(m["op"], m.get("state"), m.get("code")) for m in one.seen][-2:]
    assert ends == [("utterance", "interrupted", None), ("closed", None, 4503)]


async def test_a_second_signal_stops_at_once():
    async with serving("--drain", "600") as (process, told), speaking(place(told)) as one:
        stop(process)
        await wait_until(lambda: is_draining(place(told)))
        stop(process)
        async with asyncio.timeout(STOP_S):
            assert (await one.closing())[0] == 1001
            assert await process.wait() == 0


async def test_a_server_with_nothing_to_finish_stops_without_waiting():
    async with serving("--drain", "600") as (process, told), raw(place(told)) as one:
        await one.open()
        await one.until("opened")
        stop(process)
        async with asyncio.timeout(STOP_S):
            assert (await one.closing())[0] == 4503
            assert await process.wait() == 0


async def test_the_end_of_stdin_waits_for_nobody():
    async with (
        serving("--drain", "600", "--exit-with-stdin") as (process, told),
        speaking(place(told)) as one,
    ):
        process.stdin.close()
        async with asyncio.timeout(STOP_S):
            assert (await one.closing())[0] == 1001
            assert await process.wait() == 0
