"""Which windows go into the next batch; times are seconds."""

from itertools import count
from math import inf

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from a2f_ws.batching.scheduler import VOID_MOST, WINDOWS_MAX, Scheduler


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


def test_a_batch_is_full_when_its_work_is_and_what_is_free_rides_along():
    scheduler = Scheduler(max_batch=3)
    for text, work in (("a", 1), ("b", 0), ("c", 0), ("d", 0), ("e", 2), ("f", 0), ("g", 1)):
        scheduler.add(1, text, due=0.1, now=0.0, work=work)
    assert [window for _, window in scheduler.take(now=0.0)] == ["a", "b", "c", "d", "e"]
    assert [window for _, window in scheduler.take(now=0.0)] == ["f", "g"]


def test_windows_without_work_fill_no_batch_beyond_one_message():
    scheduler = Scheduler(max_batch=3)
    for k in range(WINDOWS_MAX + 5):
        scheduler.add(1, k, due=0.1, now=0.0, work=0)
    assert len(scheduler.take(now=0.0)) == WINDOWS_MAX
    assert len(scheduler.take(now=0.0)) == 5


def test_equal_dues_alternate_between_sessions():
    scheduler = Scheduler(max_batch=6)
    for session in "ABC":
        for window in (1, 2):
            scheduler.add(session, window, due=0.5, now=0.0)
    assert scheduler.take(now=0.0) == [
        ("A", 1), ("B", 1), ("C", 1), ("A", 2), ("B", 2), ("C", 2),
    ]  # fmt: skip


def test_a_session_far_behind_takes_turns_with_those_that_are_just_due():
    scheduler = Scheduler(max_batch=4)
    for window in (1, 2, 3):
        scheduler.add("behind", window, due=-9.0, now=5.0)
    scheduler.add("in time", 1, due=5.0, now=5.0)
    assert scheduler.take(now=5.0) == [
        ("behind", 1), ("in time", 1), ("behind", 2), ("behind", 3),
    ]  # fmt: skip


def test_what_is_far_behind_goes_first_only_until_others_are_due():
    scheduler = Scheduler(max_batch=1)
    for k in range(60):
        scheduler.add("behind", k, due=1.0, now=10.0)
        scheduler.add("in time", k, due=10.05 + 0.1 * k, now=10.0)
    taken = [scheduler.take(now=10.0 + 0.02 * k)[0][0] for k in range(13)]
    due = [index for index, name in enumerate(taken) if name == "in time"]
    assert due == [3, 8]


def test_who_was_served_longest_ago_is_next_though_its_windows_were_given_up_meanwhile():
    scheduler = Scheduler(max_batch=1)
    for k in range(9):
        scheduler.add("served", k, due=0.0, now=1.0)
    scheduler.add("late", "old", due=0.5, now=1.0)
    assert scheduler.take(now=1.0) == [("served", 0)]
    scheduler.drop("late", lambda _: True)
    assert scheduler.take(now=1.0) == [("served", 1)]
    scheduler.add("late", "new", due=1.0, now=1.0)
    assert scheduler.take(now=1.0) == [("late", "new")]
    assert scheduler.take(now=1.0) == [("served", 2)]


def test_consecutive_windows_of_one_session_share_a_batch():
    scheduler = Scheduler(max_batch=8)
    for k in range(5):
        scheduler.add("line", k, due=1.0 + 0.1 * k, now=0.0)
    scheduler.add("other", "z", due=1.25, now=0.0)
    assert scheduler.take(now=0.0) == [
        ("line", 0), ("line", 1), ("line", 2), ("other", "z"), ("line", 3), ("line", 4),
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


def entries(scheduler):
    return len(scheduler._coming) + len(scheduler._due)


class Naive:
    """The same promises as one list that is searched from the start every time."""

    def __init__(self):
        self.items = []
        self.turns = {}
        self.clock = count()

    def add(self, session, window, due):
        if session not in self.turns:
            self.turns[session] = next(self.clock)
        self.items.append((session, window, inf if due is None else due))

    def take(self, size, now):
        batch = []
        while self.items and len(batch) < size:
            heads = {}
            for session, window, due in self.items:
                heads.setdefault(session, (due, window))
            # All that is due counts as due at the same time.
            key = {one: (max(due, now), self.turns[one]) for one, (due, _) in heads.items()}
            session = min(heads, key=key.get)
            due, window = heads[session]
            self.items.remove((session, window, due))
            self.turns[session] = next(self.clock)
            batch.append((session, window))
        return batch

    def drop(self, session, is_dead):
        kept = [item for item in self.items if item[0] != session or not is_dead(item[1])]
        removed = len(self.items) - len(kept)
        self.items = kept
        return removed

    def leave(self, session):
        self.drop(session, lambda _: True)
        self.turns.pop(session, None)


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
        self.naive.add(session, window, due)

    @rule()
    def take(self):
        assert self.scheduler.take(now=self.now) == self.naive.take(3, self.now)

    @rule(session=SESSIONS, remainder=st.integers(0, 2))
    def drop(self, session, remainder):
        def is_dead(window):
            return window % 3 == remainder

        assert self.scheduler.drop(session, is_dead) == self.naive.drop(session, is_dead)

    @rule(session=SESSIONS)
    def leave(self, session):
        self.scheduler.leave(session)
        self.naive.leave(session)

    @rule(session=SESSIONS, times=st.integers(1, 9))
    def come_and_go(self, session, times):
        self.leave(session)
        for _ in range(times):
            self.add(session, None)
            self.leave(session)

    @rule()
    def wait(self):
        self.now += 0.4

    @invariant()
    def counts(self):
        assert self.scheduler.waiting == len(self.naive.items)

    @invariant()
    def has_few_void_entries(self):
        sessions = len({session for session, _, _ in self.naive.items})
        assert entries(self.scheduler) == sessions + self.scheduler._void
        assert entries(self.scheduler) <= 2 * sessions + VOID_MOST


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
