"""Emotion: ramps in the time of the sound, kept over utterances, shown by the rest row between."""

from itertools import pairwise

import numpy as np
import pytest

from a2f_ws.names import EMOTIONS
from a2f_ws.session.mood import PLANNED_MAX
from a2f_ws.wire import replies
from tests.core.desk import Desk, codes, errors, finals, of, poses, ramp, rest_rows

SECOND = 16_000
JOY = EMOTIONS.index("joy")
ANGER = EMOTIONS.index("anger")


@pytest.fixture
def live(desk):
    """A live session at 60 poses a second that is computed half a second ahead."""
    desk.open(ahead_us=500_000)
    return desk


def silence(seconds):
    return np.zeros(round(seconds * SECOND), np.float32)


def amounts(rows, emotion=JOY):
    """Pose → amount of an emotion: a tenth of it is all that the scripted backend shows."""
    return {i: pytest.approx(10 * float(row[emotion]), abs=1e-5) for i, row in rows.items()}


def linear(begin, end, *, seconds):
    """What a ramp from 0 to 1 is at each pose of a line, at 60 poses a second, in samples."""
    at = [i * SECOND // 60 for i in range(60 * seconds)]
    return {i: min(1.0, max(0.0, (one - begin) / (end - begin))) for i, one in enumerate(at)}


def speech(messages, *, seconds, u=1):
    return {i: row for i, row in poses(messages, u=u).items() if i < 60 * seconds}


def test_a_ramp_planned_for_an_utterance_is_linear_between_its_two_times(burst):
    burst.emotion(joy=1.0, u=1, t_us=500_000, transition_us=750_000)
    burst.line(silence(2))
    assert amounts(speech(burst.finish(), seconds=2)) == linear(8_000, 20_000, seconds=2)
    assert codes(burst.log) == []


def test_a_ramp_without_transition_jumps_at_its_time(burst):
    burst.emotion(joy=1.0, u=1, t_us=500_000)
    burst.line(silence(1))
    rows = amounts(speech(burst.finish(), seconds=1))
    assert rows == {i: 1.0 if i >= 30 else 0.0 for i in range(60)}


def test_a_ramp_starts_from_the_value_in_force_and_cuts_off_what_was_planned_later(burst):
    burst.emotion(joy=1.0, u=1, t_us=0, transition_us=1_000_000)
    burst.emotion(anger=1.0, u=1, t_us=1_500_000)
    burst.emotion(u=1, t_us=500_000, transition_us=500_000)
    burst.line(silence(2))
    rows = speech(burst.finish(), seconds=2)
    joy = amounts(rows)
    assert joy[15] == 0.25
    assert joy[30] == 0.5
    assert joy[45] == 0.25
    assert joy[60] == joy[119] == 0.0
    assert set(map(repr, amounts(rows, ANGER).values())) == {repr(pytest.approx(0.0, abs=1e-5))}


def test_an_absent_name_is_zero(burst):
    burst.emotion(joy=1.0)
    burst.emotion(anger=0.5)
    burst.line(silence(0.1))
    rows = poses(burst.finish())
    assert amounts(rows)[0] == 0.0
    assert amounts(rows, ANGER)[0] == 0.5


def test_while_a_line_is_spoken_a_change_acts_from_the_first_pose_not_yet_computed(live):
    live.line(silence(3))
    live.work()
    live.emotion(joy=1.0, transition_us=500_000)
    rows = speech(live.finish(), seconds=3)
    wanted = linear(31 * SECOND // 60, 31 * SECOND // 60 + 8_000, seconds=3)
    assert amounts(rows) == wanted
    assert codes(live.log) == []


def test_a_time_that_is_past_moves_to_the_first_pose_not_yet_computed_and_is_told(live):
    live.line(silence(2))
    live.work()
    live.emotion(joy=1.0, u=1, t_us=100_000)
    rows = amounts(speech(live.finish(), seconds=2))
    assert [(m.code, m.u) for m in of(live.log, replies.Status)] == [("late", 1)]
    assert rows[30] == 0.0
    assert rows[31] == 1.0


def test_the_time_of_an_utterance_that_is_over_is_past(live):
    live.line(silence(0.1))
    live.finish()
    live.emotion(joy=1.0, u=1, t_us=5_000)
    live.line(silence(0.1), u=2)
    assert codes(live.finish()) == ["late"]
    assert amounts(poses(live.log, u=2))[0] == 1.0


def test_an_emotion_lasts_over_utterances(burst):
    burst.emotion(joy=1.0, u=1, t_us=0)
    for u in (1, 2, 3):
        burst.line(silence(0.1), u=u)
    burst.finish()
    assert [amounts(poses(burst.log, u=u))[0] for u in (1, 2, 3)] == [1.0, 1.0, 1.0]


def test_a_ramp_that_the_end_cuts_short_is_complete_when_the_next_line_begins(burst):
    burst.emotion(joy=1.0, u=1, t_us=0, transition_us=2_000_000)
    burst.line(silence(1))
    burst.line(silence(0.1), u=2)
    burst.finish()
    assert amounts(poses(burst.log, u=1))[59] == (59 * SECOND // 60) / (2 * SECOND)
    assert amounts(poses(burst.log, u=1))[74] == 1.0
    assert amounts(poses(burst.log, u=2))[0] == 1.0


def test_what_was_planned_beyond_the_end_of_a_line_never_happens(burst):
    burst.emotion(joy=1.0, u=1, t_us=3_000_000)
    burst.line(silence(1))
    burst.line(silence(5), u=2)
    burst.finish()
    assert all(one == 0.0 for one in amounts(poses(burst.log, u=2)).values())


def test_a_plan_for_an_utterance_that_was_passed_over_acts_at_the_start_of_the_next(burst):
    burst.emotion(joy=1.0, u=2, t_us=500_000)
    burst.line(silence(0.1), u=1)
    burst.line(silence(0.1), u=3)
    burst.finish()
    assert all(one == 0.0 for one in amounts(poses(burst.log, u=1)).values())
    assert all(one == 1.0 for one in amounts(poses(burst.log, u=3)).values())
    assert [(m.code, m.u) for m in of(burst.log, replies.Status)] == [("late", 2)]


def test_the_own_plan_of_an_utterance_follows_that_of_one_passed_over(burst):
    burst.emotion(joy=1.0, u=3, t_us=50_000)
    burst.emotion(joy=0.5, u=2, t_us=0)
    burst.line(silence(0.1), u=3)
    burst.finish()
    shown = amounts(poses(burst.log, u=3))
    assert (shown[0], shown[2], shown[3]) == pytest.approx((0.5, 0.5, 1.0))


def test_a_change_between_lines_is_in_force_when_the_next_one_begins(live):
    live.line(silence(0.1))
    live.finish()
    live.emotion(joy=1.0, transition_us=10_000_000)
    live.line(silence(0.1), u=2)
    live.finish()
    assert amounts(poses(live.log, u=2))[0] == 1.0


def test_a_change_between_the_last_pose_of_a_line_and_its_easing_is_not_lost(scripted):
    desk = Desk(scripted, max_batch=1)
    desk.open(pacing="burst")
    desk.line(silence(0.1))
    desk.work(7)
    desk.emotion(joy=1.0)
    desk.finish()
    desk.line(silence(0.1), u=2)
    desk.finish()
    assert amounts(poses(desk.log, u=1))[5] == 0.0
    assert amounts(poses(desk.log, u=1))[20] == 1.0
    assert amounts(poses(desk.log, u=2))[0] == 1.0


def test_a_change_while_the_easing_is_computed_is_not_lost(scripted):
    desk = Desk(scripted, max_batch=1)
    desk.open(pacing="burst")
    desk.line(silence(0.1))
    desk.work(7)
    desk.hand.begin(desk.now)
    desk.emotion(joy=1.0)
    desk.interrupt()
    desk.hand.complete()
    desk.line(silence(0.1), u=2)
    desk.finish()
    assert amounts(poses(desk.log, u=2))[0] == 1.0


def test_a_change_before_the_first_pose_of_a_line_survives_its_interruption(live):
    live.say(silence(0.1))
    live.emotion(joy=1.0)
    live.interrupt()
    live.line(silence(0.1), u=2)
    live.finish()
    assert amounts(poses(live.log, u=2))[0] == 1.0


def test_a_line_that_a_gap_interrupts_before_its_turn_changes_nothing(burst):
    burst.emotion(joy=1.0, u=2, t_us=0)
    burst.say(silence(3), u=1)
    burst.work(1)
    burst.say(silence(1), u=2)
    burst.say(silence(1), u=2, first=10**9)
    burst.finish()
    assert finals(burst.log) == [(2, "interrupted"), (1, "poses_done")]
    burst.line(silence(0.1), u=3)
    burst.finish()
    assert amounts(poses(burst.log, u=3))[0] == 0.0


def test_the_emotion_of_a_line_that_nobody_sees_is_handed_on(burst):
    burst.set(visible=False)
    burst.emotion(joy=1.0, u=1, t_us=50_000)
    burst.line(silence(0.1))
    burst.wait(0.1)
    burst.set(visible=True)
    burst.line(silence(0.1), u=2)
    burst.finish()
    assert amounts(poses(burst.log, u=2))[0] == 1.0


def test_open_says_the_emotion_at_the_start(desk):
    desk.open(emotion={"joy": 0.25})
    desk.line(silence(0.1))
    desk.finish()
    assert amounts(poses(desk.log))[0] == 0.25
    assert 10 * rest_rows(desk.log)[0][JOY] == pytest.approx(0.25)


def test_the_rest_row_follows_a_change_between_lines_ten_times_a_second(burst):
    burst.emotion(joy=1.0, transition_us=1_000_000)
    seen = []
    for _ in range(30):
        burst.wait(0.05)
        seen.append([10 * float(row[JOY]) for row in rest_rows(burst.read())])
    rows = [one for few in seen for one in few]
    assert 6 <= len(rows) <= 11
    assert rows == sorted(rows)
    assert rows[-1] == pytest.approx(1.0)
    assert max(b - a for a, b in pairwise(rows)) < 0.16
    burst.wait(1.0)
    assert rest_rows(burst.read()) == []


def test_the_rest_row_follows_the_emotion_of_a_line(live):
    live.line(silence(2))
    live.emotion(joy=1.0, transition_us=1_500_000)
    live.finish()
    rows = [10 * float(row[JOY]) for row in rest_rows(live.log)]
    assert rows[0] == 0.0
    assert rows[-1] == pytest.approx(1.0)
    assert rows == sorted(rows)
    assert 6 <= len(rows) <= 12


def test_an_emotion_that_the_model_lacks_is_refused(burst):
    burst.emotion(joy=1.0, id=3)
    burst.emotion(happiness=1.0, id=4)
    assert [(m.re, m.code, m.field) for m in of(burst.read(), replies.Error)] == [
        (4, 4422, "values.happiness")
    ]
    burst.line(silence(0.1))
    assert amounts(poses(burst.finish()))[0] == 1.0


def test_no_more_than_so_many_changes_are_planned_ahead(burst):
    for k in range(PLANNED_MAX):
        burst.emotion(joy=0.5, u=5 + k % 2, t_us=k)
    assert errors(burst.read()) == []
    burst.emotion(joy=1.0, u=7, t_us=0)
    assert errors(burst.read()) == [(4413, "u")]
    burst.line(silence(0.1), u=5)
    burst.finish()
    burst.emotion(joy=1.0, u=7, t_us=0)
    assert len(errors(burst.log)) == 1


def test_face_parameters_act_from_the_first_pose_not_yet_computed(live):
    live.line(ramp(2 * SECOND) + 0.1)
    live.work()
    live.set(params={"input_strength": 0.0})
    rows = speech(live.finish(), seconds=2)
    assert all(rows[i][0] > 0.0 for i in range(31))
    assert all(rows[i][0] == 0.0 for i in range(31, 120))
