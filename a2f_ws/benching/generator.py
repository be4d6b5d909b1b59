"""The load generator: many sessions over real sockets on one thread that does little else."""

import contextlib
import gc
import selectors
import socket
from collections.abc import Callable, Sequence
from time import perf_counter, process_time
from typing import Final

from a2f_ws.benching.figures import Load, Outcome, percentiles
from a2f_ws.benching.socket_frames import BINARY, CLOSE, PING, PONG, Splitter, framed
from a2f_ws.benching.talker import HEARD, Heard, Talker
from a2f_ws.wire.codec import encode
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import MSGPACK, VERSION
from a2f_ws.wire.requests import Identify

HOST: Final = "127.0.0.1"
READ_BYTES: Final = 1 << 18
CONNECT_S: Final = 5.0
OPEN_S: Final = 20.0
ASK_S: Final = 0.05
RETRY_S: Final = 1.0
"""Longest time for a handshake, and for all sessions to open, seconds."""

LEAD_S: Final = 0.1
"""Time from the last session that opened to the first sound, seconds."""

PLAYED_S: Final = 0.25
"""How often a client says where its sound is (protocol §10)."""

FAULTS: Final = 3
BUSY: Final = int(Code.BUSY)
NORMAL: Final = int(Code.NORMAL)
REQUEST: Final = (
    "GET / HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    "Sec-WebSocket-Protocol: {protocol}\r\n\r\n"
)


class RefusedError(Exception):
    """The server does not let all sessions in.

    Attributes:
        opened: How many it let in.
    """

    def __init__(self, opened: int, text: str) -> None:
        """Say it in a sentence."""
        super().__init__(text)
        self.opened = opened


