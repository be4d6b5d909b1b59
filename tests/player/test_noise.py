import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.player.noise import ease, finalise, leap, phase_us, settle, unit, wander

SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("h", "wanted"), [(0, 0), (1, 0x514E28B7), (0xFFFFFFFF, 0x81F16F39)])
def test_the_finaliser_gives_murmur3s_published_hashes_of_nothing(h, wanted):
    assert finalise(h) == wanted


def test_random_numbers_are_spread_evenly():
    values = np.array([unit(7, 3, slot=slot) for slot in range(4_000)])
    counts, _ = np.histogram(values, bins=10, range=(0, 1))
    assert counts.min() > 320
    assert counts.max() < 480
    assert abs(np.corrcoef(values[1:], values[:-1])[0, 1]) < 0.05


def test_neighbouring_seeds_and_roles_have_nothing_in_common():
    a = [unit(1, 1, slot=slot) for slot in range(2_000)]
    assert abs(np.corrcoef(a, [unit(2, 1, slot=slot) for slot in range(2_000)])[0, 1]) < 0.06
    assert abs(np.corrcoef(a, [unit(1, 2, slot=slot) for slot in range(2_000)])[0, 1]) < 0.06


@given(seed=SEEDS, slot=st.integers(0, 2**40))
def test_random_numbers_and_phases_stay_in_their_range(seed, slot):
    assert 0 <= unit(seed, 5, slot=slot) < 1
    assert 0 <= phase_us(seed, 5, slot_us=4_000_000) < 4_000_000


def test_easing_goes_from_0_to_1_and_settling_from_1_to_0_and_both_hold():
    assert [ease(x) for x in (-1, 0, 0.5, 1, 2)] == [0, 0, 0.5, 1, 1]
    assert [settle(x) for x in (-1, 0, 1, 2)] == [1, 1, 0, 0]
    assert settle(0.5) == pytest.approx(0.3125)


@given(seed=SEEDS, now_us=st.integers(0, 10**12))
def test_wandering_stays_in_range_and_has_no_corner(seed, now_us):
    def walk(at_us):
        return wander(seed, 1, now_us=at_us, slot_us=2_000_000)

    assert -1 <= walk(now_us) <= 1
    assert abs(walk(now_us + 10_000) - walk(now_us)) < 0.01
    bend = walk(now_us + 20_000) - 2 * walk(now_us + 10_000) + walk(now_us)
    assert abs(bend) < 3 * 4 * 0.005**2


@given(seed=SEEDS, now_us=st.integers(0, 10**12))
def test_a_leap_goes_at_most_its_whole_way_in_its_time(seed, now_us):
    def walk(at_us):
        return leap(seed, 1, at_role=2, now_us=at_us, slot_us=1_000_000, leap_us=40_000)

    assert -1 <= walk(now_us) <= 1
    assert abs(walk(now_us + 1_000) - walk(now_us)) <= 2 * 1.5 / 40 + 1e-9
