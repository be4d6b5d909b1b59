"""`a2f-ws livelink`: a session that is spoken elsewhere, shown by Unreal here."""

import asyncio
from time import monotonic

from a2f_ws.client import Watch, connect
from a2f_ws.commands.credentials import Credentials
from a2f_ws.commands.screen import err
from a2f_ws.commands.signals import until_signal
from a2f_ws.errors import ConfigError
from a2f_ws.output.livelink_packet import subject_name
from a2f_ws.output.livelink_sender import Sender
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.preview.frames import frames
from a2f_ws.preview.pacing import Pacing
from a2f_ws.preview.subject import ANGLE_UNITS, RIG, Subject
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.wire.replies import Opened, Status, Utterance


def run(
    name: str,
    target: str,
    *,
    url: str,
    subject: str | None,
    angles: str,
    credentials: Credentials,
) -> None:
    """Show a session until Ctrl+C.

    Args:
        name: Under which it speaks.
        target: HOST:PORT where Unreal listens.
        url: Of the server.
        subject: What Unreal calls it; None = as the session.
        angles: Unit of the angles of head and eyes.
        credentials: For the server.

    Raises:
        ConfigError: An argument is not what it has to be.
        ServerError: The server cannot be reached, refuses, or has gone.
    """
    if angles not in ANGLE_UNITS:
        known = ", ".join(ANGLE_UNITS)
        raise ConfigError(f"--livelink-angles {angles}: wanted one of {known}")
    shown = Subject(subject_name(subject or name), angles=angles)
    sender = Sender(target)
    face = _Face(shown, sender)
    try:
        until_signal(lambda stop: face.show(name, stop, url=url, credentials=credentials))
    finally:
        sender.close()


class _Face:
    """Plays what is watched, and sends it."""

    def __init__(self, subject: Subject, sender: Sender) -> None:
        self._subject, self._sender = subject, sender
        self._player = PosePlayer()
        self._pacing = Pacing(self._player)

    async def show(
        self, name: str, stop: asyncio.Event, *, url: str, credentials: Credentials
    ) -> None:
        """Show a session until `stop`."""
        async with connect(url, password=credentials.password, token=credentials.token) as server:
            watch = await server.watch(name, rig=RIG, player=self._player, on_status=_say_status)
            self._open(watch.opened)
            who = "" if watch.is_spoken else ", where nobody speaks yet"
            err().print(
                f"{name} at {url}{who} is {self._subject.name} at {self._sender.target};"
                " Ctrl+C ends it"
            )
            async with asyncio.TaskGroup() as tasks:
                ends = [
                    tasks.create_task(self._read(watch)),
                    tasks.create_task(self._send()),
                    tasks.create_task(stop.wait()),
                ]
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
                for task in ends:
                    task.cancel()

    async def _read(self, watch: Watch) -> None:
        async for event in watch:
            if isinstance(event, Opened):
                self._open(event)
            elif isinstance(event, Utterance) and event.state == "started":
                now_us = int(monotonic() * MICROSECONDS)
                self._pacing.begin(event.u, start_us=event.t_us, now_us=now_us, is_mic=False)

    async def _send(self) -> None:
        async for seconds in frames(monotonic):
            now_us = int(monotonic() * MICROSECONDS)
            row, layout = self._pacing.row(None, now_us=now_us), self._player.layout.id
            self._sender.send(self._subject.packet(row, layout, now_us=now_us, seconds=seconds))

    def _open(self, opened: Opened) -> None:
        self._subject.opened(opened.layout, opened.curves, roles=opened.idle)


def _say_status(status: Status) -> None:
    err().print(f"{status.level}: {status.message}")
