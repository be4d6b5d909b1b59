import numpy as np
import pytest

from a2f_ws.client_pose import Block, Columns
from a2f_ws.commands.spectator import Spectator
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.timebase import PoseRate
from a2f_ws.wire.replies import Utterance

RATE = PoseRate.of(60)
FRAME_US = 1_000_000 // 60


@pytest.fixture
def player():
    player = PosePlayer()
    player.opened(1, curves=1, transforms=0, rate=RATE, idle={})
    player.rest(1, np.zeros(1, np.float32))
    return player


def say(spectator, player, u, *, first=0, poses=60):
    """A line whose pose i is i / 100, complete."""
    rows = (np.arange(first, first + poses, dtype=np.float32) / 100)[:, None]
    spectator.take(Utterance(sid=1, u=u, state="started", poses=0, t_us=0))
    player.utterance(u, "started", poses=0, t_us=0)
    player.poses(u, 1, i=first, rows=rows)
    spectator.take(Block(u, first, rows, Columns(("a",), RATE)))
    last_us = RATE.t_us(first + poses - 1)
    player.utterance(u, "poses_done", poses=poses, t_us=last_us)
    spectator.take(Utterance(sid=1, u=u, state="poses_done", poses=poses, t_us=last_us))


def show(spectator, seconds, *, since_us=0):
    """The play heads of so many seconds of frames."""
    heads = []
    for k in range(round(seconds * 60)):
        spectator.frame(since_us + k * FRAME_US)
        heads.append(spectator.at_us)
    return heads


def test_lines_are_shown_one_after_the_other_and_each_to_its_end(player):
    spectator = Spectator(player)
    say(spectator, player, 3)
    say(spectator, player, 5)
    show(spectator, 0.5)
    assert (spectator.u, spectator.finished, spectator.is_running) == (3, 0, True)
    show(spectator, 1.0, since_us=500_000)
    assert (spectator.u, spectator.finished) == (5, 1)
    show(spectator, 1.5, since_us=1_500_000)
    assert spectator.finished == 2


def test_a_line_in_progress_is_shown_from_its_first_pose_on(player):
    spectator = Spectator(player)
    say(spectator, player, 1, first=120)
    heads = [head for head in show(spectator, 0.3) if head is not None]
    assert heads[0] == RATE.t_us(120)
    assert heads[-1] > RATE.t_us(130)


def test_before_anybody_speaks_the_rest_row_shows(player):
    spectator = Spectator(player)
    row, has_changed = spectator.frame(0)
    assert (row.tolist(), has_changed, spectator.at_us) == ([0.0], False, None)
