"""What becomes of a socket: cut, given a page, turned away in words, or let in to identify."""

import ssl
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, Final, cast
from weakref import WeakSet

from websockets.asyncio.server import ServerConnection
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from a2f_ws.errors import PeerError
from a2f_ws.security.door import Door, Meeting, bearer_of
from a2f_ws.security.limits import Welcome
from a2f_ws.settings import Settings
from a2f_ws.web.origin import is_allowed_origin
from a2f_ws.web.page import Page, respond
from a2f_ws.web.pages import FACTS, Pages
from a2f_ws.web.visitor import Visitor
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import SUBPROTOCOLS, pick_subprotocol

PAGE_S: Final = 120.0
"""Longest time that reading a page may take, seconds: three megabytes at 25 kB/s (ours)."""

READERS_MAX: Final = 32
"""Pages that are read at one time; a browser reads six (ours)."""

RETRY_S: Final = 5
"""When to ask again whether there is room for a connection, seconds (ours)."""

BUSY: Final = "too many pages are being read here; ask again in a moment\n"
FULL: Final = f"no room for another connection from this address; retry in {RETRY_S} s"
LOCKED: Final = (
    "this page wants the header `Authorization: Bearer TOKEN`, with a token that has the right"
    " admin (a2f-ws token new --rights admin)\n"
)


class Entrance:
    """Knows every socket from its first byte on.

    Attributes:
        settings: Names of this server, and how long a request may take.
    """

    def __init__(
        self,
        door: Door,
        settings: Settings,
        *,
        pages: Pages,
        tell: Callable[[str], Page | None],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare.

        Args:
            door: Who may come in.
            settings: Names of this server, and how long a request may take.
            pages: What a browser is served.
            tell: Gives the pages that the server writes on the spot, by path.
            tls: What encrypts; None = nothing does.
        """
        self._door, self.settings, self._pages, self._tell = door, settings, pages, tell
        self._tls = tls
        self._visitors: WeakSet[Visitor] = WeakSet()

    def create(self, *args: Any, **kwargs: Any) -> Visitor:  # noqa: ANN401
        """A socket from what the library hands over, remembered as long as it lives."""
        visitor = Visitor(
            *args,
            request_s=self.settings.handshake_s,
            limiter=self._door.limiter,
            tls=self._tls,
            **kwargs,
        )
        self._visitors.add(visitor)
        return visitor

    async def process_request(self, socket: ServerConnection, request: Request) -> Response | None:
        """Let a client of ours in, answer everybody else with a page."""
        visitor = cast("Visitor", socket)
        if ",".join(request.headers.get_all("Upgrade")).lower() == "websocket":
            visitor.stays()
            return None
        visitor.reads(PAGE_S)
        is_busy = sum(other.is_reading for other in self._visitors) > READERS_MAX
        if is_busy or visitor.welcome is not Welcome.SERVE:
            return await respond(Page.told(BUSY, status=HTTPStatus.SERVICE_UNAVAILABLE), Headers())
        bearer = bearer_of(request.headers.get_all("Authorization"))
        tell = self._tell if self._door.tells_facts(bearer) else self._tell_others
        response = await self._pages.answer(request, names=self.settings.origins, tell=tell)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = 'Bearer realm="a2f-ws"'
        return response

    def meet(self, socket: ServerConnection) -> Meeting:
        """Begin with a client of ours.

        It was accepted first: browsers and engines cannot read an HTTP error.

        Raises:
            PeerError: Why the socket is closed before anything is said.
        """
        visitor = cast("Visitor", socket)
        headers = Headers() if socket.request is None else socket.request.headers
        if not is_allowed_origin(headers, self.settings.origins):
            raise PeerError(Code.POLICY, "pages of that origin are not allowed here")
        if headers.get_all("Sec-WebSocket-Protocol") and socket.subprotocol is None:
            text = f"none of the sub-protocols is spoken here, wanted {' or '.join(SUBPROTOCOLS)}"
            raise PeerError(Code.NO_SUBPROTOCOL, text)
        if visitor.welcome is not Welcome.SERVE:
            raise PeerError(Code.BUSY, FULL)
        return self._door.meet(visitor.address, bearer=bearer_of(headers.get_all("Authorization")))

    def turn_out(self) -> None:
        """End the sockets whose TLS has not begun: nothing can be told to them."""
        for visitor in list(self._visitors):
            if visitor.is_greeting:
                visitor.transport.abort()

    def cut(self) -> None:
        """End the sockets that are left: their peers do not read, or have not even asked yet."""
        for visitor in list(self._visitors):
            visitor.transport.abort()

    def _tell_others(self, path: str) -> Page | None:
        """The same pages without those that tell of others."""
        if path in FACTS:
            return Page.told(LOCKED, status=HTTPStatus.UNAUTHORIZED)
        return self._tell(path)


def select_subprotocol(
    socket: ServerConnection, offers: Sequence[Subprotocol]
) -> Subprotocol | None:
    """What to speak, in the form that the library wants."""
    del socket
    picked = pick_subprotocol(offers) if offers else None
    return None if picked is None else Subprotocol(picked)
