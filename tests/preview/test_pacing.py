"""A player of one curve at 50 poses a second: the curve says the time in seconds."""

import numpy as np
import pytest

from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.preview.pacing import Pacing
from a2f_ws.timebase import PoseRate

FRAME_US = 16_667


class Stage:
    """A pacing, its player, and a clock that moves frame by frame."""

    def __init__(self):
        self.player = PosePlayer()
        self.player.opened(1, curves=1, transforms=0, rate=PoseRate(50, 1), idle={})
        self.player.rest(1, np.zeros(1, np.float32))
        self.pacing = Pacing(self.player)
        self.now_us = 1_000_000

    def begin(self, u, *, start_us=0, is_mic=False):
        self.player.utterance(u, "started", poses=0, t_us=start_us)
        self.pacing.begin(u, start_us=start_us, now_us=self.now_us, is_mic=is_mic)

    def poses(self, u, first, end):
        rows = np.arange(first, end, dtype=np.float32)[:, None] / 50
        self.player.poses(u, 1, i=first, rows=rows)

    def done(self, u, count, state="poses_done"):
        self.player.utterance(u, state, poses=count, t_us=(count - 1) * 20_000)

    def show(self, frames=1, told=None):
        shown = []
        for _ in range(frames):
            self.now_us += FRAME_US
            shown.append(float(self.pacing.row(told, now_us=self.now_us)[0]))
        return shown


@pytest.fixture
def stage():
    return Stage()


def test_nothing_to_say_is_the_rest_row(stage):
    assert stage.show(3) == [0.0, 0.0, 0.0]
    assert stage.show(3, told=(0, 0)) == [0.0, 0.0, 0.0]


def test_the_play_head_that_is_told_is_shown(stage):
    stage.begin(1)
    stage.poses(1, 0, 50)
    stage.show(10, told=(1, 400_000))
    assert stage.show(told=(1, 400_000)) == [pytest.approx(0.4)]
    assert stage.show(told=(1, 410_000)) == [pytest.approx(0.41)]


def test_without_being_told_a_line_runs_evenly_once_enough_of_it_is_here(stage):
    stage.begin(1)
    stage.poses(1, 0, 3)
    assert stage.show(5) == [0.0] * 5
    stage.poses(1, 3, 100)
    stage.done(1, 100)
    shown = np.array(stage.show(100))
    # After the blend of 80 ms, one frame of time in every frame.
    steps = np.diff(shown[10:90])
    assert steps == pytest.approx(FRAME_US / 1e6, abs=1e-4)


def test_poses_that_stay_away_halt_the_face_and_it_goes_on_where_it_was(stage):
    stage.begin(1)
    stage.poses(1, 0, 25)
    running = stage.show(90)
    assert max(running) == pytest.approx(24 / 50)
    stage.poses(1, 25, 100)
    again = stage.show(30)
    assert again[-1] > 0.5
    assert max(np.diff(again[10:])) < 0.02


def test_lines_follow_one_another_and_each_is_shown_to_its_end(stage):
    for u in (1, 2):
        stage.begin(u)
        stage.poses(u, 0, 50)
        stage.done(u, 50)
    shown = np.array(stage.show(150))
    ends = np.flatnonzero(shown > 0.95)
    assert len(ends) >= 4
    # The first one's end, and a second later that of the second one.
    assert ends[-1] - ends[0] > 50
    assert shown[-1] == pytest.approx(0.0, abs=1e-6)


def test_an_interrupted_line_eases_to_rest_and_the_next_one_begins(stage):
    stage.begin(1)
    stage.poses(1, 0, 100)
    before = stage.show(60)[-1]
    assert before > 0.5
    stage.done(1, 100, "interrupted")
    eased = stage.show(12)
    assert 0.0 < eased[2] < before
    assert eased[-1] == pytest.approx(0.0, abs=1e-6)
    stage.begin(2)
    stage.poses(2, 0, 50)
    assert stage.show(40)[-1] > 0.3


def test_a_line_that_begins_in_the_middle_starts_there(stage):
    stage.begin(1, start_us=400_000)
    stage.poses(1, 20, 100)
    shown = stage.show(20)
    assert shown[-1] > 0.5
    assert max(shown) < 0.8


def test_a_microphone_is_followed_a_margin_behind_its_newest_pose(stage):
    stage.begin(1, is_mic=True)
    shown = []
    for k in range(200):
        # Poses come as they are due, two thirds of a pose a frame.
        end = int(k * FRAME_US / 20_000)
        if end:
            stage.poses(1, max(0, end - 1), end)
        shown += stage.show()
    behind = np.array([k * FRAME_US / 1e6 for k in range(200)]) - shown
    assert 0.04 < behind[100:].min() <= behind[100:].max() < 0.16


def test_a_client_that_begins_to_tell_takes_over(stage):
    for u in (1, 2):
        stage.begin(u)
        stage.poses(u, 0, 50)
    stage.show(20)
    stage.show(10, told=(2, 600_000))
    assert stage.show(told=(2, 600_000)) == [pytest.approx(0.6)]
    # What was told is not begun again.
    stage.done(2, 50)
    assert stage.show(60, told=(2, 2_000_000))[-1] == pytest.approx(0.0, abs=1e-6)
