"""One client: socket ↔ wire ↔ sessions ↔ outbox."""

import asyncio
import logging
from time import monotonic
from typing import Final

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from a2f_ws.catalog import Catalog
from a2f_ws.errors import PeerError
from a2f_ws.hearing import GAP_US, UTTERANCES_MAX
from a2f_ws.listening import Recognition
from a2f_ws.outbox import Outbox
from a2f_ws.preparing import Prepare
from a2f_ws.sessions import Sessions, Workers
from a2f_ws.settings import Settings
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.wire import replies, requests
from a2f_ws.wire.codec import op_of
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import HAVE_NAMES, JSON, NAME_CHARS
from a2f_ws.wire.greeting import Ready
from a2f_ws.wire.messages import Message
from a2f_ws.wire.server_protocol import ServerProtocol
from a2f_ws.wire.states import ServerState

log = logging.getLogger(__name__)

INTERNAL: Final = "internal error, see the server's log"

OPEN: Final = op_of(requests.Open)

CLOSE_S: Final = 0.75
"""Longest wait for a peer's part of the closing handshake, seconds; stopping has to take < 3 s."""

REASON_BYTES: Final = 123
"""Longest reason of a close frame (RFC 6455 §5.5)."""


class Connection:
    """Owns the two directions of a socket, and the order of what is sent.

    Attributes:
        name: What logs and `ready` call it.
    """

    def __init__(
        self,
        socket: ServerConnection,
        *,
        name: str,
        catalog: Catalog,
        workers: Workers,
        settings: Settings,
        prepare: Prepare,
        recognition: Recognition | None = None,
    ) -> None:
        """Get ready; `run` does the work."""
        self.name = name
        self._socket, self._settings = socket, settings
        self._protocol = ServerProtocol(socket.subprotocol == JSON)
        self._outbox = Outbox(on_mail=self._wake)
        self._has_mail = asyncio.Event()
        self._doom: asyncio.Future[PeerError] = asyncio.get_running_loop().create_future()
        self._sessions = Sessions(
            self._outbox,
            catalog=catalog,
            workers=workers,
            settings=settings,
            now=monotonic,
            prepare=prepare,
            recognition=recognition,
        )
        self._hello = catalog.hello(limits(settings))

    async def run(self) -> None:
        """Speak with the client until the socket closes."""
        log.info("%s: connected from %s", self.name, self._socket.remote_address)
        try:
            await self._socket.send(self._protocol.send(self._hello))
            async with asyncio.TaskGroup() as tasks:
                others = [tasks.create_task(self._send()), tasks.create_task(self._watch())]
                await self._receive()
                for task in others:
                    task.cancel()
        except* ConnectionClosed:
            pass
        except* PeerError as group:
            fault = next(error for error in group.exceptions if isinstance(error, PeerError))
            log.info("%s: closing with %d: %s", self.name, fault.code, fault.message)
            await hang_up(self._socket, int(fault.code), reason=fault.message)
        except* Exception:
            log.exception("%s: a bug of ours", self.name)
            await hang_up(self._socket, int(Code.INTERNAL), reason=INTERNAL)
        finally:
            self._sessions.leave()
            log.info("%s: gone", self.name)

    def tick(self) -> None:
        """Let time pass; called some twenty times a second. A bug in it ends this client only."""
        try:
            self._sessions.tick()
        except Exception:
            log.exception("%s: a bug of ours", self.name)
            self._end(PeerError(Code.INTERNAL, INTERNAL, closes=True))

    async def _receive(self) -> None:
        """Read until the socket closes; `identify` has to come soon."""
        try:
            async with asyncio.timeout(self._settings.handshake_s) as deadline:
                async for frame in self._socket:
                    self._take(frame)
                    if self._protocol.state is ServerState.READY:
                        deadline.reschedule(None)
        except TimeoutError:
            text = f"no identify within {self._settings.handshake_s:g} s"
            raise PeerError(Code.TIMEOUT, text, closes=True) from None

    def _take(self, frame: str | bytes) -> None:
        """Answer one frame; faults of a request are told and forgotten."""
        was_ready = self._protocol.state is ServerState.READY
        try:
            message = self._protocol.receive(frame)
            try:
                self._answer(message)
            except PeerError as fault:
                fault.sid = getattr(message, "sid", None)
                fault.re = getattr(message, "id", None)
                fault.op = op_of(type(message))
                raise
        except PeerError as fault:
            if fault.closes:
                raise
            self._outbox.put(replies.Error.of(fault))
            if fault.op == OPEN and was_ready:
                self._sessions.refuse_open(fault)

    def _answer(self, message: Message) -> None:
        match message:
            case requests.Identify():
                log.info("%s: is %r", self.name, message.client)
                self._outbox.put(Ready(re=message.id, connection=self.name))
            case requests.Ping():
                server_us = int(monotonic() * MICROSECONDS)
                self._outbox.put(replies.Pong(re=message.id, t=message.t, server_us=server_us))
            case replies.Pong():
                pass
            case _:
                self._sessions.answer(message)

    async def _send(self) -> None:
        while True:
            message = self._outbox.take()
            if message is None:
                self._has_mail.clear()
                await self._has_mail.wait()
                continue
            await self._socket.send(self._protocol.send(message))

    async def _watch(self) -> None:
        """Wait for the fault that ends the connection from elsewhere than its own reading."""
        raise await self._doom

    def _wake(self) -> None:
        """The outbox has something to send, or far too much."""
        self._has_mail.set()
        most = 2 * self._settings.outbox_bytes
        if self._outbox.size_bytes > most:
            text = f"{self._outbox.size_bytes} bytes wait to be read, wanted at most {most}"
            self._end(PeerError(Code.OVER_LIMIT, text, closes=True))

    def _end(self, fault: PeerError) -> None:
        """Let `_watch` end the connection."""
        if not self._doom.done():
            self._doom.set_result(fault)


def limits(settings: Settings) -> dict[str, int]:
    """What `hello.limits` says."""
    return {
        "message_bytes": settings.message_bytes,
        "credit_us": round(settings.credit_s * MICROSECONDS),
        "gap_us": GAP_US,
        "utterances": UTTERANCES_MAX,
        "sessions": settings.sessions_max,
        "outbox_bytes": settings.outbox_bytes,
        "handshake_us": round(settings.handshake_s * MICROSECONDS),
        "liveness_us": round(settings.liveness_s * MICROSECONDS),
        "name_chars": NAME_CHARS,
        "have_names": HAVE_NAMES,
    }


async def hang_up(socket: ServerConnection, code: int, *, reason: str) -> None:
    """Close a socket; cut it when the peer does not read what waits before the close frame."""
    text = reason.encode()[:REASON_BYTES].decode(errors="ignore")
    try:
        async with asyncio.timeout(2 * CLOSE_S):
            await socket.close(code, text)
    except TimeoutError:
        socket.transport.abort()
