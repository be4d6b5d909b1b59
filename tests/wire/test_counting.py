"""How many values a message may have, found out before any of them is made."""

import json
import random
import struct

import msgpack
import pytest

from a2f_ws.errors import PeerError
from a2f_ws.wire.codec import decode
from a2f_ws.wire.counting import VALUES_MAX, has_too_many
from a2f_ws.wire.frames import ENTRIES_MAX, unpack

HEAD = b"\x83\xa2op\xa4ping\xa1t\x01\xa1x"
"""The beginning of a `ping` with a field that is not known."""


def values(plain):
    """The values in a message, keys too."""
    if isinstance(plain, dict):
        return 1 + sum(1 + values(value) for value in plain.values())
    return 1 + sum(map(values, plain)) if isinstance(plain, list) else 1


def ping(count):
    """A ping of about so many values, rather more."""
    left = count - 8
    lists = []
    while left > 0:
        size = min(left - 1, ENTRIES_MAX)
        lists.append([0] * size)
        left -= size + 1
    return {"op": "ping", "t": 1, "x": lists}


def closing(frame, *, is_json=False):
    with pytest.raises(PeerError) as caught:
        unpack(frame, is_json)
    fault = caught.value
    return fault.closes, fault.code, fault.message


@pytest.mark.parametrize("is_json", [False, True])
def test_a_message_may_have_the_most_values_and_not_one_more(is_json):
    write = json.dumps if is_json else msgpack.packb
    most, over = ping(VALUES_MAX + 1), ping(VALUES_MAX + 2)
    while values(most) > VALUES_MAX:
        most["x"][0].pop()
    while values(over) > VALUES_MAX + 1:
        over["x"][0].pop()
    assert (values(most), values(over)) == (VALUES_MAX, VALUES_MAX + 1)
    assert decode(write(most), is_json).t == 1
    assert closing(write(over), is_json=is_json)[:2] == (True, 4400)
    assert "16384 values" in closing(write(over), is_json=is_json)[2]


@pytest.mark.parametrize("leaf", [b"\x90", b"\x80", b"\xc0", b"\x81\xa0\xc0", b"\xca\0\0\0\0"])
def test_four_megabytes_of_small_values_are_refused_before_any_is_made(leaf):
    size = min(ENTRIES_MAX, (4 << 20) // 4096 // len(leaf) - 4)
    frame = HEAD + b"\xdc\x0f\xff" + (b"\xdc" + struct.pack(">H", size) + leaf * size) * 4095
    assert has_too_many(frame)
    assert closing(frame)[:2] == (True, 4400)


@pytest.mark.parametrize(
    "head", [b"\xdc\x10\x00", b"\xde\x10\x00\xa1a", b"\xdd\0\0\x10\0", b"\x9f"]
)
def test_what_heads_claim_counts_though_it_never_comes(head):
    assert has_too_many(head * 1_100)


def test_four_megabytes_of_bytes_or_text_are_one_value():
    for value in (bytes(4_000_000), "x" * 4_000_000, "[{,:" * 1_000_000):
        assert decode(msgpack.packb({"op": "ping", "t": 1, "x": value}), False).t == 1
    text = json.dumps({"op": "ping", "t": 1, "x": '[],{"\\:' * 100_000})
    assert decode(text, True).t == 1
    assert decode('{"op":"ping","t":1,' + " " * 1_000_000 + '"x":[1]}', True).t == 1


def some(rng, depth):
    """A value such as messages may have."""
    kind = rng.randrange(9 if depth else 7)
    if kind == 7:
        return [some(rng, depth - 1) for _ in range(rng.choice((0, 3, 15, 16, 40)))]
    if kind == 8:
        return {f"k{k}": some(rng, depth - 1) for k in range(rng.choice((0, 3, 15, 16, 40)))}
    text = 'ä"\\[,:' * rng.choice((0, 1, 5, 6, 60, 12_000))
    number = rng.choice((1, -1)) * rng.randrange(2 ** rng.choice((1, 5, 7, 8, 15, 16, 31, 32, 53)))
    return (None, True, rng.random(), number, text, number, text[:7])[kind]


@pytest.mark.parametrize("seed", range(40))
def test_values_of_every_kind_are_counted_alike_in_both_encodings(seed, monkeypatch):
    plain = {"op": "ping", "x": some(random.Random(seed), 3), "y": [0] * 300}
    count = values(plain)
    frames = msgpack.packb(plain), json.dumps(plain, indent=seed % 2 or None)
    for most, is_over in ((count, False), (count - 1, True)):
        monkeypatch.setattr("a2f_ws.wire.counting.VALUES_MAX", most)
        assert [has_too_many(frame) for frame in frames] == [is_over, is_over]


def test_bytes_and_extensions_of_every_length_are_passed_over(monkeypatch):
    sizes = (0, 1, 2, 4, 8, 16, 17, 255, 256, 65_535, 65_536)
    content = [bytes(size) for size in sizes] + [msgpack.ExtType(5, bytes(n)) for n in sizes]
    frame = msgpack.packb(content)
    for most, is_over in ((len(content) + 1, False), (len(content), True)):
        monkeypatch.setattr("a2f_ws.wire.counting.VALUES_MAX", most)
        assert has_too_many(frame) is is_over


def test_broken_frames_are_left_to_their_reader():
    rng = random.Random(5)
    whole = msgpack.packb({"op": "ping", "x": [some(rng, 3) for _ in range(30)], "y": [0] * 300})
    for _ in range(300):
        cut = bytearray(whole[: rng.randrange(len(whole))])
        for _ in range(rng.randrange(4)):
            if cut:
                cut[rng.randrange(len(cut))] = rng.randrange(256)
        try:
            unpack(bytes(cut), False)
        except PeerError as fault:
            assert (fault.closes, fault.code) == (True, 4400)
    assert not has_too_many('"' * 20_001)
    assert not has_too_many(b"\xc1" * 300)
