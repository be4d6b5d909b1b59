"""Types in words."""

import pytest

from a2f_ws.wire.geometry import Geometry
from a2f_ws.wire.replies import Opened
from a2f_ws.wire.requests import Audio, Emotion, Open, Played, Set
from a2f_ws.wire.wanted import wanted_at


@pytest.mark.parametrize(
    ("kind", "path", "words"),
    [
        (Audio, ["sid"], "integer 0 to 2147483647"),
        (Audio, ["first"], "integer 0 to 9007199254740991"),
        (Audio, ["pcm"], "bytes"),
        (Played, ["rate"], "number 0.1 to 10"),
        (Played, ["paused"], "true or false"),
        (Open, ["rig"], "text (1 to 64 characters)"),
        (Open, ["audio"], "map AudioFormat"),
        (Open, ["audio", "rate"], "integer 8000 to 192000"),
        (Open, ["pacing"], 'one of "burst", "live"'),
        (Open, ["fps", 0], "integer 1 to 2147483647"),
        (Open, ["curves", "[...]", "gain"], "number -1000000 to 1000000"),
        (Open, ["cache"], "true or false"),
        (Set, ["swap"], "list of text (1 to 64 characters) (0 to 64 entries)"),
        (Emotion, ["values", "key"], "text (1 to 64 characters)"),
        (Opened, ["idle", "[...]"], "[integer 0 to 2147483647, number -1000000 to 1000000]"),
        (Opened, ["idle", "[...]", 1], "number -1000000 to 1000000"),
        (Geometry, ["parts", "jaw"], "bytes (exactly 64 bytes)"),
    ],
)
def test_a_path_is_described(kind, path, words):
    assert wanted_at(kind, path) == words
