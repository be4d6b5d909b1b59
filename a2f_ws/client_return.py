"""What a client does when its connection is lost: makes another one, and goes on (protocol §18)."""

import asyncio
import errno
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from time import monotonic
from typing import Final, TypeAlias

from websockets.asyncio.client import ClientConnection

from a2f_ws.client_greeting import Greeting
from a2f_ws.client_link import ABNORMAL, Link, ServerError, ServerGoneError
from a2f_ws.client_view import View
from a2f_ws.wire.codes import Code
from a2f_ws.wire.messages import Received
from a2f_ws.wire.replies import Opened
from a2f_ws.wire.requests import Ping

log = logging.getLogger(__name__)

RETURN_S: Final = 10.0
"""How long a server keeps sessions whose connection is lost, seconds (protocol §18)."""

REFUSED_S: Final = 1.0
"""Who refuses connections for so long has stopped, and with it the sessions (ours)."""

REFUSED: Final = re.compile(rf"refused|Errno {errno.ECONNREFUSED}\b")
"""How that reads; a name with several addresses tells the numbers of all failures."""

PAUSE_S: Final = 0.1
PAUSE_MOST_S: Final = 1.0
"""Pauses between tries grow between these, seconds (ours)."""

LOST_CODES: Final = (ABNORMAL, 1011, 1012, 1014)
"""Ends that nobody meant: cut, not answered in time, a proxy that restarts (RFC 6455 §7.4)."""

Dial: TypeAlias = Callable[[], Awaitable[ClientConnection]]
"""Makes a socket, or raises ServerGoneError."""


class Return:
    """Looks for the server again, and takes up the sessions that it has kept."""

    def __init__(
        self, link: Link, greeting: Greeting, *, dial: Dial, views: MutableMapping[int, View]
    ) -> None:
        """Have lost nothing.

        Args:
            link: The sockets.
            greeting: Who we are.
            dial: Makes another socket.
            views: The sessions.
        """
        self._link, self._greeting, self._dial, self._views = link, greeting, dial, views
        self._until: float | None = None

    async def dial(self) -> ClientConnection | None:
        """Another socket, once the one before is lost; None = it is over.

        Nothing of sessions may be sent on it before they were taken up.
        """
        why = self._link.gap
        if why is None or not self._is_worthwhile(why):
            return None
        for view in self._views.values():
            view.part()
        now = monotonic()
        self._until = self._until or now + RETURN_S
        refused_until, pause_s = now + REFUSED_S, PAUSE_S
        log.info("the connection is lost (%s): trying again", why.message)
        while monotonic() < self._until:
            try:
                async with asyncio.timeout_at(_loop_time(self._until)):
                    return await self._dial()
            except ServerGoneError as error:
                if REFUSED.search(error.message) and monotonic() >= refused_until:
                    return None
            except TimeoutError:
                return None
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, PAUSE_MOST_S)
        return None

    async def take_up(self) -> None:
        """Greet the server, and go on with every session."""
        try:
            await self._greeting.again()
            for view in list(self._views.values()):
                await self._reopen(view)
        except ServerGoneError:
            await self._link.close()
            return
        self._until = None
        self._link.settle()

    def _is_worthwhile(self, why: ServerGoneError) -> bool:
        is_ours = self._greeting.is_over and why.code in LOST_CODES
        return is_ours and any(view.token is not None for view in self._views.values())

    async def _reopen(self, view: View) -> None:
        """Take a session over, or end it.

        Raises:
            ServerGoneError: The connection is lost again.
        """
        try:
            received = await self._opened(view)
        except ServerGoneError:
            raise
        except ServerError as error:
            del self._views[view.sid]
            view.lose(error)
            return
        await self._link.ask_here(Ping(t=0))
        await view.take_up(self._link.send, received)

    async def _opened(self, view: View) -> Received | None:
        """Open it with its token; who may begin afresh does so where that is not known any more.

        Raises:
            ServerError: The server does not know the session any more.
            ServerGoneError: The connection is lost again.
        """
        view.is_away, request = True, view.again()
        if request is None:
            raise ServerError(Code.UNKNOWN, f"session {view.sid} cannot be taken up again")
        try:
            opened = await self._link.ask_here(request)
        except ServerError as error:
            afresh = view.afresh() if error.code == Code.UNKNOWN else None
            if afresh is None:
                raise
            opened = await self._link.ask_here(afresh)
        return opened.received if isinstance(opened, Opened) else None


def _loop_time(at: float) -> float:
    """The same moment on the loop's clock."""
    return asyncio.get_running_loop().time() + at - monotonic()
