"""What is left in the scheduler of sessions that left and of windows that were dropped."""

import gc
from weakref import WeakSet

from a2f_ws.batching.scheduler import VOID_MOST, Scheduler


def entries(scheduler):
    return len(scheduler._coming) + len(scheduler._due)


def keep_busy(scheduler, now):
    """Let something be due always."""
    for _ in range(2):
        scheduler.add("live", "w", due=now - 0.1, now=now)


class Guest:
    """A session whose life can be watched."""


def test_bursts_that_left_are_forgotten_while_live_work_is_always_due():
    scheduler, here = Scheduler(max_batch=1, cost_s=0.005), WeakSet()
    scheduler.join("live")
    for k in range(500):
        keep_busy(scheduler, 0.01 * k)
        guest = Guest()
        here.add(guest)
        scheduler.add(guest, "x", due=None, now=0.01 * k)
        scheduler.leave(guest)
        del guest
        scheduler.take(now=0.01 * k)
    gc.collect()
    assert len(here) <= VOID_MOST + 2


def test_a_burst_whose_windows_are_dropped_again_and_again_leaves_no_heap():
    scheduler = Scheduler(max_batch=1)
    for k in range(500):
        keep_busy(scheduler, 0.01 * k)
        for window in (k, -k):
            scheduler.add("film", window, due=None, now=0.01 * k)
        scheduler.drop("film", lambda window, k=k: window == k)
        scheduler.drop("film", lambda _: True)
        scheduler.take(now=0.01 * k)
    assert entries(scheduler) <= VOID_MOST + 2
