"""The client's socket: messages out, messages in, and which answer belongs to which request."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import count
from time import monotonic
from typing import Final

from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from a2f_ws.errors import PeerError
from a2f_ws.wire.client_protocol import ClientProtocol
from a2f_ws.wire.codes import Code
from a2f_ws.wire.messages import Message, Reply, Request
from a2f_ws.wire.replies import Error, Ok

log = logging.getLogger(__name__)

ABNORMAL: Final = 1006
"""Stands for a connection that ended without a close frame (RFC 6455 §7.1.5)."""


class ServerError(Exception):
    """The server refused a request, or gave a session up.

    Attributes:
        code: From the table of codes in `protocol/README.md`.
        message: What was found and what was wanted.
        field: Path of the field at fault, or None.
        retry_s: Seconds after which to try again, where the server said so.
    """

    def __init__(
        self, code: int, message: str, *, field: str | None = None, retry_s: int | None = None
    ) -> None:
        """Describe the refusal."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.retry_s = retry_s

    def wait_s(self, until: float) -> float | None:
        """Seconds after which to ask again, or None where that is later than `until`, monotonic."""
        if self.retry_s is None or monotonic() + self.retry_s > until:
            return None
        return self.retry_s


class ServerGoneError(ServerError):
    """The connection is over or was never made; `code` is that of the close frame, or 1006."""


class Link:
    """One socket after another, and the requests that wait for an answer.

    Between two sockets nothing can be sent; `ask` waits for the next one.

    Attributes:
        lost: Why nothing can be sent any more, ever; None while there is hope.
        gap: Why nothing can be sent now; None while the socket is open.
    """

    def __init__(self, socket: ClientConnection, is_json: bool) -> None:
        """Begin with a socket that has just opened.

        Args:
            socket: The socket.
            is_json: True for the sub-protocol of text frames.
        """
        self.lost: ServerGoneError | None = None
        self.gap: ServerGoneError | None = None
        self._socket, self._is_json = socket, is_json
        self._protocol = ClientProtocol(is_json)
        self._is_settled = asyncio.Event()
        self._is_settled.set()
        self._ids = count(1)
        self._waiting: dict[int, asyncio.Future[Message]] = {}

    async def send(self, message: Message) -> None:
        """Write a message; waits while the socket is full.

        Raises:
            ServerGoneError: The connection is over.
        """
        why = self.lost or self.gap
        if why is not None:
            raise ServerGoneError(why.code, why.message)
        try:
            await self._socket.send(self._protocol.send(message))
        except ConnectionClosed:
            self._part(self._gone())
            raise self._gone() from None

    async def ask(self, request: Request) -> Message:
        """Send a request and wait for its answer; where the socket is lost, on the next one.

        Raises:
            ServerError: It was refused.
            ServerGoneError: The connection is over for good.
        """
        while True:
            await self._is_settled.wait()
            try:
                return await self.ask_here(request)
            except ServerGoneError:
                if self.lost is not None:
                    raise

    async def ask_here(self, request: Request) -> Message:
        """Send a request and wait for its answer, on this socket.

        Raises:
            ServerError: It was refused.
            ServerGoneError: The connection ended before the answer came.
        """
        number = next(self._ids)
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await self.send(replace(request, id=number))
            return await answer
        finally:
            del self._waiting[number]
            if answer.done() and not answer.cancelled():
                answer.exception()

    def answer(self, message: Message) -> bool:
        """Hand an answer to whoever asked; False when nobody did."""
        number = message.re if isinstance(message, Ok | Reply) else None
        answer = self._waiting.get(number) if number is not None else None
        if answer is None:
            return False
        if isinstance(message, Error):
            if not answer.done():
                answer.set_exception(refusal(message))
        elif not answer.done():
            answer.set_result(message)
        return True

    async def read(self, take: Callable[[Message], Awaitable[None]]) -> None:
        """Hand every message to `take` until the socket is closed; then `gap` says why.

        Args:
            take: May raise PeerError when the server contradicts itself; that ends the connection.
        """
        try:
            async for frame in self._socket:
                message = self._protocol.receive(frame)
                if message is not None:
                    await take(message)
        except ConnectionClosed:
            pass
        except PeerError as fault:
            log.warning("the server breaks the protocol: %s", fault.message)
            self._part(ServerGoneError(fault.code, fault.message))
            await self.close(Code.MALFORMED)
        finally:
            self._part(self._gone())

    def renew(self, socket: ClientConnection) -> None:
        """Go on with another socket; requests wait until `settle`."""
        self._socket, self._protocol = socket, ClientProtocol(self._is_json)
        self.gap = None

    def settle(self) -> None:
        """Everything is again as it was: requests may be sent."""
        self._is_settled.set()

    def lose(self) -> ServerGoneError:
        """There will be no other socket: whoever waits is told why."""
        if self.lost is None:
            self.lost = self.gap or ServerGoneError(Code.GOING_AWAY, "the connection is closed")
        self._is_settled.set()
        return self.lost

    async def close(self, code: Code = Code.NORMAL) -> None:
        """Close the socket; the server gets a moment for its part of the handshake."""
        await self._socket.close(int(code))

    def _part(self, why: ServerGoneError) -> None:
        """Nothing comes on this socket any more: fail what still waits for it."""
        if self.gap is not None:
            return
        self.gap = why
        self._is_settled.clear()
        self._protocol.close()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ServerGoneError(why.code, why.message))

    def _gone(self) -> ServerGoneError:
        code = self._socket.close_code or ABNORMAL
        return ServerGoneError(code, self._socket.close_reason or "the connection is closed")


def refusal(message: Error) -> ServerError:
    """The exception that an `error` stands for."""
    return ServerError(message.code, message.message, field=message.field, retry_s=message.retry_s)
