"""Hours of use in short: sessions that talk, interrupt, vanish and come again; nothing may stay.

Run as `python bench/soak.py [--seconds 180] [--sessions 20] [--seed 1]`. The server is a process of
its own. One of the talkers leaves its microphone open all the time. Prints what the server holds
every so often, how its memory grows, and what became of every line; ends with 1 if a task, a
socket, a session or a line is left over. A quarter of them have names and watchers, vanish in
mid-word and take their sessions up again.
"""

import argparse
import asyncio
import platform
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _crowd import Speaker, Watcher
from _host import Host, Standing, hosting
from _talkers import Sounds, Talker, Tally

ROWS: Final = 12
"""Rows of the table."""

GONE_S: Final = 30.0
"""Longest time until all is forgotten: the server waits 10 s for speakers who were lost."""

MB: Final = 1024 * 1024


class Sample(NamedTuple):
    """What the server held at a time, seconds since the beginning."""

    at_s: float
    standing: Standing


async def soak(host: Host, *, seconds: float, sessions: int, seed: int) -> tuple[Tally, "Record"]:
    """Let everybody talk for a while.

    Args:
        host: The server.
        seconds: How long.
        sessions: How many talk at a time.
        seed: What they do.
    """
    tally, sounds = Tally(), Sounds()
    await Talker(host.url, seed=seed, tally=Tally(), sounds=sounds).run(perf_counter() + 2.0)
    record = Record(host, base=await _settled(host, None))
    until_s = perf_counter() + seconds
    names = [f"speaker{k}" for k in range(sessions // 4)]
    count, url = sessions - len(names), host.url
    talkers = [Talker(url, seed=seed * 1000 + k, tally=tally, sounds=sounds) for k in range(count)]
    speakers = [
        Speaker(url, name=name, seed=seed * 1000 + k, tally=tally, sounds=sounds)
        for k, name in enumerate(names)
    ]
    watchers = [
        Watcher(url, names=names, seed=seed * 1000 + k, tally=tally) for k in range(2 * len(names))
    ]
    others: list[Talker | Speaker | Watcher] = [*talkers[1:], *speakers, *watchers]
    watch = asyncio.create_task(record.run(seconds))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(talkers[0].speak_on(until_s))
        for k, one in enumerate(others):
            tasks.create_task(_later(one, until_s, after_s=3.0 * k / sessions))
    watch.cancel()
    record.end = await _settled(host, record.base)
    return tally, record


async def _later(one: Talker | Speaker | Watcher, until_s: float, *, after_s: float) -> None:
    """Begin in the course of the first seconds."""
    await asyncio.sleep(after_s)
    await one.run(until_s)


async def _settled(host: Host, base: Standing | None) -> Standing:
    """What the server holds once nobody is there any more."""
    until_s = perf_counter() + GONE_S
    while True:
        found = await asyncio.to_thread(host.count)
        if perf_counter() > until_s or (
            not found.sessions and (base is None or not _left(found, base))
        ):
            return found
        await asyncio.sleep(0.5)


def _left(found: Standing, base: Standing) -> dict[str, int]:
    """What is there beyond what was there in the beginning."""
    names = ("sessions", "utterances", "tasks", "threads", "files")
    more = {name: getattr(found, name) - getattr(base, name) for name in names}
    return {name: count for name, count in more.items() if count > 0}


class Record:
    """Looks at the server again and again.

    Attributes:
        base: What it held when one talker had come and gone.
        end: What it holds in the end.
        samples: What it held meanwhile.
    """

    def __init__(self, host: Host, *, base: Standing) -> None:
        """Begin with what is there now."""
        self.base = self.end = base
        self.samples: list[Sample] = []
        self._host, self._begun_s = host, perf_counter()

    @property
    def left(self) -> dict[str, int]:
        """What was not given back."""
        return _left(self.end, self.base)

    async def run(self, seconds: float) -> None:
        """Look some hundred times."""
        while True:
            await asyncio.sleep(max(1.0, seconds / 120))
            standing = await asyncio.to_thread(self._host.count)
            self.samples.append(Sample(perf_counter() - self._begun_s, standing))

    def slope(self) -> float:
        """Growth of memory after the first third, MB per hour."""
        later = self.samples[len(self.samples) // 3 :]
        if len(later) < 2:
            return 0.0
        hours = [sample.at_s / 3600 for sample in later]
        return float(np.polyfit(hours, [one.standing.rss_bytes / MB for one in later], 1)[0])

    def show(self) -> None:
        """Print the table."""
        print(f"{'minute':>8}{'sessions':>10}{'utterances':>12}{'tasks':>7}{'threads':>9}", end="")
        print(f"{'files':>7}{'MB':>8}{'CPU':>8}")
        step = max(1, len(self.samples) // ROWS)
        before = Sample(0.0, self.base)
        for sample in [before, *self.samples[step - 1 :: step]]:
            self._row(sample, before)
            before = sample
        end = replace(self.end, cpu_s=before.standing.cpu_s)
        self._row(Sample(before.at_s, end), before, title="after")

    def _row(self, sample: Sample, before: Sample, *, title: str = "") -> None:
        one, passed_s = sample.standing, sample.at_s - before.at_s
        share = (one.cpu_s - before.standing.cpu_s) / passed_s if passed_s else 0.0
        print(f"{title or f'{sample.at_s / 60:.1f}':>8}{one.sessions:>10}", end="")
        print(f"{one.utterances:>12}{one.tasks:>7}{one.threads:>9}{one.files:>7}", end="")
        print(f"{one.rss_bytes / MB:>8.1f}{share:>8.0%}", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Soak and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=180.0, help="how long they talk")
    parser.add_argument("--sessions", type=int, default=20, help="how many talk at a time")
    parser.add_argument("--seed", type=int, default=1, help="what they do")
    options = parser.parse_args(arguments)
    print(
        f"{platform.machine()} {platform.system()}, {psutil.cpu_count()} cores, Python"
        f" {platform.python_version()}, load {psutil.getloadavg()[0]:.1f};"
        f" {options.sessions} sessions for {options.seconds:g} s, seed {options.seed}\n",
        flush=True,
    )
    with hosting() as host:
        tally, record = asyncio.run(
            soak(host, seconds=options.seconds, sessions=options.sessions, seed=options.seed)
        )
    record.show()
    print(f"\nmemory: {record.slope():+.2f} MB per hour after the first third")
    print(", ".join(f"{name} {count}" for name, count in sorted(tally.items())))
    left = ", ".join(f"{count} {name}" for name, count in record.left.items())
    print(f"left over: {left or 'nothing'}; lines: {_judged(tally)}")
    sys.exit(bool(record.left) or not tally.is_accounted)


def _judged(tally: Tally) -> str:
    ends = f"{tally['done']} done + {tally['interrupted']} interrupted + {tally['cut']} cut off"
    verdict = "all accounted for" if tally.is_accounted else "NOT ACCOUNTED FOR"
    return f"{tally['started']} started = {ends}: {verdict}"


if __name__ == "__main__":
    main()
