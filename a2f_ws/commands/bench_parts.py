"""The hidden parts of `a2f-ws bench`: a server that says what it takes, and its load."""

import asyncio
import contextlib
import json
import os
import sys
import threading
from time import process_time

import msgspec
import numpy as np

from a2f_ws.benching.figures import Load, Outcome
from a2f_ws.benching.generator import Generator, RefusedError
from a2f_ws.benching.processes import NOTHING, SINGLE
from a2f_ws.benching.talker import RATE_HZ
from a2f_ws.commands.bench_networks import no_network, one_by_one
from a2f_ws.commands.demo import CLIP
from a2f_ws.commands.loading import load_catalog, wishes_of
from a2f_ws.commands.machine import spare_what_is_there
from a2f_ws.logs import set_up
from a2f_ws.output.speech import read_speech
from a2f_ws.server import Server
from a2f_ws.settings import read_settings


def serve(words: str) -> None:
    """Serve until stdin ends; every line of it is answered with how the process stands."""
    told = json.loads(words)
    settings = read_settings(None, environ={}, flags={"port": 0, **told["settings"]})
    set_up("error", settings.log_format)
    catalog = load_catalog(settings.model, settings.rigs, wishes=wishes_of(settings, None))
    if told["network"]:
        instead = {NOTHING: no_network, SINGLE: one_by_one}[told["network"]]
        for pipeline in (one for model in catalog.models.values() for one in model.pipelines):
            pipeline.use(instead(pipeline))
    server = Server(catalog, settings)
    spare_what_is_there()
    asyncio.run(_serve(server))


async def _serve(server: Server) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    model = next(iter(server.catalog.models.values()))
    async with server.running():
        _tell({"port": server.port, "backend": model.pipeline.backend.name})
        threading.Thread(target=_listen, args=(loop, stop), daemon=True).start()
        await stop.wait()


def _listen(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    for _ in sys.stdin:
        _tell({"cpu_s": process_time(), "rss_bytes": rss_bytes()})
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)


def rss_bytes() -> int:
    """Memory of this process that is resident; 0 where that cannot be told."""
    try:
        import psutil
    except ImportError:
        return _rss_of_linux()
    return int(psutil.Process().memory_info().rss)


def _rss_of_linux() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = int(file.read().split()[1])
    except OSError:
        return 0
    return pages * int(os.sysconf("SC_PAGE_SIZE"))


def load(words: str) -> None:
    """Put a load on a server; an empty line says that counting begins, another that it is over."""
    wanted = msgspec.json.decode(words, type=Load)
    samples, rate_hz = read_speech(CLIP)
    if rate_hz != RATE_HZ:
        raise ValueError(f"{CLIP}: found {rate_hz} Hz, wanted {RATE_HZ}")
    sound = np.round(samples[:, 0] * 32767).astype("<i2").tobytes()
    try:
        outcome = Generator(wanted, sound).run(lambda: print(flush=True))
    except RefusedError as refusal:
        outcome = Outcome.refused(wanted, str(refusal))
        print("\n", flush=True)
    print(msgspec.json.encode(outcome).decode(), flush=True)


def _tell(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)
