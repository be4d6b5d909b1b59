"""What the sessions of one connection share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from a2f_ws.catalog import Catalog
from a2f_ws.hall.hall import Hall
from a2f_ws.outbox import Outbox
from a2f_ws.security.rights import ANYBODY, Grant
from a2f_ws.settings import Settings
from a2f_ws.wire import replies
from a2f_ws.wire.messages import Request


@dataclass(slots=True, eq=False)
class Seat:
    """One client's place at the server.

    Attributes:
        outbox: Where answers go.
        catalog: Models and rigs.
        hall: What it shares with other clients.
        settings: Limits.
        now: The clock, seconds, monotonic.
        address: Of the client.
        name: Of the connection, for the log.
        layouts: Numbers of row layouts.
        grant: What the client may do.
    """

    outbox: Outbox
    catalog: Catalog
    hall: Hall
    settings: Settings
    now: Callable[[], float]
    address: str = ""
    name: str = ""
    layouts: Iterator[int] = field(default_factory=lambda: count(1))
    grant: Grant = ANYBODY

    def ok(self, request: Request) -> None:
        """Say that a request was accepted, if it wants to know."""
        if request.id is not None:
            self.outbox.put(replies.Ok(re=request.id))
