"""Damaged input of every kind: refused in words, and nothing else happens."""

import gc
import json

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import force_setattr

from a2f_ws.wire.codec import OPS, encode
from tests.fuzz.damage import damaged
from tests.fuzz.seeds import kept, seeds
from tests.fuzz.targets import IS_BURST, IS_JSON, IS_OPEN, TARGETS, conversation
from tests.wire.test_codec import messages_of

SEEDS = seeds()
COUNTS = {"wire": 4_000, "npz": 3_000, "manifest": 500, "clip": 3_000}
GROWTH_MAX = 24 * 1024 * 1024
"""Memory that the second half of all inputs may add, bytes: what allocators keep for later."""

SPOKEN = ("audio", "end", "emotion", "set", "interrupt", "played", "close", "open")

FLAGS = (IS_OPEN, IS_OPEN | IS_BURST, IS_OPEN | IS_JSON)


def resident():
    gc.collect()
    return psutil.Process().memory_info().rss


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_found_once_is_survived_for_ever(target):
    for data in [*SEEDS[target], *kept(target)]:
        TARGETS[target](data)


@pytest.mark.parametrize("target", TARGETS)
def test_damaged_input_is_refused_and_costs_no_memory(target):
    half, fuzz = COUNTS[target] // 2, TARGETS[target]
    known = [*SEEDS[target], *kept(target)]
    for data in damaged(known, count=half, seed=1):
        fuzz(data)
    before = resident()
    for data in damaged(known, count=half, seed=2):
        fuzz(data)
    assert resident() - before < GROWTH_MAX


def spoken():
    """A message that a session may be sent, about one of few sessions and utterances."""
    few = {"sid": st.integers(1, 2), "u": st.integers(1, 4)}
    kinds = st.sampled_from(SPOKEN).flatmap(lambda op: messages_of(OPS[op]))
    return st.tuples(kinds, st.fixed_dictionaries(few)).map(lambda pair: near(*pair))


def near(message, few):
    """The message, about what there is rather than about anything."""
    for name, value in few.items():
        if isinstance(getattr(message, name, None), int):
            force_setattr(message, name, value)
    if getattr(message, "first", None) is not None:
        force_setattr(message, "first", message.first % 40_000)
    return message


@settings(max_examples=60)
@given(messages=st.lists(spoken(), min_size=1, max_size=12), flags=st.sampled_from(FLAGS))
def test_any_messages_in_any_order_are_answered_by_the_protocol(messages, flags):
    is_json = bool(flags & IS_JSON)
    frames = [encode(message, is_json) for message in messages]
    frames = [frame.encode() if is_json else frame for frame in frames]
    TARGETS["wire"](conversation(frames, flags))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@settings(max_examples=150)
@given(data=st.data())
def test_a_bundle_with_any_value_in_any_place_is_read_or_refused(data):
    seed = data.draw(st.sampled_from(SEEDS["manifest"]))
    document = json.loads(seed[1:])
    place = document
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        parent, key = place, data.draw(st.sampled_from(keys))
        place = parent[key]
        if data.draw(st.booleans()):
            break
    parent[key] = data.draw(VALUES)
    TARGETS["manifest"](seed[:1] + json.dumps(document).encode())
