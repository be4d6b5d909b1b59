"""Meshes through a real server, and pipelines that have to be prepared."""

import asyncio
import threading

import numpy as np
import pytest

from a2f_ws.client import ServerError, connect
from tests.fakes import mesh_pipeline
from tests.live.raw import raw
from tests.sounds import RATE_HZ, ramp


@pytest.fixture
async def large(serving, bundle):
    """A server whose meshes are as large as Mark's."""
    return await serving(mesh_pipeline(bundle, vertices=61_520))


async def test_poses_come_with_their_meshes(large):
    for is_json in (False, True):
        async with connect(large.url, is_json=is_json) as client:
            assert "geometry" in client.hello.capabilities
            session = await client.open(rate=RATE_HZ, pacing="burst", geometry_hz=20)
            poses = [pose async for pose in session.say(ramp(0.5))]
        assert len(poses) == 45
        with_mesh = [pose for pose in poses if pose.mesh is not None]
        assert [pose.i for pose in with_mesh] == list(range(0, 30, 3))
        for pose in with_mesh:
            assert pose.mesh.skin.shape == (61_520, 3)
            assert (pose.mesh.skin == np.float32(pose["jawOpen"])).all()
            assert pose.mesh.jaw.tolist() == list(range(16))
            assert pose.mesh.tongue.shape == (1, 3)
            assert pose.mesh.eyes is None


async def test_a_live_line_has_its_meshes_too(large):
    async with connect(large.url) as client:
        session = await client.open(rate=RATE_HZ, geometry_hz=10)
        told = []
        session.on_mesh(lambda u, i, mesh: told.append((u, i, mesh)))
        poses = [pose async for pose in session.say(ramp(1.0))]
    assert [(u, i) for u, i, _ in told] == [(1, i) for i in range(0, 60, 6)]
    assert all(poses[i].mesh is mesh for _, i, mesh in told)
    assert [pose.i for pose in poses if pose.mesh is not None] == list(range(0, 60, 6))


async def test_a_client_that_does_not_read_is_not_cut_off_for_its_meshes(large):
    async with raw(large, max_queue=1) as one:
        await one.open(want=["geometry"])
        await one.audio(np.zeros(2 * RATE_HZ, np.float32))
        await one.send("end", sid=1, u=1)
        await asyncio.sleep(2.5)
        (connection,) = large._connections
        assert connection._outbox.geometry_bytes < 8 * 1024 * 1024
        await one.until("utterance", state="poses_done")
        seen = [message for message in one.seen if message["op"] == "poses"]
        assert sum(message["n"] for message in seen) == 135


async def test_a_model_without_meshes_says_what_is_wanted(fake_server):
    async with connect(fake_server.url) as client:
        assert "geometry" not in client.hello.capabilities
        with pytest.raises(ServerError, match="--geometry") as caught:
            await client.open(rate=RATE_HZ, geometry_hz=30)
    assert (caught.value.code, caught.value.field) == (4422, "want.0")


async def test_a_pipeline_is_prepared_beside_the_loop_and_the_workers(serving, bundle):
    pipeline = mesh_pipeline(bundle)
    may_go_on, threads = threading.Event(), []
    prepare = pipeline.prepare

    def waiting(params):
        threads.append(threading.current_thread().name)
        may_go_on.wait(5.0)
        prepare(params)

    pipeline.prepare = waiting
    server = await serving(pipeline)
    async with connect(server.url) as client:
        strong = await client.open(rate=RATE_HZ, params={"input_strength": 2.0}, pacing="burst")
        plain = await client.open(rate=RATE_HZ, pacing="burst")
        speech = strong.say(ramp(0.5))
        assert len([pose async for pose in plain.say(ramp(0.5))]) == 45
        assert len(strong.rest) == 0
        may_go_on.set()
        assert len([pose async for pose in speech]) == 45
    assert [name.startswith("a2f-prepare") for name in threads] == [True]


async def test_parameters_that_cannot_be_put_to_use_end_their_session_only(serving, bundle, caplog):
    pipeline = mesh_pipeline(bundle)
    pipeline.fault = ValueError("the mask is empty")
    server = await serving(pipeline)
    async with connect(server.url) as client:
        plain = await client.open(rate=RATE_HZ, pacing="burst")
        strong = await client.open(rate=RATE_HZ, params={"input_strength": 2.0})
        while not strong.is_closed:
            await asyncio.sleep(0.01)
        with pytest.raises(ServerError, match="session 2 is closed"):
            _ = [pose async for pose in strong.say(ramp(0.5))]
        assert len([pose async for pose in plain.say(ramp(0.5))]) == 45
    assert "a pipeline could not be prepared" in caplog.text
    told = [one for one in caplog.records if "could not be put to use: the mask" in one.message]
    assert [one.session for one in told] == [2]
