"""What the fields of messages share: their types and ranges; names of the protocol."""

from collections.abc import Sequence
from typing import Annotated, Final

from msgspec import Meta

VERSION: Final = 1
"""Protocol version: the major number in the names of the sub-protocols."""

MSGPACK: Final = "a2f.v1.msgpack"
JSON: Final = "a2f.v1.json"
SUBPROTOCOLS: Final = (MSGPACK, JSON)
"""Names of the sub-protocols, the preferred one first."""

INT31: Final = 2**31 - 1
INT53: Final = 2**53 - 1
"""Largest integer of the protocol: the largest that JavaScript counts exactly.

Source: ECMAScript, `Number.MAX_SAFE_INTEGER`.
"""

NAME_CHARS: Final = 64
HAVE_NAMES: Final = 1024
POSES_PER_MESSAGE: Final = 64
FIGURE_MAX: Final = 1e15

SWAPPED: Final = 64
"""Groups in `swap`."""

Id = Annotated[int, Meta(ge=0, le=INT53)]
Sid = Annotated[int, Meta(ge=0, le=INT31)]
Utt = Annotated[int, Meta(ge=1, le=INT31)]
Count = Annotated[int, Meta(ge=0, le=INT53)]
Small = Annotated[int, Meta(ge=0, le=INT31)]
Layout = Annotated[int, Meta(ge=1, le=INT31)]
CodeNumber = Annotated[int, Meta(ge=1000, le=4999)]
Name = Annotated[str, Meta(min_length=1, max_length=NAME_CHARS)]
Secret = Annotated[str, Meta(min_length=1, max_length=4096)]
Amount = Annotated[float, Meta(ge=0.0, le=1.0)]
Number = Annotated[float, Meta(ge=-1e6, le=1e6)]
"""A float of a parameter or curve; the bounds keep NaN and infinity out."""

TRIM_MAX: Final = 10.0
Trim = Annotated[float, Meta(ge=-TRIM_MAX, le=TRIM_MAX)]
"""Gain or offset of a weight of the face: ten times the whole range of a weight (ours)."""

Figure = (
    Annotated[int, Meta(ge=-INT53, le=INT53)]
    | Annotated[float, Meta(ge=-FIGURE_MAX, le=FIGURE_MAX)]
)
"""A number for people; the bounds keep NaN and infinity out."""

Fps = (
    Annotated[int, Meta(ge=10, le=240)]
    | Annotated[list[Annotated[int, Meta(ge=1, le=INT31)]], Meta(min_length=2, max_length=2)]
)
"""Poses per second: an integer or [numerator, denominator]; the quotient is checked apart."""

Params = Annotated[dict[Name, Number], Meta(max_length=256)]
Emotions = Annotated[dict[Name, Amount], Meta(max_length=64)]


def pick_subprotocol(offers: Sequence[str]) -> str | None:
    """The sub-protocol to speak with a client that offers these.

    Returns:
        The first of ours in the client's order, the preferred one when it offers none at all,
        or None: accept, then close with 4406.
    """
    if not offers:
        return MSGPACK
    return next((offer for offer in offers if offer in SUBPROTOCOLS), None)
