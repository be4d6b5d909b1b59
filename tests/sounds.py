"""Sound to send, and what comes back for it, for tests of the client."""

import asyncio

import numpy as np

RATE_HZ = 16_000


def ramp(seconds):
    """Sound whose level rises evenly, s16le, so that poses of `tests.fakes.FakeBackend` do too."""
    return np.linspace(0, 32767, int(seconds * RATE_HZ)).astype("<i2").tobytes()


def pieces(pcm, size):
    """The same bytes, `size` at a time."""
    return [pcm[at : at + size] for at in range(0, len(pcm), size)]


async def real_time(pcm, chunk_s):
    """Chunks as a microphone gives them."""
    size = int(chunk_s * RATE_HZ) * 2
    start = asyncio.get_running_loop().time()
    for number, chunk in enumerate(pieces(pcm, size), start=1):
        await asyncio.sleep(start + number * chunk_s - asyncio.get_running_loop().time())
        yield chunk


async def rows(speech):
    """Everything that an utterance shows, float32 (poses, curves)."""
    return np.stack([pose.row async for pose in speech])
