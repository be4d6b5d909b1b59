"""The worker: what one session breaks ends that session and nothing else."""

import asyncio
import logging
import threading
import time
from contextlib import asynccontextmanager

import numpy as np

from a2f_ws.batching.worker import TOGETHER_S, Worker

FACE_LEN = 82
WAIT_S = 5.0


class Talker:
    """A session whose windows are numbers; what goes wrong with which one can be said.

    Attributes:
        faces: First value of each face that came.
        reasons: Why it was given up.
    """

    def __init__(self, *, breaks=""):
        self.faces, self.reasons = [], []
        self._breaks = breaks

    def cut(self, window):
        if self._breaks == "cut":
            raise RuntimeError("cut")
        return None if window < 0 else float(window)

    def take_faces(self, windows, faces):
        if self._breaks == "take_faces":
            raise RuntimeError("take_faces")
        assert faces.shape == (len(windows), FACE_LEN)
        self.faces += faces[:, 0].tolist()

    def fail(self, reason):
        self.reasons.append(reason)
        if self._breaks in ("fail", "take_faces"):
            raise RuntimeError("fail")


def doubled(cuts):
    """Faces that show twice the number; 1313 cannot be computed."""
    if 1313.0 in cuts:
        raise ValueError("1313")
    return np.repeat(np.array(cuts, np.float32)[:, None] * 2, FACE_LEN, axis=1)


@asynccontextmanager
async def working(compute=doubled, **options):
    worker = Worker(compute, **{"max_batch": 8, **options})
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(0)
    yield worker
    assert not task.done(), "the worker has ended"
    task.cancel()
    await asyncio.wait([task], timeout=WAIT_S)


async def until(condition):
    async with asyncio.timeout(WAIT_S):
        while not condition():
            await asyncio.sleep(0.001)


async def test_faces_come_back_to_the_session_in_order():
    first, second = Talker(), Talker()
    async with working() as worker:
        for window in range(20):
            worker.add(first, window, due=None, now=0.0)
            worker.add(second, 100 + window, due=None, now=0.0)
        await until(lambda: len(first.faces) == len(second.faces) == 20)
    assert first.faces == [2.0 * window for window in range(20)]
    assert second.faces == [200.0 + 2 * window for window in range(20)]
    assert worker.scheduler.cost_s > 0


async def test_what_sessions_do_with_faces_is_part_of_what_a_batch_costs():
    class Slow(Talker):
        def take_faces(self, windows, faces):
            time.sleep(0.02)
            super().take_faces(windows, faces)

    talker = Slow()
    async with working(max_batch=1) as worker:
        for window in range(4):
            worker.add(talker, window, due=None, now=0.0)
        await until(lambda: len(talker.faces) == 4)
        assert worker.scheduler.cost_s >= 0.02


async def test_windows_that_nobody_needs_are_not_computed():
    batches = []

    def noting(cuts):
        batches.append(list(cuts))
        return doubled(cuts)

    talker = Talker()
    async with working(noting) as worker:
        for window in (-1, 1, -1, -1, 2):
            worker.add(talker, window, due=None, now=0.0)
        await until(lambda: talker.faces == [2.0, 4.0])
    assert [cut for batch in batches for cut in batch] == [1.0, 2.0]


async def test_a_window_that_cannot_be_computed_fails_its_own_session_only(caplog):
    bad, good = Talker(), Talker()
    with caplog.at_level(logging.CRITICAL):
        async with working() as worker:
            for window in (12, 1313, 14):
                worker.add(bad, window, due=None, now=0.0)
            for window in (1, 2, 3):
                worker.add(good, window, due=None, now=0.0)
            await until(lambda: bad.reasons and len(good.faces) == 3)
            worker.add(good, 4, due=None, now=0.0)
            await until(lambda: len(good.faces) == 4)
    assert good.faces == [2.0, 4.0, 6.0, 8.0]
    assert good.reasons == []
    assert (bad.faces, len(bad.reasons)) == ([], 1)


