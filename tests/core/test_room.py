"""What of a thread is taken, and whether more fits."""

import pytest

from a2f_ws.hall.room import EVIDENT, NEW_PART, Room


@pytest.mark.parametrize(
    ("speaking", "new", "mine", "held"),
    [
        (0.0, 0.0, 9.0, (True, True)),
        (0.0, 1.5, 9.0, (True, False)),
        (0.9, 0.0, 0.1, (True, True)),
        (0.9, 0.0, 0.11, (False, True)),
        (0.5, 4.9, 0.1, (True, True)),
        (0.5, 5.0, 0.1, (True, False)),
        # Who spoke a little a minute ago does not keep a slow machine from the next one.
        (0.4, 0.0, 0.9, (True, True)),
        (0.5, 0.0, 0.9, (False, True)),
    ],
)
def test_those_that_speak_count_in_full_and_those_that_are_new_in_part(speaking, new, mine, held):
    room = Room(speaking, new)
    assert (room.holds(mine), room.holds_new(mine)) == held


@pytest.mark.parametrize("new", [0.0, 2.0])
def test_nobody_is_refused_before_a_thread_really_has_much_to_do(new):
    idle = Room(5.0, new, EVIDENT - NEW_PART * new)
    assert (idle.holds(9.0), idle.holds_new(9.0), idle.taken <= 1.0) == (True, True, True)
    busy = Room(5.0, new, EVIDENT - NEW_PART * new + 0.01)
    assert (busy.holds(9.0), busy.taken > 1.0) == (False, True)
