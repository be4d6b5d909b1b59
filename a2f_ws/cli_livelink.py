"""`a2f-ws livelink`: its options."""

import os
from typing import Annotated

import typer

from a2f_ws.cli_options import PasswordKnown, TokenHeld


def livelink(
    target: Annotated[
        str,
        typer.Argument(
            help="Where Unreal's Live Link Face source listens; port 11111 unless set.",
            metavar="HOST:PORT",
        ),
    ] = "127.0.0.1",
    *,
    watch: Annotated[str, typer.Option(help="Name under which the session speaks.")],
    url: Annotated[str, typer.Option(help="Address of the server.")] = "ws://127.0.0.1:8765",
    subject: Annotated[
        str | None, typer.Option(help="What Unreal calls it; as the session unless set.")
    ] = None,
    livelink_angles: Annotated[
        str, typer.Option(help="Angles of head and eyes: radians, degrees, half_turns.")
    ] = "radians",
    password_file: PasswordKnown = None,
    token_file: TokenHeld = None,
) -> None:
    """Show a session of any server in Unreal, which needs no plugin for that."""
    from a2f_ws.commands import livelink as command
    from a2f_ws.commands.credentials import read_credentials

    command.run(
        watch,
        target,
        url=url,
        subject=subject,
        angles=livelink_angles,
        credentials=read_credentials(password_file, token_file, environ=os.environ),
    )
