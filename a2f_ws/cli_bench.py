"""`a2f-ws bench`: its options, and the two processes that it starts."""

import sys
from typing import Annotated

import typer

from a2f_ws.cli_options import Backend, Devices, Engines, ModelsDir, Served, Threads, Workers

Words = Annotated[str, typer.Argument(help="JSON, as `a2f-ws bench` writes it.")]
Seconds = Annotated[
    float, typer.Option(help="How long to look for the number of sessions.", min=1.0, max=600.0)
]
Fps = Annotated[int, typer.Option(help="Poses per second of every session.", min=10, max=240)]
Most = Annotated[int, typer.Option(help="Try no more sessions than that.", min=1, max=512)]


def bench(
    *,
    model: Served = None,
    backend: Backend = None,
    workers: Workers = None,
    threads: Threads = None,
    devices: Devices = None,
    engines: Engines = None,
    models_dir: ModelsDir = None,
    fps: Fps = 60,
    seconds: Seconds = 40.0,
    most: Most = 512,
) -> None:
    """Measure how many sessions this machine carries, and print a report to paste."""
    from a2f_ws.commands import bench as command

    flags = {
        "model": model,
        "backend": backend,
        "workers": workers,
        "threads": threads,
        "devices": devices or None,
        "engines": engines,
        "models": models_dir,
    }
    words = " ".join(["a2f-ws", *sys.argv[1:]])
    command.run(flags, seconds=seconds, fps=fps, most=most, words=words)


def bench_server(words: Words) -> None:
    """Serve for `bench`."""
    from a2f_ws.commands import bench_parts

    bench_parts.serve(words)


def bench_load(words: Words) -> None:
    """Speak for `bench`."""
    from a2f_ws.commands import bench_parts

    bench_parts.load(words)
