"""Which windows go into the next batch; times are seconds."""

from itertools import count
from math import inf

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from a2f_ws.batching.scheduler import COSTS_KEPT, LIVE_BUDGET_S, Scheduler


def test_one_talkative_session_cannot_fill_a_batch_while_another_waits():
    scheduler = Scheduler(max_batch=2)
    for text, due in (("a", 0.10), ("b", 0.12), ("c", 0.14)):
        scheduler.add(1, text, due=due, now=0.0)
    scheduler.add(2, "z", due=0.11, now=0.0)
    assert scheduler.take(now=0.0) == [(1, "a"), (2, "z")]
    assert scheduler.take(now=0.0) == [(1, "b"), (1, "c")]


def test_an_empty_scheduler_gives_an_empty_batch():
    scheduler = Scheduler(max_batch=2)
    assert scheduler.take(now=0.0) == []
    assert scheduler.waiting == 0


def test_equal_dues_alternate_between_sessions():
    scheduler = Scheduler(max_batch=6)
    for session in "ABC":
        for window in (1, 2):
            scheduler.add(session, window, due=0.5, now=0.0)
    assert scheduler.take(now=0.0) == [
        ("A", 1), ("B", 1), ("C", 1), ("A", 2), ("B", 2), ("C", 2),
    ]  # fmt: skip


def test_a_session_far_behind_is_due_now_and_not_before_everybody_else():
    scheduler = Scheduler(max_batch=4)
    for window in (1, 2, 3):
        scheduler.add("behind", window, due=-9.0, now=5.0)
    scheduler.add("in time", 1, due=5.0, now=5.0)
    assert scheduler.take(now=5.0) == [
        ("behind", 1), ("in time", 1), ("behind", 2), ("behind", 3),
    ]  # fmt: skip


def test_burst_windows_come_after_all_live_ones_and_go_round():
    scheduler = Scheduler(max_batch=5)
    for session in ("film", "book"):
        for window in (1, 2):
            scheduler.add(session, window, due=None, now=0.0)
    scheduler.add("live", 1, due=99.0, now=0.0)
    assert scheduler.take(now=0.0) == [
        ("live", 1), ("film", 1), ("book", 1), ("film", 2), ("book", 2),
    ]  # fmt: skip


def test_burst_work_never_delays_a_live_window_that_came_later():
    scheduler = Scheduler(max_batch=1)
    for window in (1, 2, 3):
        scheduler.add("film", window, due=None, now=0.0)
    assert scheduler.take(now=0.0) == [("film", 1)]
    scheduler.add("live", 1, due=50.0, now=0.1)
    assert scheduler.take(now=0.1) == [("live", 1)]
    assert scheduler.take(now=0.1) == [("film", 2)]


def test_windows_of_one_session_keep_their_order_whatever_their_dues():
    scheduler = Scheduler(max_batch=9)
    for window, due in (("late", 3.0), ("early", 1.0), ("burst", None), ("earliest", 0.5)):
        scheduler.add("A", window, due=due, now=0.0)
    assert [window for _, window in scheduler.take(now=0.0)] == [
        "late", "early", "burst", "earliest",
    ]  # fmt: skip


def test_dropped_windows_are_not_taken_and_the_next_one_counts():
    scheduler = Scheduler(max_batch=4)
    for window, due in ((1, 0.1), (2, 0.2), (3, 0.9)):
        scheduler.add("A", window, due=due, now=0.0)
    scheduler.add("B", 1, due=0.5, now=0.0)
    assert scheduler.drop("A", lambda window: window < 3) == 2
    assert scheduler.waiting == 2
    assert scheduler.take(now=0.0) == [("B", 1), ("A", 3)]


def test_a_session_can_go_on_after_all_of_its_windows_were_dropped():
    scheduler = Scheduler(max_batch=4)
    scheduler.add("A", 1, due=0.1, now=0.0)
    assert scheduler.drop("A", lambda _: True) == 1
    assert scheduler.drop("nobody", lambda _: True) == 0
    assert scheduler.take(now=0.0) == []
    scheduler.add("A", 2, due=0.3, now=0.0)
    assert scheduler.take(now=0.0) == [("A", 2)]


def test_a_session_that_left_has_no_windows():
    scheduler = Scheduler(max_batch=4)
    scheduler.add("A", 1, due=0.1, now=0.0)
    scheduler.add("B", 1, due=0.2, now=0.0)
    scheduler.leave("A")
    scheduler.leave("nobody")
    assert scheduler.waiting == 1
    assert scheduler.take(now=0.0) == [("B", 1)]


