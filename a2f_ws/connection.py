"""One client: socket ↔ wire ↔ sessions ↔ outbox."""

import asyncio
import logging
from math import isfinite
from time import monotonic
from typing import Final

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from a2f_ws.catalog import Catalog
from a2f_ws.errors import PeerError
from a2f_ws.hall.hall import Hall
from a2f_ws.hall.sessions import Sessions
from a2f_ws.logs import Named
from a2f_ws.metrics import Metrics
from a2f_ws.outbox import Outbox
from a2f_ws.security.door import Meeting
from a2f_ws.security.rights import Grant
from a2f_ws.sending import parcel_of, send_all
from a2f_ws.settings import Settings
from a2f_ws.terms import features, limits
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.turns import Allowance, Turns
from a2f_ws.wire import replies, requests
from a2f_ws.wire.codec import op_of
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import JSON
from a2f_ws.wire.greeting import Ready
from a2f_ws.wire.messages import Message
from a2f_ws.wire.server_protocol import ServerProtocol
from a2f_ws.wire.states import ServerState

INTERNAL: Final = "internal error, see the server's log"
LEAVING: Final = "the server stops and takes nothing new"

OPEN: Final = op_of(requests.Open)

OPEN_S: Final = 0.005
"""What an `open` counts for among the turns, seconds: behind it come a rest row, which the network
computes, and its place in the rounds of all sessions (ours: some sixty a second in all). So much
counts one `ping` of many, too, where they are more than clocks need."""

CLOSE_S: Final = 0.75
"""Longest wait for a peer's part of the closing handshake, seconds; stopping has to take < 3 s."""

LOOK_S: Final = 1.0
"""Time between two looks at whether a client may stay, seconds (ours)."""

