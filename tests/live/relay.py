"""A stretch of network between client and server that can be cut."""

import asyncio
from contextlib import asynccontextmanager


class Relay:
    """Hands bytes on, both ways.

    Attributes:
        url: What stands for the server's.
        is_cut: True = whoever connects is cut off at once.
        joined: Connections so far.
        listener: What they come to.
    """

    def __init__(self, server):
        self._to = server.url.rsplit(":", 1)[1].rstrip("/")
        self._writers = set()
        self.url, self.is_cut, self.joined, self.listener = "", False, 0, None

    def cut(self):
        """Cut all that there is, without a word."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def join(self, reader, writer):
        """Carry one connection."""
        if self.is_cut:
            writer.transport.abort()
            return
        self.joined += 1
        other_reader, other_writer = await asyncio.open_connection("127.0.0.1", int(self._to))
        pair = {writer, other_writer}
        self._writers |= pair
        await asyncio.gather(
            _carry(reader, other_writer), _carry(other_reader, writer), return_exceptions=True
        )
        self._writers -= pair


async def _carry(reader, writer):
    try:
        while part := await reader.read(65_536):
            writer.write(part)
            await writer.drain()
    finally:
        writer.transport.abort()


@asynccontextmanager
async def relay(server):
    """One before that server."""
    one = Relay(server)
    listener = one.listener = await asyncio.start_server(one.join, "127.0.0.1", 0)
    one.url = f"ws://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield one
    finally:
        listener.close()
        one.cut()
