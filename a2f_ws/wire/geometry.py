"""The mesh itself, for those who ask for it."""

from typing import Annotated

from msgspec import Meta, Struct

from a2f_ws.wire.fields import Count, Sid, Utt
from a2f_ws.wire.messages import Message


class Parts(Struct, frozen=True, kw_only=True):
    """Geometry of one pose; absent parts were not asked for.

    Attributes:
        skin: Vertex positions of the skin, float32 little endian.
        tongue: Vertex positions of the tongue, float32 little endian.
        jaw: Rigid transform of the jaw, 16 float32 little endian.
        eyes: Rotations of both eyes, 6 float32 little endian.
    """

    skin: bytes | None = None
    tongue: bytes | None = None
    jaw: Annotated[bytes, Meta(min_length=64, max_length=64)] | None = None
    eyes: Annotated[bytes, Meta(min_length=24, max_length=24)] | None = None


class Geometry(Message, frozen=True, kw_only=True, tag="geometry"):
    """Server → client, the mesh itself, for those who asked; live, it may come after its `poses`.

    Attributes:
        sid: Session.
        u: Utterance.
        i: Index of the pose.
        t_us: Its time after the utterance's sample 0, microseconds.
        parts: The geometry.
    """

    sid: Sid
    u: Utt
    i: Count
    t_us: Count
    parts: Parts