class Line:
    """A connection with its sessions.

    Attributes:
        socket: To the server; reads and writes at once or not at all.
        talkers: By `sid`.
    """

    def __init__(self, talkers: Sequence[Talker], port: int) -> None:
        """Connect, and open the sessions.

        Raises:
            ConnectionError: The server does not let us in.
        """
        self.talkers = {talker.sid: talker for talker in talkers}
        self.socket = socket.create_connection((HOST, port), timeout=CONNECT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._splitter, self._unsent = Splitter(), bytearray()
        self._early = self._greet(port)
        self.socket.setblocking(False)
        identify = Identify(protocol=VERSION, client="a2f-ws bench/1")
        self.write(framed(encode(identify, False)))
        for talker in talkers:
            self.write(talker.opening())

    def write(self, frame: bytes | bytearray) -> None:
        """Send a frame, now or with the next one."""
        if self._unsent:
            self._unsent += frame
            self.flush()
            return
        try:
            sent = self.socket.send(frame)
        except BlockingIOError:
            sent = 0
        if sent < len(frame):
            self._unsent += frame[sent:]

    def ask_again(self, now_s: float) -> None:
        """Ask once more for the sessions that there was no room for, when it is time to."""
        for talker in self.talkers.values():
            if talker.again_s is not None and now_s >= talker.again_s:
                talker.again_s = None
                self.write(talker.opening())

    def flush(self) -> None:
        """Send what could not be sent before."""
        while self._unsent:
            try:
                del self._unsent[: self.socket.send(self._unsent)]
            except BlockingIOError:
                return

    def read(self) -> list[Heard]:
        """What has come; pings are answered.

        Raises:
            ConnectionError: The server has ended the connection.
        """
        data, self._early = self._early, b""
        with contextlib.suppress(BlockingIOError):
            more = self.socket.recv(READ_BYTES)
            if not more:
                raise ConnectionError("the server ended a connection without a word")
            data += more
        heard = []
        for opcode, payload in self._splitter.feed(data):
            if opcode == BINARY:
                heard.append(HEARD.decode(payload))
            elif opcode == PING:
                self.write(framed(payload, PONG))
            elif opcode == CLOSE:
                code, reason = int.from_bytes(payload[:2], "big"), payload[2:].decode()
                raise ConnectionError(f"the server closed with {code}: {reason}")
        return heard

    def close(self) -> None:
        """Say goodbye, so that the server does not keep the sessions for whoever comes back."""
        self.socket.settimeout(CONNECT_S)
        with contextlib.suppress(OSError):
            self.socket.sendall(self._unsent + framed(NORMAL.to_bytes(2, "big"), CLOSE))
            while self.socket.recv(READ_BYTES):
                pass
        self.socket.close()

    def _greet(self, port: int) -> bytes:
        """Ask for a WebSocket; what came behind the answer."""
        asked = REQUEST.format(host=HOST, port=port, protocol=MSGPACK)
        self.socket.sendall(asked.encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = self.socket.recv(READ_BYTES)
            answer += part
            if not part:
                break
        head, _, rest = answer.partition(b"\r\n\r\n")
        if b" 101 " not in head[:16]:
            raise ConnectionError(f"found {head[:80]!r}, wanted a WebSocket")
        return rest


class Generator:
    """Speaks with all sessions for as long as a load says."""

    def __init__(self, load: Load, sound: bytes) -> None:
        """Connect and wait until every session is open.

        Args:
            load: What to do.
            sound: s16le, 16 kHz.

        Raises:
            ConnectionError: The server cannot be reached.
            RefusedError: It has no room for all of them.
        """
        self._load = load
        self._talkers: list[Talker] = []
        self._lines: list[Line] = []
        self._selector = selectors.DefaultSelector()
        self._faults: list[str] = []
        self._poses = self._said = 0
        self._late_ms: list[float] = []
        self._counts = False
        for first in range(0, load.sessions, load.each):
            numbers = range(first, min(first + load.each, load.sessions))
            talkers = [Talker(k - first, load, sound=sound, number=k) for k in numbers]
            line = Line(talkers, load.port)
            self._talkers += talkers
            self._lines.append(line)
            self._selector.register(line.socket, selectors.EVENT_READ, line)
            self._read(0.0)
        self._turns = [(line, talker) for line in self._lines for talker in line.talkers.values()]
        self._await_all()

    def run(self, mark: Callable[[], object]) -> Outcome:
        """Speak, count, and hang up; `mark` is called when counting begins and when it ends."""
        gc.collect()
        gc.disable()
        load, begun_s = self._load, perf_counter() + LEAD_S
        counts_s = begun_s + load.warm_s
        if load.speaks:
            self._speak(begun_s, until_s=counts_s)
        self._wait_for(counts_s)
        mark()
        self._counts, used_s, from_s = True, process_time(), perf_counter()
        if load.speaks:
            self._speak(begun_s, until_s=counts_s + load.seconds)
        self._wait_for(counts_s + load.seconds)
        took_s, used_s = perf_counter() - from_s, process_time() - used_s
        mark()
        for line in self._lines:
            line.close()
        return self._outcome(took_s, share=used_s / took_s)

    def _outcome(self, took_s: float, *, share: float) -> Outcome:
        talkers = self._talkers
        silent = sum(not talker.added_ms for talker in talkers) if self._load.speaks else 0
        return Outcome(
            sessions=self._load.sessions,
            fps=self._load.fps,
            poses=self._poses,
            seconds=took_s,
            added_ms=percentiles([value for talker in talkers for value in talker.added_ms]),
            late=sum(talker.late for talker in talkers) + silent,
            rate_hz=min(talker.rate_hz for talker in talkers),
            jitter_ms=percentiles(self._late_ms),
            share=share,
            faults=tuple(self._faults[:FAULTS]),
        )

    def _await_all(self) -> None:
        until_s = perf_counter() + OPEN_S
        while not all(talker.is_open for talker in self._talkers):
            if self._faults or perf_counter() > until_s:
                opened = sum(talker.is_open for talker in self._talkers)
                faults = ", ".join(self._faults[:FAULTS]) or "the server has no room for more"
                raise RefusedError(opened, f"{opened} of {self._load.sessions} sessions: {faults}")
            self._read(ASK_S)
            for line in self._lines:
                line.ask_again(perf_counter())

    def _speak(self, begun_s: float, *, until_s: float) -> None:
        """Send what is due before a time."""
        played_every = max(1, round(PLAYED_S * 1e3 / self._load.chunk_ms))
        while self._due_s(begun_s) < until_s:
            turn, k = divmod(self._said, len(self._talkers))
            line, talker = self._turns[k]
            due_s = self._due_s(begun_s)
            self._wait_for(due_s)
            now_s = perf_counter()
            line.write(talker.chunk(now_s))
            if self._counts:
                self._late_ms.append((now_s - due_s) * 1e3)
            if turn % played_every == 0 and (frame := talker.played(now_s)) is not None:
                line.write(frame)
            self._said += 1

    def _due_s(self, begun_s: float) -> float:
        """When the next chunk is due."""
        turn, k = divmod(self._said, len(self._talkers))
        return begun_s + turn * self._load.chunk_ms / 1e3 + self._turns[k][1].offset_s

    def _wait_for(self, due_s: float) -> None:
        """Read until a time; once also when that has passed."""
        self._read(max(0.0, due_s - perf_counter()))
        while (left_s := due_s - perf_counter()) > 0:
            self._read(left_s)

    def _read(self, timeout_s: float) -> None:
        """Take what comes within a time, as soon as something does."""
        for key, _ in self._selector.select(timeout_s):
            line: Line = key.data
            now_s = perf_counter()
            for heard in line.read():
                talker = line.talkers.get(heard.sid)
                if heard.op == "error" and heard.code == BUSY and talker is not None:
                    talker.again_s = now_s + (heard.retry_s or RETRY_S)
                elif heard.op == "error":
                    self._faults.append(f"{heard.code}: {heard.message}")
                elif talker is not None:
                    poses = talker.take(heard, now_s, counts=self._counts)
                    self._poses += poses * self._counts
            line.flush()
