"""What every session may rely on, whatever the others do; times are seconds."""

from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.batching.scheduler import LIVE_BUDGET_S, Scheduler

SLACK_S = 1e-6


@dataclass(frozen=True)
class Source:
    """A session and how its windows come.

    Attributes:
        hz: Windows per second of its sound; 0 = burst.
        starts_at: When its first ones come.
        chunk: How many come at a time.
        every_s: Time between two chunks.
        ahead_s: How long before its due the first window comes; negative = it is overdue then.
        count: How many in all.
    """

    hz: int
    starts_at: float
    chunk: int
    every_s: float
    ahead_s: float
    count: int

    def arrivals(self):
        """When each window comes, and when it is due."""
        for k in range(self.count):
            due = self.starts_at + self.ahead_s + k / self.hz if self.hz else None
            yield self.starts_at + (k // self.chunk) * self.every_s, due


@dataclass
class Story:
    """What became of the windows.

    Attributes:
        added: Window → when it was added.
        dues: Window → when it is due.
        taken: Windows in the order they were taken, with the number of their batch.
        at: When each batch was begun.
        left: When the first window is due that each batch left behind, or its begin.
    """

    added: dict = field(default_factory=dict)
    dues: dict = field(default_factory=dict)
    taken: list = field(default_factory=list)
    at: list = field(default_factory=list)
    left: list = field(default_factory=list)

    @property
    def taken_at(self):
        return {window: self.at[batch] for window, batch in self.taken}


def told(sources, *, each_s, window_s, max_batch=64, most=20_000):
    """Let the windows come to a backend whose batches cost each_s + window_s for every window."""
    scheduler, story, now = Scheduler(max_batch=max_batch), Story(), 0.0
    coming = deque(
        sorted(
            (at, name, k, due)
            for name, source in enumerate(sources)
            for k, (at, due) in enumerate(source.arrivals())
        )
    )
    for name, source in enumerate(sources):
        if source.hz:
            scheduler.join(name)
    scheduler.measured(1, each_s + window_s)
    waiting = defaultdict(deque)
    while (coming or scheduler.waiting) and len(story.at) < most:
        while coming and coming[0][0] <= now:
            _, name, k, due = coming.popleft()
            scheduler.add(name, k, due=due, now=now)
            story.added[name, k], story.dues[name, k] = now, inf if due is None else due
            waiting[name].append(k)
        batch = scheduler.take(now=now)
        if not batch:
            now = coming[0][0]
            continue
        for name, k in batch:
            story.taken.append(((name, k), len(story.at)))
            assert waiting[name].popleft() == k
        story.at.append(now)
        heads = [max(now, story.dues[name, ks[0]]) for name, ks in waiting.items() if ks]
        story.left.append(min(heads, default=inf))
        seconds = each_s + window_s * len(batch)
        scheduler.measured(len(batch), seconds)
        now += seconds
    return story


LIVE = st.builds(
    Source,
    hz=st.sampled_from([10, 15, 30, 60]),
    starts_at=st.floats(0.0, 1.0),
    chunk=st.integers(1, 40),
    every_s=st.floats(0.001, 0.5),
    ahead_s=st.floats(-3.0, 2.0),
    count=st.integers(1, 60),
)
BURST = st.builds(
    Source,
    hz=st.just(0),
    starts_at=st.floats(0.0, 1.0),
    chunk=st.integers(1, 64),
    every_s=st.floats(0.0, 0.1),
    ahead_s=st.just(0.0),
    count=st.integers(1, 120),
)
MACHINES = st.sampled_from([(0.0, 0.001), (0.0, 0.02), (0.001, 0.00005), (0.006, 0.0001)])


@given(sources=st.lists(LIVE | BURST, min_size=1, max_size=6), machine=MACHINES)
def test_every_window_is_computed_once_and_those_of_a_session_in_order(sources, machine):
    story = told(sources, each_s=machine[0], window_s=machine[1])
    windows = [window for window, _ in story.taken]
    assert set(windows) == set(story.added)
    assert len(windows) == len(set(windows)) == sum(source.count for source in sources)
    for name in range(len(sources)):
        mine = [k for one, k in windows if one == name]
        assert mine == sorted(mine)


@given(sources=st.lists(LIVE | BURST, min_size=2, max_size=6), machine=MACHINES)
def test_what_is_due_first_goes_first_and_bursts_last(sources, machine):
    story = told(sources, each_s=machine[0], window_s=machine[1])
    for window, batch in story.taken:
        assert max(story.at[batch], story.dues[window]) <= story.left[batch]


@given(sources=st.lists(LIVE | BURST, min_size=2, max_size=6), machine=MACHINES)
def test_who_has_a_window_due_waits_for_one_of_each_other_session_at_most(sources, machine):
    story = told(sources, each_s=machine[0], window_s=machine[1])
    place = {window: index for index, (window, _) in enumerate(story.taken)}
    for (name, k), index in place.items():
        due = max(story.dues[name, k], story.added[name, k])
        before = story.taken[place.get((name, k - 1), -1) + 1 : index]
        passed = Counter(window[0] for window, batch in before if story.at[batch] >= due)
        if due < inf:
            assert max(passed.values(), default=0) <= 1


@given(
    greedy=st.lists(LIVE | BURST, max_size=5),
    hz=st.sampled_from([15, 30, 60]),
    starts_at=st.floats(0.0, 1.0),
    window_s=st.sampled_from([0.0005, 0.001, 0.002]),
)
def test_a_session_that_keeps_time_is_served_in_time_whatever_the_others_do(
    greedy, hz, starts_at, window_s
):
    fair = Source(hz, starts_at, chunk=1, every_s=1 / hz, ahead_s=0.05, count=60)
    sources = [*greedy, fair]
    assert window_s * sum(source.hz for source in sources) <= 0.72
    story = told(sources, each_s=0.0, window_s=window_s)
    # What runs when it comes, and one window of each of the others.
    bound_s = 2 * LIVE_BUDGET_S + window_s * len(sources)
    for k in range(fair.count):
        name = len(greedy), k
        assert story.taken_at[name] - max(story.dues[name], story.added[name]) <= bound_s + SLACK_S


@given(
    window_s=st.sampled_from([0.005, 0.02, 0.06]),
    lags=st.lists(st.floats(-12.0, -7.0), min_size=2, max_size=5),
)
def test_sessions_that_are_all_late_get_equal_parts_of_what_there_is(window_s, lags):
    sources = [Source(60, 0.0, chunk=400, every_s=0.0, ahead_s=lag, count=400) for lag in lags]
    story = told(sources, each_s=0.0, window_s=window_s, most=100 * len(lags))
    served = Counter(window[0] for window, _ in story.taken)
    assert max(served.values()) - min(served.values()) <= 1
