import pytest

from a2f_ws.player.gate import Gate, Sight, State
from a2f_ws.player.track import NEVER


def see(gate, head_us=0, *, sound=True, live_zero_us=None, **sight):
    facts = {
        "reach_us": NEVER,
        "is_done": False,
        "is_over": False,
        "missing_us": 0,
        "even_us": 0,
        "now_us": 0,
    }
    gate.update(
        Sight(head_us=head_us, has_sound=sound, **(facts | sight)), live_zero_us=live_zero_us
    )
    return gate.state


def stall(gate, head_us=0):
    see(gate, head_us, reach_us=head_us)
    assert see(gate, head_us, reach_us=head_us - 1, missing_us=100_000) is State.STALL


def test_the_sound_starts_when_poses_reach_the_margin():
    gate = Gate()
    assert see(gate, sound=False) is State.WAIT
    assert see(gate, sound=False, reach_us=59_999) is State.WAIT
    assert see(gate, sound=False, reach_us=60_000) is State.START
    assert see(gate, sound=False, reach_us=60_000) is State.START
    assert see(gate, reach_us=60_000) is State.PLAY


def test_the_margin_counts_from_where_the_sound_will_start():
    gate = Gate()
    assert see(gate, 500_000, sound=False, reach_us=559_999) is State.WAIT
    assert see(gate, 500_000, sound=False, reach_us=560_000) is State.START


def test_the_sound_starts_when_all_poses_are_there_however_few():
    assert see(Gate(), sound=False, reach_us=0, is_done=True) is State.START


def test_the_poses_may_be_away_for_less_than_100_ms():
    gate = Gate()
    assert see(gate, 99_999, reach_us=0, missing_us=99_999) is State.PLAY
    assert see(gate, 100_000, reach_us=0, missing_us=100_000) is State.STALL


def test_a_stall_ends_when_poses_are_a_margin_ahead_of_the_play_head():
    gate = Gate()
    stall(gate, 500_000)
    assert see(gate, 500_000, reach_us=599_999, missing_us=0) is State.STALL
    assert see(gate, 500_000, reach_us=600_000) is State.PLAY


def test_a_stall_ends_when_all_poses_are_there():
    gate = Gate()
    stall(gate, 500_000)
    assert see(gate, 500_000, reach_us=510_000, is_done=True) is State.PLAY


def test_a_hole_before_the_newest_pose_does_not_stall():
    assert see(Gate(), 500_000, reach_us=500_001, missing_us=300_000) is State.PLAY


def test_the_margin_grows_by_40_ms_at_each_stall_up_to_400_ms():
    gate = Gate()
    margins = []
    for k in range(10):
        stall(gate, 1_000_000 * k)
        margins.append(gate.margin_us)
        see(gate, 1_000_000 * k, is_done=True)
    assert margins == [100_000 + 40_000 * k for k in range(8)] + [400_000] * 2


def test_the_margin_does_not_grow_beyond_half_of_what_the_server_works_ahead():
    gate = Gate()
    gate.limit(250_000)
    for k in range(3):
        stall(gate, 1_000_000 * k)
        see(gate, 1_000_000 * k, is_done=True)
    assert gate.margin_us == 125_000


def test_a_stall_that_goes_on_is_one_stall():
    gate = Gate()
    stall(gate)
    for missing_us in (200_000, 900_000):
        assert see(gate, reach_us=-1, missing_us=missing_us) is State.STALL
    assert gate.margin_us == 100_000


def test_calm_play_lowers_the_margin_between_utterances_only_and_not_under_40_ms():
    gate = Gate()
    see(gate, reach_us=0, even_us=9_999_999)
    gate.enter()
    assert gate.margin_us == 60_000
    see(gate, reach_us=0, even_us=1)
    assert gate.margin_us == 60_000
    gate.enter()
    assert gate.margin_us == 50_000
    see(gate, reach_us=0, even_us=90_000_000)
    gate.enter()
    assert gate.margin_us == 40_000


def test_a_stall_begins_the_count_of_calm_play_again():
    gate = Gate()
    see(gate, reach_us=0, even_us=9_999_999)
    stall(gate)
    see(gate, is_done=True)
    see(gate, reach_us=0, even_us=9_999_999)
    gate.enter()
    assert gate.margin_us == 100_000


def test_what_is_over_stops_and_stays_stopped_without_sound():
    gate = Gate()
    assert see(gate, is_over=True) is State.STOP
    assert see(gate, sound=False, is_done=True) is State.STOP


def test_a_studio_that_goes_back_after_the_end_plays_again():
    gate = Gate()
    see(gate, is_over=True)
    assert see(gate, 0, reach_us=900_000, is_done=True) is State.PLAY


@pytest.mark.parametrize(("is_done", "state"), [(False, State.WAIT), (True, State.STOP)])
def test_sound_that_goes_away_waits_or_stops(is_done, state):
    gate = Gate()
    see(gate, 500_000, reach_us=500_000)
    assert see(gate, 500_000, sound=False, reach_us=500_000, is_done=is_done) is state


def test_a_microphone_plays_behind_the_clock_by_look_ahead_and_margin():
    gate = Gate()
    assert gate.live_us(1_000_000, live_zero_us=120_000) is None
    see(gate, sound=False, reach_us=60_000)
    assert gate.live_us(1_000_000, live_zero_us=120_000) == 820_000


def test_a_microphone_stands_in_a_stall_and_goes_on_a_margin_behind_what_came():
    gate = Gate()
    see(gate, sound=False, reach_us=60_000)
    assert gate.live_us(480_000, live_zero_us=0) == 420_000
    see(gate, 420_000, reach_us=300_000, missing_us=100_000, now_us=480_000, live_zero_us=0)
    assert gate.live_us(900_000, live_zero_us=0) == 420_000
    see(gate, 420_000, reach_us=850_000, now_us=900_000, live_zero_us=0)
    assert gate.state is State.PLAY
    assert gate.live_us(900_000, live_zero_us=0) == 750_000
    assert gate.live_us(950_000, live_zero_us=0) == 800_000


def test_a_microphone_is_never_nearer_to_the_clock_than_its_margin():
    gate = Gate()
    see(gate, sound=False, reach_us=60_000)
    gate.live_us(480_000, live_zero_us=0)
    see(gate, 420_000, reach_us=300_000, missing_us=100_000, now_us=480_000, live_zero_us=0)
    see(gate, 420_000, reach_us=9_000_000, now_us=900_000, live_zero_us=0)
    assert gate.live_us(900_000, live_zero_us=0) == 800_000


def test_a_microphones_play_head_never_goes_back():
    gate = Gate()
    see(gate, sound=False, reach_us=60_000)
    assert gate.live_us(480_000, live_zero_us=0) == 420_000
    see(gate, 420_000, reach_us=300_000, missing_us=100_000, now_us=480_000, live_zero_us=0)
    see(gate, 420_000, reach_us=600_000, now_us=490_000, live_zero_us=0)
    shown = [gate.live_us(now_us, live_zero_us=0) for now_us in (490_000, 519_000, 530_000)]
    assert shown == [420_000, 420_000, 430_000]


def test_a_microphone_whose_poses_all_came_plays_to_the_end():
    gate = Gate()
    see(gate, sound=False, reach_us=60_000)
    gate.live_us(480_000, live_zero_us=0)
    see(gate, 420_000, reach_us=300_000, missing_us=100_000, now_us=480_000, live_zero_us=0)
    see(gate, 420_000, reach_us=NEVER, is_done=True, now_us=900_000, live_zero_us=0)
    assert gate.live_us(950_000, live_zero_us=0) == 470_000
