"""Voices that a session may have, and the emotions that its poses show then."""

import numpy as np

from a2f_ws.names import EMOTIONS
from tests.core.desk import Desk, poses

RATE_HZ = 16_000
ANGER, JOY = EMOTIONS.index("anger"), EMOTIONS.index("joy")
LOUD, QUIET = 0.35, 0.15


def voice(level, seconds, *, seed=0):
    random = np.random.default_rng(seed)
    return (level * random.uniform(-1, 1, round(seconds * RATE_HZ))).astype(np.float32)


def table():
    """A rig of the ten emotions alone."""
    curves = {name: {name: 1.0} for name in EMOTIONS}
    return {"title": "emotions", "source": "test", "curves": curves}


def opened(pipeline, recognizer, **fields):
    desk = Desk(pipeline, recognizer=recognizer)
    desk.open(**{"rig": "felt", "table": table(), **fields})
    desk.work()
    return desk


def emotions(messages, **fields):
    """Emotion columns of all poses, float32 (poses, 10)."""
    rows = poses(messages, **fields)
    return np.stack([rows[i] for i in sorted(rows)])


def burst(pipeline, recognizer, samples, **fields):
    """Emotions of a line that comes in one piece."""
    desk = opened(pipeline, recognizer, pacing="burst", **fields)
    desk.line(samples)
    return emotions(desk.finish())


def speak(desk, samples, *, chunk_s=0.1, works=True, first=0, u=1):
    """Say a line live, in real time."""
    step = round(chunk_s * RATE_HZ)
    for at in range(0, len(samples), step):
        desk.say(samples[at : at + step], u=u, first=first + at)
        desk.wait(chunk_s, works=works)
