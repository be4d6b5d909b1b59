"""Frames to messages and back: round trips of everything, and a fault for everything else."""

import json

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect

from a2f_ws.errors import PeerError
from a2f_ws.wire.codec import OPS, decode, encode
from a2f_ws.wire.messages import AudioFormat
from a2f_ws.wire.replies import Poses
from a2f_ws.wire.requests import Audio, Open, Ping, Played
from a2f_ws.wire.wanted import type_of

TEXT = st.characters(codec="utf-8")
SCALARS = {
    inspect.IntType: lambda kind: st.integers(kind.ge, kind.le),
    inspect.FloatType: lambda kind: st.floats(kind.ge, kind.le),
    inspect.BoolType: lambda _: st.booleans(),
    inspect.NoneType: lambda _: st.none(),
    inspect.LiteralType: lambda kind: st.sampled_from(kind.values),
    inspect.StrType: lambda kind: st.text(
        TEXT, min_size=kind.min_length or 0, max_size=kind.max_length or 20
    ),
    inspect.BytesType: lambda kind: st.binary(
        min_size=kind.min_length or 0, max_size=kind.max_length or 40
    ),
    inspect.AnyType: lambda _: st.none() | st.text(TEXT, max_size=5) | st.integers(-9, 9),
}


def values_of(kind):
    """Any value that a type allows, as a message holds it."""
    return {**SCALARS, **CONTAINERS}[type(kind)](kind)


def lists_of(kind):
    return st.lists(values_of(kind.item_type), min_size=kind.min_length, max_size=kind.max_length)


def maps_of(kind):
    entries = values_of(kind.value_type).filter(is_there)
    return st.dictionaries(values_of(kind.key_type), entries, max_size=3)


CONTAINERS = {
    inspect.UnionType: lambda kind: st.one_of(*map(values_of, kind.types)),
    inspect.TupleType: lambda kind: st.tuples(*map(values_of, kind.item_types)),
    inspect.VarTupleType: lambda kind: st.lists(values_of(kind.item_type), max_size=3).map(tuple),
    inspect.ListType: lists_of,
    inspect.DictType: maps_of,
    inspect.StructType: lambda kind: messages_of(kind.cls),
}


def is_there(value):
    return value is not None


def fitted(kind, values):
    """The values with those fields put right that depend on others."""
    rates = st.sampled_from([10, 240, [10, 1], [240, 1], [30000, 1001]])
    if kind.__name__ in ("Open", "Opened"):
        values["fps"] = rates
    if kind.__name__ == "Set":
        values["fps"] = st.none() | rates
    return st.fixed_dictionaries(values).map(lambda fields: agreed(kind, fields))


def agreed(kind, fields):
    if kind.__name__ == "Open" and fields["role"] == "speak" and fields["audio"] is None:
        fields["audio"] = AudioFormat(format="ulaw", rate=8000)
    if kind.__name__ == "Open" and (fields["role"] == "watch" or fields["name"] is not None):
        fields["name"] = "".join(filter(str.isprintable, fields["name"] or "")) or "talk show"
    if kind.__name__ == "Emotion" and None in (fields["u"], fields["t_us"]):
        fields["u"] = fields["t_us"] = None
    if kind.__name__ == "Opened":
        fields["row"] = len(fields["curves"]) + 7 * len(fields["transforms"])
    if kind.__name__ == "Poses":
        fields["data"] *= 4 * fields["n"]
    if kind.__name__ == "Rest":
        fields["data"] *= 4
    return kind(**fields)


def messages_of(kind):
    return fitted(kind, {field.name: values_of(field.type) for field in type_of(kind).fields})


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize("is_json", [False, True], ids=["msgpack", "json"])
@given(data=st.data())
def test_what_was_encoded_is_decoded(op, is_json, data):
    message = data.draw(messages_of(OPS[op]))
    frame = encode(message, is_json)
    assert isinstance(frame, str) is is_json
    assert decode(frame, is_json) == message


def refusal(frame, is_json=False):
    with pytest.raises(PeerError) as caught:
        decode(frame, is_json)
    return caught.value


def packed(**fields):
    return msgpack.packb(fields)


def test_a_frame_of_the_wrong_kind_closes():
    assert refusal('{"op":"ping","t":0}').closes
    assert refusal(b"\x82\xa2op\xa4ping\xa1t\x00", is_json=True).closes
    assert refusal("{}").message == "found a text frame, wanted a binary frame"


def test_a_fault_carries_the_session_and_the_request_it_belongs_to():
    fault = refusal(packed(op="audio", sid=3, id=9, u=0, first=0, pcm=b""))
    assert (fault.code, fault.closes, fault.field, fault.sid, fault.re) == (4422, False, "u", 3, 9)
    assert fault.message == "audio.u: found 0, wanted integer 1 to 2147483647"


def test_a_fault_carries_no_session_or_request_that_are_no_numbers_of_the_protocol():
    fault = refusal(packed(op="audio", sid=-1, id=True, u=1, first=0, pcm=b""))
    assert (fault.sid, fault.re) == (None, None)
    fault = refusal(packed(op="audio", sid=2**31, id=2**53, u=1, first=0, pcm=b""))
    assert (fault.sid, fault.re) == (None, None)


