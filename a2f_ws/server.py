"""Listens, answers plain HTTP on the same port, stops in time."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from time import monotonic, thread_time
from typing import Final, cast

from websockets.asyncio.server import Server as Listener
from websockets.asyncio.server import ServerConnection, serve

from a2f_ws.catalog import Catalog
from a2f_ws.connection import CLOSE_S, LEAVING, Connection, hang_up
from a2f_ws.errors import ConfigError, PeerError
from a2f_ws.hall.hall import Hall
from a2f_ws.metrics import Metrics
from a2f_ws.preview.preview import Preview, preview_of
from a2f_ws.security.door import Door
from a2f_ws.settings import Settings
from a2f_ws.telling import Telling
from a2f_ws.version import product_version
from a2f_ws.web.entrance import Entrance, select_subprotocol
from a2f_ws.web.guarding import check_address, door_of, tls_of
from a2f_ws.web.pages import Pages
from a2f_ws.web.visitor import Visitor
from a2f_ws.wire.codes import Code
from a2f_ws.work.preparer import Preparer
from a2f_ws.work.running import Running
from a2f_ws.work.workers import (
    check_credit,
    recognition_of,
    retire_guests,
    unfolder_of,
    workers_of,
)

log = logging.getLogger(__name__)

TICK_S: Final = 0.05
"""How often time passes for sessions: a fifth of the least `ahead_us` (ours)."""

BACKLOG: Final = 128

BACKEND: Final = "backend"
"""Code of the `status` that tells of another backend (protocol §13)."""

ANYWHERE: Final = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}
"""Addresses to listen on that are none to connect to, and which to connect to on this machine."""


class Server:
    """Models, rigs and connections behind one port.

    Attributes:
        catalog: What is served.
        settings: How.
        pages: What a browser is served.
        door: Who may come in.
        port: TCP port in use; 0 before `running`.
        metrics: What is counted and measured.
        preview: What Unreal is shown, or None.
        is_draining: True once nothing new is taken.
        lost: Set when a model cannot be computed any more, so that nothing is left but to stop.
    """

    def __init__(
        self,
        catalog: Catalog,
        settings: Settings,
        *,
        pages: Pages | None = None,
        door: Door | None = None,
    ) -> None:
        """Prepare.

        Args:
            catalog: What is served.
            settings: How.
            pages: What a browser is served; None = what comes with a2f-ws.
            door: Who may come in; None = whom the settings say.

        Raises:
            ConfigError: The address needs authentication, and there is none; a file of passwords,
                tokens or certificates cannot be used.
        """
        self.door = door or door_of(settings, {})
        check_address(settings, is_locked=self.door.is_locked)
        self._tls = tls_of(settings)
        self.catalog, self.settings = catalog, settings
        self.pages = pages or Pages()
        self.port, self.is_draining = 0, False
        self.lost = asyncio.Event()
        self.metrics = Metrics(version=product_version(), instance=catalog.instance)
        self._workers = workers_of(catalog, self.metrics)
        self._recognition = recognition_of(catalog, settings, metrics=self.metrics)
        self._unfolder = unfolder_of(catalog, self.metrics)
        self._preparer = Preparer()
        running = Running(
            self._workers,
            now=monotonic,
            prepare=self._preparer,
            recognition=self._recognition,
            unfolder=self._unfolder,
        )
        self.preview: Preview | None = preview_of(catalog, settings)
        self._hall = Hall(running, now=monotonic, settings=settings, guests=self.preview)
        self._connections: set[Connection] = set()
        self._entrance = self._made_entrance()
        self._numbers = count(1)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._address_of(self.settings.host)

    @property
    def url_here(self) -> str:
        """Where clients on this machine connect; `url` but where it listens at any address."""
        return self._address_of(ANYWHERE.get(self.settings.host, self.settings.host))

    @property
    def page_url(self) -> str:
        """Where a browser on this machine finds the studio."""
        return f"http{self.url_here.removeprefix('ws')}/"

    @property
    def has_tls(self) -> bool:
        """True when what is sent is encrypted here."""
        return self._tls is not None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve inside of the block; afterwards every socket is closed with 1001.

        Raises:
            ConfigError: The port is in use, or the address is not one of this machine.
        """
        listener = await self._listen()
        self.port = listener.sockets[0].getsockname()[1]
        async with asyncio.TaskGroup() as tasks:
            others = [tasks.create_task(pool.run()) for pool in self._workers.values()]
            for extra in (self._recognition, self._unfolder, self.preview):
                if extra is not None:
                    others.append(tasks.create_task(extra.run()))
            others.append(tasks.create_task(self._tick()))
            try:
                yield
            finally:
                await self._stop(listener)
                self._preparer.stop()
                for task in others:
                    task.cancel()

    async def drain(self) -> None:
        """Take nothing new, and return once all utterances are over or `drain_s` has passed.

        New connections are closed with 4503, sessions end with it after their last utterance, and
        connections after their last session.
        """
        self.is_draining = True
        until = monotonic() + self.settings.drain_s
        for connection in list(self._connections):
            connection.drain()
        while self._connections and monotonic() < until:
            await asyncio.sleep(TICK_S)
        for connection in list(self._connections):
            connection.cut()
        until = monotonic() + CLOSE_S
        while self._connections and monotonic() < until:
            await asyncio.sleep(TICK_S)

    def reload(self, settings: Settings) -> None:
        """Go on with other settings, of those that need no restart; see `reloading`.

        Raises:
            ConfigError: They cannot be used; the old ones stay.
        """
        check_credit(self.catalog, settings)
        self.settings = self._entrance.settings = settings
        self._hall.admission.limit = settings.max_sessions

    def _address_of(self, host: str) -> str:
        named = f"[{host}]" if ":" in host else host
        return f"{'ws' if self._tls is None else 'wss'}://{named}:{self.port}"

    def _made_entrance(self) -> Entrance:
        """What every socket comes through."""
        telling = Telling(
            self.catalog,
            self._workers,
            metrics=self.metrics,
            connections=self._connections,
            hall=self._hall,
            is_draining=lambda: self.is_draining,
        )
        return Entrance(
            self.door, self.settings, pages=self.pages, tell=telling.page, tls=self._tls
        )

    async def _listen(self) -> Listener:
        settings = self.settings
        try:
            return await serve(
                self._connect,
                settings.host,
                settings.port,
                select_subprotocol=select_subprotocol,
                process_request=self._entrance.process_request,
                create_connection=cast("type[ServerConnection]", self._entrance.create),
                compression=None,
                max_size=settings.message_bytes,
                # A visitor has limits of its own.
                open_timeout=None,
                ping_interval=settings.liveness_s,
                ping_timeout=settings.liveness_s,
                close_timeout=CLOSE_S,
                server_header=None,
                # TLS begins in the visitor, which has been counted by then.
                ssl=None,
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
        self._entrance.turn_out()
        try:
            async with asyncio.timeout(2 * CLOSE_S):
                await listener.wait_closed()
        except TimeoutError:
            self._entrance.cut()
            await listener.wait_closed()

    async def _connect(self, socket: ServerConnection) -> None:
        """Serve one client; its faults end here."""
        try:
            if self.is_draining:
                raise PeerError(Code.DRAINING, LEAVING)
            meeting = self._entrance.meet(socket)
        except PeerError as fault:
            self.metrics.failed(fault.code)
            address = getattr(socket, "address", "")
            log.info("turned away %s with %d: %s", address, fault.code, fault.message)
            await hang_up(socket, int(fault.code), reason=fault.message)
            return
        connection = Connection(
            socket,
            name=f"c{next(self._numbers)}",
            catalog=self.catalog,
            hall=self._hall,
            settings=self.settings,
            meeting=meeting,
            metrics=self.metrics,
        )
        cast("Visitor", socket).known_as = connection.name
        self.metrics.accepted()
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)

    async def _tick(self) -> None:
        pulse = self._hall.admission.pulse
        while True:
            due = monotonic() + TICK_S
            await asyncio.sleep(TICK_S)
            now, poses = monotonic(), self.metrics.handed_poses
            self.metrics.ticked(now - due)
            pulse.beat(now=now, work_s=thread_time(), poses=poses, late_s=now - due)
            self._hall.tick()
            self._look_after_backends()
            for connection in list(self._connections):
                connection.tick()

    def _look_after_backends(self) -> None:
        """Tell clients of a GPU that was lost, and whoever runs this that nothing is left."""
        for model in self.catalog.models.values():
            if any(pipeline.is_lost for pipeline in model.pipelines):
                self.lost.set()
            for news in filter(None, [pipeline.take_news() for pipeline in model.pipelines]):
                retire_guests(self._workers[model.name], model)
                for connection in list(self._connections):
                    connection.tell(BACKEND, f"{model.name}: {news}")
