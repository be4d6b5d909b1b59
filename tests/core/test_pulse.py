"""What the loop's work with a pose is found to be; times are seconds."""

import pytest

from a2f_ws.hall.pulse import BEATS, KEPT, LATE_S, POSES_LEAST, Pulse

TICK_S = 0.05


class Clock:
    """Ticks of a server whose poses cost so much, and that has other work to do, too."""

    def __init__(self):
        self.pulse, self.now, self.work_s, self.poses = Pulse(), 10.0, 3.0, 0

    def run(self, seconds, *, poses_hz, pose_s=0.0001, other=0.0, late_s=0.001):
        for _ in range(round(seconds / TICK_S)):
            self.now += TICK_S
            self.poses += round(poses_hz * TICK_S)
            self.work_s += poses_hz * TICK_S * pose_s + other * TICK_S
            self.pulse.beat(now=self.now, work_s=self.work_s, poses=self.poses, late_s=late_s)
        return self.pulse


def test_work_is_divided_by_the_poses_that_it_was_for():
    assert Clock().run(3.0, poses_hz=2000, pose_s=0.0002).pose_s == pytest.approx(0.0002)


def test_what_a_pose_cost_once_is_forgotten_at_any_rate_of_poses():
    clock = Clock()
    clock.run(KEPT, poses_hz=540, other=0.9)
    assert clock.pulse.pose_s > 0.001
    assert clock.run(KEPT // 2 + 2, poses_hz=POSES_LEAST * 2).pose_s == pytest.approx(0.0001)


def test_a_loop_tells_how_busy_it_was_in_the_last_second():
    clock = Clock()
    assert clock.run(2.1, poses_hz=1000, other=0.3).busy == pytest.approx(0.4)
    assert clock.run(2.1, poses_hz=0).busy == 0.0


def test_poses_that_come_many_at_a_time_do_not_make_live_ones_seem_cheap():
    clock = Clock()
    clock.run(20.0, poses_hz=600, pose_s=0.0004)
    for _ in range(30):
        clock.pulse.mix()
        clock.run(1.0, poses_hz=9000, pose_s=0.00005)
    assert clock.pulse.pose_s == pytest.approx(0.0004)


def test_seconds_with_much_else_to_do_change_nothing():
    clock = Clock()
    clock.run(20.0, poses_hz=1000)
    clock.run(KEPT // 2, poses_hz=1000, other=0.8)
    assert clock.pulse.pose_s == pytest.approx(0.0001, rel=0.2)


def test_a_loop_that_wakes_late_for_a_second_does_not_keep_up():
    clock = Clock()
    assert not clock.run(1.0, poses_hz=0).is_late
    assert not clock.run(TICK_S * (BEATS // 2 - 1), poses_hz=0, late_s=2 * LATE_S).is_late
    assert clock.run(1.0, poses_hz=0, late_s=2 * LATE_S).is_late
    assert not clock.run(1.0, poses_hz=0).is_late
