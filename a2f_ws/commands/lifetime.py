"""How long a server runs: until a signal comes, or the program that started it has gone."""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from typing import Final

from a2f_ws.commands.machine import spare_what_is_there
from a2f_ws.commands.signals import on_signals
from a2f_ws.errors import ConfigError
from a2f_ws.server import Server

log = logging.getLogger(__name__)

READ_BYTES: Final = 4096


def stay(
    server: Server,
    *,
    tell: Callable[[], None],
    stdin: int | None = None,
    beside: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
) -> None:
    """Serve until a signal comes or, where one is given, until stdin ends.

    The first signal lets speech finish that is being sent, for as long as the settings say; a
    second one, and the end of stdin, end it at once; a third one ends the program the hard way.

    Args:
        server: What serves.
        tell: Called once clients can connect.
        stdin: File descriptor to wait at, or None.
        beside: Makes what is entered after `tell` and left when the end begins.

    Raises:
        ConfigError: The server cannot listen where it shall, such as on a port that is taken.
    """
    drain, stop = asyncio.Event(), asyncio.Event()
    with asyncio.Runner() as runner:
        loop = runner.get_loop()

        def ask(*events: asyncio.Event) -> None:
            # The loop may be gone already: then there is nothing left to stop.
            with suppress(RuntimeError):
                for event in events:
                    loop.call_soon_threadsafe(event.set)

        with on_signals([lambda: ask(drain), lambda: ask(drain, stop)]):
            if stdin is not None:
                threading.Thread(
                    target=_wait_for_end, args=(stdin, lambda: ask(stop, drain)), daemon=True
                ).start()
            spare_what_is_there()
            runner.run(_serve(server, (drain, stop), tell=tell, beside=beside))


def stdin_of_process() -> int:
    """The file descriptor of stdin.

    Raises:
        ConfigError: There is none.
    """
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        raise ConfigError("--exit-with-stdin: this process has no stdin") from None


async def _serve(
    server: Server,
    ends: tuple[asyncio.Event, asyncio.Event],
    *,
    tell: Callable[[], None],
    beside: Callable[[], AbstractAsyncContextManager[None]],
) -> None:
    drain, stop = ends
    async with server.running():
        tell()
        async with beside():
            await _first(drain, server.lost)
        await _finish(server, stop)
        log.info("stopping")


async def _finish(server: Server, stop: asyncio.Event) -> None:
    """Let running speech finish, unless there is no time for it."""
    drain_s = server.settings.drain_s
    if not drain_s or stop.is_set():
        return
    log.info("draining: running speech has %g s to finish; another signal stops at once", drain_s)
    async with asyncio.TaskGroup() as tasks:
        waits = [tasks.create_task(server.drain()), tasks.create_task(_until(stop))]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()


async def _first(*events: asyncio.Event) -> None:
    """Wait for one of them."""
    async with asyncio.TaskGroup() as tasks:
        waits = [tasks.create_task(_until(event)) for event in events]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()


async def _until(event: asyncio.Event) -> None:
    await event.wait()


def _wait_for_end(stdin: int, act: Callable[[], None]) -> None:
    """Read stdin to its end, past Python's buffer, whose lock would hold up our own end."""
    with suppress(OSError):
        while os.read(stdin, READ_BYTES):
            pass
    act()
