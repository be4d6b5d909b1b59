import numpy as np
import pytest

from a2f_ws.errors import MisuseError
from a2f_ws.output.recording import Recorder, Recording
from a2f_ws.timebase import PoseRate

RATE = PoseRate.of(50)


def recorder():
    return Recorder(rig="r", curves=("a", "b"), rate=RATE, model="m")


def rows(*values):
    return np.array([[value, -value] for value in values], np.float32)


def test_rows_get_the_times_of_their_indices():
    recorded = recorder()
    recorded.begin(1)
    recorded.add(rows(1, 2), 0)
    recorded.add(rows(3), 5)
    got = recorded.recording({"clip": "x"})
    assert (got.rig, got.model, got.curves, got.rate) == ("r", "m", ("a", "b"), RATE)
    assert got.meta == {"clip": "x"}
    assert got.times_us.tolist() == [0, 20_000, 100_000]
    assert got.utterances.tolist() == [1, 1, 1]
    assert got.rows.tolist() == [[1, -1], [2, -2], [3, -3]]


def test_utterances_follow_one_another():
    recorded = recorder()
    recorded.begin(2)
    recorded.add(rows(1, 2), 0)
    recorded.begin(5)
    recorded.add(rows(3), 0)
    got = recorded.recording()
    assert got.times_us.tolist() == [0, 20_000, 40_000]
    assert got.utterances.tolist() == [2, 2, 5]


def test_an_utterance_that_begins_earlier_cuts_off_the_one_before():
    recorded = recorder()
    recorded.begin(1, 7)
    recorded.add(rows(1, 2, 3), 0)
    recorded.begin(2, 20_007)
    recorded.add(rows(4), 0)
    got = recorded.recording()
    assert got.times_us.tolist() == [7, 20_007]
    assert got.rows[:, 0].tolist() == [1, 4]


def test_a_recording_without_rows_has_the_columns_all_the_same():
    for recorded in (recorder(), recorder()):
        assert recorded.recording().rows.shape == (0, 2)
    recorded.begin(1)
    assert recorded.recording().rows.shape == (0, 2)


def test_what_was_added_may_change_afterwards():
    recorded, given = recorder(), rows(1)
    recorded.begin(1)
    recorded.add(given, 0)
    given[:] = 9
    assert recorded.recording().rows.tolist() == [[1, -1]]


def test_numbers_times_and_indices_that_go_back_are_our_bug():
    recorded = recorder()
    with pytest.raises(MisuseError, match="rows from 0 on do not follow"):
        recorded.add(rows(1), 0)
    recorded.begin(2, 100)
    recorded.add(rows(1, 2), 3)
    with pytest.raises(MisuseError, match="rows from 4 on do not follow"):
        recorded.add(rows(1), 4)
    with pytest.raises(MisuseError, match="utterance 2 at 200 µs after 2 at 100 µs"):
        recorded.begin(2, 200)
    with pytest.raises(MisuseError, match="utterance 3 at 99 µs after 2 at 100 µs"):
        recorded.begin(3, 99)


def parts(**changes):
    fitting = {
        "rig": "r",
        "curves": ("a", "b"),
        "rate": RATE,
        "times_us": np.array([0, 10], np.int64),
        "utterances": np.array([1, 1], np.int64),
        "rows": rows(1, 2),
    }
    return fitting | changes


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"curves": ("a", "a")}, "a curve is named twice"),
        ({"rows": rows(1)}, r"shapes of times \(2,\), utterances \(2,\) and rows \(1, 2\)"),
        ({"utterances": np.array([1], np.int64)}, r"utterances \(1,\)"),
        ({"times_us": np.array([[0], [10]], np.int64)}, r"times \(2, 1\)"),
        ({"rows": rows(1, np.nan)}, "not finite"),
        ({"times_us": np.array([5, 5], np.int64)}, "the times do not rise"),
        ({"times_us": np.array([-1, 5], np.int64)}, "the times do not rise"),
        ({"utterances": np.array([2, 1], np.int64)}, "the utterances do not rise"),
        ({"utterances": np.array([0, 1], np.int64)}, "the utterances do not rise"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(changes, text):
    assert len(Recording(**parts()).rows) == 2
    with pytest.raises(ValueError, match=text):
        Recording(**parts(**changes))