def test_a_session_that_comes_back_does_not_find_its_old_windows():
    scheduler = Scheduler(max_batch=4)
    scheduler.add("A", "old", due=0.1, now=0.0)
    scheduler.leave("A")
    scheduler.add("A", "new", due=0.9, now=0.0)
    scheduler.add("B", "b", due=0.5, now=0.0)
    assert scheduler.take(now=0.0) == [("B", "b"), ("A", "new")]


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
    scheduler.measured(10, 10 * cost_s)
    assert LIVE_BUDGET_S == 0.005
    assert len(scheduler.take(now=0.0)) == rows


def test_the_limit_ends_when_the_last_live_session_leaves():
    scheduler = filled()
    scheduler.join("live")
    scheduler.measured(1, 0.001)
    assert len(scheduler.take(now=0.0)) == 5
    scheduler.leave("live")
    assert len(scheduler.take(now=0.0)) == 64


def test_batches_that_the_machine_held_up_do_not_change_the_cost_of_a_window():
    scheduler = Scheduler(max_batch=4)
    scheduler.measured(4, 0.4)
    assert scheduler.cost_s == pytest.approx(0.1)
    for _ in range(COSTS_KEPT):
        scheduler.measured(1, 0.1)
    for _ in range(COSTS_KEPT // 2):
        scheduler.measured(1, 3.0)
    assert scheduler.cost_s == pytest.approx(0.1)
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


class Naive:
    """The same promises as one list that is searched from the start every time."""

    def __init__(self):
        self.items = []
        self.turns = {}
        self.clock = count()

    def first_of_each(self):
        seen = {}
        for session, window, due in self.items:
            seen.setdefault(session, (due, window))
        return seen

    def add(self, session, window, due):
        if session not in self.first_of_each():
            self.turns[session] = next(self.clock)
        self.items.append((session, window, due))

    def take(self, size):
        batch = []
        while self.items and len(batch) < size:
            firsts = self.first_of_each()
            session = min(firsts, key=lambda one: (firsts[one][0], self.turns[one]))
            due, window = firsts[session]
            self.items.remove((session, window, due))
            self.turns[session] = next(self.clock)
            batch.append((session, window))
        return batch

    def drop(self, session, is_dead):
        kept = [item for item in self.items if item[0] != session or not is_dead(item[1])]
        removed = len(self.items) - len(kept)
        if removed:
            self.turns[session] = next(self.clock)
        self.items = kept
        return removed


SESSIONS = st.sampled_from("ABCD")
DUES = st.none() | st.sampled_from([0.0, 0.5, 1.0, 2.0])


class LikeAList(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.scheduler = Scheduler(max_batch=3)
        self.naive = Naive()
        self.now = 0.0
        self.windows = count()

    @rule(session=SESSIONS, due=DUES)
    def add(self, session, due):
        window = next(self.windows)
        self.scheduler.add(session, window, due=due, now=self.now)
        self.naive.add(session, window, inf if due is None else max(due, self.now))

    @rule()
    def take(self):
        assert self.scheduler.take(now=self.now) == self.naive.take(3)

    @rule(session=SESSIONS, remainder=st.integers(0, 2))
    def drop(self, session, remainder):
        def is_dead(window):
            return window % 3 == remainder

        assert self.scheduler.drop(session, is_dead) == self.naive.drop(session, is_dead)

    @rule(session=SESSIONS)
    def leave(self, session):
        self.scheduler.leave(session)
        self.naive.drop(session, lambda _: True)

    @rule()
    def wait(self):
        self.now += 0.4

    @invariant()
    def counts(self):
        assert self.scheduler.waiting == len(self.naive.items)


LikeAList.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
test_it_does_what_a_naive_list_does = LikeAList.TestCase


def test_a_batch_tells_how_long_its_oldest_window_waited():
    scheduler = Scheduler(max_batch=2)
    assert scheduler.take(now=5.0) == []
    assert scheduler.waited_s == 0.0
    for text, due, now in (("a", 9.0, 1.0), ("b", 8.0, 2.0), ("c", 7.0, 3.0)):
        scheduler.add(1 if text == "a" else 2, text, due=due, now=now)
    scheduler.take(now=4.0)
    assert scheduler.waited_s == 2.0
    scheduler.take(now=4.5)
    assert scheduler.waited_s == 3.5
