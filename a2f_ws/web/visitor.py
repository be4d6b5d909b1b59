"""A socket before it is known whether a browser or a client is at its other end."""

import asyncio
import logging
from time import monotonic
from typing import Any, Final, cast

from websockets.asyncio.server import ServerConnection

from a2f_ws.security.limits import Limiter, Welcome

log = logging.getLogger(__name__)

READ_BYTES: Final = 16 * 1024
"""Most that is read at a time, bytes: what the library does with thousands of small frames in it
holds up everybody (ours)."""

ANSWERS_BYTES: Final = 256 * 1024
"""Answers of the library to pings that wait to be read before the peer is cut (ours)."""


class Visitor(ServerConnection):
    """Cut when it asks for nothing in time, or does not read the page that it asked for.

    The library has one limit for a request and for reading the answer to it, and a short one for
    saying goodbye: megabytes on a slow network take longer than either.

    Attributes:
        address: Of the peer, without its port.
        welcome: What the limits per address say of it.
        is_reading: It was given a page and has not gone yet.
    """

    def __init__(self, *args: Any, request_s: float, limiter: Limiter, **kwargs: Any) -> None:  # noqa: ANN401
        """Prepare.

        Args:
            args: As the library hands them over.
            request_s: Longest time from connecting to a complete request, seconds.
            limiter: Counts connections.
            kwargs: As the library hands them over.
        """
        super().__init__(*args, **kwargs)
        self._request_s, self._limiter = request_s, limiter
        self.address, self.welcome = "", Welcome.CUT
        self._end: asyncio.TimerHandle | None = None
        self.is_reading = False
        self._unread_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request, but not for ever; nothing is spent on one too many."""
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if isinstance(peer, tuple) else ""
        self.welcome = self._limiter.arrive(self.address, now=monotonic())
        if self.welcome is Welcome.CUT:
            log.warning("cut a connection from %s: too many, or too many a second", self.address)
            # The library is never told: it would start a task that waits for a request.
            self.transport = cast("asyncio.Transport", transport)
            self.transport.abort()
            return
        if hasattr(transport, "max_size"):
            transport.max_size = READ_BYTES
        super().connection_made(transport)
        self._cut_in(self._request_s)

    def data_received(self, data: bytes) -> None:
        """Read; who sends pings has to read their answers, which the library writes at once."""
        before = self.transport.get_write_buffer_size()
        super().data_received(data)
        now = self.transport.get_write_buffer_size()
        self._unread_bytes = self._unread_bytes + max(0, now - before) if now else 0
        if self._unread_bytes > ANSWERS_BYTES:
            self.transport.abort()

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

    def _cut_in(self, time_s: float | None) -> None:
        if self._end is not None:
            self._end.cancel()
        self._end = None if time_s is None else self.loop.call_later(time_s, self.transport.abort)
