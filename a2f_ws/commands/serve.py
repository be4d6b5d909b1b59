"""`a2f-ws serve`: runs until it is told to stop."""

import asyncio
import json
import logging
import os
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from a2f_ws.audio.emotion_window import EmotionPace
from a2f_ws.catalog import Catalog
from a2f_ws.commands.lifetime import stay, stdin_of_process
from a2f_ws.commands.loading import load_catalog, wishes_of
from a2f_ws.commands.screen import err, out, plain_table
from a2f_ws.errors import ConfigError, ModelError
from a2f_ws.logs import set_up
from a2f_ws.recognizer import Recognizer
from a2f_ws.reloading import Reloading, Watched
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.timebase import MODEL_RATE_HZ
from a2f_ws.version import product_version
from a2f_ws.web.discovery import Place
from a2f_ws.web.guarding import door_of
from a2f_ws.web.multicast import announced, check_package
from a2f_ws.web.origin import is_loopback
from a2f_ws.web.pages import remedy
from a2f_ws.wire.fields import VERSION

log = logging.getLogger(__name__)

RIGS_SHOWN: Final = 12
LETS_IN: Final = {
    "none": "everybody who reaches it",
    "challenge": "who knows the password, or has a token",
    "token": "who has a token",
}
"""By what the server asks for."""


def run(
    read: Callable[[], Settings],
    config: Path | None = None,
    *,
    announces: bool,
    ends_with_stdin: bool,
) -> None:
    """Serve until a signal comes or, if wanted, until stdin ends.

    Args:
        read: Gives the settings: what and how to serve; again when the file has changed.
        config: The TOML file they came from, whose other tables say how faces look.
        announces: True = one line of JSON on stdout once clients can connect, all else on stderr.
        ends_with_stdin: True = stop when stdin ends, as it does with the program that started us.

    Raises:
        ConfigError: The settings cannot be used, such as a port that is taken.
        ModelError: The model cannot be used.
    """
    watched = None if config is None else Watched(config)
    settings = read()
    set_up(settings.log_level, settings.log_format)
    check_discoverable(settings)
    stdin = stdin_of_process() if ends_with_stdin else None
    wishes = wishes_of(settings, config)
    door = door_of(settings, os.environ)
    catalog = load_catalog(settings.model, settings.rigs, wishes=wishes)
    server = Server(catalog, settings, door=door)

    def tell() -> None:
        if announces:
            print(json.dumps(announcement(server)), flush=True)
        if settings.log_format == "json":
            log.info("a2f-ws %s listens at %s", product_version(), server.url)
        else:
            show(server, err() if announces else out())

    def beside() -> AbstractAsyncContextManager[None]:
        return _beside(server, config=watched, read=read)

    stay(server, tell=tell, stdin=stdin, beside=beside)
    if server.lost.is_set():
        raise ModelError("the GPU was lost, and cpu_fallback is off: start the server again")


@asynccontextmanager
async def _beside(
    server: Server, *, config: Watched | None, read: Callable[[], Settings]
) -> AsyncIterator[None]:
    """Be found on the network, and follow the configuration file, where that is wanted."""

    def act(settings: Settings) -> None:
        server.reload(settings)
        set_up(settings.log_level, settings.log_format)

    settings = server.settings
    async with AsyncExitStack() as stack:
        if settings.discoverable:
            await stack.enter_async_context(announced(place_of(server), host=settings.host))
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        watching = None
        if config is not None:
            reloading = Reloading(settings, config=config, read=read, act=act)
            watching = tasks.create_task(reloading.watch())
        yield
        if watching is not None:
            watching.cancel()


def check_discoverable(settings: Settings) -> None:
    """Refuse to announce what nobody could reach, or without the library for it.

    Raises:
        ConfigError: The server listens on loopback alone, or the package zeroconf is missing.
    """
    if settings.discoverable and is_loopback(settings.host):
        raise ConfigError(
            f"discoverable: found host {settings.host}, which only this machine reaches; wanted"
            " an address of the network, such as --host 0.0.0.0"
        )
    if settings.discoverable:
        check_package()


def place_of(server: Server) -> Place:
    """What is announced of a server."""
    return Place(
        name=f"{socket.gethostname()} {server.port}",
        addresses=(),
        port=server.port,
        auth=server.door.kind,
        has_tls=server.has_tls,
        models=tuple(server.catalog.models),
        version=product_version(),
    )


def announcement(server: Server) -> dict[str, str | int]:
    """What a program that started the server needs to know."""
    return {
        "url": server.url_here,
        "port": server.port,
        "pid": os.getpid(),
        "protocol": VERSION,
        "instance": server.catalog.instance,
    }


def show(server: Server, console: Console) -> None:
    """Print what is served."""
    lines = plain_table("", "")
    lines.show_header = False
    for title, text in _facts(server.catalog):
        lines.add_row(f"  {title}", text)
    lines.add_row("  listens at", Text(server.url, style="bold green"))
    lines.add_row("  lets in", LETS_IN[server.door.kind])
    if server.preview is not None:
        shown = f"{', '.join(server.preview.subjects)} to {server.preview.target}"
        lines.add_row("  Live Link", shown)
    has_studio = server.pages.has_studio
    studio = Text(server.page_url, style="bold green") if has_studio else Text(remedy())
    lines.add_row("  studio", studio)
    head = (f"a2f-ws {product_version()}", "bold")
    console.print(Text.assemble(head, " is ready; Ctrl+C stops it"))
    console.print(lines)


def _facts(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for model in catalog.models.values():
        yield "model", f"{model.name} {model.bundle.version}, gives {model.bundle.kind}"
        for name, workers in Counter(one.backend.name for one in model.pipelines).items():
            yield "backend", name if workers == 1 else f"{name}, {workers} workers"
        if model.recognizer is not None and model.pace is not None:
            yield "emotion", _hearing(model.recognizer, model.pace)
    names = list(catalog.rigs)
    more = f" and {len(names) - RIGS_SHOWN} more" if len(names) > RIGS_SHOWN else ""
    yield "rigs", ", ".join(names[:RIGS_SHOWN]) + more


def _hearing(recognizer: Recognizer, pace: EmotionPace) -> str:
    """How the emotion of voices is heard."""
    window_s, interval_s = pace.window / MODEL_RATE_HZ, 1.0 / pace.steps.hz
    return (
        f"{recognizer.bundle.name}: {window_s:.2f} s of voice every {interval_s:.2f} s,"
        f" {recognizer.cost_s * 1000:.3g} ms each"
    )
