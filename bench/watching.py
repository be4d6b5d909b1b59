"""What watchers cost, and how soon a face goes on after its connection was cut.

Run as `python bench/watching.py [--watchers 0 1 10 40] [--cuts 30]`. One session speaks in real
time at 60 poses a second; all of its watchers have the rig "arkit" and want the sound, each over a
connection of its own to a server in a process of its own. Then a session without watchers speaks
through a relay that cuts its connection again and again, without a word to either side.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _host import Host, hosting
from latency import sound

from a2f_ws.client import Block, Client, Watch, connect
from a2f_ws.wire.replies import Utterance

CHUNK_S: Final = 0.02
LINE_S: Final = 10.0
BETWEEN_POSES: Final = 40
"""Poses from one cut to the next: two thirds of a second."""


async def spoken(pcm: bytes, rate_hz: int) -> AsyncIterator[bytes]:
    """Sound as a microphone gives it."""
    step = int(rate_hz * CHUNK_S) * 2
    begun_s = perf_counter()
    for at in range(0, len(pcm), step):
        await asyncio.sleep(begun_s + at / 2 / rate_hz + CHUNK_S - perf_counter())
        yield pcm[at : at + step]


async def heed(watch: Watch) -> int:
    """How many poses a watcher gets of one line."""
    poses = 0
    async for event in watch:
        if isinstance(event, Block):
            poses += len(event.rows)
        elif isinstance(event, Utterance) and event.state == "poses_done":
            break
    return poses


async def crowd(host: Host, watchers: int) -> None:
    """Say a line before so many watchers."""
    pcm, rate_hz = sound(LINE_S)
    async with AsyncExitStack() as stack:
        client: Client = await stack.enter_async_context(connect(host.url))
        session = await client.open(rate=rate_hz, name="bench")
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        readers = []
        for _ in range(watchers):
            other = await stack.enter_async_context(connect(host.url))
            watch = await other.watch("bench", want_audio=True)
            readers.append(tasks.create_task(heed(watch)))
        before = host.count().cpu_s
        poses = sum([len(one.rows) async for one in session.say(spoken(pcm, rate_hz)).blocks()])
        counts = await asyncio.gather(*readers)
        share = (host.count().cpu_s - before) / LINE_S
        whole = sum(count == poses for count in counts)
        print(f"{watchers:8}   {share:6.1%}   {whole} of {watchers} have all {poses} poses")


@asynccontextmanager
async def cut_off(host: Host) -> AsyncIterator[tuple[str, list[asyncio.StreamWriter]]]:
    """A relay: its address, and the connections that may be cut."""
    port, ends = int(host.url.rsplit(":", 1)[1]), list[asyncio.StreamWriter]()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while part := await reader.read(65_536):
                writer.write(part)
                await writer.drain()
        writer.transport.abort()

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        ends[:] = [writer, far_writer]
        await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))

    async with await asyncio.start_server(join, "127.0.0.1", 0) as listener:
        yield f"ws://127.0.0.1:{listener.sockets[0].getsockname()[1]}", ends


async def cuts(host: Host, count: int) -> None:
    """Say a line that is cut so many times."""
    pcm, rate_hz = sound((count + 1) * BETWEEN_POSES / 60 + 1)
    gaps_ms: list[float] = []
    poses, cut_s = 0, None
    async with cut_off(host) as (url, ends), connect(url) as client:
        session = await client.open(rate=rate_hz)
        async for block in session.say(spoken(pcm, rate_hz)).blocks():
            if cut_s is not None:
                gaps_ms.append((perf_counter() - cut_s) * 1e3)
                cut_s = None
            poses += len(block.rows)
            if len(gaps_ms) < count and block.i >= BETWEEN_POSES * (len(gaps_ms) + 1):
                cut_s = perf_counter()
                for end in ends:
                    end.transport.abort()
    p50, p99 = np.percentile(gaps_ms, (50, 99))
    print(
        f"\n{count} cuts in {len(pcm) / 2 / rate_hz:.0f} s of speech: {poses} poses came, each once"
    )
    print(f"from the cut to the next pose: p50 {p50:.0f} ms, p99 {p99:.0f} ms")


def main() -> None:
    """Print both tables."""
    words = argparse.ArgumentParser(description="What watchers cost, and what a cut costs.")
    words.add_argument("--watchers", type=int, nargs="+", default=[0, 1, 10, 40])
    words.add_argument("--cuts", type=int, default=30)
    given = words.parse_args()
    with hosting() as host:
        print("watchers   server CPU (of one core)")
        for watchers in given.watchers:
            asyncio.run(crowd(host, watchers))
        asyncio.run(cuts(host, given.cuts))


if __name__ == "__main__":
    main()
