"""A socket before it is known whether a browser or a client is at its other end."""

import asyncio
import logging
import ssl
from time import monotonic
from typing import Any, Final, cast

from websockets.asyncio.server import ServerConnection

from a2f_ws.security.limits import Limiter, Welcome

log = logging.getLogger(__name__)

READ_BYTES: Final = 4 * 1024
"""Most that is read at a time, bytes: what the library does with hundreds of small frames in it
holds up everybody, several times on the way from sound to pose (ours; measured, bench/abuse.py)."""

ANSWERS_BYTES: Final = 256 * 1024
"""Answers of the library to pings that wait to be read before the peer is cut (ours)."""


class Visitor(ServerConnection):
    """Cut when it asks for nothing in time, or does not read the page that it asked for.

    It is counted from the moment at which its socket is accepted; TLS begins after that, so that
    greetings which never end are counted too.

    The library has one limit for a request and for reading the answer to it, and a short one for
    saying goodbye: megabytes on a slow network take longer than either.

    Attributes:
        address: Of the peer, without its port.
        known_as: What logs and `ready` call the connection; None before it is let in.
        welcome: What the limits per address say of it.
        is_reading: It was given a page and has not gone yet.
    """

    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        request_s: float,
        limiter: Limiter,
        tls: ssl.SSLContext | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Prepare.

        Args:
            args: As the library hands them over.
            request_s: Longest time for TLS to begin, and again to a complete request, seconds.
            limiter: Counts connections.
            tls: What encrypts; None = nothing does.
            kwargs: As the library hands them over.
        """
        super().__init__(*args, **kwargs)
        self._request_s, self._limiter, self._tls = request_s, limiter, tls
        self.address, self.welcome = "", Welcome.CUT
        self.known_as: str | None = None
        self._end: asyncio.TimerHandle | None = None
        self.is_reading = False
        self._unread_bytes = 0
        self._greeting: asyncio.Task[None] | None = None
        self._early: list[bytes | None] = []

    @property
    def is_greeting(self) -> bool:
        """True while TLS has not begun."""
        return self._greeting is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it; nothing is spent on one too many."""
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if isinstance(peer, tuple) else ""
        self.welcome = self._limiter.arrive(self.address, now=monotonic())
        if self.welcome is Welcome.CUT:
            log.warning("cut a connection from %s: too many, or too many a second", self.address)
            # The library is never told: it would start a task that waits for a request.
            self.transport = cast("asyncio.Transport", transport)
            self.transport.abort()
            return
        if self._tls is None:
            self._begin(transport)
            return
        self.transport = cast("asyncio.Transport", transport)
        # The library keeps the tasks of its sockets in the same way: nobody is there to group them.
        self._greeting = self.loop.create_task(self._encrypt(self.transport, self._tls))

    def data_received(self, data: bytes) -> None:
        """Read; who sends pings has to read their answers, which the library writes at once."""
        if self._greeting is not None:
            self._early.append(data)
            return
        before = self.transport.get_write_buffer_size()
        super().data_received(data)
        now = self.transport.get_write_buffer_size()
        self._unread_bytes = self._unread_bytes + max(0, now - before) if now else 0
        if self._unread_bytes > ANSWERS_BYTES:
            self.transport.abort()

    def eof_received(self) -> None:
        """Nothing more comes."""
        if self._greeting is not None:
            self._early.append(None)
            return
        super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to be cut."""
        if self.welcome is Welcome.CUT:
            return
        self._limiter.leave(self.address)
        self.is_reading = False
        self._cut_in(None)
        super().connection_lost(exc)

    def stays(self) -> None:
        """It is a client of ours, with limits of its own."""
        self._cut_in(None)

    def reads(self, time_s: float) -> None:
        """It gets a page, and has to have read it in the given time, seconds."""
        self.is_reading = True
        self.close_timeout = time_s
        self._cut_in(time_s)

    def _begin(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request, over a transport in the clear."""
        if hasattr(transport, "max_size"):
            transport.max_size = READ_BYTES
        super().connection_made(transport)
        self._cut_in(self._request_s)

    async def _encrypt(self, transport: asyncio.Transport, tls: ssl.SSLContext) -> None:
        """Begin TLS, then wait for a request; what came with the greeting is read after that."""
        encrypted: asyncio.Transport | None = None
        try:
            encrypted = await self.loop.start_tls(
                transport, self, tls, server_side=True, ssl_handshake_timeout=self._request_s
            )
        except OSError as error:
            log.debug("no TLS with %s: %s", self.address, str(error) or type(error).__name__)
        self._greeting = None
        if encrypted is None:
            self.welcome = Welcome.CUT
            self._limiter.leave(self.address)
            transport.abort()
            return
        self._begin(encrypted)
        early, self._early = self._early, []
        for data in early:
            if data is None:
                self.eof_received()
            else:
                self.data_received(data)

    def _cut_in(self, time_s: float | None) -> None:
        if self._end is not None:
            self._end.cancel()
        self._end = None if time_s is None else self.loop.call_later(time_s, self.transport.abort)
