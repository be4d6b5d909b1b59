"""Listens, answers plain HTTP on the same port, stops in time."""

import asyncio
import http
import ipaddress
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Final
from urllib.parse import urlsplit

from websockets.asyncio.server import Server as Listener
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from a2f_ws.batching.worker import Worker
from a2f_ws.catalog import Catalog, product_version
from a2f_ws.connection import Connection
from a2f_ws.errors import ConfigError
from a2f_ws.pipeline import Cut
from a2f_ws.settings import Settings
from a2f_ws.utterance import Window
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import SUBPROTOCOLS, pick_subprotocol

log = logging.getLogger(__name__)

TICK_S: Final = 0.05
"""How often time passes for sessions: a fifth of the least `ahead_us` (ours)."""

CLOSE_S: Final = 1.0
"""Longest wait for a peer's part of the closing handshake, seconds; stopping has to take < 3 s."""

BACKLOG: Final = 128


class Server:
    """Models, rigs and connections behind one port.

    Attributes:
        catalog: What is served.
        settings: How.
        port: TCP port in use; 0 before `running`.
    """

    def __init__(self, catalog: Catalog, settings: Settings) -> None:
        """Prepare.

        Raises:
            ConfigError: The address needs authentication, which is not available.
        """
        if not settings.allow_unauthenticated and not is_loopback(settings.host):
            raise ConfigError(
                f"host {settings.host}: everybody on that network could connect; wanted a loopback"
                " address such as 127.0.0.1, or --allow-unauthenticated"
            )
        self.catalog, self.settings = catalog, settings
        self.port = 0
        self._workers = {
            name: Worker[Window, Cut](
                model.pipeline.run, max_batch=model.pipeline.backend.max_batch
            )
            for name, model in catalog.models.items()
        }
        self._connections: set[Connection] = set()
        self._numbers = count(1)

    @property
    def url(self) -> str:
        """Where clients connect."""
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        return f"ws://{host}:{self.port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve inside of the block; afterwards every socket is closed with 1001.

        Raises:
            ConfigError: The port is in use, or the address is not one of this machine.
        """
        listener = await self._listen()
        self.port = listener.sockets[0].getsockname()[1]
        async with asyncio.TaskGroup() as tasks:
            others = [tasks.create_task(worker.run()) for worker in self._workers.values()]
            others.append(tasks.create_task(self._tick()))
            try:
                yield
            finally:
                listener.close(code=int(Code.GOING_AWAY), reason="the server stops")
                await listener.wait_closed()
                for task in others:
                    task.cancel()

    async def _listen(self) -> Listener:
        settings = self.settings
        try:
            return await serve(
                self._connect,
                settings.host,
                settings.port,
                select_subprotocol=_select_subprotocol,
                process_request=self._process_request,
                compression=None,
                max_size=settings.message_bytes,
                open_timeout=settings.handshake_s,
                ping_interval=settings.liveness_s,
                ping_timeout=settings.liveness_s,
                close_timeout=CLOSE_S,
                server_header=None,
                backlog=BACKLOG,
            )
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigError(
                f"cannot listen on {settings.host}:{settings.port}: {reason}; wanted a free port"
                " (--port) on an address of this machine (--host)"
            ) from None

    async def _connect(self, socket: ServerConnection) -> None:
        """Serve one client; its faults end here."""
        offers = socket.request.headers.get_all("Sec-WebSocket-Protocol") if socket.request else []
        if offers and socket.subprotocol is None:
            text = f"none of the sub-protocols is spoken here, wanted {' or '.join(SUBPROTOCOLS)}"
            await socket.close(int(Code.NO_SUBPROTOCOL), text)
            return
        connection = Connection(
            socket,
            name=f"c{next(self._numbers)}",
            catalog=self.catalog,
            workers=self._workers,
            settings=self.settings,
        )
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            for connection in list(self._connections):
                connection.tick()

    def _process_request(self, socket: ServerConnection, request: Request) -> Response | None:
        """Answer plain HTTP, and refuse pages from elsewhere before the socket opens."""
        del socket
        if ",".join(request.headers.get_all("Upgrade")).lower() == "websocket":
            if is_allowed_origin(request.headers, self.settings.origins):
                return None
            found = ", ".join(request.headers.get_all("Origin"))
            text = f"origin {found} is not allowed here; `origins` in the settings lists names\n"
            return _response(http.HTTPStatus.FORBIDDEN, text)
        return self._page(request.path.partition("?")[0])

    def _page(self, path: str) -> Response:
        """The HTTP pages that this version has."""
        match path:
            case "/healthz" | "/readyz":
                return _response(http.HTTPStatus.OK, "ok\n")
            case "/info":
                info = {
                    "server": f"a2f-ws/{product_version()}",
                    "instance": self.catalog.instance,
                    "models": list(self.catalog.models),
                    "rigs": list(self.catalog.rigs),
                    "connections": len(self._connections),
                }
                return _response(
                    http.HTTPStatus.OK, json.dumps(info) + "\n", kind="application/json"
                )
            case "/":
                text = f"a2f-ws {product_version()} listens at {self.url}; it has no page yet.\n"
                return _response(http.HTTPStatus.OK, text)
            case _:
                return _response(http.HTTPStatus.NOT_FOUND, f"{path}: no such page\n")


def is_loopback(host: str) -> bool:
    """True when only programs on this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_allowed_origin(headers: Headers, names: Sequence[str]) -> bool:
    """Whether a browser page, or an engine that sends `Origin`, may connect.

    Args:
        headers: Of the upgrade request.
        names: Host names that the user has declared.

    Returns:
        True without an Origin; else only for an http(s) origin whose host is that of the Host
        header and also loopback or an IP literal, or that is a declared name. Comparing with Host
        lets an engine in that sends `http://<server address>`; asking for a literal or a declared
        name stops pages that rebind their own name to this machine.
    """
    origins = headers.get_all("Origin")
    if not origins:
        return True
    page = _web_host(origins[0])
    here = _web_host("http://" + ",".join(headers.get_all("Host")))
    if not page or len(origins) > 1:
        return False
    if page in (name.lower() for name in names):
        return True
    return page == here and (page == "localhost" or _is_address(page))


def _web_host(url: str) -> str | None:
    """Host of an http(s) address in lower case; None for anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _select_subprotocol(
    socket: ServerConnection, offers: Sequence[Subprotocol]
) -> Subprotocol | None:
    del socket
    picked = pick_subprotocol(offers) if offers else None
    return None if picked is None else Subprotocol(picked)


def _response(status: http.HTTPStatus, text: str, *, kind: str = "text/plain") -> Response:
    body = text.encode()
    headers = Headers(
        {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Connection": "close",
        }
    )
    return Response(status.value, status.phrase, headers, body)
