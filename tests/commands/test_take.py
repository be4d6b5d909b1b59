"""A take of one curve at 50 poses a second; pose i of a line has the value 1 + i / 100."""

import numpy as np
import pytest

from a2f_ws.commands.take import Take
from a2f_ws.timebase import PoseRate

REST = np.array([0.25], np.float32)
S = 1_000_000


@pytest.fixture
def take():
    return Take(rig="r", curves=("a",), transforms=(), rate=PoseRate.of(50))


def speak(take, u, *, now_s, poses, first=0):
    take.begin(u, now_us=int(now_s * S))
    add(take, u, first, first + poses)


def add(take, u, first, end):
    rows = 1 + np.arange(first, end, dtype=np.float32)[:, None] / 100
    take.add(u, rows, times_us=[i * 20_000 for i in range(first, end)], model="m")


def told(take):
    got = take.recording()
    return (
        got.times_us.tolist(),
        got.rows[:, 0].astype(float).round(4).tolist(),
        got.utterances.tolist(),
    )


def test_a_line_is_recorded_pose_by_pose_from_its_sample_0(take):
    speak(take, 1, now_s=100.0, poses=3)
    take.end(1, "poses_done", now_us=101 * S, rest=REST)
    assert told(take) == ([0, 20_000, 40_000], [1.0, 1.01, 1.02], [1, 1, 1])
    got = take.recording({"watched": "Ann"})
    assert (got.rig, got.curves, got.model, got.meta) == ("r", ("a",), "m", {"watched": "Ann"})
    assert take.finished == 1


def test_between_lines_lies_the_silence_that_there_was_and_the_face_stands(take):
    speak(take, 1, now_s=10.0, poses=2)
    take.end(1, "poses_done", now_us=int(10.1 * S), rest=REST)
    speak(take, 2, now_s=12.0, poses=1)
    times, values, lines = told(take)
    # One pose before the next line, the last value once more: nothing creeps in between.
    assert times == [0, 20_000, 1_980_000, 2_000_000]
    assert values == [1.0, 1.01, 1.01, 1.0]
    assert lines == [1, 1, 1, 2]


def test_a_line_that_came_while_another_one_ran_follows_it(take):
    take.begin(1, now_us=10 * S)
    take.begin(2, now_us=10 * S + 5_000)
    add(take, 1, 0, 3)
    take.end(1, "poses_done", now_us=11 * S, rest=REST)
    add(take, 2, 0, 2)
    assert told(take) == (
        [0, 20_000, 40_000, 60_000, 80_000], [1.0, 1.01, 1.02, 1.0, 1.01], [1, 1, 1, 2, 2]
    )  # fmt: skip


def test_an_interrupted_line_keeps_what_was_seen_and_eases_to_rest(take):
    # Poses come up to a second and a half before they are due.
    speak(take, 1, now_s=10.0, poses=75)
    take.end(1, "interrupted", now_us=int(10.5 * S), rest=REST)
    times, values, _ = told(take)
    kept = 26
    assert times == [i * 20_000 for i in range(kept + 13)]
    assert values[:kept] == pytest.approx([1 + i / 100 for i in range(kept)])
    eased = values[kept:]
    assert eased == sorted(eased, reverse=True)
    assert eased[-1] == 0.25
    # Half way along a smoothstep.
    assert eased[6] == pytest.approx(1.25 - 1.0 * (3 * (7 / 13) ** 2 - 2 * (7 / 13) ** 3), abs=1e-4)


def test_a_line_that_cuts_in_ends_the_easing_of_the_one_before(take):
    speak(take, 1, now_s=10.0, poses=75)
    take.end(1, "interrupted", now_us=int(10.5 * S), rest=REST)
    speak(take, 2, now_s=10.6, poses=2)
    times, values, lines = told(take)
    assert times == [*range(0, 620_000, 20_000), 620_000][: len(times)]
    assert lines.index(2) == 30
    assert (times[30], values[30]) == (600_000, 1.0)


def test_a_line_that_is_joined_late_keeps_its_times(take):
    speak(take, 3, now_s=10.0, poses=2, first=40)
    assert told(take) == ([800_000, 820_000], [1.4, 1.41], [3, 3])


def test_lines_without_poses_and_poses_without_a_line_leave_nothing(take):
    take.begin(1, now_us=0)
    take.end(1, "poses_done", now_us=S, rest=REST)
    take.end(9, "poses_done", now_us=S, rest=REST)
    add(take, 7, 0, 3)
    assert told(take) == ([], [], [])
    assert take.recording().rows.shape == (0, 1)
    assert take.poses == 0


def test_a_turned_head_eases_back_as_a_turn():
    take = Take(rig="r", curves=(), transforms=("head",), rate=PoseRate.of(50))
    turn = np.array([0.0, np.sin(0.4), 0.0, np.cos(0.4), 0.0, 0.1, 0.0], np.float32)
    rest = np.array([0, 0, 0, -1, 0, 0, 0], np.float32)
    take.begin(1, now_us=0)
    take.add(1, np.stack([turn] * 5), times_us=[i * 20_000 for i in range(5)], model="m")
    take.end(1, "interrupted", now_us=40_000, rest=rest)
    turns = take.recording().turns("head")
    assert np.linalg.norm(turns[:, :4], axis=1) == pytest.approx(1.0, abs=1e-6)
    angles = 2 * np.arccos(np.clip(np.abs(turns[:, 3]), 0, 1))
    assert (np.diff(angles[2:]) < 0).all()
    assert turns[-1, 5] == pytest.approx(0.0)
