from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.animation.smoothing import PASS, Poles, alphas, smooth
from a2f_ws.errors import MisuseError
from tests.animation.geometry import floats


def shares(*half_lives_s, dt_s, precision="float32"):
    """The coefficients of one row."""
    row = np.array([half_lives_s], np.float32)
    return alphas(row, np.array([dt_s], np.float32), precision=precision)[0]


def two_poles(values, shares):
    """The filter in float64, written for clarity; a share of None follows the value."""
    one = two = values[0]
    out = []
    for value, share in zip(values, shares, strict=True):
        if share is None:
            one = two = value
        one = one + (value - one) * (share or 0.0)
        two = two + (one - two) * (share or 0.0)
        out.append(two)
    return np.stack(out)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_half_life_of_one_row_covers_half_of_the_way(precision):
    found = shares(0.5, 0.25, 0.0, dt_s=0.5, precision=precision)
    assert found.tolist() == [0.5, 0.75, PASS]


def test_coefficients_of_usual_half_lives_are_the_sdk_s():
    """Values of the SDK at 60 and 30 rows in a second, in float32."""
    assert shares(0.001, 0.0023, 0.006, dt_s=1 / 60) == pytest.approx(
        [0.9999904, 0.993414, 0.8541839], abs=1e-7
    )
    assert shares(0.001, 0.0023, 0.006, dt_s=1 / 30) == pytest.approx(
        [1.0, 0.9999566, 0.9787377], abs=1e-7
    )


def test_float64_rounds_once_and_float32_with_every_step():
    dt_s, half_life_s = float(np.float32(1 / 60)), float(np.float32(0.006))
    wanted = np.float32(1.0 - 0.5 ** (dt_s / half_life_s))
    assert shares(0.006, dt_s=1 / 60, precision="float64")[0] == wanted
    half_lives = np.float32(1 / 60) / np.float32(0.006)
    stepwise = np.float32(1.0) - np.float32(0.5) ** half_lives
    assert shares(0.006, dt_s=1 / 60)[0] == stepwise


def test_the_shortest_half_life_covers_all_of_the_way():
    tiny = np.finfo(np.float32).smallest_subnormal
    for precision in ("float32", "float64"):
        assert shares(tiny, dt_s=1 / 60, precision=precision).tolist() == [1.0]


def test_the_second_filter_follows_the_new_value_of_the_first():
    state = Poles(1)
    rows = np.array([[0.0], [1.0], [1.0]], np.float32)
    out = smooth(rows, [state] * 3, alphas=np.full((3, 1), 0.5, np.float32))
    assert out.tolist() == [[0.0], [0.25], [0.5]]
    assert state.values.tolist() == [[0.75], [0.5]]


def test_the_first_row_of_a_state_is_unfiltered():
    state = Poles(3)
    assert not state.is_started
    row = floats(0, 1, 3)
    out = smooth(row, [state], alphas=np.full((1, 3), 0.01, np.float32))
    assert state.is_started
    assert np.array_equal(out, row)
    assert np.array_equal(state.values, [row[0], row[0]])


def test_without_a_filter_the_state_follows_so_that_filtering_sets_in_without_a_jump():
    state = Poles(2)
    slow, off = np.full((1, 2), 0.125, np.float32), np.array([[PASS, 0.125]], np.float32)
    smooth(np.zeros((1, 2), np.float32), [state], alphas=slow)
    target = np.full((1, 2), 8.0, np.float32)
    assert smooth(target, [state], alphas=off).tolist() == [[8.0, 0.125]]
    assert smooth(target, [state], alphas=slow).tolist() == [[8.0, 0.34375]]
    smooth(target * 2, [state], alphas=np.full((1, 2), PASS))
    assert state.values.tolist() == [[16.0, 16.0], [16.0, 16.0]]


