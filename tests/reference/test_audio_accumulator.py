import re

import numpy as np
import pytest

from a2f_ws.audio.store import SampleStore
from a2f_ws.errors import MisuseError


@pytest.fixture(scope="module")
def vectors(reference):
    return reference("audio_accumulator")


@pytest.fixture
def store(vectors):
    """The audio, appended in the chunks of the reference."""
    audio, chunks = vectors.arrays["audio"], vectors.arrays["chunks"]
    store = SampleStore()
    for chunk in np.split(audio, np.cumsum(chunks)[:-1]):
        store.append(chunk)
    return store


def read(store, first, vectors):
    out = np.full(vectors.meta["len"], np.nan, dtype=np.float32)
    store.read(int(first), out)
    return out


def dropped_at(vectors):
    """The sample given to DropSamplesBefore; `meta` has it in words only."""
    return int(re.search(r"DropSamplesBefore\((\d+)\)", vectors.meta["drop"])[1])


def test_reads_around_a_closed_stream_are_padded_as_in_the_reference(store, vectors):
    found = [read(store, first, vectors) for first in vectors.arrays["starts"]]
    assert not vectors.arrays["closed_err"].any()
    assert np.array_equal(found, vectors.arrays["closed_out"])


def test_the_input_strength_is_one_float32_multiplication_of_the_window(store, vectors):
    """The SDK applies it inside the read; ours is applied to the row by the pipeline."""
    key = next(key for key in vectors.arrays if key.startswith("closed_strength"))
    strength = np.float32(key.removeprefix("closed_strength").replace("p", "."))
    found = [read(store, first, vectors) * strength for first in vectors.arrays["starts"]]
    assert np.array_equal(found, vectors.arrays[key])


def test_reads_of_an_open_stream_are_complete_exactly_when_the_reference_allows_them(
    store, vectors
):
    """The SDK refuses a read past the end of an open stream; `Windows` asks `end` first."""
    firsts = vectors.arrays["starts"]
    is_incomplete = [int(first + vectors.meta["len"] > store.end) for first in firsts]
    assert is_incomplete == vectors.arrays["open_err"].tolist()
    for i, first in enumerate(firsts):
        if not is_incomplete[i]:
            assert np.array_equal(read(store, first, vectors), vectors.arrays["open_out"][i])


def test_dropped_samples_are_refused_as_in_the_reference(store, vectors):
    """The SDK frees whole buffers; given the edge of the buffer, ours refuses the same reads."""
    buffer = vectors.meta["tensor_size"]
    edge = dropped_at(vectors) // buffer * buffer
    store.drop_before(edge)
    assert [store.end, store.kept, 1] == vectors.arrays["state_dropped"].tolist()
    for i, first in enumerate(vectors.arrays["starts"]):
        if vectors.arrays["dropped_err"][i]:
            with pytest.raises(MisuseError, match=f"those before {edge} were dropped"):
                read(store, first, vectors)
        else:
            assert np.array_equal(read(store, first, vectors), vectors.arrays["dropped_out"][i])


def test_after_dropping_to_a_sample_everything_from_it_on_is_still_there(store, vectors):
    """Ours drops to the sample, not to the buffer: from there on it reads what the SDK reads."""
    first_kept = dropped_at(vectors)
    store.drop_before(first_kept)
    later = [i for i, first in enumerate(vectors.arrays["starts"]) if first >= first_kept]
    assert len(later) > 0
    for i in later:
        row = read(store, vectors.arrays["starts"][i], vectors)
        assert np.array_equal(row, vectors.arrays["dropped_out"][i])


def test_the_store_counts_what_the_reference_counts(store, vectors):
    assert [store.end, store.kept, 1] == vectors.arrays["state_closed"].tolist()
