"""`a2f-ws bench`: how many sessions this machine carries, in a minute, as one report."""

import os
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter, strftime
from typing import Any, Final

from msgspec.structs import asdict, replace

from a2f_ws.benching.ascent import Ascent
from a2f_ws.benching.capacity import climb
from a2f_ws.benching.figures import Load, Measured
from a2f_ws.benching.processes import Host, hosting, measure
from a2f_ws.benching.report import HEADS, row, table, verdict
from a2f_ws.commands.bench_networks import cost_s
from a2f_ws.commands.loading import find_bundle, means_of
from a2f_ws.commands.machine import use_one_thread_for_products
from a2f_ws.commands.screen import err, out
from a2f_ws.inference.choice import choose
from a2f_ws.settings import Settings, read_settings
from a2f_ws.version import product_version

SIZES: Final = (1, 4, 16, 64)
"""Batches whose cost is told."""

ALONE_S: Final = 4.0
STEP_S: Final = 2.0
WARM_S: Final = 1.0
FIRST: Final = 8
SESSIONS_MAX: Final = 512

ROOM: Final = {
    "port": 0,
    "connections_max": 4 * SESSIONS_MAX,
    "sessions_per_connection": SESSIONS_MAX,
    "max_sessions": 4 * SESSIONS_MAX,
    "connects_per_s": 10_000.0,
}
"""Settings with which the machine is the limit, and no number."""

TOLD: Final = ("onnxruntime", "openvino", "tensorrt", "tensorrt-rtx", "numpy", "websockets")


def run(flags: Mapping[str, Any], *, seconds: float, fps: int, most: int, words: str) -> None:
    """Measure and print the report.

    Args:
        flags: Settings given on the command line; None = not given.
        seconds: What the search for the number of sessions may take, about.
        fps: Poses per second of every session.
        most: Sessions beyond which nothing is tried.
        words: The command line, for the report.

    Raises:
        ConfigError: A setting cannot be used.
        ModelError: The model cannot be loaded, or a process of the measurement failed.
    """
    settings = read_settings(None, environ=os.environ, flags=flags)
    screen = out()
    for line in about(words):
        screen.print(line, soft_wrap=True)
    err().print("what a batch costs …")
    screen.print("\n" + costs(settings), soft_wrap=True)
    with hosting(_given(settings) | ROOM) as host:
        text = f"\nLive sessions, {fps} poses a second each, chunks of 20 ms: {host.backend}"
        screen.print(text, soft_wrap=True)
        found = search(host, fps=fps, most=most, seconds=seconds)
    screen.print("\n" + table(HEADS, [row(one) for one in found]), soft_wrap=True)
    screen.print("\n" + verdict(found), soft_wrap=True)


def search(host: Host, *, fps: int, most: int, seconds: float) -> list[Measured]:
    """One session alone, then as many as are borne, found in so many seconds or little more."""
    load = Load(port=host.port, sessions=1, fps=fps, warm_s=WARM_S, seconds=ALONE_S)
    err().print("1 session …")
    alone = measure(host, load)

    def tell(one: Measured) -> None:
        err().print(f"{one.sessions} sessions: {'borne' if one.is_borne else 'too many'}")

    until_s = perf_counter() + seconds
    short, ascent = replace(load, seconds=STEP_S), Ascent(FIRST, most=most)
    return [alone, *climb(host, short, ascent=ascent, told=tell, until_s=until_s)]


def costs(settings: Settings) -> str:
    """What a call of the network costs by the size of its batch, as a table."""
    use_one_thread_for_products()
    bundle = find_bundle(settings.model, settings.models)
    backend = choose(bundle, means_of(settings)).backend
    rows = []
    for size in (size for size in SIZES if size <= backend.max_batch):
        call_s = cost_s(bundle, backend, rows=size)
        rows.append((str(size), f"{call_s * 1e3:.2f}", f"{call_s / size * 1e6:.0f}"))
    backend.close()
    kind = "window" if bundle.blocks is None else "block"
    return table((f"{kind}s in a batch", "ms a batch", f"µs a {kind}"), rows)


def _given(settings: Settings) -> dict[str, Any]:
    """The settings that are not as they are without a word."""
    usual = asdict(Settings())
    return {name: value for name, value in asdict(settings).items() if value != usual[name]}


def about(words: str) -> Iterator[str]:
    """The machine, the versions and the command."""
    machine = platform.processor() or platform.machine()
    cores = f"{os.cpu_count()} cores, {machine}, {platform.system()} {platform.release()}"
    yield f"a2f-ws {product_version()}, {strftime('%Y-%m-%d')}: {cores}"
    found = [f"Python {platform.python_version()}"]
    for name in TOLD:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    yield ", ".join(found)
    yield f"command: {words}"
