"""A backend that cannot hold the pose rate of its one session."""

import asyncio
import time

import numpy as np
import pytest

from a2f_ws.client import connect
from a2f_ws.player.pose_player import PosePlayer
from tests.fakes import scripted_pipeline
from tests.sounds import RATE_HZ, real_time

COST_S = 0.05
STRIDE_US = 4 * 1_000_000 // 60
SPEECH_S = 2.5


def slowed(pipeline, *, is_known):
    """The same pipeline, each window of which takes as long as Mark's on a small machine."""
    run = pipeline.backend.run

    def slow(windows, emotions):
        time.sleep(COST_S * len(windows))
        return run(windows, emotions)

    pipeline.backend.run = slow
    pipeline.backend.cost_s = COST_S if is_known else 0.0
    return pipeline


def taps():
    """Sound that opens the jaw at 0.5 s, closes it at 1.0 s, and so on, s16le."""
    level = np.arange(int(SPEECH_S * RATE_HZ)) // (RATE_HZ // 2) % 2
    return (level * 20_000).astype("<i2").tobytes()


def edges(poses):
    """Times at which the jaw passes half of its way, microseconds."""
    is_open = [pose["jawOpen"] > 0.3 for pose in poses]
    return [
        pose.t_us
        for pose, before, after in zip(poses[1:], is_open, is_open[1:], strict=False)
        if before != after
    ]


async def spoken(server, **options):
    """Poses of the taps as a microphone brings them, and every `status`."""
    told = []
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ, on_status=told.append, **options)
        poses = [pose async for pose in session.say(real_time(taps(), 0.02))]
        return poses, told, session.opened.look_ahead_us


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_slow_backend_computes_what_it_holds_and_every_pose_comes_in_time(
    serving, bundle, is_known
):
    slow = await serving(slowed(scripted_pipeline(bundle, max_batch=8), is_known=is_known))
    fast = await serving(scripted_pipeline(bundle, max_batch=8))
    (poses, told, look_ahead_us), (others, _, least_us) = await asyncio.gather(
        spoken(slow), spoken(fast)
    )
    assert [pose.i for pose in poses] == list(range(165))
    assert [pose.t_us for pose in poses] == [i * 1_000_000 // 60 for i in range(165)]
    assert {status.code for status in told} == {"rate"}
    assert told[0].level == "warning"
    assert told[-1].counters["rate_hz"] <= 0.8 / COST_S
    assert told[-1].counters["look_ahead_us"] == look_ahead_us > least_us
    found, wanted = edges(poses), edges(others)
    assert len(found) == len(wanted) == 4
    assert np.abs(np.subtract(found, wanted)).max() <= STRIDE_US + 20_000


async def test_a_player_waits_for_the_poses_that_the_rate_delays(serving, bundle):
    server = await serving(slowed(scripted_pipeline(bundle, max_batch=8), is_known=False))
    player = PosePlayer()
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ, player=player, on_status=lambda status: None)
        before_us = player.look_ahead_us
        async for pose in session.say(real_time(taps(), 0.02)):
            if pose.t_us > 500_000:
                break
        assert player.look_ahead_us == session.opened.look_ahead_us >= before_us + 50_000


async def test_a_burst_session_on_a_slow_backend_is_computed_in_full(serving, bundle):
    server = await serving(slowed(scripted_pipeline(bundle, max_batch=8), is_known=True))
    told = []
    pcm = taps()[: 2 * RATE_HZ // 2]
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst", on_status=told.append)
        poses = [pose async for pose in session.say(pcm)]
    assert [pose.i for pose in poses] == list(range(45))
    assert told == []
