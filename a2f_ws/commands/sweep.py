"""`a2f-ws rigs sweep`: one curve of a rig at a time, for a character that is looked at."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from time import monotonic
from typing import Final

from a2f_ws.client import Client, connect
from a2f_ws.commands.credentials import Credentials
from a2f_ws.commands.screen import err, out
from a2f_ws.errors import ConfigError
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.wire.replies import Status

SWEEP: Final = "sweep"
"""Model, capability and code of `status` (protocol §21)."""

RATE_HZ: Final = 8_000
CHUNKS_PER_S: Final = 10
AHEAD_S: Final = 1.0
"""The silence that stands for sound: the slowest rate, pieces of it, and how far ahead it is sent
(ours; more than any model looks ahead)."""


TELL_S: Final = 0.05
"""Time between two looks at what moves."""


class Steps:
    """The movements that the server has told of."""

    def __init__(self) -> None:
        """Know none."""
        self.total_s: float | None = None
        self._to_come: deque[Status] = deque()

    def take(self, status: Status) -> None:
        """Note a movement; anything else is told at once."""
        if status.code != SWEEP:
            err().print(f"{status.level}: {status.message}")
            return
        length_us = status.counters["end_us"] - status.counters["t_us"]
        self.total_s = status.counters["steps"] * length_us / MICROSECONDS
        self._to_come.append(status)

    def due(self, at_s: float) -> str | None:
        """What begins to move by a time of the utterance, seconds; None = nothing else."""
        if self._to_come and self._to_come[0].counters["t_us"] <= at_s * MICROSECONDS:
            return self._to_come.popleft().message
        return None


def run(rig: str, *, url: str, name: str | None, rounds: int, credentials: Credentials) -> None:
    """Move every curve, and say which one moves while it does.

    Args:
        rig: Name of the rig.
        url: Address of the server.
        name: Under which characters watch; None = nobody does.
        rounds: How often; 0 = until Ctrl+C.
        credentials: For the server.

    Raises:
        ConfigError: The server is older and cannot do it.
        ServerError: It cannot be reached, or refuses.
    """

    async def sweep() -> None:
        async with connect(url, password=credentials.password, token=credentials.token) as server:
            if SWEEP not in server.hello.capabilities:
                raise ConfigError(f"{url}: its server cannot check rigs, wanted a newer one")
            await _sweep(server, rig, name=name, rounds=rounds, say=out().print)

    try:
        asyncio.run(sweep())
    except KeyboardInterrupt:
        err().print("stopped")


async def _sweep(
    server: Client, rig: str, *, name: str | None, rounds: int, say: Callable[[str], None]
) -> None:
    steps = Steps()
    session = await server.open(rig=rig, model=SWEEP, rate=RATE_HZ, name=name, on_status=steps.take)
    opened = session.opened
    err().print(
        f"rig {opened.rig}: {len(opened.curves)} curves, {len(opened.transforms)} transforms"
        + (f"; whoever watches {name!r} sees its own curves move" if name else "")
    )
    begun = monotonic()
    async with asyncio.TaskGroup() as tasks:
        telling = tasks.create_task(_tell(steps, begun, say=say))
        speech = session.say(_silence(steps, begun, rounds=rounds))
        async for _ in speech.blocks():
            pass
        await asyncio.sleep(begun + speech.sent_us / MICROSECONDS - monotonic())
        telling.cancel()
    await session.close()


async def _silence(steps: Steps, begun: float, *, rounds: int) -> AsyncIterator[bytes]:
    """Silence in real time, for as long as there is something to move."""
    sent = 0
    while not rounds or steps.total_s is None or sent < rounds * steps.total_s * CHUNKS_PER_S:
        wait_s = begun + sent / CHUNKS_PER_S - AHEAD_S - monotonic()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        else:
            yield bytes(2 * (RATE_HZ // CHUNKS_PER_S))
            sent += 1


async def _tell(steps: Steps, begun: float, *, say: Callable[[str], None]) -> None:
    """Say what moves when it begins to."""
    while True:
        while (text := steps.due(monotonic() - begun)) is not None:
            say(text)
        await asyncio.sleep(TELL_S)
