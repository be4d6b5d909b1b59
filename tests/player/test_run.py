import numpy as np

from a2f_ws.player.layout import Layout
from a2f_ws.player.run import Run
from a2f_ws.timebase import PoseRate

LAYOUT = Layout(id=1, curves=1, transforms=0, rate=PoseRate(50, 1), idle={})


def numbered(first, count):
    return np.arange(first, first + count, dtype=np.float32)[:, None]


def values(run):
    return [float(run.row(i)[0]) for i in range(run.first, run.end)]


def test_rows_are_found_by_their_index():
    run = Run(LAYOUT, 5)
    run.write(5, numbered(5, 3))
    assert (run.first, run.end, values(run)) == (5, 8, [5, 6, 7])
    assert (run.first_us, run.last_us) == (100_000, 140_000)


def test_rows_survive_when_the_ring_grows_and_turns():
    run = Run(LAYOUT, 1000)
    for first in range(1000, 1300, 3):
        run.write(first, numbered(first, 3))
        run.first = max(1000, first - 20)
    assert values(run) == list(range(run.first, 1300))


def test_rows_that_were_there_are_replaced_without_losing_what_follows():
    run = Run(LAYOUT, 0)
    run.write(0, numbered(0, 6))
    run.write(2, numbered(92, 2))
    assert values(run) == [0, 1, 92, 93, 4, 5]


def test_a_steady_stream_that_is_forgotten_needs_no_more_room():
    run = Run(LAYOUT, 0)
    for i in range(10_000):
        run.write(i, numbered(i, 1))
        run.first = max(0, i - 29)
    assert run._ring.nbytes == 32 * 4
