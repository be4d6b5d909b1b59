"""Joins a program's stdin and stdout to a WebSocket: for clients that own no socket and no clock.

    python tests/clients/pump.py [--limit-s 60] ws://127.0.0.1:8765 PROGRAM [ARGUMENT …]

Both directions carry **records**, one behind the other without anything between them:

    offset  bytes  what
    0       1      kind, an ASCII letter
    1       8      time_us, signed, little endian
    9       4      length of the payload, unsigned, little endian
    13      …      payload

To the program, `time_us` is the pump's steady clock (0 when it starts) at the moment of the record:

    O  the socket is open; payload = the sub-protocol that the server took, or nothing
    T  a text message, payload = UTF-8
    B  a binary message
    X  the socket is closed, or could not be opened; payload = close code (2 bytes, little endian,
       1006 where there was no close frame), then the reason in UTF-8. Once for every C
    K  the clock, as asked for with W

From the program, `time_us` means something in W only:

    C  open a socket; payload = the sub-protocol to offer, or nothing for none. Nothing is open
       before the first C; another C after X opens another socket to the same address
    T  send a text message;  B  send a binary one. Dropped while no socket is open
    X  close the socket; payload as above. Code 1006 cuts the connection without a close frame
    W  send K as soon as the clock shows `time_us`, once; the last W counts

The program ends the conversation by closing its stdout; the pump then closes the socket with 1000
and ends with the program's exit code. What the program writes to stderr goes to the pump's.
"""

import argparse
import asyncio
import os
import signal
import struct
import sys
from contextlib import suppress
from time import monotonic_ns

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

RECORD = struct.Struct("<cqI")
ABNORMAL = 1006
"""Stands for the lack of a close frame (RFC 6455 §7.1.5)."""

PIECE_BYTES = 4 << 20
OPEN_S = 5.0
CLOSE_S = 1.0


class Pump:
    """Carries records and messages; `run` does it until the program ends."""

    def __init__(self, url, program):
        self._url, self._program = url, program
        self._began_ns = monotonic_ns()
        self._socket = self._clock = self._reader = None
        self._is_over = False

    async def run(self):
        """Do what the program says until its stdout ends."""
        try:
            while True:
                kind, time_us, payload = await self._next()
                await self._obey(kind, time_us, payload)
        except asyncio.IncompleteReadError as end:
            if end.partial:
                raise ValueError(f"the program ended inside of a record: {end.partial!r}") from None
        finally:
            self._is_over = True
            for task in (self._clock, self._reader):
                if task is not None:
                    task.cancel()
            if self._socket is not None:
                await self._socket.close()

    @property
    def now_us(self):
        """The clock, microseconds."""
        return (monotonic_ns() - self._began_ns) // 1000

    async def _next(self):
        kind, time_us, size = RECORD.unpack(await self._program.stdout.readexactly(RECORD.size))
        if size > PIECE_BYTES + 1024:
            raise ValueError(f"record {kind!r}: found {size} bytes, wanted {PIECE_BYTES} at most")
        return kind, time_us, await self._program.stdout.readexactly(size)

    async def _obey(self, kind, time_us, payload):
        if kind == b"C":
            await self._open(payload.decode())
        elif kind in b"TB":
            await self._send(payload.decode() if kind == b"T" else payload)
        elif kind == b"X":
            await self._close(int.from_bytes(payload[:2], "little"), payload[2:].decode())
        elif kind == b"W":
            if self._clock is not None:
                self._clock.cancel()
            self._clock = asyncio.create_task(self._tick(time_us))
        else:
            raise ValueError(f"found a record of kind {kind!r}, wanted C, T, B, X or W")

    async def _tell(self, kind, payload=b""):
        """Hand a record to the program; one that has ended needs none."""
        with suppress(ConnectionError):
            self._program.stdin.write(RECORD.pack(kind, self.now_us, len(payload)) + payload)
            await self._program.stdin.drain()

    async def _tell_closed(self, code, reason):
        await self._tell(b"X", code.to_bytes(2, "little") + reason.encode())

    async def _open(self, subprotocol):
        if self._socket is not None:
            raise ValueError("found a record C while a socket is open")
        try:
            self._socket = await connect(
                self._url,
                subprotocols=[subprotocol] if subprotocol else None,
                compression=None,
                max_size=None,
                open_timeout=OPEN_S,
                close_timeout=CLOSE_S,
                proxy=None,
            )
        except (OSError, InvalidHandshake) as error:
            await self._tell_closed(ABNORMAL, str(error) or type(error).__name__)
            return
        await self._tell(b"O", (self._socket.subprotocol or "").encode())
        self._reader = asyncio.create_task(self._read(self._socket))

    async def _read(self, socket):
        with suppress(ConnectionClosed):
            async for message in socket:
                if isinstance(message, str):
                    await self._tell(b"T", message.encode())
                else:
                    await self._tell(b"B", message)
        self._socket = None
        if not self._is_over:
            await self._tell_closed(socket.close_code or ABNORMAL, socket.close_reason or "")

    async def _send(self, message):
        if self._socket is not None:
            with suppress(ConnectionClosed):
                await self._socket.send(message)

    async def _close(self, code, reason):
        if self._socket is not None:
            if code == ABNORMAL:
                self._socket.transport.abort()
            else:
                await self._socket.close(code, reason)

    async def _tick(self, time_us):
        await asyncio.sleep(max(0, time_us - self.now_us) / 1e6)
        await self._tell(b"K")


async def join(url, command, *, limit_s=60.0, **options):
    """Run a program, joined to a server: its exit code, and what it wrote to stderr if piped.

    Args:
        url: ws://HOST:PORT.
        command: The program and its arguments.
        limit_s: After so many seconds the program, and what it started, is killed.
        options: For `asyncio.create_subprocess_exec`, such as `cwd` and `stderr`.

    Raises:
        TimeoutError: It took longer.
        ValueError: The program says something that is no record.
    """
    program = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 20,
        start_new_session=os.name != "nt",
        **options,
    )
    told = asyncio.create_task(_all_of(program.stderr))
    try:
        async with asyncio.timeout(limit_s):
            await Pump(url, program).run()
            return await program.wait(), await told
    finally:
        if program.returncode is None:
            _end_family(program.pid)
            await program.wait()
        await told


async def _all_of(stderr):
    return "" if stderr is None else (await stderr.read()).decode(errors="replace")


def _end_family(pid):
    with suppress(ProcessLookupError):
        if os.name == "nt":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)


def main():
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--limit-s", type=float, default=60.0)
    parser.add_argument("url")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    words = parser.parse_args()
    code, _ = asyncio.run(join(words.url, words.command, limit_s=words.limit_s))
    sys.exit(code)


if __name__ == "__main__":
    main()
