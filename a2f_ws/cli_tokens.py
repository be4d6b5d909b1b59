"""The command line's group `token`: arguments only."""

from typing import Annotated, Final

import typer

token_app: Final = typer.Typer(
    help="Make bearer tokens for clients, or list those there are.", no_args_is_help=True
)

File = Annotated[
    str, typer.Option("--file", help="File of tokens; A2F_TOKENS unless set.", metavar="FILE")
]


@token_app.command("new")
def new_token(
    *,
    name: Annotated[str, typer.Option(help="What logs call its owner.")],
    rights: Annotated[
        str, typer.Option(help="Any of speak,watch,interrupt,admin.", metavar="speak,watch")
    ] = "speak",
    expires: Annotated[
        str, typer.Option(help="Span or date; never unless set.", metavar="90d")
    ] = "",
    file: File = "",
) -> None:
    """Print a new token, once, and add its digest to the file."""
    from a2f_ws.commands import token as command

    command.make(file, name=name, rights=rights, expires=expires)


@token_app.command("list")
def list_tokens(file: File = "") -> None:
    """List names, rights and ends of the tokens in the file."""
    from a2f_ws.commands import token as command

    command.show(file)
