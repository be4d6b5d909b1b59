"""Every vector file, through the codec both ways."""

import json

import msgspec
import pytest

from a2f_ws.errors import PeerError
from a2f_ws.wire.client_protocol import ClientProtocol
from a2f_ws.wire.codec import FROM_CLIENT, FROM_SERVER, OPS, decode, encode, op_of
from a2f_ws.wire.messages import AudioFormat, CurveSet, Received
from a2f_ws.wire.states import ClientState


def frames_in(words):
    if "hex" in words:
        yield bytes.fromhex(words["hex"]), False
    if "json" in words:
        yield words["json"], True


def said(value):
    """What a decoded message says: absent fields left out, lists for tuples."""
    if isinstance(value, dict):
        return {key: said(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [said(inner) for inner in value]
    return value


def fields_of(message):
    return said(msgspec.to_builtins(message, builtin_types=(bytes,)))


def test_generated_bytes_give_the_fields(generated):
    words, fields = generated
    for frame, is_json in frames_in(words):
        assert fields_of(decode(frame, is_json)) == fields


def test_the_fields_give_the_generated_bytes(generated):
    words, fields = generated
    message = msgspec.convert(fields, OPS[fields["op"]], builtin_types=(bytes,))
    assert encode(message, is_json=False).hex(" ") == words["hex"]
    assert encode(message, is_json=True) == words["json"]


def test_other_legal_bytes_give_the_fields(accepted):
    words, fields = accepted
    for frame, is_json in frames_in(words):
        if "ignored" in words:
            client = ClientProtocol(is_json)
            client.state = ClientState.READY
            assert client.receive(frame) is None
        else:
            assert fields_of(decode(frame, is_json)) == fields


def test_bad_bytes_are_refused_with_their_code_and_field(refused):
    words, fields = refused
    assert not fields
    for frame, is_json in frames_in(words):
        with pytest.raises(PeerError) as caught:
            decode(frame, is_json)
        fault = caught.value
        if "close" in words:
            assert (fault.closes, fault.code) == (True, int(words["close"]))
        else:
            code, field = words["error"].split(" ")
            assert (fault.closes, fault.code, fault.field) == (False, int(code), field)
        assert "found" in fault.message or fault.closes


def test_every_message_of_both_directions_has_a_vector(all_generated):
    seen = {(words["from"], fields["op"]) for _, words, fields in all_generated}
    wanted = {("client", op_of(kind)) for kind in FROM_CLIENT}
    wanted |= {("server", op_of(kind)) for kind in FROM_SERVER}
    assert seen == wanted


def test_every_field_stands_in_a_vector_and_every_optional_one_is_absent_in_another(all_generated):
    for op, kind in OPS.items():
        maps = [fields for _, _, fields in all_generated if fields["op"] == op]
        info = msgspec.structs.fields(kind)
        assert {field.name for field in info} <= set().union(*maps)
        for field in info:
            if field.default is None:
                assert any(field.name not in one for one in maps), (op, field.name)


@pytest.mark.parametrize("kind", [AudioFormat, CurveSet, Received], ids=lambda kind: kind.__name__)
def test_every_field_of_inner_maps_stands_in_a_vector(kind, all_generated):
    text = json.dumps([words["json"] for _, words, _ in all_generated])
    for name in kind.__struct_fields__:
        assert f'\\"{name}\\":' in text


def test_vectors_hold_the_largest_integers(all_generated):
    numbers = {
        value for _, _, fields in all_generated for value in fields.values() if type(value) is int
    }
    assert {0, 1, 2**31 - 1, 2**53 - 1} <= numbers
