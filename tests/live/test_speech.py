"""Real speech through a real server: what a client sees of the mouth."""

import asyncio

import numpy as np
import pytest
import soxr

from a2f_ws.client import connect
from a2f_ws.names import WEIGHTS
from tests.speech.measure import Take, bilabials_closed, clips, median_lag_ms


async def heard(server, clip, rate_hz):
    """What a client gets for a clip that it sends at some rate."""
    samples = clip.samples
    if rate_hz != 16_000:
        samples = soxr.resample(samples, 16_000, rate_hz, quality="VHQ").astype(np.float32)
    session = await server.open(rate=rate_hz, format="f32le", pacing="burst")
    assert session.names == WEIGHTS
    poses = [pose async for pose in session.say(samples.astype("<f4").tobytes())]
    speech = [pose for pose in poses if pose.t_us < len(clip.samples) * 1e6 / 16_000]
    assert [pose.i for pose in poses] == list(range(len(speech) + 15))
    times_s = np.array([pose.t_us for pose in speech]) / 1e6
    return Take(times_s, np.stack([pose.row for pose in speech]), clip.phones, clip.samples)


@pytest.mark.parametrize("rate_hz", [16_000, 44_100])
async def test_lips_close_and_poses_are_in_time_on_five_clips_at_once(server, rate_hz):
    async with connect(server.url) as client:
        takes = await asyncio.gather(*[heard(client, clip, rate_hz) for clip in clips()])
    closed, total = bilabials_closed(takes)
    assert (total, closed >= 20) == (28, True)
    assert abs(median_lag_ms(takes)) <= 20.0
