"""Damaged copies of inputs, the same ones for the same seed."""

import random

NUMBERS = (
    b"\x00", b"\x01", b"\x7f", b"\x80", b"\xff", b"\xff\xff", b"\x00\x80", b"\xff\xff\xff\x7f",
    b"\xff\xff\xff\xff", b"\x00\x00\xc0\x7f", b"\x00\x00\x80\x7f", b"\xcf" + b"\xff" * 8,
    b"-1", b"0", b"1e999", b"NaN", b"4294967296", b"9007199254740993", b"null", b"[]", b"{}", b'""',
    b"true", b"\xc0", b"\x90", b"\xdd\xff\xff\xff\xff", b"\xc7\x00\x01", b"\xed\xa0\x80",
)  # fmt: skip
"""Bytes that often stand at an edge."""

LONGEST = 1 << 16


def damaged(seeds, *, count, seed):
    """So many inputs, each made of one or two seeds by one to four damages."""
    source = random.Random(seed)
    for _ in range(count):
        data = bytearray(source.choice(seeds))
        for _ in range(source.randint(1, 4)):
            source.choice(DAMAGES)(data, source, seeds)
        yield bytes(data[:LONGEST])


def _flip(data, source, seeds):
    del seeds
    if data:
        data[source.randrange(len(data))] ^= 1 << source.randrange(8)


def _place(data, source):
    start = source.randint(0, len(data))
    return slice(start, start + source.choice((0, 1, 2, 4, 8, 64)))


def _number(data, source, seeds):
    del seeds
    data[_place(data, source)] = source.choice(NUMBERS)


def _cut(data, source, seeds):
    del seeds
    del data[_place(data, source)]


def _double(data, source, seeds):
    del seeds
    where = _place(data, source)
    part = data[where] * source.choice((1, 2, 50))
    data[where.start : where.start] = part


def _splice(data, source, seeds):
    other = source.choice(seeds)
    where = _place(other, source)
    data[_place(data, source)] = other[where.start : where.start + 64]


def _join(data, source, seeds):
    data += source.choice(seeds)[1:]


def _end(data, source, seeds):
    del seeds
    del data[source.randint(0, len(data)) :]


DAMAGES = (_flip, _flip, _number, _number, _cut, _double, _splice, _join, _end)
