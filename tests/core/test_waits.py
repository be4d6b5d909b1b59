"""When those who were refused may ask again; times are seconds."""

from a2f_ws.hall.waits import PAUSE_S, RETRY_LEAST_S, RETRY_MOST_S, SPREAD, Waits


def test_a_moment_is_short_and_a_long_time_is_long():
    waits, told = Waits(), []
    for now in (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 40.0, 80.0):
        waits.ask("embedded", now=now)
        told.append(waits.ask("embedded", now=now))
    assert told[0] == RETRY_LEAST_S
    assert told == sorted(told)
    assert RETRY_MOST_S <= told[-1] <= RETRY_MOST_S * (1.0 + SPREAD)


def test_many_that_wait_do_not_come_back_together():
    waits = Waits()
    told = [waits.ask("sessions", now=20.0, since=0.0) for _ in range(100)]
    assert (min(told), max(told)) == (20, 30)
    assert max(told.count(wait_s) for wait_s in set(told)) < 15


def test_what_has_been_full_for_long_is_known_from_the_first_one_who_asks():
    assert Waits().ask("sessions", now=100.0, since=92.0) == 8


def test_room_in_between_or_nobody_who_asks_begins_anew():
    waits = Waits()
    waits.ask("embedded", now=0.0)
    assert waits.ask("embedded", now=4.0) > RETRY_LEAST_S
    waits.end("embedded")
    assert waits.ask("embedded", now=5.0) == RETRY_LEAST_S
    assert waits.ask("embedded", now=5.0 + RETRY_LEAST_S + PAUSE_S + 1.0) == RETRY_LEAST_S


def test_what_is_full_counts_by_itself():
    waits = Waits()
    waits.ask("embedded", now=0.0)
    waits.ask("embedded", now=4.0)
    assert waits.ask("sockets", now=5.0) == RETRY_LEAST_S
