"""A TCP proxy that feels like a bad network: what TCP makes of delay, jitter, loss and blackouts.

TCP loses nothing and keeps the order, so what a client feels of a lost packet is that everything
behind it comes late too. It is a model, not a network: a lost segment is sent again after a timeout
that doubles with every try (RFC 6298, with the 0.2 s that Linux takes at least), never sooner.
Where fast retransmission works, real connections do better.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Final

SEGMENT_BYTES: Final = 1448
"""What a packet of Ethernet carries beside its headers."""

SEGMENTS: Final = 256
"""On their way in one direction before the sender has to wait."""

TIMEOUT_S: Final = 0.2
"""Least time beyond the round trip until Linux sends a segment again (TCP_RTO_MIN)."""

Segments = asyncio.Queue[tuple[float, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a network does to each of its directions.

    Attributes:
        delay_s: How long a packet is on its way, seconds.
        jitter_s: How much longer or shorter that may be, seconds.
        loss: Share of the packets that get lost, 0 … 1.
        dark_s: Length of a blackout, in which all of them do, seconds.
        every_s: Time from the end of one blackout to that of the next, seconds; 0 = there are none.
    """

    delay_s: float = 0.0
    jitter_s: float = 0.0
    loss: float = 0.0
    dark_s: float = 0.0
    every_s: float = 0.0

    def is_dark(self, at_s: float) -> bool:
        """True for a time, from the beginning on, at which nothing passes."""
        return self.every_s > 0 and at_s % self.every_s >= self.every_s - self.dark_s

    def dark_ends(self, until_s: float) -> list[float]:
        """Ends of the blackouts up to a time, from the beginning on."""
        count = int(until_s / self.every_s) if self.every_s else 0
        return [k * self.every_s for k in range(1, count + 1)]


class Way:
    """One direction of a connection."""

    def __init__(self, conditions: Conditions, *, seed: str) -> None:
        """Nothing is on its way; `seed` says which segments get lost."""
        self._conditions = conditions
        self._chance = random.Random(seed)
        self._clear_s = self._last_s = 0.0

    def arrives(self, at_s: float) -> float:
        """When a segment arrives that is sent at a time, seconds; never before an earlier one.

        Behind a segment that has to be sent again, all others wait for that.
        """
        conditions = self._conditions
        sent_s, timeout_s = max(at_s, self._clear_s), TIMEOUT_S + 2 * conditions.delay_s
        while conditions.is_dark(sent_s) or self._chance.random() < conditions.loss:
            self._clear_s = sent_s = sent_s + timeout_s
            timeout_s *= 2
        jitter_s = self._chance.uniform(-conditions.jitter_s, conditions.jitter_s)
        self._last_s = max(self._last_s, sent_s + max(0.0, conditions.delay_s + jitter_s))
        return self._last_s


class Shaper:
    """Connections through such a network.

    Attributes:
        conditions: What it is like.
        url: Where clients connect.
    """

    def __init__(self, port: int, conditions: Conditions, *, seed: int) -> None:
        """Lead to a port of this machine; `shaped` listens."""
        self.conditions, self.url = conditions, ""
        self._port, self._seed = port, seed
        self._connections = 0
        self._begun_s = perf_counter()

    @property
    def now_s(self) -> float:
        """Time since the beginning."""
        return perf_counter() - self._begun_s

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection to its end."""
        self._connections += 1
        there, back = (
            Way(self.conditions, seed=f"{self._seed} {self._connections} {name}")
            for name in ("there", "back")
        )
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._one_way(reader, far_writer, way=there))
                tasks.create_task(self._one_way(far_reader, writer, way=back))
        except* OSError:
            pass
        finally:
            writer.transport.abort()
            far_writer.transport.abort()

    async def _one_way(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, way: Way
    ) -> None:
        segments = Segments(SEGMENTS)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._deliver(segments, writer))
            part = b"begun"
            while part:
                part = await reader.read(SEGMENT_BYTES)
                await segments.put((way.arrives(self.now_s), part))

    async def _deliver(self, segments: Segments, writer: asyncio.StreamWriter) -> None:
        while True:
            at_s, part = await segments.get()
            await asyncio.sleep(at_s - self.now_s)
            if not part:
                writer.write_eof()
                return
            writer.write(part)
            await writer.drain()


@asynccontextmanager
async def shaped(port: int, conditions: Conditions, *, seed: int) -> AsyncIterator[Shaper]:
    """A way to a port of this machine through such a network.

    Args:
        port: Where the server listens.
        conditions: What the network is like.
        seed: What gets lost.
    """
    shaper = Shaper(port, conditions, seed=seed)
    connections: set[asyncio.Task[None]] = set()
    tasks = asyncio.TaskGroup()

    def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = tasks.create_task(shaper.carry(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    await tasks.__aenter__()
    listener = await asyncio.start_server(meet, "127.0.0.1", 0)
    shaper.url = f"ws://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield shaper
    finally:
        listener.close()
        for task in connections:
            task.cancel()
        # What the block raised is nothing to the group: it stays as it is.
        await tasks.__aexit__(None, None, None)
