import numpy as np
import pytest

from a2f_ws.errors import MisuseError
from a2f_ws.player.gate import State
from a2f_ws.timebase import PoseRate


def steady(value, count):
    return np.full((count, 1), value, np.float32)


def ramp(count):
    return np.arange(count, dtype=np.float32)[:, None] / 100


def show(player, u, play_us, now_us):
    return float(player.sample(u, play_us, now_us=now_us)[0])


def speak(player, value=0.8, count=50):
    """Play head 100,000 of utterance 1, whose poses are all the same."""
    player.poses(1, 1, i=0, rows=steady(value, count))
    show(player, 1, 0, 0)
    show(player, 1, 100_000, 100_000)
    return player


@pytest.mark.parametrize(("offset_us", "wanted"), [(100_000, 0.1), (-100_000, 0.2)])
def test_the_pose_is_that_of_what_is_heard(opened, offset_us, wanted):
    player = opened(av_offset_us=offset_us)
    player.poses(1, 1, i=0, rows=ramp(50))
    show(player, 1, 200_000, 0)
    assert show(player, 1, 300_000, 100_000) == pytest.approx(wanted)


def test_a_rest_row_that_comes_while_speaking_shows_when_the_face_is_at_rest_again(player):
    speak(player)
    player.rest(1, np.array([0.5], np.float32))
    assert show(player, 1, 116_000, 116_000) == pytest.approx(0.8)
    player.interrupt(1)
    show(player, 1, None, 120_000)
    assert show(player, 1, None, 270_000) == 0.5
    assert show(player, 1, None, 280_000) == 0.5


def test_a_utterance_without_poses_leaves_the_face_at_rest_and_stops_at_once(player):
    player.utterance(1, "started", poses=0, t_us=0)
    player.utterance(1, "poses_done", poses=0, t_us=0)
    assert show(player, 1, None, 0) == 0.0
    assert player.state is State.STOP


def test_sound_without_poses_shows_the_rest_row_until_they_come(player):
    assert show(player, 1, 0, 0) == 0.0
    assert show(player, 1, 50_000, 50_000) == 0.0
    player.poses(1, 1, i=0, rows=steady(0.8, 50))
    assert show(player, 1, 60_000, 60_000) == 0.0
    assert show(player, 1, 140_000, 140_000) == pytest.approx(0.8)


def test_rows_of_a_layout_that_is_not_the_one_opened_last_are_dropped(player):
    player.poses(1, 7, i=0, rows=steady(0.8, 5))
    player.rest(7, np.array([0.9], np.float32))
    assert player.rows == 0
    assert show(player, 1, None, 0) == 0.0


def test_what_was_taken_before_a_new_layout_plays_to_its_end(player):
    speak(player, value=0.8, count=10)
    player.utterance(1, "poses_done", poses=10, t_us=180_000)
    player.opened(2, curves=2, transforms=0, rate=PoseRate(25, 1), idle={"breath": (1, 0.1)})
    player.rest(2, np.array([0.1, 0.2], np.float32))
    assert player.sample(1, 170_000, now_us=170_000) == pytest.approx([0.8])
    assert player.layout.id == 1
    assert player.sample(1, 190_000, now_us=190_000) == pytest.approx([0.1, 0.2])
    assert (player.layout.id, dict(player.layout.idle)) == (2, {"breath": (1, 0.1)})


def test_a_row_of_the_wrong_length_is_refused_with_both_numbers(player):
    with pytest.raises(MisuseError, match="found 3 floats, wanted 1"):
        player.poses(1, 1, i=0, rows=np.zeros((2, 3), np.float32))
    with pytest.raises(MisuseError, match="found 3 floats, wanted 1"):
        player.rest(1, np.zeros(3, np.float32))


def test_the_same_question_has_the_same_answer(player):
    player.poses(1, 1, i=0, rows=ramp(20))
    for play_us in (0, 40_000, 390_000, 520_000):
        first = show(player, 1, play_us, play_us)
        margin_us = player.gate.margin_us
        assert [show(player, 1, play_us, play_us) for _ in range(3)] == [first] * 3
        assert player.gate.margin_us == margin_us


def test_time_that_goes_backwards_runs_no_blend_back(player):
    player.poses(1, 1, i=0, rows=steady(0.8, 50))
    show(player, 1, 0, 100_000)
    assert show(player, 1, 40_000, 140_000) == pytest.approx(0.4)
    assert show(player, 1, 40_000, 0) == pytest.approx(0.4)


def test_the_sound_of_a_line_taken_up_again_starts_where_the_client_says(player):
    player.utterance(1, "started", poses=0, t_us=2_000_000)
    player.cue(1, 2_500_000)
    player.poses(1, 1, i=100, rows=steady(0.8, 28))
    show(player, 1, None, 0)
    assert player.state is State.WAIT
    player.poses(1, 1, i=128, rows=steady(0.8, 1))
    show(player, 1, None, 10_000)
    assert player.state is State.START


