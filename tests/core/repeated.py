"""Lines that are said again: two of them, and how a client asks for one that is perhaps known."""

from hashlib import sha256

import numpy as np

from a2f_ws.wire import replies, requests
from tests.core.desk import of, ramp

RATE = 16_000
LINE = ramp(RATE)
OTHER = ramp(RATE, start=333)


def pcm(samples):
    return np.asarray(samples, "<f4").tobytes()


def begin(desk, samples, *, u, sid=1, first=0, sent=0.1):
    """The first message of a line, with the hash of all of it; most of the sound stays away."""
    whole = pcm(samples)
    digest = sha256(whole).digest()
    part = whole[: 4 * round(len(samples) * sent)]
    desk.send(requests.Audio(sid=sid, u=u, first=first, pcm=part, hash=digest))


def answer(messages, u, **fields):
    """What `started` said of the hash."""
    found = [
        one for one in of(messages, replies.Utterance, u=u, **fields) if one.state == "started"
    ]
    return found[0].cached


def windows(desk):
    """Rows that the network was asked for so far."""
    return sum(desk.catalog.model(None).pipeline.backend.calls)
