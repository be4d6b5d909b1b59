from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.audio.window import Windows
from a2f_ws.errors import MisuseError
from a2f_ws.timebase import BlockRate, PoseRate

RATES = st.sampled_from([60, 30, 25, 24, 10, 240, (30000, 1001), (60000, 1001), (100, 7)])


def windows(*, buffer_len=8320, buffer_ofs=4160, rate=60, start=0):
    return Windows(
        buffer_len=buffer_len, buffer_ofs=buffer_ofs, rate=PoseRate.of(rate), start=start
    )


def noise(count, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, count).astype(np.float32)


def centre(i, rate):
    return floor(Fraction(i * 16_000) / Fraction(rate.num, rate.den))


def counted(*, end, is_closed, rate, ahead):
    """Poses that the two rules of the reference allow, one by one."""
    i = 0
    while (centre(i, rate) < end) if is_closed else (centre(i, rate) + ahead <= end):
        i += 1
    return i


def test_the_first_pose_is_complete_when_half_a_window_was_heard():
    heard = windows()
    heard.hear(np.ones(4159, dtype=np.float32))
    assert heard.available == 0
    heard.hear(np.ones(1, dtype=np.float32))
    assert heard.available == 1
    assert heard.cut(0).tolist() == [0] * 4160 + [1] * 4160


@given(
    rate=RATES,
    count=st.integers(0, 20_000),
    shape=st.sampled_from([(8320, 4160), (600, 0), (500, 500), (1, 0)]),
)
def test_poses_become_available_by_the_counting_rules(rate, count, shape):
    length, before = shape
    heard = windows(buffer_len=length, buffer_ofs=before, rate=rate)
    heard.hear(np.zeros(count, dtype=np.float32))
    fps = PoseRate.of(rate)
    ahead = length - before
    assert heard.available == counted(end=count, is_closed=False, rate=fps, ahead=ahead)
    heard.close()
    assert heard.available == counted(end=count, is_closed=True, rate=fps, ahead=ahead)


@given(
    rate=RATES,
    start=st.sampled_from([0, 1, 3000, 50_000]),
    sizes=st.lists(st.integers(0, 3000), min_size=1, max_size=10),
    shape=st.sampled_from([(8320, 4160), (1200, 100), (700, 700)]),
)
def test_windows_of_any_split_equal_slices_of_the_padded_sound(rate, start, sizes, shape):
    length, before = shape
    fps = PoseRate.of(rate)
    sound = noise(sum(sizes))
    padded = np.concatenate((np.zeros(start + before), sound, np.zeros(length))).astype(np.float32)
    heard = windows(buffer_len=length, buffer_ofs=before, rate=rate, start=start)
    done = fps.first_at(start, 16_000)

    def cut_all(done):
        while done < heard.available:
            at = centre(done, fps)
            assert heard.cut(done).tobytes() == padded[at : at + length].tobytes()
            done += 1
            heard.drop_before(done)
        return done

    for piece in np.split(sound, np.cumsum(sizes)[:-1]):
        heard.hear(piece)
        done = cut_all(done)
    heard.close()
    assert cut_all(done) == max(fps.first_at(start + len(sound), 16_000), done)


def test_a_window_can_be_cut_into_a_row_of_a_batch():
    heard, batch = windows(), np.full((3, 8320), np.nan, dtype=np.float32)
    heard.hear(noise(9000))
    assert heard.cut(4, batch[1]).base is batch
    assert batch[1].tobytes() == heard.cut(4).tobytes()
    assert np.isnan(batch[[0, 2]]).all()


def test_an_utterance_far_from_its_sample_zero_costs_nothing():
    start = 2**53
    heard = windows(start=start)
    heard.hear(noise(8320))
    rate = PoseRate.of(60)
    first = rate.first_at(start, 16_000)
    assert heard.available == rate.first_at(start + 4161, 16_000)
    silence = start - (centre(first, rate) - 4160)
    row = heard.cut(first)
    assert not row[:silence].any()
    assert row[silence:].tobytes() == noise(8320)[: 8320 - silence].tobytes()
    assert heard.memory_bytes < 200_000


def test_incomplete_windows_are_refused():
    heard = windows()
    heard.hear(noise(4500))
    assert heard.available == 2
    for i in (-1, 2, 3):
        with pytest.raises(MisuseError, match=f"^window {i}: only those up to 1 are complete$"):
            heard.cut(i)


def test_dropped_windows_are_refused_and_the_next_one_is_whole():
    heard = windows()
    heard.hear(noise(20_000))
    wanted = heard.cut(40).tobytes()
    heard.drop_before(40)
    assert heard.cut(40).tobytes() == wanted
    with pytest.raises(MisuseError, match="were dropped"):
        heard.cut(39)


def test_nothing_is_heard_after_the_end():
    heard = windows()
    heard.close()
    heard.close()
    assert (heard.is_closed, heard.available) == (True, 0)
    with pytest.raises(MisuseError, match="after the end"):
        heard.hear(noise(1))


def test_a_day_of_microphone_keeps_one_window():
    heard, chunk = windows(), noise(1600)
    done = 0
    for _ in range(3000):
        heard.hear(chunk)
        done = heard.available
        heard.drop_before(done)
    assert done == PoseRate.of(60).first_at(3000 * 1600 - 4160 + 1, 16_000)
    assert heard.memory_bytes <= 4 * 2 * (8320 + 1600)


@pytest.mark.parametrize(("length", "before"), [(0, 0), (10, 11), (10, -1)])
def test_a_window_that_misses_its_pose_is_refused(length, before):
    with pytest.raises(MisuseError, match=f"^window of {length} samples with {before} before"):
        windows(buffer_len=length, buffer_ofs=before)


@given(
    buffer_ofs=st.integers(-900, 800),
    before=st.integers(0, 12),
    lengths=st.lists(st.integers(1, 3_000), min_size=1, max_size=8),
)
def test_windows_of_blocks_are_complete_as_soon_as_their_last_sample_is_there(
    buffer_ofs, before, lengths
):
    blocks = BlockRate(PoseRate.of(100), frames=4, before=before)
    heard, sound = Windows(buffer_len=801, buffer_ofs=buffer_ofs, rate=blocks), noise(30_000)
    for length in lengths:
        heard.hear(sound[heard.end : heard.end + length])
        k = heard.available
        ends = [(4 * at - before) * 160 - buffer_ofs + 801 for at in (k - 1, k)]
        assert (k == 0 or ends[0] <= heard.end) and ends[1] > heard.end
        for at in range(k):
            start = (4 * at - before) * 160 - buffer_ofs
            wanted = [sound[n] if n >= 0 else 0.0 for n in range(start, start + 801)]
            assert heard.cut(at).tolist() == wanted


def test_after_the_end_later_windows_hear_silence():
    heard = windows()
    heard.hear(noise(100))
    heard.close()
    assert heard.available == 1
    assert not heard.cut(500).any()
