"""What several workers on one CPU give: `python bench/workers.py [--workers 1 2] [--seconds 5]`.

Three tables for each network. *Alone*: pipelines in threads, windows cut beforehand, nothing else.
*A server*: `a2f-ws serve` in a process of its own; six sessions send the package's speech from this
process, which only counts what comes back: in burst, or live, in chunks of 20 ms at 60 poses a
second, where the server may interpolate poses that it has no time to compute. The main thread there
is the event loop (sockets, sessions, rows); processor time is told by thread, as the system counts
it, and so is how late the loop wakes up. All threads of Python share one lock, which a worker holds
but while the network runs. `others` is what other programs took of the machine meanwhile, in cores:
with more than a tenth of a core, `faces/s` is a figure of that machine and not of ours; `µs/face`,
processor time, is hardly touched by it.
"""

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final
from urllib.request import urlopen

import msgpack
import numpy as np
import psutil
from threadpoolctl import threadpool_limits
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _mark import speech_samples
from _meter import HEAD, Measured, Meter
from blocks import FPS, cuts_of

from a2f_ws.commands.loading import Wishes, load_model
from a2f_ws.inference.means import Means
from a2f_ws.names import EMOTIONS, Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.session.streaming import Places
from a2f_ws.shaping.cut import Cut
from a2f_ws.timebase import MODEL_RATE_HZ
from training.bundle.writer import write_bundle

ROOT: Final = Path(__file__).resolve().parent.parent
MARK: Final = ROOT / "build" / "bundles" / "mark"
BATCH: Final = 8
SESSIONS: Final = 6
WARM_S: Final = 1.0
CHUNK_S: Final = 0.02
STOP_S: Final = 10.0


def alone(name: str, workers: int, *, seconds: float) -> Measured:
    """Pipelines of one model in threads of their own."""
    means = Means(backend="onnx", workers=workers, threads=1)
    pipelines = load_model(name, Wishes(means=means, threads=1)).pipelines
    counts, threads = [0] * workers, []
    stop_at = perf_counter() + seconds

    def work(k: int) -> None:
        while perf_counter() < stop_at:
            for batch in _batches(pipelines[k], seed=k):
                pipelines[k].run(batch)
                counts[k] += len(batch)

    me = psutil.Process()
    meter, cpu_s, start = Meter(me), sum(me.cpu_times()[:2]), perf_counter()
    for k in range(workers):
        threads.append(threading.Thread(target=work, args=(k,)))
        threads[k].start()
    for thread in threads:
        thread.join()
    spent_s = perf_counter() - start
    return Measured(
        faces=sum(counts) / spent_s,
        cores=(sum(me.cpu_times()[:2]) - cpu_s) / spent_s,
        rss_bytes=me.memory_info().rss,
        others=meter.others(),
    )


def _batches(pipeline: Pipeline, *, seed: int) -> list[list[Cut]]:
    """Batches of speech to run in order."""
    places = Places.of(FPS, pipeline.bundle.blocks)
    if places is None:
        return [_cuts(pipeline, seed=seed)]
    sound = speech_samples()[seed * 100 :][: pipeline.bundle.buffer_len]
    return cuts_of(pipeline, places, sessions=BATCH, sound=sound)