def test_many_rows_are_those_of_the_filter_in_float64():
    rows, found = floats(1, 200, 5), np.array([0.02, 0.3, 0.9, 1.0, PASS], np.float32)
    out = smooth(rows, [Poles(5)] * 200, alphas=np.tile(found, (200, 1)))
    for i, share in enumerate(found):
        used = [None if share == PASS else float(share)] * 200
        wanted = two_poles(rows[:, i].astype(np.float64), used)
        # float32 against float64 over 200 rows of numbers up to 4.
        np.testing.assert_allclose(out[:, i], wanted, rtol=0, atol=2e-6)


def test_a_row_can_go_through_several_regions_with_a_coefficient_each():
    rows = floats(2, 6, 1, 4)
    found = np.tile(np.array([[0.25], [0.5]], np.float32), (6, 1, 1))
    out = smooth(rows, [Poles(2, 4)] * 6, alphas=found)
    assert out.shape == (6, 2, 4)
    for region, share in enumerate((0.25, 0.5)):
        alone = np.full((6, 4), share, np.float32)
        assert np.array_equal(out[:, region], smooth(rows[:, 0], [Poles(4)] * 6, alphas=alone))


def test_states_that_are_not_run_stay_as_they_are():
    run, idle = Poles(2), Poles(2)
    half = np.full((1, 2), 0.5, np.float32)
    for state in (run, idle):
        smooth(np.ones((1, 2), np.float32), [state], alphas=half)
    smooth(np.zeros((1, 2), np.float32), [run], alphas=half)
    assert run.values.tolist() == [[0.5, 0.5], [0.75, 0.75]]
    assert idle.values.tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_the_target_is_left_alone():
    rows = floats(3, 4, 2)
    before = rows.copy()
    smooth(rows, [Poles(2)] * 4, alphas=np.full((4, 2), 0.5, np.float32))
    smooth(rows, [Poles(2)] * 4, alphas=np.full((4, 2), PASS))
    assert np.array_equal(rows, before)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_another_number_of_states_than_of_rows_is_a_bug(count):
    with pytest.raises(MisuseError, match=f"^smoothing: {count} states, wanted 2$"):
        smooth(floats(0, 2, 1), [Poles(1)] * count, alphas=np.full((2, 1), 0.5, np.float32))


def test_no_rows_are_no_rows_again():
    assert smooth(floats(0, 0, 3), [], alphas=np.zeros((0, 3), np.float32)).shape == (0, 3)


def played(batches, rows, owners, *, shares):
    """Run the rows in the given batches, each with the state of its owner; outputs and states."""
    states = {owner: Poles(2, rows.shape[-1]) for owner in owners}
    out = np.zeros((len(rows), 2, rows.shape[-1]), np.float32)
    for batch in batches:
        ours = [states[owners[row]] for row in batch]
        out[batch] = smooth(rows[batch], ours, alphas=shares[batch])
    values = [states[owner].values.tobytes() for owner in sorted(states)]
    return out.tobytes(), values


@settings(max_examples=60)
@given(data=st.data())
def test_a_row_has_the_same_bits_in_any_company_and_batch(data):
    count = data.draw(st.integers(1, 90))
    people = data.draw(st.integers(1, 80))
    size = data.draw(st.sampled_from([1, 7, 33]))
    random = np.random.default_rng(data.draw(st.integers(0, 2**31)))
    owners = random.integers(0, people, count).tolist()
    rows = random.normal(0, 1, (count, 1, size)).astype(np.float32)
    found = random.random((count, 2, 1)).astype(np.float32)
    found[random.random((count, 2, 1)) < data.draw(st.sampled_from([0.0, 0.3, 1.0]))] = PASS
    one_by_one = played([[row] for row in range(count)], rows, owners, shares=found)
    by_owner = [[r for r in range(count) if owners[r] == owner] for owner in sorted(set(owners))]
    cuts = sorted({0, count, *data.draw(st.lists(st.integers(0, count), max_size=4))})
    mixed = [list(range(a, b)) for a, b in pairwise(cuts)]
    for batches in (by_owner, mixed, [list(range(count))]):
        assert played(batches, rows, owners, shares=found) == one_by_one
