import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.audio.store import SampleStore
from a2f_ws.errors import MisuseError


def count_up(first, count):
    return (np.arange(count) + first + 1).astype(np.float32)


def read(store, first, count):
    out = np.full(count, np.nan, dtype=np.float32)
    store.read(first, out)
    return out.tolist()


def test_silence_surrounds_the_samples():
    store = SampleStore(10)
    store.append(np.array([1, 2, 3], dtype=np.float32))
    assert read(store, 8, 7) == [0, 0, 1, 2, 3, 0, 0]
    assert read(store, -20, 3) == [0, 0, 0]
    assert read(store, 13, 2) == [0, 0]
    assert read(store, 11, 1) == [2]
    assert read(store, 11, 0) == []


@given(
    start=st.sampled_from([0, 5, 2**50]),
    sizes=st.lists(st.integers(0, 9000), min_size=1, max_size=12),
    behind=st.integers(0, 6000),
    data=st.data(),
)
def test_reads_equal_those_of_a_plain_list(start, sizes, behind, data):
    store, heard = SampleStore(start), []
    for size in sizes:
        samples = count_up(len(heard) % 1000, size)
        heard.extend(samples.tolist())
        store.append(samples)
        store.drop_before(store.end - behind)
        first = data.draw(st.integers(max(store.kept, store.end - behind), store.end + 50))
        wanted = [*heard[first - start : first - start + 700], *[0] * 700][:700]
        assert read(store, first, 700) == wanted


def test_what_was_appended_is_a_copy():
    store, samples = SampleStore(), np.ones(3, dtype=np.float32)
    store.append(samples)
    samples[:] = 7
    assert read(store, 0, 3) == [1, 1, 1]


def test_dropped_samples_cannot_be_read():
    store = SampleStore(100)
    store.append(count_up(0, 50))
    store.drop_before(120)
    assert read(store, 120, 2) == [21, 22]
    for first in (119, 100, 0, -5):
        with pytest.raises(MisuseError, match="those before 120 were dropped"):
            read(store, first, 2)


def test_dropping_goes_forward_only_and_not_past_the_end():
    store = SampleStore()
    store.append(count_up(0, 50))
    store.drop_before(30)
    store.drop_before(20)
    assert store.kept == 30
    store.drop_before(1000)
    store.append(count_up(50, 2))
    assert read(store, 50, 3) == [51, 52, 0]


def test_a_microphone_that_runs_for_a_day_needs_no_more_memory_than_a_minute():
    store, chunk = SampleStore(), np.zeros(160, dtype=np.float32)
    sizes = set()
    for _ in range(20_000):
        store.append(chunk)
        store.drop_before(store.end - 8320)
        sizes.add(store.memory_bytes)
    assert max(sizes) <= 4 * 2 * (8320 + 160)


def test_memory_of_a_burst_is_given_back():
    store = SampleStore()
    store.append(np.zeros(1_000_000, dtype=np.float32))
    store.drop_before(store.end - 100)
    for _ in range(200):
        store.append(np.zeros(10_000, dtype=np.float32))
        store.drop_before(store.end - 100)
    assert store.memory_bytes < 4 * 8 * 2 * 20_100