def test_the_gate_waits_for_the_pose_that_the_offset_asks_for(opened):
    player = opened(av_offset_us=-40_000)
    player.poses(1, 1, i=0, rows=steady(0.8, 5))
    show(player, 1, None, 0)
    assert player.state is State.WAIT
    player.poses(1, 1, i=5, rows=steady(0.8, 1))
    show(player, 1, None, 10_000)
    assert player.state is State.START


def test_nobody_waits_for_poses_of_a_hidden_face(player):
    player.is_visible = False
    show(player, 1, None, 0)
    assert player.state is State.START
    for now_us in range(0, 2_000_000, 16_000):
        show(player, 1, now_us, now_us)
        assert player.state is State.PLAY
    assert player.gate.margin_us == 60_000


def test_a_microphones_face_is_look_ahead_and_margin_behind(opened):
    player = opened(look_ahead_us=120_000)
    player.listen(1, 1_000_000)
    show(player, 1, player.live_us(1, now_us=1_000_000), 1_000_000)
    assert player.live_us(1, now_us=1_100_000) is None
    player.poses(1, 1, i=0, rows=ramp(40))
    show(player, 1, player.live_us(1, now_us=1_200_000), 1_200_000)
    assert player.state is State.START
    assert player.live_us(1, now_us=1_300_000) == 120_000
    show(player, 1, 120_000, 1_300_000)
    assert show(player, 1, player.live_us(1, now_us=1_400_000), 1_400_000) == pytest.approx(0.11)


def test_a_microphones_face_waits_where_the_look_ahead_grew_and_goes_on(opened):
    player = opened(look_ahead_us=120_000)
    player.listen(1, 1_000_000)
    player.poses(1, 1, i=0, rows=ramp(80))
    show(player, 1, player.live_us(1, now_us=1_200_000), 1_200_000)
    show(player, 1, player.live_us(1, now_us=1_300_000), 1_300_000)
    assert player.live_us(1, now_us=1_400_000) == 220_000
    player.look_ahead_us = 190_000
    heads = [player.live_us(1, now_us=1_410_000 + k * 10_000) for k in range(10)]
    assert heads == [220_000] * 7 + [230_000, 240_000, 250_000]


def test_each_utterance_of_a_microphone_begins_anew(player):
    player.listen(1, 0)
    player.listen(2, 2_000_000)
    player.poses(1, 1, i=0, rows=ramp(4))
    show(player, 1, None, 60_000)
    for now_us in (60_000, 360_000):
        show(player, 1, player.live_us(1, now_us=now_us), now_us)
    assert player.state is State.STALL
    player.poses(1, 1, i=4, rows=ramp(40))
    show(player, 1, player.live_us(1, now_us=1_900_000), 1_900_000)
    player.poses(2, 1, i=0, rows=ramp(6))
    show(player, 2, None, 2_100_000)
    assert player.live_us(2, now_us=2_150_000) == 50_000


def test_in_a_stall_the_play_head_is_expected_to_stand(player):
    speak(player, count=10)
    for now_us in (300_000, 310_000, 560_000):
        show(player, 1, 300_000, now_us)
    player.poses(1, 1, i=10, rows=steady(0.8, 7))
    show(player, 1, 300_000, 600_000)
    assert show(player, 1, 300_000, 640_000) == pytest.approx(0.4)
    assert player.state is State.STALL
    assert show(player, 1, 300_000, 760_000) == pytest.approx(0.8)


def test_an_utterance_that_is_no_microphone_has_no_play_head_of_its_own(player):
    show(player, 1, None, 0)
    assert player.live_us(1, now_us=0) is None
    assert player.live_us(2, now_us=0) is None
    assert player.live_us(0, now_us=0) is None


def test_memory_is_bounded_by_keep_us_in_an_endless_utterance(player):
    most = 0
    for k in range(2_000):
        player.poses(1, 1, i=5 * k, rows=steady(0.1, 5))
        show(player, 1, 100_000 * k, 100_000 * k)
        most = max(most, player.rows)
    assert most <= 25 + 1 + 5 + 5


def test_half_a_second_is_kept_unless_told_otherwise(player):
    player.poses(1, 1, i=0, rows=steady(0.1, 100))
    show(player, 1, 1_000_000, 0)
    assert player.rows == 75


def test_rows_handed_in_are_copied(player):
    rows = steady(0.8, 50)
    player.poses(1, 1, i=0, rows=rows)
    rows[:] = 0
    show(player, 1, 0, 0)
    assert show(player, 1, 100_000, 100_000) == pytest.approx(0.8)
