from a2f_ws.player.head import Head


def at(head, now_us, at_us, speed=1.0):
    head.clock(now_us)
    head.move(at_us, speed=speed)
    return head


def test_a_difference_of_exactly_100_ms_is_no_jump():
    head = at(Head(), 0, 0)
    assert at(head, 10_000, 110_000).has_jumped is False
    assert at(head, 20_000, 220_001).has_jumped is True
    assert at(head, 200_000, 300_001).has_jumped is False
    assert at(head, 300_000, 300_000).has_jumped is True


def test_the_speed_is_what_even_play_is_measured_by():
    head = at(Head(), 0, 0)
    assert at(head, 1_000_000, 500_000, speed=0.5).has_jumped is False
    assert at(head, 2_000_000, 2_500_000, speed=2.0).has_jumped is False
    assert at(head, 9_000_000, 2_500_000, speed=0.0).has_jumped is False
    assert at(head, 9_000_000, 2_600_001, speed=0.0).has_jumped is True


def test_the_first_place_after_silence_is_no_jump():
    head = at(Head(), 0, 0)
    at(head, 10_000, None)
    assert at(head, 20_000, 5_000_000).has_jumped is False


def test_only_even_play_is_counted():
    head = at(Head(), 0, 0)
    assert head.even_us == 0
    assert at(head, 50_000, 50_000).even_us == 50_000
    assert at(head, 100_000, 900_000).even_us == 0
    assert at(head, 150_000, 900_000, speed=0.0).even_us == 0
    assert at(head, 150_000, None).even_us == 0


def test_time_that_goes_backwards_stands_still():
    head = Head()
    assert [head.clock(now_us) for now_us in (100, 90, 110, 0, 111)] == [100, 100, 110, 110, 111]


def test_a_place_is_remembered_through_silence_until_it_is_left():
    head = at(Head(), 0, 700)
    assert at(head, 10, None).last_us == 700
    head.leave()
    assert (head.at_us, head.last_us) == (None, None)


def missing(head, now_us, late_us, rate=1.0, is_paused=False):
    at(head, now_us, 0)
    return head.missing_us(late_us, rate=rate, is_paused=is_paused)


def test_a_pose_is_missing_since_the_head_passed_it_not_since_the_sample_that_found_out():
    head = Head()
    assert missing(head, 0, None) == 0
    assert missing(head, 50_000, 20_000) == 20_000
    assert missing(head, 80_000, 50_000) == 50_000
    assert missing(head, 81_000, None) == 0


def test_at_half_speed_the_head_passed_it_twice_as_long_ago():
    head = Head()
    missing(head, 0, None)
    assert missing(head, 50_000, 20_000, rate=0.5) == 40_000


def test_it_cannot_have_been_missing_before_the_sample_that_still_found_one():
    head = Head()
    missing(head, 0, None)
    assert missing(head, 50_000, 9_000_000) == 50_000


def test_a_pause_stops_the_count():
    head = Head()
    missing(head, 0, None)
    assert missing(head, 50_000, 30_000) == 30_000
    assert missing(head, 950_000, 30_000, is_paused=True) == 30_000
    assert missing(head, 960_000, 40_000) == 40_000


def test_a_speed_of_zero_stands_rather_than_divides():
    head = Head()
    missing(head, 0, None, rate=0.0)
    assert missing(head, 50_000, 30_000, rate=0.0) == 0
