import numpy as np
import pytest

from a2f_ws.names import WEIGHTS
from a2f_ws.shaping.gaze import GAZE, LIMIT_DEG, look


def looked(*, right=(0.0, 0.0), left=(0.0, 0.0)):
    """The eyeLook weights that are not zero, for pitch (down) and yaw (to the own left)."""
    weights = np.full((1, len(WEIGHTS)), 0.5, np.float32)
    look(weights, np.array([[*right, *left]], np.float32))
    others = [i for i, name in enumerate(WEIGHTS) if name not in GAZE]
    assert (weights[0, others] == 0.5).all()
    return {
        name: float(weights[0, WEIGHTS.index(name)])
        for name in GAZE
        if weights[0, WEIGHTS.index(name)] != 0.0
    }


@pytest.mark.parametrize(
    ("turned", "names"),
    [
        ({"left": (15.0, 0.0)}, {"eyeLookDownLeft"}),
        ({"left": (-15.0, 0.0)}, {"eyeLookUpLeft"}),
        ({"left": (0.0, 15.0)}, {"eyeLookOutLeft"}),
        ({"left": (0.0, -15.0)}, {"eyeLookInLeft"}),
        ({"right": (15.0, 0.0)}, {"eyeLookDownRight"}),
        ({"right": (-15.0, 0.0)}, {"eyeLookUpRight"}),
        ({"right": (0.0, 15.0)}, {"eyeLookInRight"}),
        ({"right": (0.0, -15.0)}, {"eyeLookOutRight"}),
    ],
)
def test_each_way_has_its_pose(turned, names):
    assert looked(**turned) == dict.fromkeys(names, 0.5)


def test_eyes_that_look_ahead_move_no_pose():
    assert looked() == {}


def test_a_rotation_beyond_the_limit_is_a_whole_weight():
    assert looked(left=(2 * LIMIT_DEG, 0.0)) == {"eyeLookDownLeft": 1.0}
