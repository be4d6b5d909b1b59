"""Whether live windows wait for others for long; times are seconds."""

import pytest

from a2f_ws.batching.scheduler import Scheduler
from a2f_ws.batching.strain import EARLY_S, STRAIN_S, WAIT_S, Strain


def crowded(*, hz, cost_s, seconds, due_s=0.0, scheduler=None, start=0.0):
    """Let windows of a live session come to a machine that needs `cost_s` for each of them.

    Returns:
        The scheduler, and the times at which it found its windows late.
    """
    scheduler = scheduler or Scheduler(max_batch=1, cost_s=cost_s)
    scheduler.join("live")
    late, now, came = [], start, 0
    while now < start + seconds:
        while start + came / hz <= now:
            at = start + came / hz
            scheduler.add("live", came, due=at + due_s, now=at)
            came += 1
        has_work = bool(scheduler.take(now=now))
        late += [now - start] if scheduler.is_late else []
        now = now + cost_s if has_work else start + came / hz
    return scheduler, late


@pytest.mark.parametrize("cost_s", [0.0005, 0.005, 0.015])
def test_where_all_windows_are_computed_in_time_nothing_is_late(cost_s):
    assert crowded(hz=60, cost_s=cost_s, seconds=10.0)[1] == []


@pytest.mark.parametrize("cost_s", [0.02, 0.05, 0.3])
def test_where_there_is_more_to_do_than_can_be_done_windows_are_late_for_good(cost_s):
    _, late = crowded(hz=60, cost_s=cost_s, seconds=10.0)
    assert 0.2 <= late[0] <= 6 * cost_s + 0.5
    assert late[-1] > 9.5


def test_one_hiccup_of_the_machine_is_no_strain_however_long_it_is():
    scheduler, late = crowded(hz=60, cost_s=0.005, seconds=5.0)
    for seconds in (0.1, 0.3, 2.0):
        now = 10.0 * seconds + 10.0
        for k in range(int(60 * min(seconds, 1.0))):
            scheduler.add("live", k, due=now + k / 60, now=now + k / 60)
        now += seconds
        while scheduler.take(now=now):
            assert not scheduler.is_late or now - 11.0 * seconds - 10.0 > 0.15
            now += 0.002
        assert not scheduler.is_late
    assert late == []


def test_windows_that_are_due_much_later_may_wait():
    assert crowded(hz=60, cost_s=0.02, seconds=1.5, due_s=EARLY_S + 1.0)[1] == []
    assert crowded(hz=60, cost_s=0.02, seconds=9.0, due_s=EARLY_S + 1.0)[1]


def test_bursts_may_wait_for_as_long_as_they_have_to():
    scheduler = Scheduler(max_batch=1)
    scheduler.join("live")
    for k in range(1000):
        scheduler.add("burst", k, due=None, now=0.0)
    for k in range(1000):
        scheduler.take(now=0.05 * k)
        assert not scheduler.is_late


def test_a_moment_with_nothing_to_do_ends_it():
    strain = Strain()
    for k in range(20):
        strain.took(now=0.05 * k, waited_s=2 * WAIT_S, is_idle=False)
    assert strain.is_late
    strain.took(now=1.001, waited_s=0.0, is_idle=True)
    assert not strain.is_late


def test_batches_that_come_in_time_end_it_after_a_while():
    strain = Strain()
    for k in range(40):
        strain.took(now=0.05 * k, waited_s=2 * WAIT_S, is_idle=False)
    found = []
    for k in range(40, 60):
        strain.took(now=0.05 * k, waited_s=WAIT_S, is_idle=False)
        found.append(strain.is_late)
    assert found == sorted(found, reverse=True)
    assert (found[0], found[int(STRAIN_S / 0.05)]) == (True, False)
