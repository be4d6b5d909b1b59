"""Frames of the socket to plain maps and back, in both encodings."""

import json
import re
from base64 import b64encode
from typing import Any, Final

import msgpack

from a2f_ws.errors import PeerError
from a2f_ws.wire.codes import Code
from a2f_ws.wire.counting import VALUES_MAX, has_too_many

ENTRIES_MAX: Final = 4096
"""Most entries of one list or map (ours; msgpack reserves room for what a header claims)."""

DEPTH_MAX: Final = 8
"""Deepest nesting of lists and maps, the message itself included (ours: `hello` needs 5)."""

EXACT_FLOAT: Final = 2.0**53
"""Above it a float is not an integer that was meant."""

DIGITS_MAX: Final = 100
"""Digits of an integer in JSON that are read (ours; 2⁵³ has 16, and many take long)."""

SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")

Plain = dict[str, Any]
"""A message as its encoding knows it: str, int, float, bool, bytes, None, list and dict."""


class _MapError(ValueError):
    """A map that no message may contain."""


def unpack(frame: str | bytes, is_json: bool) -> Plain:
    """Read one frame.

    nil inside a map is left out, since it means absent; a float that is an integer becomes one,
    since some encoders know one kind of number only.

    Args:
        frame: Text (str) or binary (bytes) frame.
        is_json: True for the sub-protocol of text frames.

    Raises:
        PeerError: 4400, closing: not one map with string keys, or a frame of the wrong kind.
    """
    if isinstance(frame, str) is not is_json:
        found, wanted = ("text", "binary") if isinstance(frame, str) else ("binary", "text")
        raise _malformed(f"found a {found} frame, wanted a {wanted} frame")
    if has_too_many(frame):
        raise _malformed(f"found more than {VALUES_MAX} values, wanted at most that many")
    try:
        plain = _read_json(frame) if isinstance(frame, str) else _read_msgpack(frame)
        if type(plain) is not dict:
            raise _MapError(f"found {type(plain).__name__}, wanted one map")
        return _cleaned_map(plain, 1)
    except (ValueError, RecursionError) as error:
        encoding = "JSON" if is_json else "msgpack"
        reason = str(error) or type(error).__name__
        raise _malformed(f"not a message in {encoding}: {reason}") from error


def pack(plain: Plain, is_json: bool) -> str | bytes:
    """Write one frame; None inside a map is left out, bytes become base64 in JSON."""
    present = {
        key: _present(value) if isinstance(value, dict | list | tuple) else value
        for key, value in plain.items()
        if value is not None
    }
    if is_json:
        return json.dumps(
            present, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_base64
        )
    packed: bytes = msgpack.packb(present)
    return packed


def _malformed(text: str) -> PeerError:
    return PeerError(Code.MALFORMED, text, closes=True)


def _read_msgpack(frame: bytes) -> object:
    plain: object = msgpack.unpackb(
        frame,
        object_pairs_hook=_map,
        max_array_len=ENTRIES_MAX,
        max_map_len=ENTRIES_MAX,
        max_ext_len=0,
    )
    return plain


def _read_json(frame: str) -> object:
    plain: object = json.loads(
        frame, object_pairs_hook=_map, parse_constant=_refuse_constant, parse_int=_integer
    )
    if SURROGATE.search(frame):
        json.dumps(plain, ensure_ascii=False).encode()
    return plain


def _map(pairs: list[tuple[object, object]]) -> dict[object, object]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise _MapError("a key stands twice in one map")
    for key in entries:
        if type(key) is not str:
            raise _MapError(f"found a key of type {type(key).__name__}, wanted a string")
    return entries


def _integer(digits: str) -> int:
    """An integer; of one with very many digits only that it is out of every range."""
    return int(digits if len(digits) <= DIGITS_MAX else digits[:DIGITS_MAX])


def _refuse_constant(name: str) -> object:
    raise _MapError(f"found {name}, wanted a finite number")


def _check_size(entries: dict[str, Any] | list[Any], depth: int) -> None:
    if depth > DEPTH_MAX:
        raise _MapError(f"nested deeper than {DEPTH_MAX}")
    if len(entries) > ENTRIES_MAX:
        raise _MapError(f"found {len(entries)} entries, wanted at most {ENTRIES_MAX}")


def _cleaned_map(entries: dict[str, Any], depth: int) -> Plain:
    _check_size(entries, depth)
    return {key: _cleaned(value, depth + 1) for key, value in entries.items() if value is not None}


def _cleaned(value: Any, depth: int) -> Any:  # noqa: ANN401
    kind = type(value)
    if kind is int or kind is bytes or kind is str:
        return value
    if kind is float:
        return int(value) if value.is_integer() and abs(value) < EXACT_FLOAT else value
    if kind is dict:
        return _cleaned_map(value, depth)
    if kind is list:
        _check_size(value, depth)
        return [_cleaned(entry, depth + 1) for entry in value]
    if kind is bool or value is None:
        return value
    raise _MapError("found an extension type, wanted none")


def _present(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: _present(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list | tuple):
        return [_present(entry) for entry in value]
    return value


def _base64(value: object) -> str:
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    raise TypeError(f"found {type(value).__name__}, wanted a value of the protocol")
