"""The processes of a measurement: the server, and the load generator beside it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import IO, Any, Final

import msgspec

from a2f_ws.benching.figures import Load, Measured, Outcome
from a2f_ws.errors import ModelError

STOP_S: Final = 10.0
SERVER: Final = "bench-server"
GENERATOR: Final = "bench-load"
"""Commands of ours that are not shown."""

NOTHING: Final = "null"
"""In place of a model's network: one that gives the same at once, so that the server is left."""

SINGLE: Final = "single"
"""A model's network, but with one window after the other."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a server's process stands.

    Attributes:
        cpu_s: Processor time so far, seconds.
        rss_bytes: Memory that is resident; 0 = not known.
    """

    cpu_s: float
    rss_bytes: int = 0


class Host:
    """A server in a process of its own.

    Attributes:
        port: Where it listens.
        backend: What runs its network.
    """

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait until it listens.

        Raises:
            ModelError: It ended first.
        """
        self._process = process
        told = self._read()
        self.port, self.backend = int(told["port"]), str(told["backend"])

    def standing(self) -> Standing:
        """How it stands now."""
        stdin = _pipe(self._process.stdin)
        stdin.write(b"\n")
        stdin.flush()
        return msgspec.convert(self._read(), Standing)

    def _read(self) -> dict[str, Any]:
        line = _pipe(self._process.stdout).readline()
        if not line:
            raise ModelError(f"the server ended with {self._process.wait(STOP_S)}")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def hosting(settings: Mapping[str, object], *, network: str = "") -> Iterator[Host]:
    """A running server.

    Args:
        settings: Settings by name.
        network: `NOTHING`, `SINGLE`, or "" = that of the model.

    Raises:
        ModelError: It could not start; stderr says why.
    """
    words = json.dumps({"settings": dict(settings), "network": network})
    with subprocess.Popen(
        [*program(), SERVER, words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield Host(process)
        finally:
            _pipe(process.stdin).close()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def measure(host: Host, load: Load) -> Measured:
    """Put a load on a server.

    Raises:
        ModelError: The load generator failed; stderr says why.
    """
    words = msgspec.json.encode(load).decode()
    with subprocess.Popen(
        [*program(), GENERATOR, words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as process:
        lines = _pipe(process.stdout)
        _line(lines)
        begun_s, before = perf_counter(), host.standing()
        _line(lines)
        took_s, after = perf_counter() - begun_s, host.standing()
        outcome = msgspec.json.decode(_line(lines), type=Outcome)
    share = (after.cpu_s - before.cpu_s) / took_s
    return Measured(outcome=outcome, share=share, rss_bytes=after.rss_bytes)


def program() -> list[str]:
    """What starts a command of ours: an interpreter, or the packed program itself."""
    is_packed = bool(getattr(sys, "frozen", False))
    return [sys.executable] if is_packed else [sys.executable, "-m", "a2f_ws"]


def _line(lines: IO[bytes]) -> bytes:
    line = lines.readline()
    if not line:
        raise ModelError("the load generator ended before it was done")
    return line


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ModelError("no pipe to a process of ours")
    return pipe
