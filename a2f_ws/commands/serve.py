"""`a2f-ws serve`: runs until it is told to stop."""

import asyncio
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

from rich.console import Console
from rich.text import Text

from a2f_ws.audio.emotion_window import EmotionPace
from a2f_ws.catalog import Catalog
from a2f_ws.commands.loading import load_catalog, wishes_of
from a2f_ws.commands.screen import err, out, plain_table
from a2f_ws.errors import ConfigError
from a2f_ws.pages import remedy
from a2f_ws.recognizer import Recognizer
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from a2f_ws.timebase import MODEL_RATE_HZ
from a2f_ws.version import product_version
from a2f_ws.wire.fields import VERSION

SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGBREAK")
"""What ends the server; each system has some of them."""

RIGS_SHOWN: Final = 12
READ_BYTES: Final = 4096


def run(
    settings: Settings, config: Path | None = None, *, announces: bool, ends_with_stdin: bool
) -> None:
    """Serve until a signal comes or, if wanted, until stdin ends.

    Args:
        settings: What and how to serve.
        config: The TOML file they came from, whose other tables say how faces look.
        announces: True = one line of JSON on stdout once clients can connect, all else on stderr.
        ends_with_stdin: True = stop when stdin ends, as it does with the program that started us.

    Raises:
        ConfigError: The settings cannot be used, such as a port that is taken.
        ModelError: The model cannot be used.
    """
    set_up_logging(settings.log_level)
    stdin = _stdin() if ends_with_stdin else None
    wishes = wishes_of(settings, config)
    server = Server(load_catalog(settings.model, settings.rigs, wishes=wishes), settings)

    def tell() -> None:
        if announces:
            print(json.dumps(announcement(server)), flush=True)
        show(server, err() if announces else out())

    stay(server, tell=tell, stdin=stdin)


def stay(server: Server, *, tell: Callable[[], None], stdin: int | None = None) -> None:
    """Serve until a signal comes or, where one is given, until stdin ends.

    Args:
        server: What serves.
        tell: Called once clients can connect.
        stdin: File descriptor to wait at, or None.

    Raises:
        ConfigError: The server cannot listen where it shall, such as on a port that is taken.
    """
    stop = asyncio.Event()
    with asyncio.Runner() as runner:
        loop = runner.get_loop()

        def ask_to_stop() -> None:
            # The loop may be gone already: then there is nothing left to stop.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(stop.set)

        with _on_signals(ask_to_stop):
            if stdin is not None:
                threading.Thread(
                    target=_wait_for_end, args=(stdin, ask_to_stop), daemon=True
                ).start()
            runner.run(_serve(server, stop, tell=tell))


async def _serve(server: Server, stop: asyncio.Event, *, tell: Callable[[], None]) -> None:
    async with server.running():
        tell()
        await stop.wait()
        logging.getLogger(__name__).info("stopping")


def announcement(server: Server) -> dict[str, str | int]:
    """What a program that started the server needs to know."""
    return {
        "url": server.url,
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
    has_studio = server.pages.has_studio
    studio = Text(server.page_url, style="bold green") if has_studio else Text(remedy())
    lines.add_row("  studio", studio)
    head = (f"a2f-ws {product_version()}", "bold")
    console.print(Text.assemble(head, " is ready; Ctrl+C stops it"))
    console.print(lines)


def _facts(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for model in catalog.models.values():
        yield "model", f"{model.name} {model.bundle.version}, gives {model.bundle.kind}"
        yield "backend", model.pipeline.backend.name
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


def set_up_logging(level: str) -> None:
    """Log to stderr.

    Args:
        level: debug, info, warning or error.

    Raises:
        ConfigError: It is none of these.
    """
    names = ("debug", "info", "warning", "error")
    if level not in names:
        raise ConfigError(f"log_level: found {level!r}, wanted one of {', '.join(names)}")
    logging.basicConfig(
        level=level.upper(),
        stream=sys.stderr,
        format="%(asctime)s %(levelname)-7s %(message)s",
        datefmt="%H:%M:%S",
    )
    if level != "debug":
        logging.getLogger("websockets").setLevel(logging.ERROR)


@contextmanager
def _on_signals(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` at the first signal; the second one ends the program the hard way."""
    numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def handle(number: int, frame: FrameType | None) -> None:
        del number, frame
        restore()
        act()

    for number in numbers:
        signal.signal(number, handle)
    try:
        yield
    finally:
        restore()


def _stdin() -> int:
    """The file descriptor of stdin.

    Raises:
        ConfigError: There is none.
    """
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        raise ConfigError("--exit-with-stdin: this process has no stdin") from None


def _wait_for_end(stdin: int, act: Callable[[], None]) -> None:
    """Read stdin to its end, past Python's buffer, whose lock would hold up our own end."""
    with suppress(OSError):
        while os.read(stdin, READ_BYTES):
            pass
    act()
