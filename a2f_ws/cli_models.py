"""The command line's group `models`: arguments only."""

from pathlib import Path
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


@models_app.command("build")
def build_model(
    name: Annotated[
        str,
        typer.Argument(help='Folder of a bundle, a pulled model, or "embedded".', metavar="PATH"),
    ],
    *,
    backend: Annotated[str, typer.Option(help="auto, tensorrt or tensorrt-rtx.")] = "auto",
    cuda: Annotated[str, typer.Option(help="auto, pycuda or cuda-bindings.")] = "auto",
    engines: Annotated[
        str, typer.Option(help="Folder of TensorRT engines; A2F_ENGINES unless set.")
    ] = "",
    models_dir: Folder = "",
) -> None:
    """Build a model's TensorRT engine, so that a server starts at once."""
    from a2f_ws.commands import model_build as command

    raise typer.Exit(
        command.run(name, backend=backend, cuda=cuda, engines=engines, models=models_dir)
    )


@models_app.command("convert")
def convert_model(
    name: Annotated[
        str,
        typer.Argument(help='Folder of a bundle, a pulled model, or "embedded".', metavar="PATH"),
    ],
    *,
    fp16: Annotated[bool, typer.Option("--fp16", help="Compute in float16.")] = False,
    int8: Annotated[bool, typer.Option("--int8", help="Compute in 8-bit integers.")] = False,
    cpu: Annotated[
        bool, typer.Option("--cpu", help="With --int8: quicker on CPUs; TensorRT refuses it.")
    ] = False,
    speech: Annotated[
        list[Path] | None,
        typer.Option(help="File of speech to calibrate and compare with; may be repeated."),
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare the faces with those of the original.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder to write; beside PATH unless set.")
    ] = None,
    models_dir: Folder = "",
) -> None:
    """Make a bundle whose network computes in smaller numbers."""
    from a2f_ws.commands import model_convert as command

    if fp16 == int8 or (cpu and fp16):
        raise typer.BadParameter("wanted one of --fp16 and --int8; --cpu goes with --int8 only")
    code = command.run(
        name,
        precision="fp16" if fp16 else "int8",
        output=output,
        speech=speech or (),
        is_for_cpu=cpu,
        verifies=verify,
        models=models_dir,
    )
    raise typer.Exit(code)
