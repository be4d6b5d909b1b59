"""`a2f-ws talk`: a file through a server, played on a clock and measured."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from a2f_ws.client import connect
from a2f_ws.commands.credentials import Credentials
from a2f_ws.commands.performance import Performance
from a2f_ws.commands.screen import err, out
from a2f_ws.commands.timings import table
from a2f_ws.errors import ConfigError
from a2f_ws.output.files import check_target, write_recording
from a2f_ws.output.speech import SpeechFile
from a2f_ws.timebase import PoseRate
from a2f_ws.wire.replies import Status


def run(
    source: Path,
    target: Path | None,
    *,
    url: str,
    rig: str,
    rate: PoseRate,
    emotion: Mapping[str, float] | None,
    is_burst: bool,
    name: str | None,
    credentials: Credentials,
) -> None:
    """Stream a file, print the timings, and write the poses where a target is given.

    Raises:
        ConfigError: A file is not what it has to be, or two options exclude one another.
        ServerError: The server cannot be reached, or refuses.
    """
    if name is not None and is_burst:
        raise ConfigError(
            "--name: found with --burst, wanted one of them: others watch by the clock"
        )
    if target is not None:
        check_target(target, rig=rig)
    with SpeechFile(source) as speech:
        asyncio.run(
            _talk(
                speech,
                target,
                url=url,
                rig=rig,
                rate=rate,
                emotion=emotion,
                is_burst=is_burst,
                name=name,
                credentials=credentials,
            )
        )


async def _talk(
    speech: SpeechFile,
    target: Path | None,
    *,
    url: str,
    rig: str,
    rate: PoseRate,
    emotion: Mapping[str, float] | None,
    is_burst: bool,
    name: str | None,
    credentials: Credentials,
) -> None:
    performance = Performance(speech, is_burst=is_burst)
    async with connect(url, password=credentials.password, token=credentials.token) as server:
        session = await performance.open(
            server, rig=rig, rate=rate, emotion=emotion, name=name, on_status=_say_status
        )
        opened = session.opened
        err().print(f"{speech.path.name} → {url}, model {opened.model}, rig {opened.rig}")
        recording = await performance.run(session)
        await session.close()
    lines = table(performance.timings.report(), is_burst=is_burst)
    if not is_burst:
        lines.add_row("sound halted for poses", f"{performance.sound.stalls} times")
    out().print(lines)
    if target is not None:
        write_recording(recording, target)
        err().print(f"{target}: {len(recording.rows)} poses")


def _say_status(status: Status) -> None:
    err().print(f"{status.level}: {status.message}")
