import numpy as np
import pytest

from a2f_ws.player.gate import State
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.timebase import PoseRate


def steady(value, count):
    return np.full((count, 1), value, np.float32)


def ramp(count):
    return np.arange(count, dtype=np.float32)[:, None] / 100


def show(player, u, play_us, now_us):
    return float(player.sample(u, play_us, now_us=now_us)[0])


def speak(player, u=1, value=0.8, count=50, now_us=0):
    """Play head 100,000 of utterance u, whose poses are all the same."""
    player.poses(u, 1, i=0, rows=steady(value, count))
    show(player, u, 0, now_us)
    show(player, u, 100_000, now_us + 100_000)
    return player


def test_before_anything_is_opened_the_row_is_empty():
    assert PosePlayer().sample(0, None, now_us=0).shape == (0,)


def test_until_a_rest_row_comes_the_neutral_row_shows():
    player = PosePlayer()
    player.opened(1, curves=1, transforms=1, rate=PoseRate(60, 1), idle={})
    assert player.sample(0, None, now_us=0).tolist() == [0, 0, 0, 0, 1, 0, 0, 0]


def test_without_sound_the_rest_row_shows(opened):
    player = opened(rest=0.3)
    player.poses(1, 1, i=0, rows=steady(0.8, 50))
    assert show(player, 1, None, 0) == np.float32(0.3)


def test_poses_are_shown_at_their_exact_times_at_any_rate():
    player = PosePlayer()
    player.opened(1, curves=1, transforms=0, rate=PoseRate.of([30_000, 1001]), idle={})
    player.poses(1, 1, i=0, rows=ramp(40))
    show(player, 1, 900_000, 0)
    assert show(player, 1, 1_001_000, 100_000) == pytest.approx(0.30)
    assert show(player, 1, 1_000_999, 100_000) == pytest.approx(0.29 + 0.01 * 33_365 / 33_366)


def test_a_new_utterance_before_the_older_one_ended_takes_80_ms(player):
    speak(player, u=1, value=0.8)
    player.poses(2, 1, i=0, rows=steady(0.4, 50))
    shown = [show(player, 2, k * 20_000, 110_000 + k * 20_000) for k in range(5)]
    assert shown == pytest.approx([0.8, 0.7, 0.6, 0.5, 0.4])


def test_an_older_utterance_never_shows_after_a_newer_one(player):
    player.poses(2, 1, i=0, rows=steady(0.4, 50))
    speak(player, u=1, value=0.8)
    show(player, 2, 0, 110_000)
    show(player, 2, 80_000, 190_000)
    player.poses(1, 1, i=0, rows=steady(0.8, 50))
    assert show(player, 1, 200_000, 200_000) == pytest.approx(0.4)
    assert player.state is State.STOP
    assert show(player, 1, 350_000, 350_000) == 0.0


def test_the_gate_of_the_newer_utterance_is_not_disturbed_by_a_question_for_an_older_one(player):
    player.poses(2, 1, i=0, rows=steady(0.4, 50))
    show(player, 2, 0, 0)
    show(player, 1, 0, 10_000)
    assert player.gate.state is State.PLAY
    show(player, 2, 20_000, 20_000)
    assert player.state is State.PLAY


def test_an_interrupt_by_the_client_needs_no_word_of_the_servers(player):
    speak(player)
    player.interrupt(1)
    assert show(player, 1, 100_000, 100_000) == pytest.approx(0.8)
    assert player.state is State.STOP
    assert show(player, 1, None, 175_000) == pytest.approx(0.4)
    assert show(player, 1, None, 250_000) == 0.0


def test_the_servers_word_after_the_clients_interrupt_does_not_slow_the_way_to_rest(player):
    speak(player)
    player.interrupt(1)
    show(player, 1, None, 100_000)
    player.utterance(1, "interrupted", poses=50, t_us=980_000)
    assert show(player, 1, None, 175_000) == pytest.approx(0.4)
    assert show(player, 1, None, 250_000) == 0.0


def test_nothing_revives_an_interrupted_utterance(player):
    speak(player)
    player.interrupt(1)
    player.utterance(1, "started", poses=0, t_us=0)
    player.poses(1, 1, i=0, rows=steady(0.8, 50))
    show(player, 1, 100_000, 100_000)
    assert show(player, 1, 300_000, 300_000) == 0.0
    assert player.rows == 0


def test_the_next_utterance_starts_from_the_row_an_interrupt_has_left(player):
    speak(player)
    player.interrupt(1)
    show(player, 1, None, 100_000)
    show(player, 1, None, 175_000)
    player.poses(2, 1, i=0, rows=steady(0.0, 50))
    assert show(player, 2, 0, 175_000) == pytest.approx(0.4)
    assert show(player, 2, 40_000, 215_000) == pytest.approx(0.2)


