"""What is known of a thread over some seconds; times are seconds."""

import pytest

from a2f_ws.hall.gauge import FRESH, KEPT, LOOK_S, Gauge


class Looks:
    """A gauge that looks at regular times."""

    def __init__(self):
        self.gauge, self.now = Gauge(), 10.0

    def see(self, count, *, each_s=0.005, busy=0.0, needed_hz=0.0):
        for _ in range(count):
            self.now += LOOK_S
            self.gauge.look(now=self.now, each_s=each_s, busy=busy, needed_hz=needed_hz)
        return self.gauge


def test_less_than_half_of_the_time_changes_no_cost():
    looks = Looks()
    looks.see(KEPT)
    assert looks.see(KEPT // 2, each_s=0.05).each_s == 0.005
    assert looks.see(1, each_s=0.05).each_s == 0.05


def test_a_cost_that_is_not_known_counts_for_nothing():
    looks = Looks()
    assert looks.see(3, each_s=0.0).each_s == 0.0
    looks.see(1)
    assert looks.see(KEPT, each_s=0.0).each_s == 0.005


def test_a_thread_that_was_busy_is_busy_while_those_who_speak_pause():
    looks = Looks()
    looks.see(400, busy=0.8)
    assert looks.see(4).busy == pytest.approx(0.75, abs=0.01)
    assert looks.see(400).busy < 0.01
    assert looks.see(1, busy=0.9).busy == 0.9


def test_what_was_added_in_the_last_second_cannot_show_yet():
    looks = Looks()
    assert looks.gauge.fresh_hz(60.0) == 60.0
    looks.see(FRESH, needed_hz=60.0)
    assert (looks.gauge.fresh_hz(60.0), looks.gauge.fresh_hz(150.0)) == (0.0, 90.0)
    looks.see(FRESH - 1, needed_hz=150.0)
    assert looks.gauge.fresh_hz(150.0) == 90.0
    assert looks.see(1, needed_hz=150.0).fresh_hz(150.0) == 0.0
