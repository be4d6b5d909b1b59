"""The client in asyncio: `connect`, `open` a session, `say` speech, iterate over poses.

async with connect("ws://127.0.0.1:8765") as server:
    session = await server.open(rig="arkit", fps=60, rate=16000, format="s16le")
    async for pose in session.say(chunks):
        print(pose.t_us, pose["jawOpen"])
"""

import asyncio
import logging
from functools import partial
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_socket
from websockets.exceptions import InvalidHandshake, InvalidURI
from websockets.typing import Subprotocol

from a2f_ws.client_connection import Client
from a2f_ws.client_link import ABNORMAL, Link, ServerError, ServerGoneError
from a2f_ws.client_pose import Block, Pose
from a2f_ws.client_session import ClientSession
from a2f_ws.client_speech import Speech
from a2f_ws.client_watch import Watch
from a2f_ws.client_watch_view import Event, Sound
from a2f_ws.clips.clip import Clip, open_clip
from a2f_ws.errors import ConfigError
from a2f_ws.version import product_version
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import JSON, MSGPACK, VERSION
from a2f_ws.wire.requests import Identify

log = logging.getLogger(__name__)

__all__ = [
    "Block",
    "Client",
    "ClientSession",
    "Clip",
    "Event",
    "Pose",
    "ServerError",
    "ServerGoneError",
    "Sound",
    "Speech",
    "Watch",
    "connect",
    "open_clip",
]

DEFAULT_URL: Final = "ws://127.0.0.1:8765"
CONNECT_S: Final = 5.0
"""Longest wait for the socket, seconds (protocol §4: handshake)."""

CLOSE_S: Final = 1.0
"""Longest wait for the server's part of the closing handshake, seconds (ours)."""

MESSAGE_BYTES: Final = 16 * 1024 * 1024
"""Largest message taken: 64 rows of 1,024 curves and as many transforms, as JSON, are 11 MB."""


def connect(
    url: str = DEFAULT_URL,
    *,
    password: str | None = None,
    token: str | None = None,
    is_json: bool = False,
    name: str | None = None,
    resumes: bool = True,
) -> "Connecting":
    """A connection for the length of an `async with` block.

    Args:
        url: ws:// or wss:// address.
        password: The server's, if it has one; never sent, only proven.
        token: Bearer token, if there is one; sent, so use wss:// beyond this machine.
        is_json: True speaks JSON in text frames, for reading along; else msgpack.
        name: "name/version" of the program, for the server's log; None = a2f-ws/ its version.
        resumes: True takes live sessions up again, by itself, where the connection is lost for
            less than ten seconds; False ends them.

    Returns:
        An asynchronous context manager that gives a `Client` and closes it.

    Raises:
        ConfigError: On entering: the URL is none.
        ServerGoneError: On entering: nobody answers there, or nobody who speaks this protocol; code
            4401: password or token is missing or wrong.
    """
    if token is not None and urlsplit(url).scheme == "ws" and not _is_here(url):
        log.warning("%s: the token is sent unencrypted; wss:// would hide it", url)
    identify = Identify(
        protocol=VERSION, client=name or f"a2f-ws/{product_version()}", token=token or None
    )
    return Connecting(url, is_json, identify=identify, password=password, resumes=resumes)


class Connecting:
    """Connects on entering a block, closes on leaving it."""

    def __init__(
        self,
        url: str,
        is_json: bool,
        *,
        identify: Identify,
        password: str | None,
        resumes: bool = True,
    ) -> None:
        """See `connect`."""
        self._resumes = resumes
        self._url, self._is_json = url, is_json
        self._identify, self._password = identify, password
        self._tasks = asyncio.TaskGroup()
        self._client: Client | None = None

    async def __aenter__(self) -> "Client":
        """The client, greeted by the server."""
        dial = partial(_socket, self._url, self._is_json)
        link = Link(await dial(), self._is_json)
        await self._tasks.__aenter__()
        self._client = client = Client(
            link, self._tasks, url=self._url, dial=dial if self._resumes else None
        )
        is_greeted = False
        try:
            await client.greet(self._identify, password=self._password)
            is_greeted = True
        finally:
            if not is_greeted:
                await self.__aexit__(None, None, None)
        return client

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it. What the block raised is nothing to the group: it stays as it is."""
        if self._client is not None:
            try:
                await self._client.close()
            finally:
                await self._tasks.__aexit__(None, None, None)


async def _socket(url: str, is_json: bool) -> ClientConnection:
    """An open socket that speaks our protocol.

    Raises:
        ConfigError: The URL is none.
        ServerGoneError: Nobody answers there, or nobody who speaks this protocol.
    """
    try:
        socket = await connect_socket(
            url,
            subprotocols=[Subprotocol(JSON if is_json else MSGPACK)],
            compression=None,
            max_size=MESSAGE_BYTES,
            open_timeout=CONNECT_S,
            close_timeout=CLOSE_S,
            proxy=None if _is_here(url) else True,
        )
    except InvalidURI:
        raise ConfigError(f"{url}: not the address of a server, wanted ws://HOST:PORT") from None
    except (OSError, InvalidHandshake) as error:
        text = f"{url}: no a2f-ws server answers there: {_reason(error)}"
        raise ServerGoneError(ABNORMAL, text) from None
    if socket.subprotocol is None:
        await socket.close()
        text = f"{url}: speaks no a2f sub-protocol, wanted {JSON if is_json else MSGPACK}"
        raise ServerGoneError(Code.NO_SUBPROTOCOL, text)
    return socket


def _reason(error: Exception) -> str:
    """Why a connection could not be made."""
    if isinstance(error, TimeoutError):
        return f"no answer within {CONNECT_S:g} s"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    return str(error) or type(error).__name__


def _is_here(url: str) -> bool:
    """True for this machine, which is reached without a proxy."""
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
