"""A client that may misbehave: raw frames to a real server, and a witness who must not notice."""

import asyncio
from contextlib import asynccontextmanager

import msgpack
import numpy as np
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.core.desk import Desk, poses

WAIT_S = 10.0
RATE = 16_000
AUDIO = {"format": "f32le", "rate": RATE}
ANSWERS = ("error", "closed", "ok", "pong", "opened", "ready")


class Raw:
    """One socket that speaks msgpack when it speaks properly.

    Attributes:
        socket: The WebSocket.
        seen: Messages read so far.
    """

    def __init__(self, socket):
        self.socket = socket
        self.seen = []

    async def send(self, op, **fields):
        await self.socket.send(msgpack.packb({"op": op, **fields}))

    async def greet(self):
        """Identify and read `ready`."""
        await self.send("identify", protocol=1, client="raw/1")
        await self.until("ready")

    async def open(self, sid=1, **fields):
        await self.send("open", **{"sid": sid, "rig": "arkit", "fps": 60, "audio": AUDIO, **fields})

    async def audio(self, samples, *, sid=1, u=1, first=0):
        pcm = samples if isinstance(samples, bytes) else np.asarray(samples, "<f4").tobytes()
        await self.send("audio", sid=sid, u=u, first=first, pcm=pcm)

    async def next(self):
        """The next message."""
        async with asyncio.timeout(WAIT_S):
            frame = await self.socket.recv()
        message = msgpack.unpackb(frame)
        self.seen.append(message)
        return message

    async def until(self, op, **fields):
        """Read up to the first message of this kind."""
        while True:
            message = await self.next()
            if message["op"] == op and fields.items() <= message.items():
                return message

    async def answers(self, count):
        """The next so many answers."""
        found = []
        while len(found) < count:
            message = await self.next()
            if message["op"] in ANSWERS:
                found.append(message)
        return found

    async def closing(self):
        """Read until the server closes; its code and reason."""
        try:
            while True:
                await self.next()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None, "the socket was cut without a close frame"
            return closed.rcvd.code, closed.rcvd.reason


@asynccontextmanager
async def raw(server, *, subprotocols=("a2f.v1.msgpack",), greets=True, **options):
    """A connection to a server, greeted unless told otherwise."""
    options = {"compression": None, "max_size": None, "close_timeout": 1.0, **options}
    async with connect(server.url, subprotocols=subprotocols, **options) as socket:
        one = Raw(socket)
        if greets:
            await one.greet()
        yield one


def speech(seconds=0.6):
    """Something like a voice, float32."""
    t = np.arange(round(seconds * RATE)) / RATE
    return (0.3 * np.sin(700 * t) * np.sin(9 * t)).astype(np.float32)


def rows_alone(pipeline, samples):
    """The poses of a line that is alone on its server, as bytes."""
    desk = Desk(pipeline, max_batch=min(64, pipeline.backend.max_batch))
    desk.open(pacing="burst")
    desk.line(samples)
    return b"".join(row.tobytes() for row in poses(desk.finish()).values())


@asynccontextmanager
async def witness(server, **options):
    """Speaks a line on a connection of its own meanwhile; it must come back whole and untouched."""
    samples = speech()
    wanted = rows_alone(next(iter(server.catalog.models.values())).pipeline, samples)
    async with raw(server, **options) as one:
        await one.open(pacing="burst")
        talk = asyncio.create_task(_talk(one, samples))
        await one.until("poses")
        yield
        await talk
        done = await one.until("utterance", state="poses_done")
        rows = [message for message in one.seen if message["op"] == "poses"]
        assert [m["i"] for m in rows] == list(np.cumsum([0, *(m["n"] for m in rows)])[:-1])
        assert done["poses"] == sum(m["n"] for m in rows)
        assert b"".join(m["data"] for m in rows) == wanted
        assert [m for m in one.seen if m["op"] in ("error", "closed")] == []


async def _talk(one, samples):
    """Sends a line faster than it is spoken, in pieces of 20 ms."""
    step = RATE // 50
    for first in range(0, len(samples), step):
        await one.audio(samples[first : first + step], first=first)
        await asyncio.sleep(0.002)
    await one.send("end", sid=1, u=1)