MEANT: Final = (CloseCode.NORMAL_CLOSURE, CloseCode.GOING_AWAY, CloseCode.NO_STATUS_RCVD)
"""Close codes of a client that does not mean to come back. Of ours, only 1011 is for one that may:
the library says it of a client that does not answer pings (RFC 6455 §7.4.1)."""

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
        hall: Hall,
        settings: Settings,
        meeting: Meeting,
        metrics: Metrics,
    ) -> None:
        """Get ready; `run` does the work."""
        self.name = name
        self._socket, self._settings, self._metrics = socket, settings, metrics
        self._log = Named(
            logging.getLogger(__name__), {"connection": name, "address": _address(socket)}
        )
        self._protocol = ServerProtocol(socket.subprotocol == JSON)
        self._outbox = Outbox(on_mail=self._wake, on_put=metrics.told)
        self._has_mail = asyncio.Event()
        self._doom: asyncio.Future[PeerError] = asyncio.get_running_loop().create_future()
        self._sessions = Sessions(
            self._outbox,
            catalog=catalog,
            hall=hall,
            settings=settings,
            now=monotonic,
            address=_address(socket),
            name=name,
        )
        self._meeting, self._look_at = meeting, 0.0
        self._grant: Grant | None = None
        self._pings = Allowance()
        self._hello = catalog.hello(
            limits(settings), auth=meeting.auth, **features(settings, has_tls=_has_tls(socket))
        )

    async def run(self) -> None:
        """Speak with the client until the socket closes."""
        self._log.info("connected from %s", _address(self._socket))
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
            self._log.info("closing with %d: %s", fault.code, fault.message)
            self._metrics.failed(fault.code)
            await hang_up(self._socket, int(fault.code), reason=fault.message)
        except* Exception:
            self._log.exception("a bug of ours")
            self._metrics.failed(Code.INTERNAL)
            await hang_up(self._socket, int(Code.INTERNAL), reason=INTERNAL)
        finally:
            self._sessions.leave(may_return=_is_lost(self._socket))
            self._log.info("gone")

    def tick(self) -> None:
        """Let time pass; called some twenty times a second. A bug in it ends this client only."""
        now = monotonic()
        if now < self._look_at and not self._sessions.is_awake:
            return
        try:
            self._look_again(now)
            self._sessions.tick()
            if self._sessions.draining.is_over and not len(self._outbox):
                self._end(PeerError(Code.DRAINING, LEAVING, closes=True))
        except Exception:
            self._log.exception("a bug of ours")
            self._end(PeerError(Code.INTERNAL, INTERNAL, closes=True))

    def tell(self, code: str, message: str) -> None:
        """Warn the client, unless it is not known yet who it is."""
        if self._grant is not None:
            self._outbox.put(replies.Status(level="warning", code=code, message=message))

    def drain(self) -> None:
        """Take nothing new; the connection ends once its sessions have."""
        self._sessions.draining.begin()

    def cut(self) -> None:
        """End the sessions now, whatever they are saying."""
        self._sessions.draining.cut()

    @property
    def sessions(self) -> Sessions:
        """Its sessions."""
        return self._sessions

    @property
    def outbox_bytes(self) -> int:
        """What waits for the client to read."""
        return self._outbox.size_bytes + self._outbox.geometry_bytes

    def _look_again(self, now: float) -> None:
        """End the connection when what let it in has ended or was withdrawn."""
        if now < self._look_at:
            return
        self._look_at = now + LOOK_S
        if self._grant is not None and not self._meeting.holds(self._grant):
            text = f"what let {self._grant.name} in has ended or was withdrawn"
            self._end(PeerError(Code.AUTHENTICATION, text, closes=True))

    async def _receive(self) -> None:
        """Read until the socket closes; `identify` has to come soon."""
        turns = Turns()
        try:
            async with asyncio.timeout(self._settings.handshake_s) as deadline:
                async for frame in self._socket:
                    turns.begin()
                    is_dear = await self._take(frame, turns)
                    if self._protocol.state is ServerState.READY:
                        deadline.reschedule(None)
                    await turns.over(least_s=OPEN_S if is_dear else 0.0)
        except TimeoutError:
            text = f"no identify within {self._settings.handshake_s:g} s"
            raise PeerError(Code.TIMEOUT, text, closes=True) from None
        finally:
            turns.leave()

    async def _take(self, frame: str | bytes, turns: Turns) -> bool:
        """Answer one frame; faults of a request are told and forgotten. True for a dear one."""
        self._metrics.received(len(frame))
        was_ready = self._protocol.state is ServerState.READY
        try:
            message = self._protocol.receive(frame)
            if isinstance(message, requests.Open) and message.table is not None:
                await turns.stand()
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
            # Not what it says: that repeats what was found, which may be a token.
            found, about = (fault.op, fault.code, fault.field), {"session": fault.sid}
            self._log.debug("refused %s with %d: %s", *found, extra=about)
            self._outbox.put(replies.Error.of(fault))
            if fault.op == OPEN and was_ready:
                self._sessions.refuse_open(fault)
            return fault.op == OPEN
        if isinstance(message, requests.Ping | replies.Pong):
            return self._pings.is_over(now=monotonic())
        return isinstance(message, requests.Open)

    def _answer(self, message: Message) -> None:
        match message:
            case requests.Identify():
                self._grant = self._sessions.grant = self._meeting.admit(message)
                self._log.info("is %r, for %s", message.client, self._grant.name)
                self._outbox.put(Ready(re=message.id, connection=self.name))
            case requests.Ping():
                server_us = int(monotonic() * MICROSECONDS)
                self._outbox.put(replies.Pong(re=message.id, t=message.t, server_us=server_us))
            case replies.Pong():
                pass
            case _:
                self._sessions.answer(message)

    async def _send(self) -> None:
        turns = Turns()
        while True:
            turns.begin()
            parcel = parcel_of(self._outbox, self._protocol)
            if not parcel:
                self._has_mail.clear()
                await self._has_mail.wait()
                continue
            if await send_all(self._socket, parcel):
                turns.begin()
            for message, frame, times in parcel:
                self._metrics.handed(message, len(frame))
                if isinstance(message, replies.Poses):
                    self._measure(*times)
            await turns.over()

    def _measure(self, put: float, since: float) -> None:
        """Tell how long poses took that were just handed over."""
        now = monotonic()
        self._metrics.waited(now - put, latency_s=now - since if isfinite(since) else None)

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


def _address(socket: ServerConnection) -> str:
    """Address of the peer, without its port."""
    return str((socket.remote_address or ("unknown",))[0])


def _is_lost(socket: ServerConnection) -> bool:
    """True when a connection ended that neither side meant to end: its client may come back."""
    protocol = socket.protocol
    if protocol.close_rcvd_then_sent and protocol.close_rcvd is not None:
        return protocol.close_rcvd.code not in MEANT
    return protocol.close_sent is None or protocol.close_sent.code == CloseCode.INTERNAL_ERROR


def _has_tls(socket: ServerConnection) -> bool:
    return socket.transport.get_extra_info("sslcontext") is not None


async def hang_up(socket: ServerConnection, code: int, *, reason: str) -> None:
    """Close a socket; cut it when the peer does not read what waits before the close frame."""
    text = reason.encode()[:REASON_BYTES].decode(errors="ignore")
    try:
        async with asyncio.timeout(2 * CLOSE_S):
            await socket.close(code, text)
    except TimeoutError:
        socket.transport.abort()
