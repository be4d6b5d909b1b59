"""A sample message, and values that many of them share.

Floats in samples are ones that float32 holds exactly, so that every language writes the same bytes.
"""

from dataclasses import dataclass

from a2f_ws.wire.messages import AudioFormat, Message

INT31 = 2**31 - 1
INT53 = 2**53 - 1

HALF = bytes.fromhex("0000003f")
"""0.5 as float32 little endian."""

LINE = AudioFormat(format="s16le", rate=16000)


@dataclass(frozen=True)
class Sample:
    """One vector.

    Attributes:
        title: What it shows, unique among the messages of its op and sender.
        message: The message.
    """

    title: str
    message: Message
