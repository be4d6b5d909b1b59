"""Commands about rigs: arguments only."""

import os
from pathlib import Path
from typing import Annotated, Final

import typer

from a2f_ws.cli_options import PasswordKnown, RigFolders, TokenHeld

rigs_app: Final = typer.Typer(
    help="List the rigs that poses can be sent in, show or check them, see one on a character."
)


@rigs_app.callback(invoke_without_command=True)
def rigs(context: typer.Context, folders: RigFolders = None) -> None:
    """List the rigs that poses can be sent in; show or check their tables."""
    from a2f_ws.commands import rigs as command

    context.obj = folders or []
    if context.invoked_subcommand is None:
        command.run(context.obj)


@rigs_app.command("show")
def show_rig(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Rig to show.")],
    *,
    folders: RigFolders = None,
) -> None:
    """Print the table of a rig."""
    from a2f_ws.commands import rigs as command

    command.show(name, [*context.obj, *(folders or ())])


@rigs_app.command("check")
def check_rigs(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Rig tables (.toml).", metavar="FILE…")],
    *,
    folders: RigFolders = None,
) -> None:
    """Say what is wrong with rig tables of your own."""
    from a2f_ws.commands import rigs as command

    raise typer.Exit(command.check(files, [*context.obj, *(folders or ())]))


@rigs_app.command("sweep")
def sweep_rig(
    context: typer.Context,
    rig: Annotated[str, typer.Argument(help="Rig whose curves move, as the server calls it.")],
    *,
    url: Annotated[str, typer.Option(help="Address of the server.")] = "ws://127.0.0.1:8765",
    name: Annotated[
        str | None,
        typer.Option(help="Name under which characters watch; they move the curves of their rig."),
    ] = None,
    rounds: Annotated[int, typer.Option(help="How often; 0 = until Ctrl+C.", min=0, max=1_000)] = 1,
    password_file: PasswordKnown = None,
    token_file: TokenHeld = None,
) -> None:
    """Move one curve at a time through a server and say which, to check a character by eye."""
    from a2f_ws.commands import sweep as command
    from a2f_ws.commands.credentials import read_credentials

    if context.obj:
        raise typer.BadParameter("--rigs: a sweep moves a rig of the server, which reads its own")
    credentials = read_credentials(password_file, token_file, environ=os.environ)
    command.run(rig, url=url, name=name, rounds=rounds, credentials=credentials)
