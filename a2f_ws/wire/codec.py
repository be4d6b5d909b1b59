"""Messages to frames and back; every fault of a frame gets its code, field and sentence."""

import re
from typing import Final, Literal, overload

from msgspec import ValidationError, convert, to_builtins
from msgspec.structs import fields

from a2f_ws.errors import PeerError
from a2f_ws.wire import geometry, greeting, replies, requests
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import INT31, INT53
from a2f_ws.wire.frames import Plain, pack, unpack
from a2f_ws.wire.messages import FieldError, Message
from a2f_ws.wire.wanted import ANY_KEY, Path, wanted_at

FROM_CLIENT: Final[tuple[type[Message], ...]] = (
    requests.Identify,
    requests.Open,
    requests.Audio,
    requests.End,
    requests.Emotion,
    requests.Set,
    requests.Interrupt,
    requests.Played,
    requests.Close,
    requests.Ping,
    replies.Pong,
)
"""What a client may send."""

FROM_SERVER: Final[tuple[type[Message], ...]] = (
    greeting.Hello,
    greeting.Ready,
    replies.Opened,
    replies.Rest,
    replies.Poses,
    requests.Audio,
    requests.Played,
    geometry.Geometry,
    replies.Utterance,
    replies.Credit,
    replies.Status,
    replies.Ok,
    replies.Error,
    replies.Closed,
    requests.Ping,
    replies.Pong,
)
"""What a server may send."""


def op_of(kind: type[Message]) -> str:
    """The `op` that names messages of a class."""
    return str(kind.__struct_config__.tag)


OPS: Final[dict[str, type[Message]]] = {op_of(kind): kind for kind in FROM_CLIENT + FROM_SERVER}
REQUESTS: Final = sorted(op_of(kind) for kind in FROM_CLIENT)
"""All messages by `op`."""

SHOWN_CHARS: Final = 60
TRIED_KEYS: Final = 1024

_BINARY: Final = (bytes,)
_PLACE: Final = re.compile(r" - at (`key` in )?`\$\.?(?P<path>[^`]*)`$")
_PART: Final = re.compile(r"\[\.\.\.\]|\[(\d+)\]|([^.\[\]]+)")
_MISSING: Final = re.compile(r"Object missing required field `([^`]+)`")


def decode(frame: str | bytes, is_json: bool) -> Message:
    """Read one message.

    Args:
        frame: Text (str) or binary (bytes) frame.
        is_json: True for the sub-protocol of text frames.

    Raises:
        PeerError: 4400 closing: not a map, or a frame of the wrong kind. 4400: unknown op, a field
            that is missing or of the wrong type. 4422: a value out of range.
    """
    plain = unpack(frame, is_json)
    kind = OPS.get(op_in(plain))
    if kind is None:
        text = f"op: found {_shown(plain['op'])}, wanted one of {', '.join(REQUESTS)}"
        raise _fault(Code.MALFORMED, text, field="op", plain=plain)
    return shape(plain, kind, is_json=is_json)


@overload
def encode(message: Message, is_json: Literal[True]) -> str: ...
@overload
def encode(message: Message, is_json: Literal[False]) -> bytes: ...
@overload
def encode(message: Message, is_json: bool) -> str | bytes: ...
def encode(message: Message, is_json: bool) -> str | bytes:
    """Write one message as a text (JSON) or binary (msgpack) frame.

    Absent fields are left out; all others are written, also where they equal their default.
    """
    return pack(to_builtins(message, builtin_types=_BINARY), is_json)


def op_in(plain: Plain) -> str:
    """The `op` of a map.

    Raises:
        PeerError: 4400, it is missing or no string.
    """
    op = plain.get("op")
    if not isinstance(op, str):
        found = "nothing" if op is None else _shown(op)
        raise _fault(Code.MALFORMED, f"op: found {found}, wanted text", field="op", plain=plain)
    return op


def shape(plain: Plain, kind: type[Message], *, is_json: bool) -> Message:
    """A map as a message of a class.

    Raises:
        PeerError: 4400 for a missing or mistyped field, 4422 for a value out of range.
    """
    try:
        return convert(plain, kind, builtin_types=None if is_json else _BINARY)
    except ValidationError as error:
        raise _explained(error, plain, kind=kind, is_json=is_json) from error


def _explained(
    error: ValidationError, plain: Plain, *, kind: type[Message], is_json: bool
) -> PeerError:
    """The peer's fault that a failed conversion shows."""
    op = op_of(kind)
    cause = error.__cause__
    if isinstance(cause, FieldError):
        code = Code.MALFORMED if cause.is_missing else Code.BAD_VALUE
        return _fault(code, f"{op}.{cause.field}: {cause}", field=cause.field, plain=plain)
    text = str(error)
    missing = _MISSING.match(text)
    path = _path_in(text) + ([missing[1]] if missing else [])
    wanted = wanted_at(kind, [*path, "key"] if "at `key` in" in text else path)
    path = _with_keys(path, plain, kind=kind, is_json=is_json)
    field = ".".join(str(part) for part in path)
    found = "nothing" if missing else _found_at(path, plain)
    is_mistyped = missing is not None or (", got `" in text and " of length " not in text)
    return _fault(
        Code.MALFORMED if is_mistyped else Code.BAD_VALUE,
        f"{op}.{field}: found {found}, wanted {wanted}",
        field=field,
        plain=plain,
    )


def _path_in(text: str) -> list[str | int]:
    place = _PLACE.search(text)
    if place is None:
        return []
    return [
        int(part[1]) if part[1] else part[2] or ANY_KEY for part in _PART.finditer(place["path"])
    ]


def _with_keys(path: Path, plain: Plain, *, kind: type[Message], is_json: bool) -> list[str | int]:
    """The path with the keys of maps, which the conversion does not tell: found by trying."""
    full = list(path)
    if len(full) < 2 or full[1] != ANY_KEY:  # noqa: PLR2004
        return full
    name = str(full[0])
    inner = next(field.type for field in fields(kind) if field.encode_name == name)
    for key, value in list(plain[name].items())[:TRIED_KEYS]:
        try:
            convert({key: value}, inner, builtin_types=None if is_json else _BINARY)
        except ValidationError:
            full[1] = key
            return full
    return full[:1]


def _found_at(path: Path, plain: Plain) -> str:
    here: object = plain
    for part in path:
        if isinstance(here, dict):
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int):
            here = here[part]
    return _shown(here)


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, dict | list):
        noun = "map" if isinstance(value, dict) else "list"
        return f"a {noun} of {len(value)}"
    text = ascii(value)
    return text if len(text) <= SHOWN_CHARS else text[:SHOWN_CHARS] + "…"


def _fault(code: Code, text: str, *, field: str, plain: Plain) -> PeerError:
    op = plain.get("op")
    return PeerError(
        code,
        text,
        field=field,
        sid=_integer(plain.get("sid"), INT31),
        re=_integer(plain.get("id"), INT53),
        op=op if isinstance(op, str) else None,
    )


def _integer(value: object, most: int) -> int | None:
    return value if type(value) is int and 0 <= value <= most else None
