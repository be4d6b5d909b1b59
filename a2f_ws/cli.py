"""The command line: arguments only; what commands do stands in `a2f_ws/commands/`."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from a2f_ws.cli_bench import bench, bench_load, bench_server
from a2f_ws.cli_clips import bake, play
from a2f_ws.cli_livelink import livelink
from a2f_ws.cli_models import models_app
from a2f_ws.cli_options import (
    Audio2Emotion,
    Bundle,
    Emotion,
    Folders,
    Fps,
    Param,
    PasswordKnown,
    Rig,
    Solver,
    Speech,
    Style,
    Target,
    TokenHeld,
)
from a2f_ws.cli_record import record
from a2f_ws.cli_rigs import rigs_app
from a2f_ws.cli_serve import serve
from a2f_ws.cli_tokens import token_app
from a2f_ws.cli_watch import watch
from a2f_ws.client_link import ServerError
from a2f_ws.commands import arguments, screen
from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.version import product_version

ONE_THREAD: Final = ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Set before numpy is loaded: our matrix products are so small that threads wait for each other on
a busy machine (preparing a face mask of Mark's takes 20 ms with one, and 500 ms with two)."""

app: Final = typer.Typer(
    name="a2f-ws",
    help="Speech in, face out: a WebSocket server for game engines, and its tools.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

app.add_typer(rigs_app, name="rigs")
app.add_typer(models_app, name="models")
app.add_typer(token_app, name="token")
app.command()(serve)
app.command()(bake)
app.command()(play)
app.command()(livelink)
app.command()(record)
app.command()(watch)
app.command()(bench)
app.command(hidden=True)(bench_server)
app.command(hidden=True)(bench_load)


def main(words: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 2 something for the user to put right.

    Args:
        words: The command line without the program's name; None = that of the process.
    """
    screen.forgive_encodings()
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    try:
        app(words)
    except (ConfigError, ModelError, ServerError) as error:
        screen.say_fault(str(error))
        sys.exit(screen.EXIT_FAULT)


def _say_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"a2f-ws {product_version()}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Speech in, face out: a WebSocket server for game engines, and its tools."""


@app.command()
def animate(  # noqa: PLR0913 - one per option
    speech: Speech,
    output: Target,
    *,
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
    """Turn a sound file into a file of poses, without a server."""
    from a2f_ws.commands import animate as command
    from a2f_ws.settings import read_settings

    # One file at a time is worked on.
    flags = {"style": style, "solver": solver, "audio2emotion": audio2emotion, "workers": 1}
    settings = read_settings(None, environ={}, flags=flags)
    command.run(
        speech,
        output,
        rig=rig,
        rate=arguments.pose_rate(fps),
        emotion=arguments.emotion(emotion or ()),
        model=model,
        settings=settings,
        params=param or (),
        rigs=rigs or [],
    )


@app.command()
def talk(
    speech: Speech,
    *,
    url: Annotated[str, typer.Option(help="Address of the server.")] = "ws://127.0.0.1:8765",
    rig: Rig = "arkit",
    burst: Annotated[
        bool, typer.Option("--burst", help="Send it at once, not in real time.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write: .csv .json .npz .glb")
    ] = None,
    fps: Fps = "60",
    emotion: Emotion = None,
    name: Annotated[
        str | None, typer.Option(help="Name under which others may watch it: `a2f-ws watch NAME`.")
    ] = None,
    password_file: PasswordKnown = None,
    token_file: TokenHeld = None,
) -> None:
    """Stream a sound file through a server and measure it."""
    from a2f_ws.commands import talk as command
    from a2f_ws.commands.credentials import read_credentials

    command.run(
        speech,
        output,
        url=url,
        rig=rig,
        rate=arguments.pose_rate(fps),
        emotion=arguments.emotion(emotion or ()),
        is_burst=burst,
        name=name,
        credentials=read_credentials(password_file, token_file, environ=os.environ),
    )


@app.command()
def demo(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder for face.csv and face.png.")
    ] = Path("demo"),
    *,
    page: Annotated[
        bool | None,
        typer.Option(
            "--page/--no-page",
            help="Serve the studio afterwards, until Ctrl+C; in a terminal unless set.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show it all: server, client and human speech in this terminal, then the studio."""
    from a2f_ws.commands import demo as command

    command.run(output, shows_page=page)


@app.command()
def find(
    *,
    seconds: Annotated[float, typer.Option(help="How long to listen.", min=0.1, max=60.0)] = 3.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON for each server.")
    ] = False,
    host: Annotated[
        str, typer.Option(help="Address of this machine whose network is asked; all unless set.")
    ] = "",
) -> None:
    """Find servers on the local network; they run with --discoverable."""
    from a2f_ws.commands import find as command

    raise typer.Exit(command.run(seconds, as_json=as_json, host=host))


@app.command()
def doctor() -> None:
    """Say what works on this machine, and what to install for more."""
    from a2f_ws.commands import doctor as command

    raise typer.Exit(command.run())
