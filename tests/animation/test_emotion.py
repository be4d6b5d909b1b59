from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.animation.emotion import PLANNED_MAX, EmotionTrack
from a2f_ws.errors import MisuseError

JOY = np.eye(10)[6]
ANGER = np.eye(10)[1]


def vector(seed):
    return np.random.default_rng(seed).uniform(0, 1, 10).astype(np.float32)


def keyed(times, seed=0):
    track = EmotionTrack(vector(seed), at=times[0])
    for i, at in enumerate(times[1:], start=1):
        track.key(at, vector(seed + i))
    return track


def test_one_key_holds_for_ever():
    track = EmotionTrack(JOY, at=100)
    assert [track.value(at).tolist() for at in (-(10**15), 100, 10**15)] == [JOY.tolist()] * 3


def test_between_two_keys_the_value_is_linear():
    track = EmotionTrack(np.zeros(10))
    track.key(1000, JOY)
    assert [track.value(at)[6] for at in (-5, 0, 250, 500, 1000, 2000)] == [0, 0, 0.25, 0.5, 1, 1]


@given(
    gaps=st.lists(st.integers(1, 5000), min_size=1, max_size=8),
    query=st.integers(-3000, 45_000),
    seed=st.integers(0, 2**31),
)
def test_values_are_those_of_exact_interpolation_within_two_roundings(gaps, query, seed):
    times = np.cumsum([-1000, *gaps]).tolist()
    keys = [vector(seed + i) for i in range(len(times))]
    value = keyed(times, seed).value(query)
    after = next((i for i, at in enumerate(times) if at >= query), len(times) - 1)
    if after == 0 or query >= times[-1] or times[after] == query:
        assert value.tolist() == keys[after].tolist()
        return
    t = Fraction(query - times[after - 1], times[after] - times[after - 1])
    ends = zip(keys[after - 1].tolist(), keys[after].tolist(), strict=True)
    wanted = [float((1 - t) * Fraction(a) + t * Fraction(b)) for a, b in ends]
    np.testing.assert_allclose(value, wanted, rtol=0, atol=2.4e-7)


def test_keys_have_to_rise_in_time():
    track = keyed([0, 100])
    for at in (99, 100):
        with pytest.raises(ValueError, match=f"^key at sample {at}: wanted one after 100$"):
            track.key(at, JOY)


def test_the_time_of_the_last_key_is_known():
    track = EmotionTrack(JOY, at=-7)
    assert track.last_at == -7
    track.key(500, ANGER)
    assert track.last_at == 500
    track.ramp(600, JOY, over=4800)
    assert track.last_at == 5400


def test_a_ramp_goes_from_the_value_in_force_to_the_new_one():
    track = EmotionTrack(JOY)
    track.ramp(1000, ANGER, over=400)
    joy = [track.value(at)[6] for at in (0, 999, 1000, 1100, 1200, 1400, 9999)]
    anger = [track.value(at)[1] for at in (0, 999, 1000, 1100, 1200, 1400, 9999)]
    assert joy == [1, 1, 1, 0.75, 0.5, 0, 0]
    assert anger == [0, 0, 0, 0.25, 0.5, 1, 1]


def test_a_ramp_over_nothing_has_the_new_value_at_its_own_time():
    track = EmotionTrack(JOY)
    track.ramp(1000, ANGER, over=0)
    assert track.value(999).tolist() == JOY.tolist()
    assert track.value(1000).tolist() == ANGER.tolist()


def test_a_ramp_cuts_off_what_was_planned_after_it():
    track = EmotionTrack(np.zeros(10))
    track.ramp(0, JOY, over=1000)
    track.ramp(5000, ANGER, over=1000)
    track.ramp(500, np.zeros(10), over=100)
    assert [track.value(at)[6] for at in (250, 500, 550, 600, 5500)] == [0.25, 0.5, 0.25, 0, 0]
    assert [track.value(at)[1] for at in (500, 5500, 9000)] == [0, 0, 0]


