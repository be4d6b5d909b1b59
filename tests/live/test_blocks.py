"""Networks that give faces in blocks, over a real socket."""

import asyncio

import numpy as np
import pytest
import soundfile

from a2f_ws.catalog import Catalog
from a2f_ws.client import connect
from a2f_ws.errors import ConfigError
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.onnx_blocks import OnnxBlocks
from a2f_ws.model import Model
from a2f_ws.offline import animate
from a2f_ws.output.speech import SpeechFile
from a2f_ws.pipeline import Pipeline
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.timebase import PoseRate
from tests.data.block_bundles import write_gru, write_latents
from tests.live.conftest import hosted
from tests.sounds import RATE_HZ, real_time, rows


@pytest.fixture(scope="module", params=[write_gru, write_latents])
def pipeline(request, tmp_path_factory):
    """A pipeline whose network gives faces in blocks."""
    bundle = load_bundle(request.param(tmp_path_factory.mktemp("blocks") / "bundle"))
    return Pipeline(bundle, OnnxBlocks(bundle))


def speech(seed, seconds=1.2):
    """A line that changes all the time, s16le."""
    random = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    loud = 4_000 + 3_000 * np.sin(np.arange(count) / (600 + 100 * seed))
    return (random.standard_normal(count) * loud).astype("<i2").tobytes()


def offline(pipeline, pcm, path):
    """Rows of the same line as `a2f-ws animate` writes them."""
    soundfile.write(path, np.frombuffer(pcm, "<i2"), RATE_HZ, subtype="PCM_16")
    catalog = Catalog([Model("embedded", pipeline)], load_rigs())
    with SpeechFile(path) as sound:
        return animate(sound, catalog, rate=PoseRate.of(60)).rows


async def test_live_and_burst_sessions_beside_each_other_give_what_animate_gives(
    serving, pipeline, tmp_path
):
    server = await serving(pipeline)
    lines = [speech(seed) for seed in range(4)]
    async with connect(server.url) as client:
        sessions = [
            await client.open(rate=RATE_HZ, pacing=pacing)
            for pacing in ("live", "burst", "live", "burst")
        ]
        sent = [
            real_time(line, 0.02) if session.opened.sid % 2 else line
            for session, line in zip(sessions, lines, strict=True)
        ]
        found = await asyncio.gather(
            *[rows(session.say(pcm)) for session, pcm in zip(sessions, sent, strict=True)]
        )
    for k, (line, got) in enumerate(zip(lines, found, strict=True)):
        wanted = offline(pipeline, line, tmp_path / f"{k}.wav")
        assert np.asarray(got, np.float32).tobytes() == wanted.tobytes()


async def test_sessions_on_two_workers_give_what_they_give_on_one(pipeline):
    beside = pipeline.beside(pipeline.backend.beside())
    model = Model("embedded", pipeline, others=(beside,))
    lines = [speech(seed, 0.8) for seed in range(6)]
    async with (
        hosted(Server(Catalog([model], load_rigs()), Settings(port=0))) as server,
        connect(server.url) as client,
    ):
        sessions = [await client.open(rate=RATE_HZ, pacing="burst") for _ in lines]
        pairs = list(zip(sessions, lines, strict=True))
        found = await asyncio.gather(*[rows(one.say(line)) for one, line in pairs])
        alone = [await rows(sessions[0].say(line)) for line in lines]
    assert [one.tobytes() for one in found] == [one.tobytes() for one in alone]


async def test_a_line_after_an_interrupted_one_is_as_if_nothing_had_been_before(serving, pipeline):
    server = await serving(pipeline)
    first, second = speech(1, 3.0), speech(2, 0.6)
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ)
        async for pose in session.say(first):
            if pose.i == 20:
                await session.interrupt()
                break
        after = await rows(session.say(second))
        fresh = await client.open(rate=RATE_HZ, pacing="burst")
        assert np.array_equal(after, await rows(fresh.say(second)))


def test_a_credit_with_which_no_window_would_ever_be_full_is_refused(tmp_path):
    bundle = load_bundle(write_latents(tmp_path / "far", frames=120, around=60))
    catalog = Catalog([Model("far", Pipeline(bundle, OnnxBlocks(bundle)))], load_rigs())
    with pytest.raises(ConfigError, match=r"found 2, wanted at least 4\.5 with what model 'far'"):
        Server(catalog, Settings(port=0, credit_s=2.0))
