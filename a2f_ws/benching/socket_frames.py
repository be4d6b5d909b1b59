"""Frames of a WebSocket client, as cheap as they can be had (RFC 6455 §5)."""

from collections.abc import Iterator
from typing import Final

BINARY: Final = 0x2
PING: Final = 0x9
PONG: Final = 0xA
CLOSE: Final = 0x8

_FINAL: Final = 0x80
_MASKED: Final = 0x80
_HEAD: Final = 2
_SHORT: Final = 126
_WIDE: Final = 127
"""Bytes of the shortest head; what says that a length of two or of eight bytes follows."""
_KEY: Final = bytes(4)
"""A mask of zeros changes nothing: frames can be made once and patched in place. Masks protect
intermediaries from pages (RFC 6455 §10.3); here both ends are on one machine."""


def framed(payload: bytes, opcode: int = BINARY) -> bytearray:
    """One frame of a client.

    Args:
        payload: Below 64 KiB.
        opcode: Kind of the frame.
    """
    length = len(payload)
    if length < _SHORT:
        head = bytes((_FINAL | opcode, _MASKED | length))
    else:
        head = bytes((_FINAL | opcode, _MASKED | _SHORT)) + length.to_bytes(2, "big")
    return bytearray(head + _KEY + payload)


class Splitter:
    """Finds the frames of a server in what a socket gives."""

    def __init__(self) -> None:
        """Have read nothing."""
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The frames that are complete now: opcode and payload; none of ours is in pieces."""
        if self._rest:
            data = self._rest + data
        at, end = 0, len(data)
        while end - at >= _HEAD:
            length, start = data[at + 1], at + 2
            if length == _SHORT:
                start += 2
                length = int.from_bytes(data[at + 2 : start], "big")
            elif length == _WIDE:
                start += 8
                length = int.from_bytes(data[at + 2 : start], "big")
            if start > end or start + length > end:
                break
            yield data[at] & 0xF, data[start : start + length]
            at = start + length
        self._rest = data[at:]