def test_past_the_last_pose_of_a_finished_utterance_the_rest_row_shows(opened):
    player = opened(rest=0.2)
    speak(player, value=0.2, count=11)
    player.utterance(1, "poses_done", poses=11, t_us=200_000)
    assert show(player, 1, 200_000, 200_000) == pytest.approx(0.2)
    assert player.state is State.STOP
    assert show(player, 1, 900_000, 900_000) == pytest.approx(0.2)


def test_at_the_very_end_of_a_finished_utterance_its_last_pose_shows(player):
    speak(player, value=0.4, count=11)
    player.utterance(1, "poses_done", poses=11, t_us=200_000)
    assert show(player, 1, 200_000, 200_000) == pytest.approx(0.4)
    assert show(player, 1, 201_000, 201_000) == pytest.approx(0.4)
    assert show(player, 1, 251_000, 251_000) == pytest.approx(0.2)
    assert show(player, 1, 301_000, 301_000) == 0.0


def test_sound_that_ends_before_the_ease_poses_leaves_the_face_to_ease_by_itself(player):
    speak(player)
    player.utterance(1, "audio_done", poses=8, t_us=110_000)
    player.utterance(1, "poses_done", poses=20, t_us=380_000)
    assert show(player, 1, None, 110_000) == pytest.approx(0.8)
    assert player.state is State.STOP
    assert show(player, 1, None, 185_000) == pytest.approx(0.4)


def test_late_poses_ease_to_rest_in_250_ms_from_100_ms_on(player):
    speak(player, count=10)
    assert show(player, 1, 300_000, 300_000) == pytest.approx(0.8)
    assert show(player, 1, 300_001, 300_001) == pytest.approx(0.8)
    assert show(player, 1, 425_001, 425_001) == pytest.approx(0.4)
    assert show(player, 1, 550_001, 550_001) == 0.0


def test_lateness_goes_on_while_the_stalled_sound_stands(player):
    speak(player, count=10)
    show(player, 1, 299_000, 299_000)
    show(player, 1, 300_000, 300_000)
    assert player.state is State.STALL
    show(player, 1, 300_000, 310_000)
    assert show(player, 1, 300_000, 560_000) == 0.0


def test_poses_that_come_back_are_blended_to_in_80_ms(player):
    speak(player, count=10)
    show(player, 1, 310_000, 310_000)
    show(player, 1, 560_000, 560_000)
    player.poses(1, 1, i=10, rows=steady(0.8, 50))
    assert show(player, 1, 600_000, 600_000) == 0.0
    assert show(player, 1, 640_000, 640_000) == pytest.approx(0.4)
    assert show(player, 1, 680_000, 680_000) == pytest.approx(0.8)


def test_a_face_gives_up_with_the_first_frame_beyond_100_ms_at_any_frame_rate(opened):
    shown = []
    for step_us in (4_000, 16_000, 25_000):
        player = opened()
        player.poses(1, 1, i=0, rows=steady(0.8, 10))
        for now_us in range(0, 400_001, step_us):
            show(player, 1, now_us, now_us)
        shown.append(show(player, 1, 400_000, 400_000))
    assert shown == pytest.approx([0.8 * 154 / 250, 0.8 * 154 / 250, 0.8 * 175 / 250])


def test_a_jump_is_blended_a_hitch_of_the_whole_game_is_not(player):
    player.keep_us = None
    player.poses(1, 1, i=0, rows=ramp(101))
    show(player, 1, 0, 0)
    show(player, 1, 100_000, 100_000)
    assert show(player, 1, 900_000, 900_000) == pytest.approx(0.45)
    assert show(player, 1, 1_500_000, 910_000) == pytest.approx(0.45)
    assert show(player, 1, 1_540_000, 950_000) == pytest.approx((0.45 + 0.77) / 2)
    assert show(player, 1, 100_000, 960_000) == pytest.approx((0.45 + 0.77) / 2)


def test_a_pause_holds_the_row_however_long(player):
    speak(player, value=0.6)
    player.is_paused = True
    assert show(player, 1, 100_000, 60_000_000) == pytest.approx(0.6)
    player.is_paused = False
    assert show(player, 1, 116_000, 60_016_000) == pytest.approx(0.6)
    assert player.state is State.PLAY


def test_a_pause_neither_stalls_nor_gives_up_poses_that_are_late(player):
    speak(player, count=10)
    show(player, 1, 290_000, 290_000)
    player.is_paused = True
    assert show(player, 1, 290_000, 9_000_000) == pytest.approx(0.8)
    assert player.state is State.PLAY


def test_a_face_that_had_given_up_stays_at_rest_in_a_pause(player):
    speak(player, count=10)
    show(player, 1, 310_000, 310_000)
    show(player, 1, 560_000, 560_000)
    player.is_paused = True
    assert show(player, 1, 560_000, 900_000) == 0.0


def test_at_half_speed_the_face_keeps_the_speed_of_the_sound(player):
    player.rate = 0.5
    player.poses(1, 1, i=0, rows=ramp(50))
    for now_us in range(0, 1_600_001, 16_000):
        shown = show(player, 1, now_us // 2, now_us)
    assert shown == pytest.approx(0.4)
