"""Sliders that a pipeline has to be prepared for, dragged while a face is talking."""

import asyncio
from time import sleep

import numpy as np
import pytest

from a2f_ws.client import connect
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.pipeline import Pipeline
from tests.data.bundles import write_geometry
from tests.fakes import FirstSamples
from tests.sounds import RATE_HZ

PREPARATION_S = 0.25


class SlowPipeline(Pipeline):
    """Takes its time to project a face mask; notes the masks that it was asked for."""

    def __init__(self, bundle, backend):
        self.levels: list[float] = []
        super().__init__(bundle, backend)

    def prepare(self, params):
        sleep(PREPARATION_S)
        self.levels.append(round(float(params[self.params.column("face_mask_level")]), 3))
        return super().prepare(params)


@pytest.fixture
def slow(tmp_path):
    bundle = load_bundle(write_geometry(tmp_path / "tiny"))
    return SlowPipeline(bundle, FirstSamples(bundle))


async def paced(seconds):
    """Noise as a microphone would bring it."""
    random, loop = np.random.default_rng(1), asyncio.get_running_loop()
    begin = loop.time()
    for block in range(round(seconds * 50)):
        await asyncio.sleep(max(0.0, begin + block / 50 - loop.time()))
        yield (random.standard_normal(RATE_HZ // 50) * 0.2).astype("<f4").tobytes()


async def test_a_face_goes_on_talking_while_its_mask_is_dragged(serving, slow):
    server = await serving(slow)
    async with connect(server.url) as client:
        said = []
        session = await client.open(rate=RATE_HZ, fps=30, format="f32le", on_status=said.append)

        async def drag():
            await asyncio.sleep(0.3)
            for step in range(30):
                await session.set(params={"face_mask_level": 0.3 + step / 100})
                await asyncio.sleep(0.05)

        dragging = asyncio.create_task(drag())
        seen = [pose.i async for pose in session.say(paced(2.5))]
        await dragging
        await asyncio.sleep(3 * PREPARATION_S)
        (connection,) = server._connections
        (spoken,) = connection.sessions.spoken
        level, _ = spoken._cutting.holding.ready.key
    assert seen[:75] == list(range(75))
    assert [one.code for one in said if one.code == "dropped"] == []
    assert round(level, 3) == slow.levels[-1] == 0.59
    assert len(slow.levels) <= 1.5 / PREPARATION_S + 3