@given(
    ramps=st.lists(st.tuples(st.integers(-50, 300), st.integers(0, 120)), max_size=8),
    at=st.integers(-60, 310),
    over=st.integers(0, 100),
)
def test_a_ramp_changes_no_bit_before_its_time(ramps, at, over):
    track = EmotionTrack(vector(0))
    for seed, (begin, length) in enumerate(ramps, start=1):
        track.ramp(begin, vector(seed), over=length)
    earlier = [track.value(sample).tobytes() for sample in range(at - 100, at)]
    in_force = track.value(at).tobytes()
    track.ramp(at, vector(99), over=over)
    assert [track.value(sample).tobytes() for sample in range(at - 100, at)] == earlier
    assert track.value(at).tobytes() == (in_force if over else vector(99).tobytes())
    assert track.value(at + over).tobytes() == vector(99).tobytes()
    assert track.last_at == at + over


def test_a_ramp_before_the_first_key_starts_from_it():
    track = EmotionTrack(JOY, at=1000)
    track.ramp(-200, ANGER, over=100)
    assert [track.value(at)[6] for at in (-300, -200, -150, -100, 1000)] == [1, 1, 0.5, 0, 0]


@given(
    gaps=st.lists(st.integers(1, 50), min_size=2, max_size=12),
    at=st.integers(-20, 500),
    later=st.integers(0, 300),
)
def test_dropping_changes_no_value_that_can_still_be_read(gaps, at, later):
    times = np.cumsum([0, *gaps]).tolist()
    track, whole = keyed(times), keyed(times)
    track.drop_before(at)
    assert track.value(at + later).tobytes() == whole.value(at + later).tobytes()
    with pytest.raises(MisuseError, match=f"those before {at} were dropped"):
        track.value(at - 1)
    with pytest.raises(MisuseError, match="were dropped"):
        track.ramp(at - 1, JOY, over=1)


def test_dropping_an_earlier_time_gives_nothing_back():
    track = keyed([0, 100, 200])
    track.drop_before(150)
    track.drop_before(50)
    with pytest.raises(MisuseError, match="those before 150 were dropped"):
        track.value(149)


def test_changes_for_ever_need_no_more_memory_when_dropped():
    track = EmotionTrack(JOY)
    for i in range(3 * PLANNED_MAX):
        track.ramp(i * 10, vector(i), over=5)
        track.drop_before(i * 10)
    assert track.planned == 1


def test_the_number_of_planned_changes_is_bounded():
    track = EmotionTrack(JOY)
    for i in range(PLANNED_MAX - 1):
        track.ramp(i * 10, ANGER, over=5)
    before = track.value(10**9).tolist()
    with pytest.raises(ValueError, match=f"^more than {PLANNED_MAX} changes of emotion planned$"):
        track.ramp(PLANNED_MAX * 10, JOY, over=5)
    assert track.value(10**9).tolist() == before


def test_values_that_are_given_out_cannot_be_changed():
    source = np.array(JOY)
    track = EmotionTrack(source)
    source[:] = 5
    assert track.value(0).tolist() == JOY.tolist()
    track.ramp(0, ANGER, over=100)
    for at in (0, 50, 100):
        assert not track.value(at).flags.writeable


@pytest.mark.parametrize("values", [[np.nan] * 10, [[0.0] * 10], [1e39] * 10, [np.inf] * 10])
def test_what_is_no_vector_of_finite_numbers_is_refused(values):
    with pytest.raises(ValueError, match="wanted a vector of finite numbers"):
        EmotionTrack(values)
    with pytest.raises(ValueError, match="wanted a vector of finite numbers"):
        EmotionTrack(JOY).ramp(0, values, over=1)


def test_another_number_of_emotions_is_refused():
    track = EmotionTrack(JOY)
    with pytest.raises(ValueError, match=r"^9 emotions: wanted 10$"):
        track.ramp(5, JOY[:9], over=1)
    with pytest.raises(ValueError, match=r"^11 emotions: wanted 10$"):
        track.key(5, [0.0] * 11)


def test_a_negative_duration_is_refused():
    with pytest.raises(ValueError, match=r"^a ramp over -1 samples: wanted >= 0$"):
        EmotionTrack(JOY).ramp(5, ANGER, over=-1)
