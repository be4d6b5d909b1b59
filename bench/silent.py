"""What sessions cost that say nothing, and what memory those take that speak.

Run as `python bench/silent.py [--short] [--sessions 1000] [--each 10]`. Silent sessions are open
over connections of ten each; one that is alone shows what the server takes by itself. The aims are
1 % of a core for a thousand, and 1 MB for each session that speaks.
"""

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from msgspec.structs import replace

from a2f_ws.benching.figures import Load
from a2f_ws.benching.processes import NOTHING, hosting, measure
from a2f_ws.benching.report import table
from a2f_ws.commands.bench import ROOM

SPEAKING: Final = 16
AIM_SHARE: Final = 0.01
AIM_BYTES: Final = 1_000_000
HEADS: Final = ("sessions", "speak", "server CPU", "MB more", "kB a session")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1_000)
    parser.add_argument("--each", type=int, default=10, help="sessions on one connection")
    parser.add_argument("--short", action="store_true", help="a quarter of the time")
    options = parser.parse_args(arguments)
    seconds = 5.0 if options.short else 20.0
    print(f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores\n")
    room = {**ROOM, "max_sessions": 4 * options.sessions}
    loads = ((1, 1, False), (options.sessions, options.each, False), (SPEAKING, 1, True))
    lines: list[tuple[str, ...]] = []
    shares: list[float] = []
    mine = 0.0
    for sessions, each, speaks in loads:
        # Each load has a server of its own, so that memory is that load's.
        with hosting(room, network=NOTHING) as host:
            quiet = Load(port=host.port, sessions=1, seconds=1.0, warm_s=0.5, speaks=False)
            before = measure(host, quiet).rss_bytes
            load = replace(quiet, sessions=sessions, each=each, speaks=speaks)
            found = measure(host, replace(load, seconds=seconds, warm_s=4.0))
        more = found.rss_bytes - before
        mine = more / sessions
        shares.append(found.share)
        lines.append(
            (
                str(sessions),
                "yes" if speaks else "no",
                f"{found.share:.2%}",
                f"{more / 1e6:.1f}",
                f"{mine / 1e3:.0f}",
            )
        )
    print(table(HEADS, lines))
    cpu = "met" if shares[1] < AIM_SHARE else "missed"
    memory = "met" if mine < AIM_BYTES else "missed"
    print(f"\naims: {AIM_SHARE:.0%} of a core: {cpu}; {AIM_BYTES / 1e6:g} MB: {memory}")


if __name__ == "__main__":
    main()
