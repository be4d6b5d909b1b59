"""Clip files: the head, and the frames that a file consists of (protocol §22)."""

from collections.abc import Iterator
from struct import Struct as Packing
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from a2f_ws.errors import PeerError
from a2f_ws.wire.codec import encode, op_in, shape
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import Count, Emotions
from a2f_ws.wire.frames import unpack
from a2f_ws.wire.messages import Message
from a2f_ws.wire.replies import Opened, Poses, Rest, Utterance

MAGIC: Final = b"\xa8a2fclip1"
"""What a clip file begins with: a msgpack text of eight characters."""

CLIP_BYTES: Final = 256 * 1024 * 1024
"""Largest file: an hour of the largest rig at 60 poses a second."""

FRAME_BYTES: Final = 4 * 1024 * 1024
"""Largest frame, as the messages of a server (protocol §14)."""

HEADER: Final = Packing(">BI")
BIN_32: Final = 0xC6
"""Before every frame: a msgpack bin 32, its length with the most significant byte first."""

Hash = Annotated[bytes, Meta(min_length=32, max_length=32)]


class Sound(Struct, frozen=True, kw_only=True):
    """The sound of a clip.

    Attributes:
        hash: SHA-256 of its samples in this format, as in `audio.hash`.
        format: Sample format.
        rate: Sample frames per second.
        channels: Interleaved channels.
        frames: Sample frames.
    """

    hash: Hash
    format: Literal["s16le", "f32le", "ulaw", "alaw"]
    rate: Annotated[int, Meta(ge=8000, le=192_000)]
    channels: Annotated[int, Meta(ge=1, le=8)]
    frames: Count


class ClipHead(Message, frozen=True, kw_only=True, tag="clip"):
    """First in a clip file: what it is of.

    Attributes:
        protocol: Version that its messages have; this one is 1.
        maker: "name/version" of the program that wrote it.
        source: Name of the sound file.
        sound: The sound that it belongs to.
        poses: How many there are.
        emotion: Explicit emotion by name.
        key: Hash of all that it was made of, for whoever makes it again.
        line: What else is known of the line, such as its text or who speaks, by name.
    """

    protocol: int
    maker: str
    source: str
    sound: Sound
    poses: Count
    emotion: Emotions
    key: Hash | None = None
    line: Annotated[dict[str, str], Meta(max_length=64)] | None = None


Part = ClipHead | Opened | Rest | Utterance | Poses
"""What a clip file consists of."""

KINDS: Final[dict[str, type[Part]]] = {
    "clip": ClipHead,
    "opened": Opened,
    "rest": Rest,
    "utterance": Utterance,
    "poses": Poses,
}


def pack_part(part: Part) -> bytes:
    """A part with what stands before it."""
    frame = encode(part, False)
    return HEADER.pack(BIN_32, len(frame)) + frame


def frames(content: bytes | memoryview) -> Iterator[memoryview]:
    """The frames of a clip file, views of its content.

    Raises:
        PeerError: It is no clip file, too large, cut off, or something else stands in it.
    """
    view = memoryview(content)
    if len(view) > CLIP_BYTES:
        raise _fault(f"found {len(view)} bytes, wanted at most {CLIP_BYTES}")
    if bytes(view[: len(MAGIC)]) != MAGIC:
        raise _fault(f"found {bytes(view[: len(MAGIC)])!r} at its beginning, wanted {MAGIC!r}")
    at = len(MAGIC)
    while at < len(view):
        begin = at + HEADER.size
        if begin > len(view):
            raise _fault(f"is cut off at byte {at}")
        kind, size = HEADER.unpack(view[at:begin])
        if kind != BIN_32:
            raise _fault(f"byte {at}: found 0x{kind:02x}, wanted a bin 32 (0xc6)")
        if size > FRAME_BYTES:
            raise _fault(f"byte {at}: found a frame of {size} bytes, wanted at most {FRAME_BYTES}")
        at = begin + size
        if at > len(view):
            raise _fault(f"is cut off in the frame at byte {begin}")
        yield view[begin:at]


def parts(content: bytes | memoryview) -> Iterator[Part]:
    """The parts of a clip file; messages with another `op` are passed by.

    Raises:
        PeerError: As `frames`, or a part cannot be read.
    """
    for number, frame in enumerate(frames(content)):
        try:
            plain = unpack(bytes(frame), False)
            kind = KINDS.get(op_in(plain))
            part = None if kind is None else shape(plain, kind, is_json=False)
        except PeerError as fault:
            raise _fault(f"part {number}: {fault.message}") from None
        if isinstance(part, Part):
            yield part


def _fault(text: str) -> PeerError:
    return PeerError(Code.BAD_VALUE, text)
