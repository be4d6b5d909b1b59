import numpy as np

from a2f_ws.player.layout import Layout
from a2f_ws.player.utterances import Utterances
from a2f_ws.timebase import PoseRate

LAYOUT = Layout(id=1, curves=1, transforms=0, rate=PoseRate(50, 1), idle={})


def filled(*numbers):
    utterances = Utterances()
    for u in numbers:
        utterances.track(u).add(LAYOUT, 0, rows=np.zeros((10, 1), np.float32))
    return utterances


def test_utterances_count_from_one():
    assert not Utterances().is_wanted(0)
    assert Utterances().is_wanted(1)


def test_entering_a_newer_one_deletes_the_older_ones_and_wants_them_no_more():
    utterances = filled(1, 2, 3)
    utterances.enter(3)
    assert utterances.rows == 10
    assert [utterances.is_wanted(u) for u in (1, 2, 3, 4)] == [False, False, True, True]


def test_an_interrupt_reaches_older_ones_and_those_not_heard_of_yet():
    utterances = filled(1, 2, 4)
    utterances.interrupt(3)
    assert utterances.rows == 10
    assert [utterances.track(u).is_dead for u in (1, 2, 3, 4)] == [True, True, True, False]
    assert [utterances.is_wanted(u) for u in (3, 4)] == [False, True]


def test_an_interrupt_of_less_than_before_takes_nothing_back():
    utterances = filled(1, 2)
    utterances.interrupt(2)
    utterances.interrupt(1)
    assert not utterances.is_wanted(2)
