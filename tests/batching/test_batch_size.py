"""How many windows a batch has; times are seconds."""

import pytest

from a2f_ws.batching.cost import KEPT
from a2f_ws.batching.scheduler import LIVE_BUDGET_S, Scheduler


def filled(**options):
    scheduler = Scheduler(max_batch=64, **options)
    for window in range(100):
        scheduler.add("A", window, due=None, now=0.0)
    return scheduler


def test_without_live_sessions_a_batch_is_as_large_as_the_backend_takes():
    scheduler = filled()
    scheduler.measured(1, 0.5)
    assert len(scheduler.take(now=0.0)) == 64


def test_before_the_first_measurement_a_batch_is_as_large_as_the_backend_takes():
    scheduler = filled()
    scheduler.join("live")
    assert len(scheduler.take(now=0.0)) == 64


@pytest.mark.parametrize(("cost_s", "rows"), [(0.0001, 50), (0.001, 5), (0.0026, 1), (1.0, 1)])
def test_with_a_live_session_no_batch_takes_longer_than_5_ms(cost_s, rows):
    scheduler = filled()
    scheduler.join("live")
    scheduler.measured(50, 50 * cost_s)
    assert LIVE_BUDGET_S == 0.005
    assert len(scheduler.take(now=0.0)) == rows


def test_batches_of_a_gpu_are_not_cut_short_for_what_one_of_a_single_window_costs():
    scheduler = filled()
    scheduler.join("live")
    for windows in (1, 2, 4, 8, 16, 32, 64) * 3:
        scheduler.measured(windows, 0.001 + 0.00005 * windows)
    assert len(scheduler.take(now=0.0)) == 64
    assert scheduler.cost_s == pytest.approx(0.0042 / 64)


def test_the_limit_ends_when_the_last_live_session_leaves():
    scheduler = filled()
    scheduler.join("live")
    scheduler.measured(5, 0.005)
    assert len(scheduler.take(now=0.0)) == 5
    scheduler.leave("live")
    assert len(scheduler.take(now=0.0)) == 64


def test_batches_that_the_machine_held_up_do_not_change_the_cost_of_a_window():
    scheduler = Scheduler(max_batch=4)
    scheduler.measured(4, 0.4)
    assert scheduler.cost_s == pytest.approx(0.1)
    for _ in range(KEPT):
        scheduler.measured(1, 0.1)
    for _ in range(KEPT // 2):
        scheduler.measured(1, 3.0)
    assert scheduler.cost_s == pytest.approx(0.1)
    for _ in range(KEPT):
        scheduler.measured(1, 0.6)
    assert scheduler.cost_s == pytest.approx(0.6)


def test_a_cost_that_was_measured_before_counts_until_there_is_a_lower_one():
    scheduler = Scheduler(max_batch=64, cost_s=0.06)
    assert scheduler.cost_s == 0.06
    scheduler.measured(1, 2.0)
    assert scheduler.cost_s == 0.06


def test_a_window_that_costs_more_than_the_budget_is_computed_alone():
    scheduler = Scheduler(max_batch=64, cost_s=0.06)
    scheduler.join("live")
    for name in "ab":
        scheduler.add(name, 1, due=1.0, now=0.0)
        scheduler.add(name, 2, due=2.0, now=0.0)
    assert [len(scheduler.take(now=0.0)) for _ in range(5)] == [1, 1, 1, 1, 0]
