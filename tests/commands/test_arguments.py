import pytest

from a2f_ws.commands.arguments import emotion, pose_rate
from a2f_ws.errors import ConfigError
from a2f_ws.timebase import PoseRate


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("60", PoseRate(60, 1)),
        ("29.97", PoseRate(2997, 100)),
        ("30000/1001", PoseRate(30_000, 1001)),
        ("120/2", PoseRate(60, 1)),
    ],
)
def test_a_pose_rate_is_a_number_or_a_quotient(text, wanted):
    assert pose_rate(text) == wanted


@pytest.mark.parametrize("text", ["", "9", "241", "-60", "60/0", "60 fps", "nan", "1e400"])
def test_anything_else_is_no_pose_rate(text):
    with pytest.raises(ConfigError, match="--fps"):
        pose_rate(text)


def test_emotions_are_names_with_values():
    assert emotion(["joy=0.6", "anger=0"]) == {"joy": 0.6, "anger": 0.0}
    assert emotion([]) is None


@pytest.mark.parametrize("word", ["joy", "joy=", "=1", "joy=much", "joy=-0.1", "joy=nan", "joy=2"])
def test_anything_else_is_no_emotion(word):
    with pytest.raises(ConfigError, match="wanted NAME=VALUE"):
        emotion([word])
