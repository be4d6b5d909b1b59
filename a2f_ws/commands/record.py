"""`a2f-ws record`: what somebody says elsewhere, as a file."""

import asyncio
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir
from time import monotonic

from a2f_ws.client import Block, ServerError, Watch, connect
from a2f_ws.commands.credentials import Credentials
from a2f_ws.commands.screen import err
from a2f_ws.commands.signals import until_signal
from a2f_ws.commands.take import Take
from a2f_ws.errors import ConfigError
from a2f_ws.output.files import check_target, write_recording
from a2f_ws.output.recording import Recording
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.wire.replies import Status, Utterance


def run(
    name: str,
    target: Path,
    *,
    url: str,
    rig: str,
    seconds: float | None,
    lines: int | None,
    credentials: Credentials,
) -> None:
    """Watch a session until Ctrl+C, or for some time or lines, and write what it showed.

    Args:
        name: Under which it speaks.
        target: File to write.
        url: Of the server.
        rig: Rig of the poses.
        seconds: How long to watch; None = until something else ends it.
        lines: How many utterances to take; None = all.
        credentials: For the server.

    Raises:
        ConfigError: The file cannot be written, or nothing was said.
        ServerError: The server cannot be reached, or refuses. What was said before it went is in
            the file.
    """
    check_target(target, rig=rig)
    session = _Session(name, rig=rig, lines=lines)
    fault: ServerError | None = None
    try:
        until_signal(
            lambda stop: session.watch(stop, url=url, seconds=seconds, credentials=credentials)
        )
    except ServerError as error:
        fault = error
    is_kept = session.keep(target)
    if fault is not None:
        raise fault
    if not is_kept:
        raise ConfigError(f"{target}: not written, nothing was said as {name!r}")


class _Session:
    """What is watched."""

    def __init__(self, name: str, *, rig: str, lines: int | None) -> None:
        self._take: Take | None = None
        self._name, self._rig, self._lines = name, rig, lines

    async def watch(
        self,
        stop: asyncio.Event,
        *,
        url: str,
        seconds: float | None,
        credentials: Credentials,
    ) -> None:
        """Take what comes until `stop`, or the time or the lines are over."""
        async with connect(url, password=credentials.password, token=credentials.token) as server:
            watch = await server.watch(self._name, rig=self._rig, on_status=_say_status)
            opened = watch.opened
            take = self._take = Take(
                rig=opened.rig,
                curves=opened.curves,
                transforms=opened.transforms,
                rate=watch.rate,
                model=opened.model,
            )
            who = "" if watch.is_spoken else ", where nobody speaks yet"
            err().print(f"recording {self._name} at {url}{who}; Ctrl+C ends it")
            async with asyncio.TaskGroup() as tasks:
                ends = [
                    tasks.create_task(self._read(watch, take)),
                    tasks.create_task(_wait(stop, seconds)),
                ]
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
                for task in ends:
                    task.cancel()

    def keep(self, target: Path) -> bool:
        """Write what came; False where nothing did."""
        if self._take is None or not self._take.poses:
            return False
        _keep(self._take.recording({"watched": self._name}), target)
        return True

    async def _read(self, watch: Watch, take: Take) -> None:
        async for event in watch:
            now_us = int(monotonic() * MICROSECONDS)
            if isinstance(event, Block):
                times_us = [event.t_us(k) for k in range(len(event.rows))]
                take.add(event.u, event.rows, times_us=times_us, model=watch.opened.model)
            elif isinstance(event, Utterance) and event.state == "started":
                take.begin(event.u, now_us=now_us)
            elif isinstance(event, Utterance) and event.state in ("poses_done", "interrupted"):
                take.end(event.u, event.state, now_us=now_us, rest=watch.rest)
                err().print(f"line {take.finished}, {take.poses} poses so far")
            if self._lines is not None and take.finished >= self._lines:
                return


async def _wait(stop: asyncio.Event, seconds: float | None) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


def _keep(recording: Recording, target: Path) -> None:
    """Write it, or where that fails somewhere else: nobody says it all again.

    Raises:
        ConfigError: It is not where it was wanted; the text says where it is.
    """
    try:
        write_recording(recording, target)
    except ConfigError as fault:
        spare = Path(gettempdir()) / target.name
        try:
            write_recording(recording, spare)
        except ConfigError:
            raise fault from None
        raise ConfigError(f"{fault}; the recording is in {spare}") from None
    seconds = int(recording.times_us[-1]) / MICROSECONDS
    err().print(f"{target}: {len(recording.rows)} poses, {seconds:.1f} s")


def _say_status(status: Status) -> None:
    err().print(f"{status.level}: {status.message}")
