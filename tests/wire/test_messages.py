"""The classes of messages and what their docstrings must say."""

import re

import msgspec
import pytest

from a2f_ws.errors import PeerError
from a2f_ws.wire.codec import OPS
from a2f_ws.wire.replies import Error

MESSAGES = list(OPS.values())


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_every_field_is_described_once(kind):
    text = "\n".join(base.__doc__ or "" for base in kind.__mro__[:2])
    for name in kind.__struct_fields__:
        assert len(re.findall(rf"^ {{4,8}}{name}: ", text, re.MULTILINE)) == 1, name


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_every_integer_and_float_has_a_range_so_that_no_nan_gets_in(kind):
    def check(info):
        if isinstance(info, msgspec.inspect.IntType | msgspec.inspect.FloatType):
            assert info.ge is not None
            assert info.le is not None
        for name in ("types", "item_types"):
            for inner in getattr(info, name, ()):
                check(inner)
        for name in ("item_type", "key_type", "value_type"):
            if hasattr(info, name):
                check(getattr(info, name))
        for field in getattr(info, "fields", ()):
            check(field.type)

    check(msgspec.inspect.type_info(kind))


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_messages_cannot_be_changed(kind):
    assert kind.__struct_config__.frozen
    assert kind.__struct_config__.tag_field == "op"


def test_a_refusal_tells_a_thousand_characters_at_most():
    error = Error.of(PeerError(4422, "x" * 5000, field="y" * 5000))
    assert (error.message, error.field) == ("x" * 1000 + "…", "y" * 1000 + "…")
    assert Error.of(PeerError(4422, "x" * 1000)).message == "x" * 1000
