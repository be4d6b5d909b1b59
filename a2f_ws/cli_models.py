"""The command line's group `models`: arguments only."""

from typing import Annotated, Final

import typer

models_app: Final = typer.Typer(help="List the models that can be served, check or pull them.")

Folder = Annotated[
    str, typer.Option("--models-dir", help="Folder of pulled models; A2F_MODELS unless set.")
]


@models_app.callback(invoke_without_command=True)
def models(
    context: typer.Context,
    *,
    model: Annotated[
        list[str] | None, typer.Option(help="Folder of a bundle to list as well; repeatable.")
    ] = None,
    models_dir: Folder = "",
) -> None:
    """List the models that can be served; check or pull them."""
    from a2f_ws.commands import models as command

    if context.invoked_subcommand is None:
        command.run(model or (), models_dir)


@models_app.command("check")
def check_models(
    names: Annotated[
        list[str], typer.Argument(help='Folders of bundles; or "embedded".', metavar="PATH…")
    ],
) -> None:
    """Explain bundles, and say all that is wrong with them."""
    from a2f_ws.commands import model_check as command

    raise typer.Exit(command.check(names))


@models_app.command("pull")
def pull_model(
    name: Annotated[
        str,
        typer.Argument(help="mark, claire, james, or OWNER/NAME on Hugging Face.", metavar="NAME"),
    ],
    *,
    revision: Annotated[str, typer.Option(help="Branch, tag or commit; main unless set.")] = "",
    accept_license: Annotated[
        bool, typer.Option("--accept-license", help="Accept the licence without being asked.")
    ] = False,
    models_dir: Folder = "",
) -> None:
    """Download a model; --model NAME finds it from then on, without a network."""
    from a2f_ws.commands import model_pull as command

    command.run(name, revision=revision, accepts_licence=accept_license, models_dir=models_dir)
