"""`a2f-ws record`: its options."""

import os
from typing import Annotated

import typer

from a2f_ws.cli_options import PasswordKnown, Rig, Target, TokenHeld


def record(
    *,
    watch: Annotated[str, typer.Option(help="Name under which the session speaks.")],
    output: Target,
    url: Annotated[str, typer.Option(help="Address of the server.")] = "ws://127.0.0.1:8765",
    rig: Rig = "arkit",
    seconds: Annotated[
        float | None, typer.Option(help="How long to record; until Ctrl+C unless set.", min=0.1)
    ] = None,
    lines: Annotated[int | None, typer.Option(help="Stop after so many utterances.", min=1)] = None,
    password_file: PasswordKnown = None,
    token_file: TokenHeld = None,
) -> None:
    """Record what is said in a session with a name, wherever its speaker is."""
    from a2f_ws.commands import record as command
    from a2f_ws.commands.credentials import read_credentials

    command.run(
        watch,
        output,
        url=url,
        rig=rig,
        seconds=seconds,
        lines=lines,
        credentials=read_credentials(password_file, token_file, environ=os.environ),
    )
