"""Listens, answers plain HTTP on the same port, stops in time."""

import asyncio
import http
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, Final, cast
from weakref import WeakSet

from websockets.asyncio.server import Server as Listener
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from a2f_ws.batching.worker import Worker
from a2f_ws.catalog import Catalog
from a2f_ws.connection import CLOSE_S, Connection, hang_up
from a2f_ws.errors import ConfigError, PeerError
from a2f_ws.origin import is_allowed_origin, is_loopback
from a2f_ws.pipeline import Cut
from a2f_ws.settings import Settings
from a2f_ws.utterance import Window
from a2f_ws.version import product_version
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import SUBPROTOCOLS, pick_subprotocol

log = logging.getLogger(__name__)

TICK_S: Final = 0.05
"""How often time passes for sessions: a fifth of the least `ahead_us` (ours)."""

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
        self._sockets: WeakSet[ServerConnection] = WeakSet()
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
                await self._stop(listener)
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
                create_connection=cast("type[ServerConnection]", self._create_socket),
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

    async def _stop(self, listener: Listener) -> None:
        """Close all sockets; cut those whose peers do not read, or have not even asked yet."""
        listener.close(code=int(Code.GOING_AWAY), reason="the server stops")
        try:
            async with asyncio.timeout(2 * CLOSE_S):
                await listener.wait_closed()
        except TimeoutError:
            for socket in list(self._sockets):
                socket.transport.abort()
            await listener.wait_closed()

    def _create_socket(self, *args: Any, **kwargs: Any) -> ServerConnection:  # noqa: ANN401
        """A socket from what the library hands over, remembered as long as it lives."""
        socket = ServerConnection(*args, **kwargs)
        self._sockets.add(socket)
        return socket

    async def _connect(self, socket: ServerConnection) -> None:
        """Serve one client; its faults end here."""
        fault = self._refusal(socket)
        if fault is not None:
            await hang_up(socket, int(fault.code), reason=fault.message)
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

    def _refusal(self, socket: ServerConnection) -> PeerError | None:
        """Why a socket is closed before anything is said.

        It is accepted first: browsers and engines cannot read an HTTP error.
        """
        headers = Headers() if socket.request is None else socket.request.headers
        if not is_allowed_origin(headers, self.settings.origins):
            return PeerError(Code.POLICY, "pages of that origin are not allowed here")
        if headers.get_all("Sec-WebSocket-Protocol") and socket.subprotocol is None:
            text = f"none of the sub-protocols is spoken here, wanted {' or '.join(SUBPROTOCOLS)}"
            return PeerError(Code.NO_SUBPROTOCOL, text)
        return None

    def _process_request(self, socket: ServerConnection, request: Request) -> Response | None:
        """Answer plain HTTP."""
        del socket
        if ",".join(request.headers.get_all("Upgrade")).lower() == "websocket":
            return None
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
