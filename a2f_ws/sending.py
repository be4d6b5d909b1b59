"""Several messages in one write: each write is a call of the system, and wakes the peer."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from websockets.asyncio.connection import Connection

from a2f_ws.outbox import Outbox
from a2f_ws.wire.messages import Message
from a2f_ws.wire.server_protocol import ServerProtocol

PARCEL_BYTES: Final = 16 * 1024
"""Messages are written together up to this size (ours: an interrupt takes back what is not)."""


class Sent(NamedTuple):
    """A message on its way.

    Attributes:
        message: It.
        frame: As the peer gets it.
        times: As the outbox was told them.
    """

    message: Message
    frame: str | bytes
    times: tuple[float, float]


def parcel_of(outbox: Outbox, protocol: ServerProtocol) -> list[Sent]:
    """What goes out in one write: the poses of all sessions that a batch brought, and the rest."""
    parcel: list[Sent] = []
    size_bytes = 0
    while size_bytes < PARCEL_BYTES and (message := outbox.take()) is not None:
        parcel.append(Sent(message, protocol.send(message), outbox.times))
        size_bytes += len(parcel[-1].frame)
    return parcel


async def send_all(socket: Connection, parcel: Sequence[Sent]) -> bool:
    """Send messages, and wait until the peer has read enough of what was sent before.

    Returns:
        True when the peer may have had to be waited for.

    Raises:
        ConnectionClosed: The socket is not open any more.
    """
    async with socket.send_context():
        protocol = socket.protocol
        for _, frame, _ in parcel:
            if isinstance(frame, str):
                protocol.send_text(frame.encode())
            else:
                protocol.send_binary(frame)
        socket.transport.write(b"".join(protocol.data_to_send()))
        is_slow = socket.transport.get_write_buffer_size() > 0
    return is_slow
