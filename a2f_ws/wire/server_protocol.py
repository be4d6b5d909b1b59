"""The server's half of a connection: frames in, messages out, and the other way round."""

from typing import Final

from a2f_ws.errors import MisuseError, PeerError
from a2f_ws.wire.codec import decode, encode, op_of
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import VERSION
from a2f_ws.wire.messages import Message, Request
from a2f_ws.wire.requests import Identify
from a2f_ws.wire.states import SERVER_RECEIVES, SERVER_SENDS, ServerState

STRANGER_BYTES: Final = 65_536
"""Longest frame of a client that has not been let in (ours: `identify` has 4,096 characters of
token at most)."""


class ServerProtocol:
    """States of one connection; `send` a `hello` first.

    A fault that closes does not move the state: what is queued can still be encoded until the
    owner of the socket calls `close`.

    Attributes:
        state: Where the connection is.
        is_json: True for the sub-protocol of text frames.
    """

    def __init__(self, is_json: bool) -> None:
        """Begin with a socket that has just opened."""
        self.is_json = is_json
        self.state = ServerState.CONNECTED

    def receive(self, frame: str | bytes) -> Message:
        """Read a frame of the client's.

        Raises:
            PeerError: As `decode`; 4409 when the message may not come now; 4426, closing, for
                another version of the protocol; 1009, closing, for a long frame of a stranger.
        """
        if self.state is not ServerState.READY and len(frame) > STRANGER_BYTES:
            text = f"found {len(frame)} bytes before identify, wanted at most {STRANGER_BYTES}"
            raise PeerError(Code.TOO_BIG, text, closes=True)
        message = decode(frame, self.is_json)
        moves = SERVER_RECEIVES[self.state]
        if type(message) not in moves:
            raise PeerError(
                Code.WRONG_STATE,
                f"op: found {op_of(type(message))} while {self.state.value}, wanted "
                + (" or ".join(op_of(kind) for kind in moves) or "nothing"),
                field="op",
                sid=getattr(message, "sid", None),
                re=message.id if isinstance(message, Request) else None,
            )
        if isinstance(message, Identify) and message.protocol != VERSION:
            text = f"identify.protocol: found {message.protocol}, wanted {VERSION}"
            raise PeerError(Code.VERSION, text, field="protocol", closes=True, re=message.id)
        self.state = moves[type(message)]
        return message

    def send(self, message: Message) -> str | bytes:
        """Write a message as a frame.

        Raises:
            MisuseError: It may not be sent now.
        """
        moves = SERVER_SENDS[self.state]
        if type(message) not in moves:
            raise MisuseError(f"server sends {op_of(type(message))} while {self.state.value}")
        frame = encode(message, self.is_json)
        self.state = moves[type(message)]
        return frame

    def close(self) -> None:
        """The socket is closed, or about to be: nothing more is read or written."""
        self.state = ServerState.CLOSED
