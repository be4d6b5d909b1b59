"""Sessions that there is no room for, over real sockets."""

import asyncio
import json
import time
import urllib.request

import numpy as np
import pytest
from msgspec.structs import replace

from a2f_ws.client import connect
from a2f_ws.client_link import ServerError
from tests.fakes import scripted_pipeline
from tests.sounds import RATE_HZ, real_time

COST_S = 0.02
"""Of a window: 40 a second are 80 % of the time, so that two sessions at 15 a second fit."""


@pytest.fixture
def slow(bundle):
    """A pipeline of which a worker holds two sessions that speak."""
    pipeline = scripted_pipeline(bundle, max_batch=8)
    run = pipeline.backend.run

    def slowly(windows, emotions):
        time.sleep(COST_S * len(windows))
        return run(windows, emotions)

    pipeline.backend.run, pipeline.backend.cost_s = slowly, COST_S
    return pipeline


def sound(seconds):
    return (np.arange(int(seconds * RATE_HZ)) % 400 * 20).astype("<i2").tobytes()


async def spoken(session, seconds):
    """Speak for so long, as a microphone does; the poses."""
    return [pose async for pose in session.say(real_time(sound(seconds), 0.02))]


async def test_who_comes_beyond_capacity_is_told_when_to_come_back(serving, slow):
    server = await serving(slow, workers=1)
    async with connect(server.url) as client, asyncio.TaskGroup() as tasks:
        sessions = [await client.open(rate=RATE_HZ, on_status=print) for _ in range(2)]
        lines = [tasks.create_task(spoken(session, 2.0)) for session in sessions]
        await asyncio.sleep(0.5)
        with pytest.raises(ServerError) as caught:
            await client.open(rate=RATE_HZ)
        assert (caught.value.code, caught.value.retry_s) == (4429, 1)
        await client.open(rate=RATE_HZ, pacing="burst")
        poses = [await line for line in lines]
    assert [[pose.i for pose in one] for one in poses] == [list(range(135))] * 2


async def test_a_patient_client_waits_for_room_and_gets_it(serving, scripted):
    server = await serving(scripted, max_sessions=1)
    async with connect(server.url) as client, connect(server.url) as other:
        session = await client.open(rate=RATE_HZ)
        with pytest.raises(ServerError) as caught:
            await other.open(rate=RATE_HZ, patience_s=0.5)
        assert (caught.value.code, caught.value.retry_s) == (4429, 1)
        waiting = asyncio.create_task(other.open(rate=RATE_HZ, patience_s=10.0))
        await asyncio.sleep(0.2)
        await session.close()
        late = await waiting
        assert len([pose async for pose in late.say(sound(0.5))]) == 45


async def test_the_places_of_closed_sessions_are_free_at_once(serving, scripted):
    server = await serving(scripted, max_sessions=2)
    async with connect(server.url) as client:
        for _ in range(20):
            for session in [await client.open(rate=RATE_HZ) for _ in range(2)]:
                await session.close()
    async with connect(server.url) as client:
        assert [(await client.open(rate=RATE_HZ)).sid for _ in range(2)] == [1, 2]


async def test_another_number_acts_while_the_server_runs(serving, scripted):
    server = await serving(scripted)
    async with connect(server.url) as client:
        first = await client.open(rate=RATE_HZ)
        server.reload(replace(server.settings, max_sessions=1))
        with pytest.raises(ServerError, match="wanted at most 1 on this server"):
            await client.open(rate=RATE_HZ)
        assert len([pose async for pose in first.say(sound(0.5))]) == 45
        server.reload(replace(server.settings, max_sessions="auto"))
        await client.open(rate=RATE_HZ)


async def test_pages_tell_how_full_a_server_is(serving, slow):
    server = await serving(slow, workers=1, max_sessions=9)

    def page(name):
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/{name}") as answer:
            return answer.read().decode()

    async with connect(server.url) as client, asyncio.TaskGroup() as tasks:
        session = await client.open(rate=RATE_HZ, on_status=print)
        line = tasks.create_task(spoken(session, 1.0))
        await asyncio.sleep(0.5)
        info = json.loads(await asyncio.to_thread(page, "info"))
        metrics = await asyncio.to_thread(page, "metrics")
        await line
    assert (info["sessions"], info["max_sessions"]) == (1, 9)
    assert 0.2 < info["capacity_taken"]["embedded"] <= 1.0
    assert info["capacity_taken"]["sockets"] == 0.0
    assert "a2f_ws_sessions_max 9.0" in metrics
    assert 'a2f_ws_sessions_slowed{model="embedded"} 1.0' in metrics
    assert 'a2f_ws_sessions_refused_total{part="sessions"} 0.0' in metrics


async def test_many_silent_sessions_open_on_a_machine_that_holds_two_that_speak(serving, slow):
    server = await serving(slow, workers=1)
    async with connect(server.url) as client:
        opened = [await client.open(rate=RATE_HZ, patience_s=20.0) for _ in range(20)]
        assert len({session.sid for session in opened}) == 20
        assert len(await spoken(opened[-1], 0.5)) == 45
