"""What a bad network cannot do to a face: the proxy of `bench/network.py`, with short times."""

import asyncio

import numpy as np
import pytest

from a2f_ws.client import connect
from bench._shaper import Conditions, Way, shaped
from tests.live.raw import RATE, raw, rows_alone, speech

BAD = Conditions(delay_s=0.01, jitter_s=0.01, loss=0.03, dark_s=0.2, every_s=0.8)


async def spoken(samples):
    """A line in real time, in pieces of 20 ms."""
    for first in range(0, len(samples), RATE // 50):
        yield samples[first : first + RATE // 50].tobytes()
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("seed", [1, 2])
async def test_poses_come_whole_and_in_order_through_delay_loss_and_blackouts(
    server, embedded, seed
):
    samples = speech(2.0)
    async with shaped(server.port, BAD, seed=seed) as way, connect(way.url) as client:
        session = await client.open(rate=RATE, format="f32le")
        indices, rows = [], b""
        async for block in session.say(spoken(samples)).blocks():
            indices += range(block.i, block.i + len(block.rows))
            rows += block.rows.tobytes()
    assert indices == list(range(2 * 60 + 15))
    assert rows == rows_alone(embedded, samples)


async def test_nothing_of_an_interrupted_line_follows_its_end_through_a_bad_network(server):
    async with shaped(server.port, BAD, seed=3) as way, raw(way) as one:
        await one.open()
        for u in range(1, 6):
            await one.audio(speech(1.0), u=u)
            await one.until("poses", u=u)
            await one.send("interrupt", sid=1, u=u)
            await one.until("utterance", u=u, state="interrupted")
        await one.send("close", sid=1)
        await one.until("closed")
    ends = [m["u"] for m in one.seen if m.get("state") == "interrupted"]
    order = [m["u"] for m in one.seen if m["op"] == "poses"]
    assert ends == [1, 2, 3, 4, 5]
    assert order == sorted(order)


def test_the_proxy_reorders_nothing_and_lets_nothing_through_in_the_dark():
    way = Way(BAD, seed="1")
    sent = np.arange(0.0, 8.0, 0.005)
    came = np.array([way.arrives(at) for at in sent])
    assert (np.diff(came) >= 0).all()
    assert (came >= sent).all()
    # What arrives has been on its way for 20 ms at most.
    first_after = {float(end): came[came >= end].min() for end in BAD.dark_ends(8.0)}
    dark = [end - BAD.dark_s + 0.02 for end in first_after]
    assert not any(((came > begin) & (came < begin + 0.18)).any() for begin in dark)
    assert max(came - sent) > BAD.dark_s
