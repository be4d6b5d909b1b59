"""`a2f-ws animate`: a file's speech to a file of poses, without a server."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from a2f_ws.commands.loading import load_catalog, wishes_of
from a2f_ws.commands.screen import err, printable
from a2f_ws.offline import animate, pose_count
from a2f_ws.output.files import check_target, write_recording
from a2f_ws.output.speech import SpeechFile
from a2f_ws.settings import Settings
from a2f_ws.timebase import PoseRate


def run(
    source: Path,
    target: Path,
    *,
    rig: str,
    rate: PoseRate,
    emotion: Mapping[str, float] | None,
    model: str,
    settings: Settings,
    params: Sequence[str],
    rigs: list[str],
) -> None:
    """Animate a file and say what was made.

    Raises:
        ConfigError: A file, rig or emotion is not what it has to be.
        ModelError: The model cannot be used.
    """
    check_target(target, rig=rig)
    with SpeechFile(source) as speech:
        wishes = wishes_of(settings, None, words=params)
        catalog = load_catalog(model, rigs, wishes=wishes)
        begun = perf_counter()
        with _progress() as progress:
            task = progress.add_task(printable(source.name), total=pose_count(speech, rate))
            recording = animate(
                speech,
                catalog,
                rig=rig,
                rate=rate,
                emotion=emotion,
                on_poses=lambda poses: progress.update(task, completed=poses),
            )
        took_s = perf_counter() - begun
    write_recording(recording, target)
    poses = len(recording.rows)
    err().print(
        f"{target}: {poses} poses of {rig} at {rate.hz:g} per second,"
        f" {poses / rate.hz:.1f} s in {took_s:.1f} s"
    )


def _progress() -> Progress:
    """A bar on stderr; nothing where that is no terminal."""
    console = err()
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:.0f} poses"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
