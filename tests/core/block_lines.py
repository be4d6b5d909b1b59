"""Lines for networks in blocks, and what a client gets for them."""

import numpy as np

from tests.core.desk import Desk, poses

SECOND = 16_000
RATES = [10, 24, 25, 30, 60, 90, 240]


def speech(seconds=1.3, seed=0):
    """Something that changes all the time."""
    random = np.random.default_rng(seed)
    count = round(seconds * SECOND)
    loud = 0.3 + 0.3 * np.sin(np.arange(count) / (700 + 90 * seed))
    return (random.standard_normal(count) * loud * 0.3).astype(np.float32)


def in_chunks(desk, samples, lengths, *, waits=(True,), sid=1, u=1):
    """Say a line in chunks of these lengths, again and again; work where `waits` says so."""
    first, k = 0, 0
    while first < len(samples):
        count = lengths[k % len(lengths)]
        desk.say(samples[first : first + count], sid=sid, u=u, first=first)
        if waits[k % len(waits)]:
            desk.work()
        first, k = first + count, k + 1
    desk.end(sid=sid, u=u)


def table(messages, **fields):
    """Rows (n, C) of all poses in order, none missing."""
    found = poses(messages, **fields)
    assert list(found) == list(range(len(found)))
    return np.stack([*found.values()])


def burst(pipeline, samples, *, fps=60, max_batch=64, **fields):
    """Rows of a line that comes in one piece."""
    desk = Desk(pipeline, max_batch=max_batch)
    desk.open(pacing="burst", fps=fps, **fields)
    desk.line(samples)
    return table(desk.finish())


def begun_at(pipeline, pose):
    """The block with which the network begins where a pose is wanted first."""
    blocks = pipeline.bundle.blocks
    frame = pose * blocks.rate.rate.num // (60 * blocks.rate.rate.den)
    return max(0, blocks.rate.block(frame) - blocks.warmup)
