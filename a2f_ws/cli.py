"""The command line: arguments only; what commands do stands in `a2f_ws/commands/`."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from a2f_ws.client_link import ServerError
from a2f_ws.commands import arguments, screen
from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.version import product_version

app: Final = typer.Typer(
    name="a2f-ws",
    help="Speech in, face out: a WebSocket server for game engines, and its tools.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

rigs_app: Final = typer.Typer(help="List the rigs that poses can be sent in, show or check them.")
app.add_typer(rigs_app, name="rigs")

Speech = Annotated[Path, typer.Argument(help="Sound file: WAV, FLAC, OGG …", metavar="SPEECH")]
Target = Annotated[Path, typer.Option("--output", "-o", help="File to write: .csv .json .npz")]
Rig = Annotated[str, typer.Option(help="Rig of the poses; `a2f-ws rigs` lists them.")]
Fps = Annotated[str, typer.Option(help="Poses per second, 10 to 240; also 30000/1001.")]
Emotion = Annotated[
    list[str] | None, typer.Option(help="NAME=VALUE, 0 to 1; may be repeated.", metavar="joy=0.6")
]
Bundle = Annotated[str, typer.Option(help='"embedded", or the folder of a bundle.')]
Folders = Annotated[
    list[str] | None, typer.Option(help="Folder with rig tables of your own; may be repeated.")
]
RigFolders = Annotated[
    list[str] | None,
    typer.Option("--rigs", help="Folder with rig tables of your own; may be repeated."),
]
Host = Annotated[str | None, typer.Option(help="Address to listen on, 127.0.0.1 unless set.")]
Port = Annotated[
    int | None, typer.Option(help="Port, 8765 unless set; 0 = any free one.", metavar="NUMBER")
]
Served = Annotated[
    str | None, typer.Option(help='"embedded", which it is unless set, or the folder of a bundle.')
]
Config = Annotated[Path | None, typer.Option(help='TOML file with a table "server".')]
LogLevel = Annotated[
    str | None, typer.Option(help="debug, info, warning or error; info unless set.")
]


def main(words: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 2 something for the user to put right.

    Args:
        words: The command line without the program's name; None = that of the process.
    """
    screen.forgive_encodings()
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
def serve(
    *,
    host: Host = None,
    port: Port = None,
    model: Served = None,
    config: Config = None,
    rigs: Folders = None,
    allow_unauthenticated: Annotated[
        bool,
        typer.Option("--allow-unauthenticated", help="Let everybody who reaches --host connect."),
    ] = False,
    announce: Annotated[
        bool, typer.Option("--announce", help="Print one line of JSON with the URL on stdout.")
    ] = False,
    exit_with_stdin: Annotated[
        bool,
        typer.Option(
            "--exit-with-stdin",
            help="Stop when stdin ends, so with the program that started this one.",
        ),
    ] = False,
    log_level: LogLevel = None,
) -> None:
    """Serve poses to games and avatars."""
    from a2f_ws.commands import serve as command
    from a2f_ws.settings import read_settings

    flags = {
        "host": host,
        "port": port,
        "model": model,
        "rigs": rigs or None,
        "allow_unauthenticated": allow_unauthenticated or None,
        "log_level": log_level,
    }
    settings = read_settings(config, environ=os.environ, flags=flags)
    command.run(settings, announces=announce, ends_with_stdin=exit_with_stdin)


@app.command()
def animate(
    speech: Speech,
    output: Target,
    *,
    rig: Rig = "arkit",
    fps: Fps = "60",
    emotion: Emotion = None,
    model: Bundle = "embedded",
    rigs: Folders = None,
) -> None:
    """Turn a sound file into a file of poses, without a server."""
    from a2f_ws.commands import animate as command

    command.run(
        speech,
        output,
        rig=rig,
        rate=arguments.pose_rate(fps),
        emotion=arguments.emotion(emotion or ()),
        model=model,
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
        Path | None, typer.Option("--output", "-o", help="File to write: .csv .json .npz")
    ] = None,
    fps: Fps = "60",
    emotion: Emotion = None,
) -> None:
    """Stream a sound file through a server and measure it."""
    from a2f_ws.commands import talk as command

    command.run(
        speech,
        output,
        url=url,
        rig=rig,
        rate=arguments.pose_rate(fps),
        emotion=arguments.emotion(emotion or ()),
        is_burst=burst,
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
def models(
    model: Annotated[
        list[str] | None, typer.Option(help="Folder of a bundle to list as well; repeatable.")
    ] = None,
) -> None:
    """List the models that can be served."""
    from a2f_ws.commands import models as command

    command.run(model or ())


@rigs_app.callback(invoke_without_command=True)
def rigs(context: typer.Context, folders: RigFolders = None) -> None:
    """List the rigs that poses can be sent in; show or check their tables."""
    from a2f_ws.commands import rigs as command

    if context.invoked_subcommand is None:
        command.run(folders or ())


@rigs_app.command("show")
def show_rig(
    name: Annotated[str, typer.Argument(help="Rig to show.")], folders: RigFolders = None
) -> None:
    """Print the table of a rig."""
    from a2f_ws.commands import rigs as command

    command.show(name, folders or ())


@rigs_app.command("check")
def check_rigs(
    files: Annotated[list[Path], typer.Argument(help="Rig tables (.toml).", metavar="FILE…")],
    folders: RigFolders = None,
) -> None:
    """Say what is wrong with rig tables of your own."""
    from a2f_ws.commands import rigs as command

    raise typer.Exit(command.check(files, folders or ()))


@app.command()
def doctor() -> None:
    """Say what works on this machine, and what to install for more."""
    from a2f_ws.commands import doctor as command

    raise typer.Exit(command.run())
