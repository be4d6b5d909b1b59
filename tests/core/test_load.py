import asyncio

import numpy as np

from a2f_ws.batching.worker import Worker
from a2f_ws.wire import replies
from tests.core.desk import Desk, codes, of


def loads(desk):
    desk.read()
    told = of(desk.log, replies.Status, code="load")
    return [(message.counters["late"], message.counters["dropped"]) for message in told]


def test_load_comes_once_a_second_to_those_who_want_it(scripted):
    desk = Desk(scripted)
    desk.open(want=("status",))
    desk.open(sid=2)
    desk.wait(5.1)
    desk.read()
    told = of(desk.log, replies.Status, code="load")
    assert [message.sid for message in told] == [1] * 5
    assert {(m.level, m.counters["busy"]) for m in told} == {("info", 0.25)}
    assert codes(desk.log) == ["load"] * 5


def test_poses_in_time_are_not_late(scripted):
    desk = Desk(scripted)
    desk.open(want=("status",))
    desk.line(np.zeros(32_000))
    desk.wait(4.1)
    assert loads(desk) == [(0, 0)] * 4


def test_poses_that_come_after_the_play_head_are_counted_as_late_and_dropped(scripted):
    desk = Desk(scripted, max_batch=4)
    desk.open(want=("status",))
    desk.work()
    desk.line(np.zeros(16_000))
    desk.played(60_000)
    desk.work(1)
    desk.wait(0.3, works=False)
    desk.wait(1.0)
    late, dropped = np.sum(loads(desk), axis=0)
    assert 4 <= late <= 10  # the first batch, and what came a tick later after the gap
    told = of(desk.log, replies.Status, code="dropped")
    assert dropped == sum(message.counters["poses"] for message in told) > 10


async def test_a_worker_knows_how_busy_it_is():
    class Voice:
        def cut(self, window):
            return window

        def take_faces(self, windows, faces):
            done.set()

    def compute(cuts):
        return np.zeros((len(cuts), 82), np.float32)

    done = asyncio.Event()
    worker = Worker(compute, max_batch=4)
    assert worker.busy == 0.0
    task = asyncio.ensure_future(worker.run())
    worker.add(Voice(), "window", due=None, now=0.0)
    await done.wait()
    task.cancel()
    assert 0.0 < worker.busy < 1.0
