"""A server in a process of its own that tells how it stands; `hosting` starts one.

As a program it takes settings as JSON, announces itself in a line of JSON, and answers each line
that it reads from stdin with another: `count` says what is there (see `Standing`), `jump SECONDS`
moves the wall clock that Python shows. It ends with stdin. Windows that hold `POISON` make its
backend fail.
"""

import asyncio
import gc
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from a2f_ws.catalog import Catalog
from a2f_ws.inference.backend import States
from a2f_ws.inference.bundle import Bundle, embedded_path, load_bundle
from a2f_ws.inference.onnx_blocks import OnnxBlocks
from a2f_ws.logs import set_up
from a2f_ws.model import Model
from a2f_ws.names import Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.session.session import Session
from a2f_ws.session.utterance import Utterance
from a2f_ws.settings import Settings

ROOT: Final = Path(__file__).resolve().parent.parent
POISON: Final = 0.77
STOP_S: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is there in the server's process.

    Attributes:
        sessions: `Session` objects, reachable or not yet collected.
        utterances: `Utterance` objects.
        tasks: Tasks of the event loop.
        threads: Threads.
        files: Open files and sockets.
        rss_bytes: Memory that is resident.
        cpu_s: Processor time so far.
    """

    sessions: int
    utterances: int
    tasks: int
    threads: int
    files: int
    rss_bytes: int
    cpu_s: float


class PoisonedError(RuntimeError):
    """What the backend raises for windows that hold `POISON`."""


class Choosy(OnnxBlocks):
    """The network, which cannot bear one value."""

    def run(
        self, windows: Floats, emotions: Floats, *, states: Sequence[States]
    ) -> tuple[Floats, list[States]]:
        """As `OnnxBlocks.run`; raises on poison."""
        if bool((windows == np.float32(POISON)).any()):
            raise PoisonedError("made to fail")
        return super().run(windows, emotions, states=states)


class Host:
    """A server elsewhere.

    Attributes:
        url: Where clients connect.
        port: Its TCP port.
        process: Its process.
    """

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait until it listens.

        Raises:
            RuntimeError: It ended first.
        """
        self.process = process
        self._lock = threading.Lock()
        told = self._read()
        self.url, self.port = str(told["url"]), int(told["port"])

    def count(self) -> Standing:
        """What is there now."""
        return Standing(**self._ask("count"))

    def jump(self, seconds: float) -> None:
        """Move its wall clock."""
        self._ask(f"jump {seconds}")

    def _ask(self, line: str) -> dict[str, Any]:
        with self._lock:
            stdin = _pipe(self.process.stdin)
            stdin.write(line.encode() + b"\n")
            stdin.flush()
            return self._read()

    def _read(self) -> dict[str, Any]:
        line = _pipe(self.process.stdout).readline()
        if not line:
            raise RuntimeError(f"the server ended with {self.process.wait(STOP_S)}")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def hosting(*, stderr: IO[str] | int | None = None, **settings: object) -> Iterator[Host]:
    """A running server.

    Args:
        stderr: Where its log goes; None = nowhere.
        settings: Settings by name.
    """
    with subprocess.Popen(
        [sys.executable, __file__, json.dumps(settings)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if stderr is None else stderr,
    ) as process:
        try:
            yield Host(process)
        finally:
            _pipe(process.stdin).close()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("no pipe to the server")
    return pipe


def main() -> None:
    """Serve until stdin ends."""
    values = json.loads(sys.argv[1])
    set_up(str(values.get("log_level", "warning")))
    bundle = load_bundle(embedded_path())
    pipeline = Pipeline(bundle, _backend(bundle))
    catalog = Catalog([Model("embedded", pipeline)], load_rigs())
    asyncio.run(_serve(Server(catalog, Settings(**{"port": 0, **values}))))


def _backend(bundle: Bundle) -> OnnxBlocks:
    return Choosy(bundle)


async def _serve(server: Server) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    async with server.running():
        _tell({"url": server.url, "port": server.port, "pid": os.getpid()})
        # What is there from the beginning need not be looked through again and again.
        gc.collect()
        gc.freeze()
        threading.Thread(target=_listen, args=(loop, stop), daemon=True).start()
        await stop.wait()


def _listen(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Answer lines; the loop's own thread looks what is there."""
    for line in sys.stdin:
        word, *rest = line.split()
        work: Callable[[], None] = _count if word == "count" else partial(_jump, float(rest[0]))
        loop.call_soon_threadsafe(work)
    loop.call_soon_threadsafe(stop.set)


def _count() -> None:
    gc.collect()
    kinds = Counter(type(found) for found in gc.get_objects())
    process = psutil.Process()
    times = process.cpu_times()
    _tell(
        asdict(
            Standing(
                sessions=kinds[Session],
                utterances=kinds[Utterance],
                tasks=len(asyncio.all_tasks()),
                threads=process.num_threads(),
                files=process.num_fds() if hasattr(process, "num_fds") else 0,
                rss_bytes=process.memory_info().rss,
                cpu_s=times.user + times.system,
            )
        )
    )


def _jump(seconds: float) -> None:
    before = time.time
    time.time = lambda: before() + seconds
    _tell({})


def _tell(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
