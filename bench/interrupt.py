"""How soon a face stops talking: from `interrupt` to the last pose of what was interrupted.

Run as `python bench/interrupt.py [--sessions 20] [--interrupts 25]`. So many live sessions of 60
poses per second talk at a time, each over a connection of its own to a server in a process of its
own; each is interrupted again and again, and says the next line in the same moment. Half of the
lines come like a microphone, half all at once, so that poses for 1.5 s are on their way.
"""

import argparse
import asyncio
import os
import platform
import random
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _host import hosting
from latency import sound

from a2f_ws.client import Speech, connect
from a2f_ws.wire.replies import Status

AIM_MS: Final = 60.0
LINE_S: Final = 6.0
CHUNK_S: Final = 0.02
BEFORE_S: Final = (0.3, 1.5)
"""How long a line has been said when it is interrupted."""

SHARES: Final = (50, 95, 99, 100)


@dataclass(slots=True)
class Times:
    """What was measured, milliseconds.

    Attributes:
        last_pose: From `interrupt` to the last pose of the old line; 0 = none came after it.
        told: From `interrupt` to its final state.
        next_pose: From `interrupt` to the first pose of the next line, which comes all at once.
        whole_lines: Lines that were not interrupted after all.
        least_hz: Lowest rate at which poses were computed.
    """

    last_pose: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    next_pose: list[float] = field(default_factory=list)
    whole_lines: int = 0
    least_hz: float = 60.0

    def heed(self, status: Status) -> None:
        """Note that fewer poses are computed: the machine is busy."""
        self.least_hz = min(self.least_hz, status.counters.get("rate_hz", self.least_hz))


async def talk(url: str, *, seed: int, interrupts: int, times: Times) -> None:
    """One session that is interrupted again and again."""
    chance = random.Random(seed)
    pcm, rate_hz = sound(LINE_S)
    async with connect(url) as server:
        session = await server.open(fps=60, rate=rate_hz, on_status=times.heed)
        speech = session.say(as_spoken(pcm, rate_hz))
        for k in range(interrupts):
            reading = asyncio.create_task(_last_at(speech))
            await asyncio.sleep(chance.uniform(*BEFORE_S))
            at_s = perf_counter()
            asked = asyncio.create_task(session.interrupt())
            await asyncio.sleep(0)
            old, speech = speech, session.say(pcm if k % 2 else as_spoken(pcm, rate_hz))
            last_s, end_s = await reading
            await asked
            times.last_pose.append(max(0.0, last_s - at_s) * 1e3)
            times.told.append((end_s - at_s) * 1e3)
            times.whole_lines += old.state != "interrupted"
            if k % 2:
                times.next_pose.append((await _first_at(speech) - at_s) * 1e3)
        await session.close()


async def _last_at(speech: Speech) -> tuple[float, float]:
    """When its last poses came, and when it was over."""
    last_s = 0.0
    async for _ in speech.blocks():
        last_s = perf_counter()
    return last_s, perf_counter()


async def _first_at(speech: Speech) -> float:
    """When its first pose is there; nothing is taken from it."""
    while not speech._blocks and not speech.is_over:
        speech._has_mail.clear()
        await speech._has_mail.wait()
    return perf_counter()


async def as_spoken(pcm: bytes, rate_hz: int) -> AsyncIterator[bytes]:
    """A line in pieces, each at the moment at which a microphone would have filled it."""
    step, begun_s = round(CHUNK_S * rate_hz) * 2, perf_counter()
    for first in range(0, len(pcm), step):
        await asyncio.sleep(begun_s + (first + step) / 2 / rate_hz - perf_counter())
        yield pcm[first : first + step]


async def measure(url: str, *, sessions: int, interrupts: int) -> Times:
    """Let all talk and be interrupted."""
    times = Times()
    async with asyncio.TaskGroup() as tasks:
        for seed in range(sessions):
            tasks.create_task(talk(url, seed=seed, interrupts=interrupts, times=times))
    return times


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=20, help="how many talk at a time")
    parser.add_argument("--interrupts", type=int, default=25, help="how often each is interrupted")
    options = parser.parse_args(arguments)
    print(
        f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores, Python"
        f" {platform.python_version()}, load {psutil.getloadavg()[0]:.1f};"
        f" {options.sessions} live sessions at 60 poses per second\n"
    )
    with hosting() as host:
        before = host.count()
        begun_s = perf_counter()
        times = asyncio.run(
            measure(host.url, sessions=options.sessions, interrupts=options.interrupts)
        )
        share = (host.count().cpu_s - before.cpu_s) / (perf_counter() - begun_s)
    print(f"{'ms from interrupt to':<36}{'count':>6}" + "".join(f"{f'p{s}':>8}" for s in SHARES))
    for title, values in (
        ("the last pose of the old line", times.last_pose),
        ("its final state", times.told),
        ("the first pose of the next line", times.next_pose),
    ):
        parts = np.percentile(values, SHARES) if values else ()
        print(f"{title:<36}{len(values):>6}" + "".join(f"{part:8.1f}" for part in parts))
    p99 = float(np.percentile(times.last_pose, 99))
    print(
        f"\nserver CPU {share:.0%}; computed at {times.least_hz:g} poses per second at least;"
        f" lines not interrupted: {times.whole_lines}"
    )
    print(f"aim: p99 <= {AIM_MS:g} ms to the last pose: {'met' if p99 <= AIM_MS else 'missed'}")


if __name__ == "__main__":
    main()
