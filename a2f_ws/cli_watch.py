"""`a2f-ws watch`: its options."""

import os
from typing import Annotated

import typer

from a2f_ws.cli_options import PasswordKnown, Rig, TokenHeld


def watch(
    name: Annotated[str, typer.Argument(help="Name under which the session speaks.")],
    *,
    url: Annotated[str, typer.Option(help="Address of the server.")] = "ws://127.0.0.1:8765",
    rig: Rig = "arkit",
    lines: Annotated[
        int | None, typer.Option(help="Leave after so many utterances.", min=1)
    ] = None,
    clock: Annotated[
        bool, typer.Option("--clock", help="Be the clock: what is shown here paces the server.")
    ] = False,
    password_file: PasswordKnown = None,
    token_file: TokenHeld = None,
) -> None:
    """Show the face of a session with a name, wherever its speaker is; `record` keeps it."""
    from a2f_ws.commands import watch as command
    from a2f_ws.commands.credentials import read_credentials

    command.run(
        name,
        url=url,
        rig=rig,
        lines=lines,
        clock=clock,
        credentials=read_credentials(password_file, token_file, environ=os.environ),
    )