def _cuts(pipeline: Pipeline, *, seed: int) -> list[Cut]:
    """Windows of speech, one utterance."""
    samples, length = speech_samples(), pipeline.bundle.buffer_len
    first = Cut(
        samples=samples[seed * 100 : seed * 100 + length],
        emotion=np.zeros(len(EMOTIONS), np.float32),
        params=pipeline.defaults,
        state=pipeline.new_state(),
        dt_s=1 / 60,
    )
    rows = min(BATCH, pipeline.backend.max_batch)
    starts = [seed * 100 + k * MODEL_RATE_HZ // 60 for k in range(rows)]
    return [replace(first, samples=samples[start : start + length]) for start in starts]


@contextmanager
def serving(name: str, workers: int) -> Iterator[tuple[str, psutil.Process]]:
    """A server elsewhere: its address and its process."""
    words = ["serve", "--port", "0", "--announce", "--exit-with-stdin", "--backend", "onnx"]
    words += ["--model", name, "--workers", str(workers), "--threads", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "a2f_ws", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the server has no stdout")
        yield json.loads(process.stdout.readline())["url"], psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait(STOP_S)


class Talker:
    """One session on a connection of its own.

    Attributes:
        rows: Poses that came.
    """

    def __init__(self, socket: ClientConnection, *, pacing: str) -> None:
        """Use a connection."""
        self.rows = 0
        self._socket, self._pacing, self._u = socket, pacing, 0

    async def talk(self) -> None:
        """Go on until cancelled: in burst line after line, live one utterance as it is spoken."""
        audio = {"format": "f32le", "rate": MODEL_RATE_HZ}
        await self._send("identify", protocol=1, client="bench")
        await self._send("open", rig="arkit", fps=60, audio=audio, pacing=self._pacing, sid=1)
        if self._pacing == "live":
            await asyncio.gather(self._speak(), self._read())
        while True:
            await self._say(speech_samples(), first=0)
            await self._send("end", sid=1, u=self._u)
            await self._read(until="poses_done")

    async def _say(self, samples: Floats, *, first: int) -> None:
        self._u += first == 0
        pcm = samples.astype("<f4").tobytes()
        await self._send("audio", sid=1, u=self._u, first=first, pcm=pcm)

    async def _speak(self) -> None:
        """Chunks of 20 ms, the clip again and again."""
        samples, chunk, sent = speech_samples(), round(CHUNK_S * MODEL_RATE_HZ), 0
        begun = perf_counter()
        while True:
            at = sent % (len(samples) - chunk)
            await self._say(samples[at : at + chunk], first=sent)
            sent += chunk
            await asyncio.sleep(max(0.0, begun + sent / MODEL_RATE_HZ - perf_counter()))

    async def _read(self, *, until: str = "") -> None:
        """Count poses until an utterance is in that state."""
        is_over = False
        while not is_over:
            message = msgpack.unpackb(await self._socket.recv())
            self.rows += message["n"] if message["op"] == "poses" else 0
            is_over = message["op"] == "utterance" and message["state"] == until

    async def _send(self, op: str, **fields: object) -> None:
        await self._socket.send(msgpack.packb({"op": op, **fields}))


def served(name: str, workers: int, *, seconds: float, pacing: str) -> Measured:
    """The same by way of a server, with everything that belongs to it."""
    with serving(name, workers) as (url, server):
        return asyncio.run(_served(url, server, seconds=seconds, pacing=pacing))


async def _served(url: str, server: psutil.Process, *, seconds: float, pacing: str) -> Measured:
    protocols = [Subprotocol("a2f.v1.msgpack")]
    async with AsyncExitStack() as stack:
        talkers = []
        for _ in range(SESSIONS):
            joined = connect(url, subprotocols=protocols, compression=None, max_size=None)
            talkers.append(Talker(await stack.enter_async_context(joined), pacing=pacing))
        tasks = [asyncio.ensure_future(talker.talk()) for talker in talkers]
        await asyncio.sleep(WARM_S)
        lateness = await asyncio.to_thread(_lateness, url)
        meter, before = Meter(psutil.Process(), server), _spent(server)
        start, rows = perf_counter(), sum(talker.rows for talker in talkers)
        await asyncio.sleep(seconds)
        spent_s, after = perf_counter() - start, _spent(server)
        faces = sum(talker.rows for talker in talkers) - rows
        for task in tasks:
            task.cancel()
        late_s, ticks = np.subtract(await asyncio.to_thread(_lateness, url), lateness)
        return Measured(
            faces=faces / spent_s,
            cores=(after[0] - before[0]) / spent_s,
            loop=(after[1] - before[1]) / spent_s,
            late_s=float(late_s / max(1, ticks)),
            rss_bytes=server.memory_info().rss,
            others=meter.others(),
        )


def _spent(server: psutil.Process) -> tuple[float, float]:
    """Processor time of all threads, and of the main one, which is the event loop, seconds."""
    threads = {one.id: one.user_time + one.system_time for one in server.threads()}
    return sum(threads.values()), threads[server.pid]


def _lateness(url: str) -> tuple[float, float]:
    """How late the event loop has been in all, seconds, and how often that was looked at."""
    with urlopen(f"http{url.removeprefix('ws')}/metrics", timeout=STOP_S) as page:
        text = page.read().decode()
    found = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    name = "a2f_ws_loop_delay_seconds"
    return float(found[f"{name}_sum"]), float(found[f"{name}_count"])


def _model(network: str) -> str:
    if network == "mark" and not (MARK / "network.onnx").is_file():
        print(f"writing {MARK} …")
        write_bundle(MARK, size="mark", seed=1)
    return str(MARK) if network == "mark" else network


def main(words: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--networks", nargs="+", default=["embedded", "mark"])
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args(words)
    threadpool_limits(1, user_api="blas")
    print(
        f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores, Python"
        f" {platform.python_version()}, load before {os.getloadavg()[0]:.1f}"
    )
    for network in given.networks:
        name = _model(network)
        kinds: dict[str, Callable[..., Measured]] = {
            "alone": alone,
            "a server, burst": partial(served, pacing="burst"),
            "a server, live": partial(served, pacing="live"),
        }
        for title, measure in kinds.items():
            print(f"\n{network}, {title}\n{HEAD}")
            for workers in given.workers:
                found = measure(name, workers, seconds=given.seconds)
                print(f"{workers:2} workers {found.text}", flush=True)


if __name__ == "__main__":
    main()
