"""A socket before it is known whether a browser or a client is at its other end."""

import asyncio
from typing import Any

from websockets.asyncio.server import ServerConnection


class Visitor(ServerConnection):
    """Cut when it asks for nothing in time, or does not read the page that it asked for.

    The library has one limit for a request and for reading the answer to it, and a short one for
    saying goodbye: megabytes on a slow network take longer than either.

    Attributes:
        is_reading: It was given a page and has not gone yet.
    """

    def __init__(self, *args: Any, request_s: float, **kwargs: Any) -> None:  # noqa: ANN401
        """Prepare.

        Args:
            args: As the library hands them over.
            request_s: Longest time from connecting to a complete request, seconds.
            kwargs: As the library hands them over.
        """
        super().__init__(*args, **kwargs)
        self._request_s = request_s
        self._end: asyncio.TimerHandle | None = None
        self.is_reading = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self._cut_in(self._request_s)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to be cut."""
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
