"""A line that is said again through a real server."""

import asyncio
import re
from urllib.request import urlopen

import numpy as np
import pytest

from a2f_ws.client import connect

LINE = (np.sin(np.arange(16_000) / 9.0) * 9_000).astype("<i2").tobytes()


def figures(server, name):
    """Sum of all samples of a metric."""
    page = urlopen(server.page_url + "metrics").read().decode()
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{.*}})? (\S+)$", page, re.M))


async def rows(session, line):
    """(N, R), the poses of a line, and whether the server knew it."""
    speech = session.say(line)
    found = [block.rows async for block in speech.blocks()]
    return np.concatenate(found), speech.is_cached


@pytest.mark.parametrize("pacing", ["live", "burst"])
async def test_the_network_does_not_run_for_a_line_that_was_said_before(server, pacing):
    async with connect(server.url) as client:
        assert "cache" in client.hello.capabilities
        session = await client.open(pacing=pacing, cache=True)
        first, was_known = await rows(session, LINE)
        before = await asked(server)
        again, is_known = await rows(session, LINE)
        assert (was_known, is_known) == (False, True)
        assert np.array_equal(first, again)
        assert await asked(server) == before
        other = await client.open(pacing="burst", cache=True, rig="arkit")
        begun = await asked(server)
        third, is_known = await rows(other, LINE)
        assert is_known
        assert np.array_equal(first, third)
        assert await asked(server) - begun <= 1


async def asked(server):
    """Windows that the network was asked for."""
    return await asyncio.to_thread(figures, server, "a2f_ws_inference_batch_size_sum")


async def test_hits_misses_and_size_of_the_cache_are_told_as_metrics(server):
    async with connect(server.url) as client:
        session = await client.open(pacing="burst", cache=True)
        for _ in range(3):
            await rows(session, LINE)
        hits = 'a2f_ws_cache_answers_total{answer="hit"} 2.0'
        page = await asyncio.to_thread(lambda: urlopen(server.page_url + "metrics").read().decode())
        assert hits in page
        assert 'a2f_ws_cache_answers_total{answer="miss"} 1.0' in page
        assert figures_in(page, "a2f_ws_cache_bytes") == 1024 + (60 + 15) * 82 * 4


def figures_in(page, name):
    return float(re.search(rf"^{name} (\S+)$", page, re.M)[1])
