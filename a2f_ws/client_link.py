"""The client's socket: messages out, messages in, and which answer belongs to which request."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from itertools import count
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
    """

    def __init__(self, code: int, message: str, *, field: str | None = None) -> None:
        """Describe the refusal."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class ServerGoneError(ServerError):
    """The connection is over or was never made; `code` is that of the close frame, or 1006."""


class Link:
    """One socket and the requests on it that wait for an answer.

    Attributes:
        lost: Why nothing can be sent any more; None while the socket is open.
    """

    def __init__(self, socket: ClientConnection, is_json: bool) -> None:
        """Begin with a socket that has just opened.

        Args:
            socket: The socket.
            is_json: True for the sub-protocol of text frames.
        """
        self.lost: ServerGoneError | None = None
        self._socket = socket
        self._protocol = ClientProtocol(is_json)
        self._ids = count(1)
        self._waiting: dict[int, asyncio.Future[Message]] = {}

    async def send(self, message: Message) -> None:
        """Write a message; waits while the socket is full.

        Raises:
            ServerGoneError: The connection is over.
        """
        if self.lost is not None:
            raise ServerGoneError(self.lost.code, self.lost.message)
        try:
            await self._socket.send(self._protocol.send(message))
        except ConnectionClosed:
            raise self._gone() from None

    async def ask(self, request: Request) -> Message:
        """Send a request and wait for its answer.

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
        """Hand every message to `take` until the connection is over; then `lost` says why.

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
            self._lose(ServerGoneError(fault.code, fault.message))
            await self.close(Code.MALFORMED)
        finally:
            self._lose(self._gone())

    async def close(self, code: Code = Code.NORMAL) -> None:
        """Close the socket; the server gets a moment for its part of the handshake."""
        await self._socket.close(int(code))

    def _lose(self, why: ServerGoneError) -> None:
        """Nothing comes any more: fail what still waits."""
        if self.lost is not None:
            return
        self.lost = why
        self._protocol.close()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ServerGoneError(why.code, why.message))

    def _gone(self) -> ServerGoneError:
        code = self._socket.close_code or ABNORMAL
        return ServerGoneError(code, self._socket.close_reason or "the connection is closed")


def refusal(message: Error) -> ServerError:
    """The exception that an `error` stands for."""
    return ServerError(message.code, message.message, field=message.field)
