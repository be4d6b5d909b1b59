"""Commands that make clip files and look at them: arguments only."""

from pathlib import Path
from typing import Annotated

import typer

from a2f_ws.cli_options import (
    Audio2Emotion,
    Bundle,
    ClipFolder,
    Emotion,
    Folders,
    Forced,
    Fps,
    Param,
    Rig,
    Sheet,
    Solver,
    Style,
)
from a2f_ws.commands import arguments


def bake(  # noqa: PLR0913 - one per option
    folder: Annotated[Path, typer.Argument(help="Folder with sound files.", metavar="FOLDER")],
    *,
    sheet: Sheet = None,
    output: ClipFolder = None,
    force: Forced = False,
    rig: Rig = "arkit",
    fps: Fps = "60",
    emotion: Emotion = None,
    model: Bundle = "embedded",
    style: Style = None,
    param: Param = None,
    solver: Solver = None,
    audio2emotion: Audio2Emotion = None,
    rigs: Folders = None,
) -> None:
    """Turn the sound files of a folder into clips (.a2fclip), which players need no server for."""
    from a2f_ws.baking.recipe import Recipe
    from a2f_ws.commands import bake as command
    from a2f_ws.settings import read_settings

    # One file at a time is worked on.
    flags = {"solver": solver, "audio2emotion": audio2emotion, "workers": 1}
    settings = read_settings(None, environ={}, flags=flags)
    rate, wanted = arguments.pose_rate(fps), arguments.emotion(emotion or ())
    order = command.Order(
        folder=folder,
        sheet=sheet,
        output=output,
        recipe=Recipe(rig=rig, rate=rate, emotion=wanted, solver=settings.solver),
        style=style or "",
        model=model,
        settings=settings,
        params=param or (),
        rigs=rigs or (),
        is_forced=force,
    )
    raise typer.Exit(command.run(order))


def play(
    clip: Annotated[Path, typer.Argument(help="Clip file (.a2fclip).", metavar="CLIP")],
    *,
    sound: Annotated[
        Path | None,
        typer.Option(help="Sound file: say whether it is that of the clip; if not, exit code 2."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File for its poses: .csv .json .npz .glb"),
    ] = None,
) -> None:
    """Show what is in a clip file, and write its poses to another file."""
    from a2f_ws.commands import play as command

    raise typer.Exit(command.run(clip, output, sound=sound))