def test_an_unknown_op_is_refused_with_its_session_and_the_socket_stays():
    fault = refusal(packed(op="shout", sid=3, id=9))
    assert (fault.code, fault.closes, fault.field) == (4400, False, "op")
    assert (fault.sid, fault.re) == (3, 9)
    assert fault.message.startswith("op: found 'shout', wanted one of audio, close, ")


def test_a_missing_field_is_told_apart_from_a_bad_one():
    fault = refusal(packed(op="audio", sid=1, u=1, first=0))
    assert fault.message == "audio.pcm: found nothing, wanted bytes"
    fault = refusal(packed(op="audio", sid="1", u=1, first=0, pcm=b""))
    assert fault.message == "audio.sid: found '1', wanted integer 0 to 2147483647"


def test_the_faulty_key_of_a_map_is_named():
    values = {"joy": 0.5, "fear": 2.0}
    fault = refusal(packed(op="emotion", sid=1, values=values))
    assert fault.field == "values.fear"
    assert fault.message == "emotion.values.fear: found 2, wanted number 0 to 1"


def test_what_was_found_is_shown_in_short():
    fault = refusal(packed(op="open", sid=1, rig="x" * 1_000_000, fps=60))
    assert len(fault.message) < 200
    fault = refusal(packed(op="audio", sid=b"\0" * 1000, u=1, first=0, pcm=b""))
    assert "found 1000 bytes" in fault.message
    fault = refusal(packed(op="audio", sid=[1, 2], u=1, first=0, pcm=b""))
    assert "found a list of 2" in fault.message


def test_texts_of_faults_are_plain_ascii_whatever_was_found():
    fault = refusal(packed(op="open", sid=1, rig="ü\x00\n", fps="\u2028"))
    assert fault.message.isascii()


def test_too_many_entries_are_refused():
    fault = refusal(packed(op="emotion", sid=1, values={str(i): 0.5 for i in range(65)}))
    assert (fault.code, fault.field) == (4422, "values")
    assert fault.message.startswith("emotion.values: found a map of 65, wanted map of text")
    assert refusal(packed(op="ping", t=0, unknown=[0] * 4097)).closes
    assert refusal(json.dumps({"op": "ping", "t": 0, "x": [0] * 4097}), is_json=True).closes
    names = ["a"] * 1025
    fault = refusal(packed(op="set", sid=1, have=names))
    assert (fault.code, fault.field) == (4422, "have")


def test_headers_that_claim_much_cost_no_memory():
    claims = b"\xdd\x00\x40\x00\x00" * 800_000
    assert refusal(claims).closes
    assert refusal(b"\xdd\x00\x00\x10\x00" * 800_000).closes


def test_json_of_any_depth_and_length_is_refused_and_not_crashed_by():
    assert refusal("[" * 200_000, is_json=True).closes
    long = refusal('{"op":"ping","t":' + "9" * 10_000 + "}", is_json=True)
    assert (long.closes, long.code, long.field) == (False, 4422, "t")
    assert refusal('\ufeff{"op":"ping","t":0}', is_json=True).closes


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_or_a_fault(frame):
    try:
        message = decode(frame, is_json=False)
    except PeerError as fault:
        assert fault.code in (4400, 4422)
    else:
        assert decode(encode(message, is_json=False), is_json=False) == message


@given(st.binary(min_size=1, max_size=3), st.integers(0, 200))
def test_any_damage_to_a_message_is_a_message_or_a_fault(damage, place):
    watch = Open(sid=1, rig="arkit", fps=60, role="watch", name="show")
    frame = bytearray(encode(watch, is_json=False))
    frame[place : place + len(damage)] = damage
    try:
        decode(bytes(frame), is_json=False)
    except PeerError as fault:
        assert fault.code in (4400, 4422)


def test_absent_fields_are_left_out_and_defaults_are_written():
    assert msgpack.unpackb(encode(Ping(t=5), is_json=False)) == {"op": "ping", "t": 5}
    assert msgpack.unpackb(encode(Played(sid=1, u=1, t_us=0), is_json=False)) == {
        "op": "played",
        "sid": 1,
        "u": 1,
        "t_us": 0,
        "rate": 1.0,
        "paused": False,
    }


def test_bytes_travel_as_padded_base64_in_json():
    frame = encode(Audio(sid=1, u=1, first=0, pcm=b"\xfb\xff"), is_json=True)
    assert frame == '{"op":"audio","sid":1,"u":1,"first":0,"pcm":"+/8="}'


def test_a_message_of_our_own_that_breaks_a_rule_is_not_made():
    with pytest.raises(ValueError, match="multiple of 8"):
        Poses(sid=1, u=1, layout=1, i=0, t_us=0, n=2, data=bytes(12))
    with pytest.raises(ValueError, match="role"):
        Open(sid=1, rig="arkit", fps=60)
