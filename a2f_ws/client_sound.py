"""Sound as a caller has it, and as a session takes it."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable
from dataclasses import dataclass
from typing import TypeAlias

Chunks: TypeAlias = bytes | Iterable[bytes] | AsyncIterable[bytes]
"""Sound as a caller has it; pieces may be cut anywhere, inside a sample too."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a session has settled about audio.

    Attributes:
        sid: Session.
        rate_hz: Sample frames per second.
        frame_bytes: Bytes of one sample frame.
        message_frames: Most sample frames of one message.
        credit_us: Audio that may lie beyond what the server has processed, microseconds.
        is_kept: The session outlives a lost connection: audio is sent again where it got lost.
        unread_max: Poses that may wait to be read before no more audio is sent.
        is_cached: True = the server may know a line: its hash goes with its first sound.
    """

    sid: int
    rate_hz: int
    frame_bytes: int
    message_frames: int
    credit_us: int
    is_kept: bool
    unread_max: int
    is_cached: bool = False


async def pieces(source: Chunks) -> AsyncIterator[bytes]:
    """Any kind of source as one kind."""
    if isinstance(source, bytes | bytearray | memoryview):
        yield bytes(source)
    elif isinstance(source, AsyncIterable):
        async for chunk in source:
            yield chunk
    else:
        for chunk in source:
            yield chunk
