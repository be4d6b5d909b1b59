"""What may come when: one table for each side and direction.

A message without an entry is the peer's error (4409) when received, ours when sent. Sessions and
utterances have states of their own, kept by the session; these tables are of the connection.
"""

from enum import Enum
from typing import Final, TypeAlias, TypeVar

from a2f_ws.wire.codec import FROM_CLIENT, FROM_SERVER
from a2f_ws.wire.greeting import Hello, Ready
from a2f_ws.wire.messages import Message
from a2f_ws.wire.replies import Error, Pong, Status
from a2f_ws.wire.requests import Identify, Ping


class ServerState(Enum):
    """A connection as the server sees it."""

    CONNECTED = "connected"
    GREETED = "greeted"
    READY = "ready"
    CLOSED = "closed"


class ClientState(Enum):
    """A connection as the client sees it.

    CONNECTED: nothing said. GREETED: `hello` came. OFFERED: `identify` went out before `hello`
    came; IDENTIFIED: both. READY: `ready` came.
    """

    CONNECTED = "connected"
    GREETED = "greeted"
    OFFERED = "offered"
    IDENTIFIED = "identified"
    READY = "ready"
    CLOSED = "closed"


StateT = TypeVar("StateT", ServerState, ClientState)
Moves: TypeAlias = dict[type[Message], StateT]
Table: TypeAlias = dict[StateT, Moves[StateT]]


def _staying(kinds: tuple[type[Message], ...], state: StateT) -> Moves[StateT]:
    return dict.fromkeys(kinds, state)


_REQUESTS: Final = tuple(kind for kind in FROM_CLIENT if kind is not Identify)
_ANSWERS: Final = tuple(kind for kind in FROM_SERVER if kind not in {Hello, Ready})
_CLOCK: Final = (Ping, Pong)
_BEFORE_READY: Final = (Error, Status, Ping, Pong)

SERVER_RECEIVES: Final[Table[ServerState]] = {
    ServerState.CONNECTED: {},
    ServerState.GREETED: {
        Identify: ServerState.READY,
        **_staying(_CLOCK, ServerState.GREETED),
    },
    ServerState.READY: _staying(_REQUESTS, ServerState.READY),
    ServerState.CLOSED: {},
}

SERVER_SENDS: Final[Table[ServerState]] = {
    ServerState.CONNECTED: {Hello: ServerState.GREETED},
    ServerState.GREETED: _staying(_BEFORE_READY, ServerState.GREETED),
    ServerState.READY: _staying((Ready, *_ANSWERS), ServerState.READY),
    ServerState.CLOSED: {},
}

CLIENT_RECEIVES: Final[Table[ClientState]] = {
    ClientState.CONNECTED: {Hello: ClientState.GREETED},
    ClientState.GREETED: _staying(_BEFORE_READY, ClientState.GREETED),
    ClientState.OFFERED: {Hello: ClientState.IDENTIFIED},
    ClientState.IDENTIFIED: {
        Ready: ClientState.READY,
        **_staying(_BEFORE_READY, ClientState.IDENTIFIED),
    },
    ClientState.READY: _staying(_ANSWERS, ClientState.READY),
    ClientState.CLOSED: {},
}

CLIENT_SENDS: Final[Table[ClientState]] = {
    ClientState.CONNECTED: {Identify: ClientState.OFFERED},
    ClientState.GREETED: {
        Identify: ClientState.IDENTIFIED,
        **_staying(_CLOCK, ClientState.GREETED),
    },
    ClientState.OFFERED: _staying(_REQUESTS, ClientState.OFFERED),
    ClientState.IDENTIFIED: _staying(_REQUESTS, ClientState.IDENTIFIED),
    ClientState.READY: _staying(_REQUESTS, ClientState.READY),
    ClientState.CLOSED: {},
}
