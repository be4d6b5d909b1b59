"""Listens, answers plain HTTP on the same port, stops in time."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
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
from a2f_ws.listening import Recognition
from a2f_ws.origin import is_allowed_origin, is_loopback
from a2f_ws.page import JSON, Page, respond
from a2f_ws.pages import HEALTH, Pages
from a2f_ws.preparer import Preparer
from a2f_ws.settings import Settings
from a2f_ws.shaping.cut import Cut
from a2f_ws.version import product_version
from a2f_ws.visitor import Visitor
from a2f_ws.windows import Window
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import SUBPROTOCOLS, pick_subprotocol

log = logging.getLogger(__name__)

TICK_S: Final = 0.05
"""How often time passes for sessions: a fifth of the least `ahead_us` (ours)."""

BACKLOG: Final = 128

PAGE_S: Final = 120.0
"""Longest time that reading a page may take, seconds: three megabytes at 25 kB/s (ours)."""

READERS_MAX: Final = 32
"""Pages that are read at one time; a browser reads six (ours)."""

LEAST_CREDIT_S: Final = 1.5
"""Audio beyond what a window needs that a client may send: credit is told by the second (ours)."""

BUSY: Final = "too many pages are being read here; ask again in a moment\n"

ANYWHERE: Final = ("", "0.0.0.0", "::")
"""Addresses to listen on that are none to connect to."""


class Server:
    """Models, rigs and connections behind one port.

    Attributes:
        catalog: What is served.
        settings: How.
        pages: What a browser is served.
        port: TCP port in use; 0 before `running`.
    """

    def __init__(self, catalog: Catalog, settings: Settings, *, pages: Pages | None = None) -> None:
        """Prepare.

        Args:
            catalog: What is served.
            settings: How.
            pages: What a browser is served; None = what comes with a2f-ws.

        Raises:
            ConfigError: The address needs authentication, which is not available.
        """
        if not settings.allow_unauthenticated and not is_loopback(settings.host):
            raise ConfigError(
                f"host {settings.host}: everybody on that network could connect; wanted a loopback"
                " address such as 127.0.0.1, or --allow-unauthenticated"
            )
        self.catalog, self.settings = catalog, settings
        self.pages = pages or Pages()
        self.port = 0
        self._workers = {
            name: Worker[Window, Cut](
                model.pipeline.run,
                max_batch=model.pipeline.backend.max_batch,
                cost_s=model.pipeline.cost_s,
            )
            for name, model in catalog.models.items()
        }
        self._recognition = _recognition(catalog, settings)
        self._preparer = Preparer()
        self._connections: set[Connection] = set()
        self._sockets: WeakSet[Visitor] = WeakSet()
        self._numbers = count(1)

    @property
    def url(self) -> str:
        """Where clients connect."""
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        return f"ws://{host}:{self.port}"

    @property
    def page_url(self) -> str:
        """Where a browser on this machine finds the studio."""
        is_anywhere = self.settings.host in ANYWHERE
        return f"http://127.0.0.1:{self.port}/" if is_anywhere else f"http{self.url[2:]}/"

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
            if self._recognition is not None:
                others.append(tasks.create_task(self._recognition.run()))
            others.append(tasks.create_task(self._tick()))
            try:
                yield
            finally:
                await self._stop(listener)
                self._preparer.stop()
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
                # A visitor has limits of its own.
                open_timeout=None,
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

    def _create_socket(self, *args: Any, **kwargs: Any) -> Visitor:  # noqa: ANN401
        """A socket from what the library hands over, remembered as long as it lives."""
        socket = Visitor(*args, request_s=self.settings.handshake_s, **kwargs)
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
            prepare=self._preparer,
            recognition=self._recognition,
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

    async def _process_request(self, socket: ServerConnection, request: Request) -> Response | None:
        """Let a client of ours in, answer everybody else with a page."""
        visitor = cast("Visitor", socket)
        if ",".join(request.headers.get_all("Upgrade")).lower() == "websocket":
            visitor.stays()
            return None
        visitor.reads(PAGE_S)
        if sum(other.is_reading for other in self._sockets) > READERS_MAX:
            return await respond(Page.told(BUSY, status=HTTPStatus.SERVICE_UNAVAILABLE), Headers())
        return await self.pages.answer(request, names=self.settings.origins, tell=self._tell)

    def _tell(self, path: str) -> Page | None:
        """The pages that are written when they are asked for."""
        if path in HEALTH:
            return Page.told("ok\n")
        if path != "/info":
            return None
        info = {
            "server": f"a2f-ws/{product_version()}",
            "instance": self.catalog.instance,
            "models": list(self.catalog.models),
            "rigs": list(self.catalog.rigs),
            "connections": len(self._connections),
        }
        return Page.told(json.dumps(info) + "\n", kind=JSON)


def _recognition(catalog: Catalog, settings: Settings) -> Recognition | None:
    """Who hears the emotion of voices, for all models.

    Raises:
        ConfigError: Burst sessions would wait for audio that they have no credit to send.
    """
    recognizer = catalog.recognizer
    if recognizer is None:
        return None
    for model in catalog.models.values():
        least_s = LEAST_CREDIT_S + (0.0 if model.pace is None else model.pace.reach_s)
        if settings.credit_s < least_s:
            raise ConfigError(
                f"credit_s: found {settings.credit_s:g}, wanted at least {least_s:.1f} with the"
                " windows of Audio2Emotion"
            )
    return Worker(recognizer.run, max_batch=recognizer.max_batch, cost_s=recognizer.cost_s)


def _select_subprotocol(
    socket: ServerConnection, offers: Sequence[Subprotocol]
) -> Subprotocol | None:
    del socket
    picked = pick_subprotocol(offers) if offers else None
    return None if picked is None else Subprotocol(picked)
