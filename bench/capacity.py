"""How many live sessions one server carries, over real sockets. Prints a table for each network.

Run as `python bench/capacity.py [--short] [--variants null embedded …] [--each 1] [--plot FILE]`.
Every session sends speech in chunks of 20 ms, in real time, and gets 60 poses a second. The server
is a process of its own, and so is the load, which is written to be cheap: what it takes of its own
core is in the table. The number of sessions rises until the latency that is added to the model's
look-ahead exceeds 50 ms for one pose in a hundred, or a pose is late, or the server lets no more
in.

`mark …` needs the packages of `a2f-ws[convert]`, and `… openvino` those of `a2f-ws[openvino]`.
`… unbatched` is the same server with one call of the network per pose and session.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _bundles import mark_shaped

from a2f_ws.benching.ascent import Ascent
from a2f_ws.benching.capacity import climb
from a2f_ws.benching.figures import Load, Measured
from a2f_ws.benching.processes import NOTHING, SINGLE, hosting
from a2f_ws.benching.report import HEADS, row, table, verdict
from a2f_ws.commands.bench import ROOM
from a2f_ws.errors import ModelError

MOST: Final = 512
VARIANT_S: Final = (90.0, 12.0)
"""About how long each search takes, whole and short, seconds."""


class Variant(NamedTuple):
    """A server to measure.

    Attributes:
        settings: Settings of it, made when its turn comes.
        network: As for `hosting`.
        first: How many sessions to begin with.
        needs: Packages, each with the extra of a2f-ws that brings it.
    """

    settings: Callable[[], Mapping[str, Any]]
    network: str = ""
    first: int = 4
    needs: Mapping[str, str] = {}


CONVERT: Final = {"onnx": "convert"}
BOTH: Final = {**CONVERT, "openvino": "openvino"}
VARIANTS: Final = {
    "null": Variant(dict, NOTHING),
    "embedded": Variant(dict),
    "mark": Variant(lambda: _mark("fp32", "onnx"), "", 1, CONVERT),
    "mark-unbatched": Variant(lambda: _mark("fp32", "onnx"), SINGLE, 1, CONVERT),
    "mark-int8": Variant(lambda: _mark("int8-cpu", "onnx"), "", 1, CONVERT),
    "mark-openvino": Variant(lambda: _mark("int8-cpu", "openvino"), "", 1, BOTH),
}


def _mark(precision: str, backend: str) -> Mapping[str, Any]:
    return {"model": str(mark_shaped(precision)), "backend": backend}


def missing(variant: Variant) -> str | None:
    """The command that installs what a variant lacks; None = nothing."""
    extras = [extra for package, extra in variant.needs.items() if find_spec(package) is None]
    return f"pip install 'a2f-ws[{','.join(extras)}]'" if extras else None


def search(variant: Variant, options: argparse.Namespace) -> list[Measured]:
    """One server under rising loads."""
    given = {"workers": options.workers} if options.workers else {}
    with hosting({**ROOM, **variant.settings(), **given}, network=variant.network) as host:
        print(f"{host.backend}, {options.each} session(s) on a connection", flush=True)
        load = Load(
            port=host.port,
            sessions=1,
            each=options.each,
            fps=options.fps,
            warm_s=1.0 if options.short else 2.0,
            seconds=2.0 if options.short else options.seconds,
        )
        return climb(
            host,
            load,
            ascent=Ascent(variant.first, most=MOST),
            told=lambda one: print(f"  {one.sessions} …", end="", flush=True),
            until_s=perf_counter() + VARIANT_S[options.short],
        )


def draw(found: Mapping[str, Sequence[Measured]], path: Path) -> None:
    """Write a picture: processor time and latency over the number of sessions."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(9, 4), layout="constrained")
    cpu, late = figure.subplots(1, 2)
    for name, measured in found.items():
        good = [one for one in measured if not one.outcome.faults and one.outcome.added_ms]
        sessions = [one.sessions for one in good]
        cpu.plot(sessions, [100 * one.share for one in good], "o-", label=name)
        late.plot(sessions, [one.outcome.added_ms[-1] for one in good], "o-", label=name)
    cpu.set(xlabel="live sessions", ylabel="server, % of a core", xlim=(0, None), ylim=(0, None))
    late.set(xlabel="live sessions", ylabel="added latency, p99, ms", xlim=(0, None))
    late.set_yscale("log")
    late.axhline(50, color="grey", linestyle=":")
    cpu.legend(loc="lower right")
    figure.savefig(path, dpi=110)
    print(f"\n{path} is written")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the tables."""
    options = parsed(arguments)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg()) if options.has_load else "?"
    print(f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores, load {load}\n")
    found: dict[str, list[Measured]] = {}
    for name in options.variants:
        print(f"{name}: ", end="", flush=True)
        if remedy := missing(VARIANTS[name]):
            print(f"not measured: {remedy}\n")
            continue
        try:
            found[name] = search(VARIANTS[name], options)
        except ModelError as fault:
            print(f"not measured: {fault}\n")
            continue
        print(f"\n\n{table(HEADS, [row(one) for one in found[name]])}\n\n{verdict(found[name])}\n")
    if options.plot is not None:
        draw(found, options.plot)


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=[*VARIANTS])
    parser.add_argument("--each", type=int, default=1, help="sessions on one connection")
    parser.add_argument("--fps", type=int, default=60, help="poses per second")
    parser.add_argument("--seconds", type=float, default=4.0, help="time that counts of a load")
    parser.add_argument("--workers", type=int, default=0, help="as of `a2f-ws serve`")
    parser.add_argument("--short", action="store_true", help="a quarter of the time")
    parser.add_argument("--plot", type=Path, help="picture to write, PNG")
    options = parser.parse_args(arguments)
    options.has_load = hasattr(os, "getloadavg")
    return options


if __name__ == "__main__":
    main()
