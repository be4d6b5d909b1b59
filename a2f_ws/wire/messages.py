"""What all messages are made of: the base classes, and the maps inside of them."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from a2f_ws.timebase import PoseRate
from a2f_ws.wire.fields import HAVE_NAMES, SWAPPED, Count, Id, Name, Number, Trim, Utt

FLOAT_BYTES: Final = 4


class FieldError(ValueError):
    """A field that cannot stand beside the others of its message.

    Attributes:
        field: Path of the field at fault.
        is_missing: True when the others call for a field that is absent.
    """

    def __init__(self, field: str, text: str, *, is_missing: bool = False) -> None:
        """Describe the fault: what was found, what was wanted."""
        super().__init__(text)
        self.field = field
        self.is_missing = is_missing


class Message(Struct, frozen=True, kw_only=True, tag_field="op"):
    """One message: a map with string keys, named by its `op`."""


class Request(Message, frozen=True, kw_only=True):
    """A message from the client, which may ask for an answer.

    Attributes:
        id: Number that the answer carries as `re`, 0 … 2⁵³ − 1; absent = no `ok` wanted.
    """

    id: Id | None = None


class Reply(Message, frozen=True, kw_only=True):
    """A message from the server that may answer a request.

    Attributes:
        re: `id` of the request that it answers, 0 … 2⁵³ − 1; absent = it had none.
    """

    re: Id | None = None


def check_fps(fps: int | list[int] | None) -> None:
    """Refuse a pose rate outside of 10 … 240 poses per second.

    Raises:
        FieldError: The quotient is out of range.
    """
    if isinstance(fps, list):
        try:
            PoseRate.of(fps)
        except ValueError as error:
            raise FieldError("fps", f"found {fps}, {str(error).partition(': ')[2]}") from error


def check_rows(data: bytes, rows: int) -> None:
    """Refuse data that is not that many rows of equal length.

    Raises:
        FieldError: The number of bytes is no multiple of 4 · rows.
    """
    if len(data) % (FLOAT_BYTES * rows):
        text = f"found {len(data)} bytes, wanted a multiple of {FLOAT_BYTES * rows}"
        raise FieldError("data", text)


class AudioFormat(Struct, frozen=True, kw_only=True):
    """How `pcm` is to be read.

    Attributes:
        format: Sample format: 16-bit or float little endian, or ITU-T G.711 bytes.
        rate: Sample frames per second.
        channels: Interleaved channels, averaged before use.
        source: "line" = utterances that end, "mic" = an open microphone.
    """

    format: Literal["s16le", "f32le", "ulaw", "alaw"]
    rate: Annotated[int, Meta(ge=8000, le=192_000)]
    channels: Annotated[int, Meta(ge=1, le=8)] = 1
    source: Literal["line", "mic"] = "line"


class CurveSet(Struct, frozen=True, kw_only=True):
    """How one curve is treated after the rig: value · gain + offset, then held in min … max.

    Attributes:
        gain: Factor; absent = as it is.
        offset: Added after the gain, in the curve's unit; absent = as it is.
        min: Lowest value sent; absent = as it is.
        max: Highest value sent; absent = as it is.
    """

    gain: Number | None = None
    offset: Number | None = None
    min: Number | None = None
    max: Number | None = None


class WeightSet(Struct, frozen=True, kw_only=True):
    """How one weight of the face is treated before the rig: value · gain + offset.

    Attributes:
        gain: Factor; absent = as it is.
        offset: Added after the gain; absent = as it is.
    """

    gain: Trim | None = None
    offset: Trim | None = None


Weights = Annotated[dict[Name, WeightSet], Meta(max_length=HAVE_NAMES)]
Curves = Annotated[dict[Name, CurveSet], Meta(max_length=HAVE_NAMES)]
Have = Annotated[tuple[Name, ...], Meta(max_length=HAVE_NAMES)]
Swap = Annotated[tuple[Name, ...], Meta(max_length=SWAPPED)]


class Received(Struct, frozen=True, kw_only=True):
    """Where audio goes on after a resume.

    Attributes:
        u: Utterance.
        to_us: Audio received without a gap up to here, microseconds.
    """

    u: Utt
    to_us: Count
