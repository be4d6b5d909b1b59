import re

import numpy as np
import pytest

from a2f_ws.animation.emotion import EmotionTrack
from a2f_ws.errors import MisuseError

ATOL = 1e-5
"""Suggested by the vectors' README; ours differs from the SDK by a rounding at most."""


@pytest.fixture(scope="module")
def vectors(reference):
    return reference("emotion_keyframes")


@pytest.fixture
def track(vectors):
    times, keys = vectors.arrays["key_timestamps"].tolist(), vectors.arrays["keys"]
    track = EmotionTrack(keys[0], at=times[0])
    for at, values in zip(times[1:], keys[1:], strict=True):
        track.key(at, values)
    return track


def values(track, times):
    return np.stack([track.value(int(at)) for at in times])


def test_keys_are_interpolated_as_in_the_reference(track, vectors):
    found = values(track, vectors.arrays["query"])
    assert not vectors.arrays["closed_err"].any()
    np.testing.assert_allclose(found, vectors.arrays["closed_out"], rtol=0, atol=ATOL)


def test_ramps_from_key_to_key_give_the_same_values(vectors):
    times, keys = vectors.arrays["key_timestamps"].tolist(), vectors.arrays["keys"]
    ramped = EmotionTrack(keys[0], at=times[0])
    for i in range(1, len(times)):
        ramped.ramp(times[i - 1], keys[i], over=times[i] - times[i - 1])
    found = values(ramped, vectors.arrays["query"])
    np.testing.assert_allclose(found, vectors.arrays["closed_out"], rtol=0, atol=ATOL)


def test_reads_past_the_last_key_of_an_open_source_can_be_told(track, vectors):
    """The SDK refuses them; ours always has a value, and `last_at` says how far it is planned."""
    query = vectors.arrays["query"]
    is_past = query > track.last_at
    assert is_past.astype(int).tolist() == vectors.arrays["open_err"].tolist()
    wanted = vectors.arrays["open_out"][~is_past]
    np.testing.assert_allclose(values(track, query[~is_past]), wanted, rtol=0, atol=ATOL)


def test_times_before_a_drop_are_refused_and_later_ones_are_unchanged(track, vectors):
    """The SDK frees whole buffers of keys; both refuse by the time given, not by what was freed."""
    dropped = int(re.search(r"DropEmotionsBefore\((-?\d+)\)", vectors.meta["dropped"])[1])
    track.drop_before(dropped)
    for i, at in enumerate(vectors.arrays["query"].tolist()):
        if vectors.arrays["dropped_err"][i]:
            with pytest.raises(MisuseError, match=f"those before {dropped} were dropped"):
                track.value(at)
        else:
            wanted = vectors.arrays["dropped_out"][i]
            np.testing.assert_allclose(track.value(at), wanted, rtol=0, atol=ATOL)


def test_a_drop_frees_at_least_what_the_reference_frees(track, vectors):
    dropped = int(re.search(r"DropEmotionsBefore\((-?\d+)\)", vectors.meta["dropped"])[1])
    before = track.planned
    track.drop_before(dropped)
    assert before - track.planned >= vectors.arrays["dropped_count"][0]


def test_one_key_alone_holds_everywhere(vectors):
    single = EmotionTrack(vectors.arrays["keys"][0], at=int(vectors.arrays["key_timestamps"][0]))
    wanted = vectors.arrays["single_out"]
    found = values(single, vectors.arrays["query"][: len(wanted)])
    assert np.array_equal(found, wanted)
