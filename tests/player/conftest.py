"""A player of one curve at 50 poses per second: pose i is at 20,000 · i."""

import numpy as np
import pytest

from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.timebase import PoseRate


def open_player(*, rest=0.0, ahead_us=1_500_000, look_ahead_us=0, **settings):
    player = PosePlayer(**settings)
    player.opened(
        1,
        curves=1,
        transforms=0,
        rate=PoseRate(50, 1),
        idle={},
        look_ahead_us=look_ahead_us,
        ahead_us=ahead_us,
    )
    player.rest(1, np.array([rest], np.float32))
    return player


@pytest.fixture
def player():
    return open_player()


@pytest.fixture
def opened():
    return open_player
