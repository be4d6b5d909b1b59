"""`a2f-ws watch`: the face of a session that somebody else feeds, in this terminal."""

import asyncio
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import Final

from rich.console import Console

from a2f_ws.client import ServerError, Watch, connect
from a2f_ws.commands.credentials import Credentials
from a2f_ws.commands.screen import err, out
from a2f_ws.commands.signals import until_signal
from a2f_ws.commands.spectator import Spectator
from a2f_ws.commands.stage import Stage
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.wire.replies import Opened, Status, Utterance

FRAMES_PER_S: Final = 60
PLAYED_S: Final = 0.2
"""Time between two `played`; the protocol wants at least four a second."""


def run(
    name: str, *, url: str, rig: str, lines: int | None, clock: bool, credentials: Credentials
) -> None:
    """Show a session until Ctrl+C, or for so many lines.

    Args:
        name: Under which it speaks, now or later.
        url: Of the server.
        rig: Rig of the poses.
        lines: How many utterances to show; None = all.
        clock: True = what is shown here is the play head of everybody.
        credentials: For the server.

    Raises:
        ServerError: The server cannot be reached, refuses, or is gone.
    """
    until_signal(
        partial(_watch, name, url=url, rig=rig, lines=lines, clock=clock, credentials=credentials)
    )


async def _watch(
    name: str,
    stop: asyncio.Event,
    *,
    url: str,
    rig: str,
    lines: int | None,
    clock: bool,
    credentials: Credentials,
) -> None:
    player, console = PosePlayer(), out()
    # Beside bars that move, other lines have to go through the console that moves them.
    remarks = console if console.is_terminal else err()
    spectator = Spectator(player)

    def say_status(status: Status) -> None:
        remarks.print(f"{status.level}: {status.message}")

    async with connect(url, password=credentials.password, token=credentials.token) as server:
        watch = await server.watch(name, rig=rig, clock=clock, player=player, on_status=say_status)
        with Stage(console, watch) as stage:
            async with asyncio.TaskGroup() as tasks:
                ends = [
                    tasks.create_task(_hear(watch, spectator, remarks=remarks)),
                    tasks.create_task(_show(spectator, stage, lines=lines)),
                    tasks.create_task(_until(stop)),
                ]
                others = [tasks.create_task(_tell(watch, spectator))] if clock else []
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
                for task in ends + others:
                    task.cancel()


async def _until(stop: asyncio.Event) -> None:
    await stop.wait()


async def _hear(watch: Watch, spectator: Spectator, *, remarks: Console) -> None:
    """Take what comes, until it is closed."""
    async for event in watch:
        spectator.take(event)
        if isinstance(event, Opened):
            who = f"model {event.model}, {watch.rate.hz:g} poses per second"
            text = who if watch.is_spoken else "nobody speaks; waiting"
            remarks.print(f"{watch.name}: {text}")
        elif isinstance(event, Utterance) and event.state in ("poses_done", "interrupted"):
            remarks.print(f"{watch.name}: line {event.u} {event.state}, {event.poses} poses")


async def _show(spectator: Spectator, stage: Stage, *, lines: int | None) -> None:
    """Show sixty rows a second, until so many lines were shown."""
    begun_s = perf_counter()
    frame = 0
    while lines is None or spectator.finished < lines:
        now_us = int((perf_counter() - begun_s) * MICROSECONDS)
        row, _ = spectator.frame(now_us)
        stage.frame(row, spectator.at_us or 0)
        frame += 1
        await asyncio.sleep(begun_s + frame / FRAMES_PER_S - perf_counter())


async def _tell(watch: Watch, spectator: Spectator) -> None:
    """Own the clock: tell where the sound would be."""
    while True:
        await asyncio.sleep(PLAYED_S)
        at_us = spectator.at_us
        if at_us is not None and watch.is_spoken:
            with suppress(ServerError):
                await watch.played(spectator.u, at_us, is_paused=not spectator.is_running)
