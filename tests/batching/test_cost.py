"""What is learned of the cost of batches; times are seconds."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.batching.cost import FAR_OFF, FULL, FULL_KNOWN, KEPT, PAST, SURE, Cost

BUDGET_S = 0.005


def learned(each_s, window_s, sizes, *, times=KEPT, jitter=0.0, seed=0, said_s=0.0):
    """A cost that was measured on a machine where n windows take each_s + n * window_s."""
    cost, noise = Cost(budget_s=BUDGET_S, window_s=said_s), random.Random(seed)
    for _ in range(times):
        for windows in sizes:
            held_up = 1.0 + jitter * noise.random()
            cost.measured(windows, (each_s + window_s * windows) * held_up)
    return cost


def test_nothing_is_known_before_the_first_batch():
    cost = Cost(budget_s=BUDGET_S)
    assert (cost.is_known, cost.of(8), cost.window_s(64)) == (False, 0.0, 0.0)


def test_of_one_size_alone_every_window_is_taken_to_cost_its_share():
    cost = learned(0.0, 0.001, [4])
    assert cost.of(1) == pytest.approx(0.001)
    assert cost.most == 5


@pytest.mark.parametrize(
    ("each_s", "window_s", "most"),
    [
        (0.0, 0.001, 5),
        (0.0, 0.06, 1),
        # A GPU: one launch is nearly all, and 64 windows cost little more.
        (0.001, 0.00005, 80),
        # A slow one: no fewer windows than cost as much again as the launch.
        (0.006, 0.0001, 60),
        (0.004, 0.001, 4),
    ],
)
def test_a_batch_has_as_many_windows_as_fit_into_its_time(each_s, window_s, most):
    cost = learned(each_s, window_s, [1, 2, 4, 8, 16, 32, 64])
    assert cost.of(0) == pytest.approx(each_s, abs=1e-9)
    assert cost.of(1) - cost.of(0) == pytest.approx(window_s)
    assert cost.most in (most - 1, most)


def test_on_a_gpu_a_window_costs_its_share_of_a_large_batch():
    cost = learned(0.001, 0.00005, [1, 2, 4, 8, 16, 32, 64])
    assert cost.window_s(64) == pytest.approx((0.001 + 64 * 0.00005) / 64)
    assert cost.window_s(8) == pytest.approx((0.001 + 8 * 0.00005) / 8)


@given(
    each_s=st.floats(0.0, 0.01),
    window_s=st.floats(2e-5, 0.1),
    seed=st.integers(0, 999),
    sizes=st.sets(st.sampled_from([1, 2, 3, 5, 8, 13, 21, 34, 64]), min_size=1),
)
def test_what_is_learned_holds_wherever_it_was_measured(each_s, window_s, seed, sizes):
    cost = learned(each_s, window_s, sorted(sizes), jitter=0.1, seed=seed)
    for windows in sizes:
        assert cost.of(windows) == pytest.approx(each_s + window_s * windows, rel=0.5)
    assert 1 <= cost.most <= 2 * max(sizes)


def test_batches_that_the_machine_held_up_change_nothing():
    cost = learned(0.001, 0.0001, [1, 4, 16])
    before = cost.of(16)
    for _ in range(KEPT // 2):
        cost.measured(16, 0.5)
    assert cost.of(16) == pytest.approx(before)


def test_no_batch_is_more_than_twice_as_large_as_those_that_are_known():
    cost = Cost(budget_s=1.0, window_s=0.001)
    sizes = []
    for _ in range(20):
        sizes.append(cost.most)
        cost.measured(cost.most, 0.001 + 0.00001 * cost.most)
    assert sizes[0] == 2
    assert all(later <= 2 * size for size, later in pairwise(sizes))
    assert sizes[-1] >= 2**6


def test_a_batch_that_took_far_too_long_makes_the_next_ones_small_and_they_grow_again():
    cost = learned(0.001, 0.00005, [1, 2, 4, 8, 16, 32, 64])
    cost.measured(64, 3.0)
    sizes = []
    for _ in range(10):
        sizes.append(cost.most)
        cost.measured(cost.most, 0.001 + 0.00005 * cost.most)
    assert sizes[:4] == [1, 2, 4, 8]
    assert sizes[-1] >= 64


def test_a_machine_that_became_a_hundred_times_slower_is_known_after_a_few_batches():
    cost = learned(0.001, 0.00005, [1, 2, 4, 8, 16, 32, 64])
    spent, sizes = 0.0, []
    for _ in range(KEPT):
        sizes.append(cost.most)
        spent += 0.06 * min(64, cost.most)
        cost.measured(min(64, cost.most), 0.06 * min(64, cost.most))
    assert sizes[1:] == [1] * (KEPT - 1)
    assert cost.window_s(64) == pytest.approx(0.06)


def test_a_machine_that_became_faster_is_known_for_every_size():
    cost = learned(0.004, 0.0002, [1, 2, 4, 8, 16, 32, 64])
    for _ in range(60):
        cost.measured(min(64, cost.most), 0.001 + 0.00005 * min(64, cost.most))
    assert cost.most >= 64
    assert FAR_OFF <= 0.004 / 0.001


def test_one_batch_of_a_size_that_was_never_there_does_not_move_what_is_known_well():
    cost = learned(0.001, 0.0001, [1, 2, 4])
    for _ in range(SURE - 1):
        cost.measured(16, 0.004)
    assert cost.of(8) == pytest.approx(0.0018)


def backlogged(cost, *, batches, each_s, window_s, max_batch=64):
    """Compute batches as large as they may be, since there is always more to do; their sizes."""
    sizes = []
    for _ in range(batches):
        windows = min(max_batch, cost.most)
        sizes.append(windows)
        cost.measured(windows, each_s + window_s * windows)
    return sizes


def test_what_a_single_window_takes_beyond_what_is_said_of_one_is_shared_by_a_batch():
    cost = learned(0.0055, 0.00045, [1], said_s=0.00045)
    assert cost.of(0) == pytest.approx(0.0055)
    assert cost.of(1) - cost.of(0) == pytest.approx(0.00045)
    # 12 windows take twice as long as none.
    assert cost.window_s(64) == pytest.approx(0.0055 / 12 + 0.00045)
    assert cost.window_s(1) == pytest.approx(0.00595)


def test_a_window_that_is_cheaper_than_was_said_costs_what_is_measured():
    cost = learned(0.0, 0.001, [1], said_s=0.06)
    assert (cost.of(0), cost.of(1)) == (0.0, pytest.approx(0.001))


@pytest.mark.parametrize("said_s", [0.0, 0.00045, 0.0055])
def test_batches_of_one_do_not_keep_those_of_a_crowd_small(said_s):
    cost = learned(0.0055, 0.00045, [1], times=30, said_s=said_s)
    sizes = backlogged(cost, batches=2 * FULL + 20, each_s=0.0055, window_s=0.00045)
    assert 8 <= sizes[-1] <= 13
    assert cost.window_s(64) < 0.0015


def test_a_way_to_the_thread_that_becomes_long_makes_batches_larger():
    cost = Cost(budget_s=BUDGET_S, window_s=0.00045)
    backlogged(cost, batches=300, each_s=0.0006, window_s=0.00045, max_batch=2)
    sizes = backlogged(cost, batches=PAST + 200, each_s=0.0055, window_s=0.00045)
    assert 8 <= sizes[-1] <= 13


def test_dear_windows_are_hardly_ever_computed_together_to_try_it():
    cost = learned(0.0, 0.06, [1], said_s=0.06)
    sizes = backlogged(cost, batches=FULL_KNOWN // 2, each_s=0.0, window_s=0.06)
    assert sizes.count(2) == SURE
    assert set(sizes) == {1, 2}
    # Now it is known.
    assert backlogged(cost, batches=FULL_KNOWN, each_s=0.0, window_s=0.06).count(2) == SURE


def test_nothing_is_tried_while_batches_are_not_full():
    cost = learned(0.0, 0.001, [1, 2, 4])
    assert cost.most == 5
    for _ in range(4 * FULL):
        cost.measured(2, 0.002)
        assert cost.most == 5


def test_a_size_that_came_no_more_is_forgotten():
    cost = learned(0.001, 0.0001, [1, 16])
    for _ in range(PAST + 1):
        cost.measured(1, 0.0011)
    assert cost.most == 2