async def test_a_bug_in_a_session_does_not_end_the_worker(caplog):
    for place in ("cut", "take_faces", "fail"):
        bad, good = Talker(breaks=place), Talker()
        async with working() as worker:
            worker.add(bad, 1313 if place == "fail" else 1, due=None, now=0.0)
            worker.add(good, 2, due=None, now=0.0)
            await until(lambda one=bad, other=good: one.reasons and other.faces)
            worker.add(good, 3, due=None, now=0.0)
            await until(lambda other=good: len(other.faces) == 2)
        assert bad.reasons[0]
        assert good.faces == [4.0, 6.0]
    assert caplog.text.count("Traceback") >= 3


async def test_a_backend_that_gives_too_few_faces_fails_no_other_session():
    def short(cuts):
        return doubled(cuts)[: 1 if 7.0 not in cuts else 0]

    bad, good = Talker(), Talker()
    async with working(short) as worker:
        worker.add(bad, 7, due=None, now=0.0)
        worker.add(good, 1, due=None, now=0.0)
        await until(lambda: bad.reasons and good.faces)
    assert good.faces == [2.0]


async def test_no_batch_is_larger_than_the_backend_takes():
    sizes = []

    def noting(cuts):
        sizes.append(len(cuts))
        return doubled(cuts)

    talker = Talker()
    async with working(noting, max_batch=3) as worker:
        for window in range(10):
            worker.add(talker, window, due=None, now=0.0)
        await until(lambda: len(talker.faces) == 10)
    assert max(sizes) == 3


async def test_it_stops_within_a_batch():
    def slow(cuts):
        time.sleep(0.05)
        return doubled(cuts)

    talker = Talker()
    async with working(slow, max_batch=1) as worker:
        for window in range(100):
            worker.add(talker, window, due=None, now=0.0)
        await until(lambda: talker.faces)
    assert len(talker.faces) < 10


async def test_a_worker_that_ends_does_not_hold_up_the_loop_for_its_batch():
    is_computing, may_end = threading.Event(), threading.Event()

    def slow(cuts):
        is_computing.set()
        may_end.wait(WAIT_S)
        return doubled(cuts)

    worker, talker = Worker(slow, max_batch=8), Talker()
    worker.add(talker, 1, due=None, now=0.0)
    task = asyncio.create_task(worker.run())
    while not is_computing.is_set():
        await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.wait([task], timeout=WAIT_S)
    assert task.cancelled()
    assert not may_end.is_set()
    may_end.set()
    await asyncio.sleep(0.05)
    assert talker.faces == []


async def test_a_batch_is_measured_by_its_work_and_one_without_work_is_not():
    talker = Talker()
    async with working(work_of=int, max_batch=100) as worker:
        told = []
        worker.scheduler.measured = lambda work, seconds: told.append(work)
        for windows in ((5, 0, 2), (0, 0)):
            due = len(talker.faces) + len(windows)
            for window in windows:
                worker.add(talker, window, due=None, now=0.0, work=window)
            await until(lambda due=due: len(talker.faces) == due)
    assert sum(told) == 7
    assert 0 not in told
    assert talker.faces == [10.0, 0.0, 4.0, 0.0, 0.0]


class Noted(Talker):
    """A session that notes when its windows are cut.

    Attributes:
        cut_at: Times of `perf_counter`.
    """

    def __init__(self):
        super().__init__()
        self.cut_at = []

    def cut(self, window):
        self.cut_at.append(time.perf_counter())
        return super().cut(window)


async def test_a_busy_worker_leaves_time_for_windows_to_gather():
    talker = Noted()
    async with working() as worker:
        # Busy all the time so far.
        worker._spend(time.perf_counter() - 60.0, time.perf_counter())
        for window in range(6):
            worker.add(talker, window, due=0.0, now=0.0)
            await until(lambda wanted=window + 1: len(talker.faces) == wanted)
    assert talker.cut_at[-1] - talker.cut_at[0] > 5 * TOGETHER_S / 2
