"""Where the sound is; times are seconds, positions (utterance, microseconds)."""

from a2f_ws.session.playhead import (
    LATE_ASSUMED_US,
    LATE_TOLD_US,
    TRUST_S,
    PlayHead,
    Stretch,
    distance_us,
)

SECOND = 1_000_000


def stretch(u, stop_us, *, start_us=0, is_over=True, heard_at=0.0):
    return Stretch(
        u=u, start_us=start_us, stop_us=stop_us, is_over_at_stop=is_over, heard_at=heard_at
    )


def test_before_the_first_utterance_it_stands_at_nothing():
    assert PlayHead().position([], now=5.0) == (0, 0)


def test_assumed_it_starts_with_the_first_audio_and_runs_in_real_time():
    head = PlayHead()
    line = [stretch(1, 3 * SECOND, start_us=500_000, heard_at=10.0)]
    assert head.position(line, now=10.0) == (1, 500_000)
    assert head.position(line, now=10.25) == (1, 750_000)
    assert head.position(line, now=12.0) == (1, 2_500_000)


def test_assumed_it_waits_where_the_audio_allows_no_further_pose():
    head = PlayHead()
    short = [stretch(1, 200_000, is_over=False, heard_at=10.0)]
    assert head.position(short, now=10.5) == (1, 200_000)
    assert head.position(short, now=11.0) == (1, 200_000)
    longer = [stretch(1, 600_000, is_over=False, heard_at=10.0)]
    assert head.position(longer, now=11.0) == (1, 200_000)
    assert head.position(longer, now=11.1) == (1, 300_000)


def test_assumed_it_goes_on_to_the_next_utterance_at_the_time_the_first_one_is_over():
    head = PlayHead()
    lines = [stretch(1, SECOND, heard_at=10.0), stretch(2, SECOND, heard_at=10.1)]
    assert head.position(lines, now=10.5) == (1, 500_000)
    assert head.position(lines, now=11.25) == (2, 250_000)
    assert head.position(lines, now=30.0) == (2, SECOND)


def test_assumed_it_starts_a_later_utterance_with_its_own_first_audio():
    head = PlayHead()
    first = stretch(1, SECOND, heard_at=10.0)
    assert head.position([first], now=20.0) == (1, SECOND)
    second = stretch(2, SECOND, heard_at=20.0)
    assert head.position([first, second], now=20.0) == (2, 0)
    assert head.position([first, second], now=20.5) == (2, 500_000)


def test_assumed_it_passes_over_an_utterance_that_was_interrupted():
    head = PlayHead()
    head.position([stretch(1, 5 * SECOND, heard_at=10.0)], now=11.0)
    assert head.position([stretch(2, SECOND, heard_at=11.5)], now=11.75) == (2, 250_000)


def test_told_it_runs_on_by_its_rate_for_at_most_a_second():
    head = PlayHead()
    head.told(1, 300_000, rate=2.0, paused=False, now=10.0)
    assert TRUST_S == 1.0
    assert head.position([], now=10.5) == (1, 1_300_000)
    assert head.position([], now=11.0) == (1, 2_300_000)
    assert head.position([], now=19.0) == (1, 2_300_000)


def test_told_it_stands_while_paused():
    head = PlayHead()
    head.told(1, 300_000, rate=1.0, paused=True, now=10.0)
    assert head.position([], now=10.5) == (1, 300_000)


def test_told_it_can_go_back_within_an_utterance():
    head = PlayHead()
    head.told(1, 900_000, rate=1.0, paused=False, now=10.0)
    head.told(1, 100_000, rate=1.0, paused=False, now=10.1)
    assert head.position([], now=10.1) == (1, 100_000)


def test_told_it_does_not_enter_the_next_utterance_by_itself():
    head = PlayHead()
    lines = [stretch(1, 400_000), stretch(2, SECOND)]
    head.told(1, 300_000, rate=1.0, paused=False, now=10.0)
    assert head.position(lines, now=10.5) == (1, 800_000)
    head.told(2, 0, rate=1.0, paused=False, now=10.6)
    assert head.position(lines, now=10.7) == (2, 100_000)


def test_told_for_an_older_utterance_changes_nothing():
    head = PlayHead()
    head.told(2, 0, rate=1.0, paused=False, now=10.0)
    head.told(1, 900_000, rate=1.0, paused=True, now=10.1)
    assert head.position([], now=10.5) == (2, 500_000)


def test_the_first_told_position_counts_even_where_the_assumed_one_was_further():
    head = PlayHead()
    lines = [stretch(1, SECOND, heard_at=10.0), stretch(2, SECOND, heard_at=10.0)]
    assert head.position(lines, now=11.5) == (2, 500_000)
    head.told(1, 100_000, rate=1.0, paused=True, now=11.6)
    assert head.position(lines, now=12.0) == (1, 100_000)


def test_a_told_head_is_trusted_to_a_tenth_of_a_second_and_an_assumed_one_to_a_second():
    head = PlayHead()
    assert head.late_us == LATE_ASSUMED_US == 1_000_000
    head.told(1, 0, rate=1.0, paused=False, now=10.0)
    assert head.late_us == LATE_TOLD_US == 100_000


def test_the_distance_goes_through_the_utterances_between():
    lines = [
        stretch(1, 2 * SECOND),
        stretch(2, 3 * SECOND, start_us=SECOND),
        stretch(4, 9 * SECOND, start_us=5 * SECOND),
    ]
    assert distance_us(lines, (1, 500_000), u=1, t_us=700_000) == 200_000
    assert distance_us(lines, (1, 500_000), u=1, t_us=100_000) == -400_000
    assert distance_us(lines, (1, 500_000), u=2, t_us=SECOND) == 1_500_000
    assert distance_us(lines, (1, 500_000), u=4, t_us=6 * SECOND) == 4_500_000


def test_a_head_beyond_the_end_of_its_utterance_stands_before_the_next_one():
    lines = [stretch(1, 2 * SECOND), stretch(2, 3 * SECOND)]
    assert distance_us(lines, (1, 2_700_000), u=2, t_us=100_000) == 100_000


def test_all_poses_of_an_older_utterance_lie_behind_the_head():
    lines = [stretch(1, 9 * SECOND), stretch(2, SECOND)]
    assert distance_us(lines, (2, 0), u=1, t_us=9 * SECOND) == -1
    assert distance_us(lines, (2, 250_000), u=1, t_us=8 * SECOND) == -1_250_001
