"""Latency of one live session over loopback, and what it costs the server. Prints a table.

Run as `python bench/latency.py [--seconds 20] [--fps 60]`. The server is a process of its
own; chunks of 20 ms and of 10 ms go out at the moment at which a microphone would have filled
them. The CPU share needs the package psutil and is left out without it.
"""

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np
import onnxruntime

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from a2f_ws.client import connect
from a2f_ws.commands.demo import CLIP
from a2f_ws.commands.timings import SHARES, Report, Timings
from a2f_ws.output.speech import read_speech
from a2f_ws.timebase import PoseRate, frames_to_us

ROOT: Final = Path(__file__).resolve().parent.parent
CHUNKS_MS: Final = (20, 10)
WARM_UP_S: Final = 1.0
AIM_MS: Final = (4.0, 20.0)
"""p50 and p99 that are aimed at, on an otherwise idle machine with two cores."""


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """A server in a process of its own; gives its URL and process id."""
    command = [sys.executable, "-m", "a2f_ws", "serve", "--port", "0", "--announce"]
    with subprocess.Popen(
        [*command, "--exit-with-stdin", "--log-level", "warning"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as server:
        if server.stdout is None or server.stdin is None:
            raise RuntimeError("no pipes to the server")
        told = json.loads(server.stdout.readline())
        yield told["url"], told["pid"]
        server.stdin.close()


def cpu_s(pid: int) -> float | None:
    """Processor time of a process so far, seconds; None without psutil."""
    try:
        import psutil  # noqa: PLC0415
    except ImportError:
        return None
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def sound(seconds: float) -> tuple[bytes, int]:
    """The bundled clip again and again as s16le, and its rate in Hz."""
    samples, rate_hz = read_speech(CLIP)
    clip = np.round(samples[:, 0] * 32767).astype("<i2")
    return np.resize(clip, int(seconds * rate_hz)).tobytes(), rate_hz


async def paced(
    pcm: bytes, rate_hz: int, *, chunk_ms: int, timings: Timings
) -> AsyncIterator[bytes]:
    """Chunks in real time."""
    step = rate_hz * chunk_ms // 1000
    begun_s = perf_counter()
    for first in range(0, len(pcm) // 2, step):
        end = min(first + step, len(pcm) // 2)
        due_s = begun_s + end / rate_hz
        await asyncio.sleep(due_s - perf_counter())
        now_s = perf_counter()
        timings.sent(frames_to_us(end, rate_hz), now_s, late_s=max(0.0, now_s - due_s))
        yield pcm[2 * first : 2 * end]


async def line(url: str, *, seconds: float, fps: PoseRate, chunk_ms: int) -> Report:
    """Speak one line and time it."""
    timings = Timings()
    pcm, rate_hz = sound(seconds)
    async with connect(url) as server:
        session = await server.open(fps=fps.wire, rate=rate_hz)
        chunks = paced(pcm, rate_hz, chunk_ms=chunk_ms, timings=timings)
        async for block in session.say(chunks).blocks():
            look_ahead_us = session.opened.look_ahead_us
            timings.came(block, perf_counter(), look_ahead_us=look_ahead_us)
        return timings.report()


def measure(seconds: float, fps: PoseRate) -> dict[int, tuple[Report, float | None]]:
    """Report and CPU share of the server for every size of chunk, in milliseconds."""
    results = {}
    with serving() as (url, pid):
        asyncio.run(line(url, seconds=WARM_UP_S, fps=fps, chunk_ms=CHUNKS_MS[0]))
        for chunk_ms in CHUNKS_MS:
            used_s, begun_s = cpu_s(pid), perf_counter()
            report = asyncio.run(line(url, seconds=seconds, fps=fps, chunk_ms=chunk_ms))
            passed_s, total_s = perf_counter() - begun_s, cpu_s(pid)
            share = None
            if used_s is not None and total_s is not None:
                share = (total_s - used_s) / passed_s
            results[chunk_ms] = (report, share)
    return results


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="length of each line")
    parser.add_argument("--fps", type=int, default=60, help="poses per second")
    options = parser.parse_args(arguments)
    print(
        f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}, onnxruntime {onnxruntime.__version__},"
        f" websockets {version('websockets')}\n"
        f"one live session, {options.fps} poses per second, {options.seconds:g} s per line\n"
    )
    heads = [f"p{share}" for share in SHARES]
    print(f"{'chunks':>8}{'added latency, ms':>27}{'jitter of sending, ms':>27}{'server CPU':>13}")
    print(f"{'':8}" + "".join(f"{head:>9}" for head in heads * 2))
    results = measure(options.seconds, PoseRate.of(options.fps))
    for chunk_ms, (report, share) in results.items():
        values = "".join(f"{value:9.2f}" for value in (*report.added_ms, *report.jitter_ms))
        cost = "no psutil" if share is None else f"{share:.1%}"
        print(f"{chunk_ms:5} ms{values}{cost:>13}")
    p50, p99 = results[CHUNKS_MS[0]][0].added_ms[0], results[CHUNKS_MS[0]][0].added_ms[-1]
    verdict = "met" if p50 <= AIM_MS[0] and p99 <= AIM_MS[1] else "missed"
    print(
        f"\naim, at {CHUNKS_MS[0]} ms: p50 <= {AIM_MS[0]:g} ms, p99 <= {AIM_MS[1]:g} ms: {verdict}"
    )


if __name__ == "__main__":
    main()
