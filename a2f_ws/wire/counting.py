"""How many values a frame has, before any of them is made."""

import re
from typing import Final

VALUES_MAX: Final = 16_384
"""Most values of a message: lists, maps, keys and all others, each counted once (ours: the largest
rig sent along has some thousands, and as many as this are read in some milliseconds)."""

_TEXT, _NIL, _NEGATIVE = 0xA0, 0xC0, 0xE0
_PLAIN: Final = {
    **dict.fromkeys((0xC0, 0xC2, 0xC3), 1),
    **dict.fromkeys((0xCC, 0xD0), 2),
    **dict.fromkeys((0xCD, 0xD1, 0xDC, 0xDE, 0xD4), 3),
    0xD5: 4,
    **dict.fromkeys((0xCA, 0xCE, 0xD2, 0xDD, 0xDF), 5),
    0xD6: 6,
    **dict.fromkeys((0xCB, 0xCF, 0xD3), 9),
    0xD7: 10,
    0xD8: 18,
}
_LENGTHS: Final = {
    **dict.fromkeys((0xC4, 0xD9), (1, 0)),
    **dict.fromkeys((0xC5, 0xDA), (2, 0)),
    **dict.fromkeys((0xC6, 0xDB), (4, 0)),
    0xC7: (1, 1),
    0xC8: (2, 1),
    0xC9: (4, 1),
}
"""Source: msgpack/spec.md, *Formats*: bytes of a value, or of its head for lists and maps; bytes of
a length, and of the type behind it."""


def _step(first: int) -> int:
    """Bytes up to the next value; 0 = the length stands in the frame, or there is no such value."""
    if _TEXT <= first < _NIL:
        return 1 + (first & 0x1F)
    if first < _TEXT or first >= _NEGATIVE:
        return 1
    return _PLAIN.get(first, 0)


_STEPS: Final = tuple(map(_step, range(256)))

_FIX_MAP, _FIX_LIST, _FIX_TEXT = 0x80, 0x90, 0xA0
_WIDE: Final = {0xDC: (1, 2), 0xDD: (1, 4), 0xDE: (2, 2), 0xDF: (2, 4)}
"""Values of an entry, and bytes of the number of entries, of lists and maps with a long head."""


def _claim(first: int) -> int:
    """Values in a list or map with a short head; -1 = the number stands in the frame."""
    if _FIX_MAP <= first < _FIX_TEXT:
        return (first & 0x0F) * (2 if first < _FIX_LIST else 1)
    return -1 if first in _WIDE else 0


_CLAIMS: Final = tuple(map(_claim, range(256)))

_TOKEN: Final = re.compile(
    r'[\s,:\]}]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^\s,:\[\]{}"]++|[\[{])', re.DOTALL
)
"""One value or key of a JSON text and what parts it from the one before."""


SHORT_BYTES: Final = 256
"""Frames that need no look: their heads can claim little room (ours)."""


def has_too_many(frame: str | bytes) -> bool:
    """Whether a frame has more values than a message may have.

    In msgpack what heads claim is counted too, since room is made for it. What is no msgpack or
    JSON is counted up to there; its reader finds that out. Costs nothing for a short frame, and for
    a long one as much as it has values, up to `VALUES_MAX`; bytes and texts are passed over.
    """
    if isinstance(frame, str):
        return len(frame) > VALUES_MAX and _in_json(frame)
    return len(frame) > SHORT_BYTES and _in_msgpack(frame)


def _in_msgpack(frame: bytes) -> bool:
    at, end, claimed = 0, len(frame), 1
    for _ in range(VALUES_MAX):
        first = frame[at]
        if claim := _CLAIMS[first]:
            claimed += claim if claim > 0 else _wide_claim(frame, at)
            if claimed > VALUES_MAX:
                return True
        step = _STEPS[first]
        if not step:
            if first not in _LENGTHS:
                return False
            wide, kind = _LENGTHS[first]
            head = at + 1 + wide
            step = 1 + wide + kind + int.from_bytes(frame[at + 1 : head], "big")
        at += step
        if at >= end:
            return False
    return True


def _wide_claim(frame: bytes, at: int) -> int:
    each, wide = _WIDE[frame[at]]
    return each * int.from_bytes(frame[at + 1 : at + 1 + wide], "big")


def _in_json(frame: str) -> bool:
    at = 0
    for _ in range(VALUES_MAX + 1):
        found = _TOKEN.match(frame, at)
        if found is None:
            return False
        at = found.end()
    return True
