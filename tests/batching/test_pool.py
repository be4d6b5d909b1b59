"""Sessions get the worker with the least to do, and stay with it."""

import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.batching.pool import Pool
from a2f_ws.batching.worker import Worker

WAIT_S = 5.0


class Talker:
    def __init__(self):
        self.faces = []

    def cut(self, window):
        return window

    def take_faces(self, windows, faces):
        self.faces += faces[:, 0].tolist()

    def fail(self, reason):
        raise AssertionError(reason)


class Busy(Worker):
    """A worker whose load is said and not measured."""

    share = 0.0

    @property
    def busy(self):
        return self.share


def faces(cuts):
    return np.zeros((len(cuts), 82), np.float32)


def pool_of(*costs_s):
    return Pool([Busy(faces, max_batch=8, cost_s=cost_s) for cost_s in costs_s])


def counts(pool):
    return [sessions for sessions, _, _ in pool.standing()]


def test_sessions_are_shared_out_evenly():
    pool = pool_of(0.01, 0.01, 0.01)
    for _ in range(7):
        pool.place(Talker(), hz=60)
    assert counts(pool) == [3, 2, 2]


def test_a_session_at_twice_the_rate_counts_twice():
    pool = pool_of(0.01, 0.01)
    pool.place(Talker(), hz=60)
    for _ in range(3):
        pool.place(Talker(), hz=30)
    assert counts(pool) == [2, 2]
    assert counts_of_hz(pool) == [90, 60]


def counts_of_hz(pool):
    return [load.hz for load in pool._loads().values()]


def test_a_faster_device_gets_more_sessions():
    pool = pool_of(0.001, 0.003)
    for _ in range(8):
        pool.place(Talker(), hz=60)
    assert counts(pool) == [6, 2]


def test_a_worker_whose_sessions_all_speak_gets_nobody_while_another_has_time():
    pool = pool_of(0.01, 0.01)
    first, second = pool.workers
    for _ in range(3):
        pool.place(Talker(), hz=60)
    assert counts(pool) == [2, 1]
    second.share = 0.9
    assert {pool.place(Talker(), hz=60) for _ in range(4)} == {first}
    first.share = 0.9
    assert pool.place(Talker(), hz=60) is second


def test_burst_sessions_go_where_the_fewest_of_them_are():
    pool = pool_of(0.01, 0.01)
    talkers = [Talker() for _ in range(3)]
    pool.place(talkers[0], hz=60)
    first = pool.place(talkers[1], hz=0)
    second = pool.place(talkers[2], hz=0)
    assert (first, second) == (pool.workers[1], pool.workers[0])


def test_whoever_has_a_worker_keeps_it_whatever_comes():
    pool, talker = pool_of(0.01, 0.01), Talker()
    worker = pool.place(talker, hz=10)
    others = [Talker() for _ in range(4)]
    for other in others:
        pool.place(other, hz=60)
    for other in others:
        if pool.of(other) is not worker:
            pool.leave(other)
    assert pool.place(talker, hz=240) is worker
    assert pool.of(talker) is worker


def test_sessions_that_end_make_room():
    pool = pool_of(0.01, 0.01)
    talkers = [Talker() for _ in range(4)]
    for talker in talkers:
        pool.place(talker, hz=60)
    pool.leave(talkers[1])
    pool.leave(talkers[3])
    assert counts(pool) == [2, 0]
    assert pool.place(Talker(), hz=60) is pool.workers[1]


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0, 10, 30, 60])), max_size=60))
def test_however_sessions_come_and_go_none_is_lost_and_arrivals_keep_the_balance(steps):
    pool, inside = pool_of(0.01, 0.01, 0.01), {}
    for comes, hz in steps:
        if comes or not inside:
            talker = Talker()
            before = counts_of_hz(pool)
            worker = pool.place(talker, hz=hz)
            inside[talker] = worker
            if hz:
                assert before[pool.workers.index(worker)] == min(before)
        else:
            talker = next(iter(inside))
            del inside[talker]
            pool.leave(talker)
        assert all(pool.of(one) is worker for one, worker in inside.items())
        assert sum(counts(pool)) == len(inside)


@pytest.mark.parametrize(
    ("own", "other", "moves"),
    [(0.9, 0.1, True), (0.9, 0.3, True), (0.9, 0.5, False), (0.7, 0.0, False)],
)
def test_only_from_an_overloaded_worker_to_a_nearly_idle_one_is_it_better(own, other, moves):
    pool, talker = pool_of(0.01, 0.01), Talker()
    first = pool.place(talker, hz=60)
    second = next(worker for worker in pool.workers if worker is not first)
    first.share, second.share = own, other
    assert pool.better(talker) is (second if moves else None)
    if moves:
        pool.move(talker, second)
        assert pool.of(talker) is second
        assert pool.better(talker) is None


def test_the_idlest_of_several_workers_is_the_better_one():
    pool, talker = pool_of(0.01, 0.01, 0.01), Talker()
    own = pool.place(talker, hz=60)
    few, many = (worker for worker in pool.workers if worker is not own)
    for _ in range(5):
        pool.place(Talker(), hz=60)
    own.share, few.share, many.share = 0.9, 0.8, 0.1
    assert pool.better(talker) is many


def test_a_retired_worker_gets_nobody_and_is_left_for_any_other():
    pool, talker = pool_of(0.01, 0.01), Talker()
    first = pool.place(talker, hz=60)
    second = next(worker for worker in pool.workers if worker is not first)
    pool.retire([first])
    second.share = 1.0
    assert {pool.place(Talker(), hz=60) for _ in range(3)} == {second}
    assert pool.of(talker) is first
    assert pool.better(talker) is second


def test_where_all_are_retired_sessions_are_placed_all_the_same():
    pool = pool_of(0.01, 0.01)
    pool.retire(pool.workers)
    talkers = [Talker(), Talker()]
    assert {pool.place(talker, hz=60) for talker in talkers} == set(pool.workers)
    assert [pool.better(talker) for talker in talkers] == [None, None]


def test_a_pool_is_as_busy_as_its_workers_are_on_average():
    pool = pool_of(0.01, 0.01)
    pool.workers[0].share, pool.workers[1].share = 1.0, 0.5
    assert pool.busy == 0.75
    pool.workers[1].scheduler.add(Talker(), 1, due=None, now=0.0)
    assert pool.waiting == 1
    assert pool.standing() == [(0, 0, 1.0), (0, 1, 0.5)]


async def test_all_workers_run_and_each_serves_its_own_sessions():
    seen = [[], []]

    def noting(k):
        def compute(cuts):
            seen[k].extend(cuts)
            return np.repeat(np.array(cuts, np.float32)[:, None], 82, axis=1)

        return compute

    pool = Pool([Worker(noting(k), max_batch=4) for k in range(2)])
    talkers = [Talker() for _ in range(4)]
    for talker in talkers:
        pool.place(talker, hz=60)
    task = asyncio.create_task(pool.run())
    for window in range(20):
        for k, talker in enumerate(talkers):
            pool.of(talker).add(talker, 100 * k + window, due=0.0, now=0.0)
    async with asyncio.timeout(WAIT_S):
        while not all(len(talker.faces) == 20 for talker in talkers):
            await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.wait([task], timeout=WAIT_S)
    for k, talker in enumerate(talkers):
        assert talker.faces == [100.0 * k + window for window in range(20)]
    assert [{cut // 100 for cut in cuts} for cuts in seen] == [{0, 2}, {1, 3}]
