"""The client's half of a connection: frames in, messages out, and the other way round."""

from a2f_ws.errors import MisuseError, PeerError
from a2f_ws.wire.codec import OPS, encode, op_in, op_of, shape
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import VERSION
from a2f_ws.wire.frames import unpack
from a2f_ws.wire.greeting import Hello
from a2f_ws.wire.messages import Message
from a2f_ws.wire.states import CLIENT_RECEIVES, CLIENT_SENDS, ClientState


class ClientProtocol:
    """States of one connection; `identify`, `open` and audio may be sent before `hello` came.

    Attributes:
        state: Where the connection is.
        is_json: True for the sub-protocol of text frames.
    """

    def __init__(self, is_json: bool) -> None:
        """Begin with a socket that has just opened."""
        self.is_json = is_json
        self.state = ClientState.CONNECTED

    def receive(self, frame: str | bytes) -> Message | None:
        """Read a frame of the server's.

        Returns:
            The message, or None when its op is not known: a newer server's, to be ignored.

        Raises:
            PeerError: As `decode`; 4409 when the message may not come now; 4426, closing, for
                another version of the protocol.
        """
        plain = unpack(frame, self.is_json)
        kind = OPS.get(op_in(plain))
        if kind is None:
            return None
        message = shape(plain, kind, is_json=self.is_json)
        moves = CLIENT_RECEIVES[self.state]
        if kind not in moves:
            raise PeerError(
                Code.WRONG_STATE,
                f"op: found {op_of(kind)} from the server while {self.state.value}",
                field="op",
                sid=getattr(message, "sid", None),
            )
        if isinstance(message, Hello) and message.protocol != VERSION:
            text = f"hello.protocol: found {message.protocol}, wanted {VERSION}"
            raise PeerError(Code.VERSION, text, field="protocol", closes=True)
        self.state = moves[kind]
        return message

    def send(self, message: Message) -> str | bytes:
        """Write a message as a frame.

        Raises:
            MisuseError: It may not be sent now.
        """
        moves = CLIENT_SENDS[self.state]
        if type(message) not in moves:
            raise MisuseError(f"client sends {op_of(type(message))} while {self.state.value}")
        frame = encode(message, self.is_json)
        self.state = moves[type(message)]
        return frame

    def close(self) -> None:
        """The socket is closed, or about to be: nothing more is read or written."""
        self.state = ClientState.CLOSED
