"""How fast sessions are computed that the machine cannot hold in full."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.batching.governor import (
    RATE_LEAST_HZ,
    SHARE,
    Governor,
    Pressure,
    least_hz,
    strides,
)
from a2f_ws.batching.member import CALM_S, LATELY_S, NEW_S, SPEAKS_S

NOW = 100.0


def ask(governor, session, *, cost_s, now=NOW, is_speaking=True, is_late=False, busy=1.0):
    pressure = Pressure(cost_s, is_late=is_late, busy=busy)
    return governor.stride(session, is_speaking=is_speaking, pressure=pressure, now=now)


def late(governor, session, *, cost_s, now=NOW):
    """Ask while live windows really wait."""
    return ask(governor, session, cost_s=cost_s, now=now, is_late=True)


@pytest.fixture
def one():
    """A governor of one session at 60 poses a second, of a machine about which nothing is known."""
    governor = Governor()
    assert governor.admit("a", 60.0, cost_s=0.0, now=NOW) == 1
    return governor


@pytest.mark.parametrize(
    ("rates", "cost_s", "expected"),
    [
        ([60.0], 0.0, [1]),
        ([60.0], 0.001, [1]),
        ([60.0], 0.8 / 60, [1]),
        ([60.0], 0.8 / 59, [2]),
        ([60.0], 0.052, [4]),
        ([30.0], 0.052, [2]),
        ([60.0, 60.0], 0.010, [2, 2]),
        ([60.0, 60.0, 60.0], 0.010, [3, 3, 3]),
        # 80 a second: one session needs but 10, so there are 70 for the other one.
        ([10.0, 60.0], 0.010, [1, 1]),
        ([10.0, 120.0], 0.010, [1, 2]),
        ([240.0], 0.052, [16]),
        ([], 0.060, []),
    ],
)
def test_sessions_get_the_same_rate_and_what_one_does_not_need_is_for_the_others(
    rates, cost_s, expected
):
    assert strides(rates, share=SHARE, cost_s=cost_s) == expected


def test_no_session_falls_below_the_least_rate_that_is_still_speech():
    rates = [60.0, 10.0, 24.0, 29.97, 30.0, 119.88]
    assert strides(rates, share=SHARE, cost_s=5.0) == [4, 1, 1, 1, 2, 7]
    assert RATE_LEAST_HZ == 15.0
    assert [least_hz(hz) for hz in (60.0, 10.0, 29.97)] == [15.0, 10.0, 29.97]


@given(
    rates=st.lists(
        st.sampled_from([10.0, 24.0, 30.0, 60.0, 119.88, 240.0]), min_size=1, max_size=6
    ),
    cost_s=st.floats(1e-5, 0.03),
)
def test_together_they_take_no_more_than_the_share_and_no_one_is_slowed_for_nothing(rates, cost_s):
    found = strides(rates, share=SHARE, cost_s=cost_s)
    load = sum(hz / k for hz, k in zip(rates, found, strict=True)) * cost_s
    most = [max(1, int(hz / RATE_LEAST_HZ)) for hz in rates]
    is_bounded = any(k == slowest for k, slowest in zip(found, most, strict=True))
    assert load <= SHARE + 1e-6 or is_bounded
    assert all(hz / k >= min(hz, RATE_LEAST_HZ) for hz, k in zip(rates, found, strict=True))
    if sum(rates) * cost_s <= SHARE:
        assert found == [1] * len(rates)


def test_a_session_that_not_even_an_idle_machine_could_compute_opens_slowed():
    governor = Governor()
    assert governor.admit("a", 60.0, cost_s=0.060, now=NOW) == 4
    assert governor.admit("b", 60.0, cost_s=0.010, now=NOW) == 1
    assert governor.admit("a", 30.0, cost_s=0.060, now=NOW) == 2


def test_who_opens_or_speaks_beside_slowed_ones_gets_the_same_rate(one):
    one.admit("b", 60.0, cost_s=0.0, now=NOW)
    late(one, "a", cost_s=0.020)
    assert one.admit("c", 60.0, cost_s=0.020, now=NOW) == 2
    assert one.admit("d", 30.0, cost_s=0.020, now=NOW) == 1
    assert ask(one, "b", cost_s=0.020) == 2
    assert one.admit("e", 60.0, cost_s=0.010, now=NOW + SPEAKS_S + 0.1) == 1


def test_the_model_alone_slows_nobody(one):
    one.admit("b", 60.0, cost_s=0.010, now=NOW)
    for k in range(100):
        assert ask(one, "a", cost_s=0.060, now=NOW + 0.05 * k) == 1
        assert ask(one, "b", cost_s=0.060, now=NOW + 0.05 * k) == 1


def test_windows_that_wait_slow_nobody_where_there_is_much_room(one):
    for k in range(100):
        assert late(one, "a", cost_s=0.009, now=NOW + 0.05 * k) == 1
    assert late(one, "a", cost_s=0.0, now=NOW + 10.0) == 1


def test_where_windows_wait_all_that_speak_are_slowed_evenly_as_the_model_says(one):
    for name in "bc":
        one.admit(name, 60.0, cost_s=0.010, now=NOW)
    one.admit("silent", 60.0, cost_s=0.010, now=NOW)
    for name in "abc":
        assert ask(one, name, cost_s=0.010) == 1
    later = NOW + 0.05
    assert [late(one, name, cost_s=0.010, now=later) for name in "abc"] == [3, 3, 3]
    assert ask(one, "silent", cost_s=0.010, now=later, is_speaking=False) == 1


def test_where_windows_still_wait_the_rate_falls_further_than_the_model_says(one):
    found = [late(one, "a", cost_s=0.75 / 60, now=NOW + 0.05 * k) for k in range(100)]
    assert (found[0], found[-1]) == (2, 2)
    found = [late(one, "a", cost_s=1.5 / 60, now=NOW + 10.0 + 0.05 * k) for k in range(100)]
    assert (found[0], found[-1]) == (3, 3)


def test_an_idle_session_costs_nothing(one):
    one.admit("b", 60.0, cost_s=0.010, now=NOW)
    ask(one, "b", cost_s=0.010, is_speaking=False)
    assert late(one, "a", cost_s=0.010) == 1


def test_a_pause_between_pieces_of_a_microphone_gives_its_room_to_nobody(one):
    one.admit("b", 60.0, cost_s=0.010, now=NOW)
    ask(one, "b", cost_s=0.010)
    assert late(one, "a", cost_s=0.010, now=NOW + SPEAKS_S) == 2


def test_it_becomes_faster_only_when_that_left_much_room_for_some_time(one):
    assert late(one, "a", cost_s=0.060) == 4
    for k in range(200):
        # 0.7 of the time at full rate would do, but is too near to the limit.
        assert ask(one, "a", cost_s=0.7 / 60, now=NOW + 0.05 * k) in (4, 2)
    now = NOW + 10.0
    assert ask(one, "a", cost_s=0.7 / 60, now=now) == 2
    found = [ask(one, "a", cost_s=0.5 / 60, now=now + 0.05 * k) for k in range(1, 100)]
    assert found.index(1) == pytest.approx(CALM_S / 0.05, abs=2)
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("disturbance", [{"cost_s": 0.060}, {"cost_s": 0.001, "is_late": True}])
def test_a_short_calm_changes_nothing(one, disturbance):
    assert late(one, "a", cost_s=0.060) == 4
    for k in range(400):
        found = disturbance if k % 40 == 0 else {"cost_s": 0.001}
        assert ask(one, "a", now=NOW + 0.05 * k, **found) == 4


def test_lines_that_are_shorter_than_the_calm_get_their_rate_back(one):
    assert late(one, "a", cost_s=0.060) == 4
    found, now = [], NOW
    for _ in range(3):
        for _ in range(40):
            now += 0.05
            found.append(ask(one, "a", cost_s=0.001, now=now))
        now += 1.5
    assert (found[0], found[-1]) == (4, 1)
    assert found.index(1) == 40


def test_who_is_silent_gets_its_rate_back_where_it_would_find_room(one):
    for name, cost_s in (("b", 0.0), ("dear", 0.0)):
        one.admit(name, 60.0, cost_s=cost_s, now=NOW)
    ask(one, "b", cost_s=0.020)
    assert late(one, "a", cost_s=0.020, now=NOW + 0.05) == 3
    for k in range(70):
        ask(one, "a", cost_s=0.001, now=NOW + 2.0 + 0.05 * k)
    assert ask(one, "b", cost_s=0.001, now=NOW + 6.0, is_speaking=False) == 1
    assert late(one, "a", cost_s=0.030, now=NOW + 7.0) == 3
    for k in range(200):
        # 30 ms a window: alone it would need a stride of 3.
        found = ask(one, "a", cost_s=0.030, now=NOW + 9.0 + 0.05 * k, is_speaking=False, busy=0.0)
        assert found == 3


def test_a_worker_that_has_time_while_they_speak_keeps_nobody_slowed(one):
    assert late(one, "a", cost_s=0.060) == 4
    found = [ask(one, "a", cost_s=0.060, now=NOW + 0.05 * k, busy=0.6) for k in range(1, 200)]
    assert set(found) == {4}
    now = NOW + 10.0
    found = [ask(one, "a", cost_s=0.060, now=now + 0.05 * k, busy=0.3) for k in range(300)]
    assert (found[0], found[-1]) == (4, 1)
    assert found == sorted(found, reverse=True)


def test_a_crowd_that_leaves_lets_the_others_have_everything_again():
    governor = Governor()
    for name in range(20):
        governor.admit(name, 60.0, cost_s=0.001, now=NOW)
        ask(governor, name, cost_s=0.001, now=NOW)
    assert late(governor, 0, cost_s=0.001, now=NOW + 0.1) == 2
    found = [ask(governor, 0, cost_s=0.001, now=NOW + 0.05 * k) for k in range(3, 200)]
    assert set(found[:70]) == {2}
    assert found[-1] == 1
    assert [ask(governor, k, cost_s=0.001, now=NOW + 10.0) for k in range(20)] == [1] * 20


@pytest.mark.parametrize("moves", [False, True])
def test_another_pose_rate_or_worker_forgets_nothing_of_who_spoke(one, moves):
    for k in range(2000):
        ask(one, "a", cost_s=0.001, now=NOW + 0.05 * k)
    now = NOW + 100.0
    before, governor = one.demand(now=now), one
    if moves:
        governor = Governor()
        governor.take_over("a", one)
        assert demands(one, now) == ((0, 0, 0), (0, 0, 0))
    assert governor.admit("a", 60.0, cost_s=0.001, now=now) == 1
    assert governor.demand(now=now) == before
    governor.admit("a", 30.0, cost_s=0.001, now=now)
    windows, poses = governor.demand(now=now)
    assert (windows.now, poses.now) == (15.0, 30.0)
    assert windows.lately == pytest.approx(15.0, rel=0.01)


def test_who_is_slowed_stays_so_with_another_pose_rate_and_not_with_another_worker(one):
    assert late(one, "a", cost_s=0.060) == 4
    assert one.admit("a", 30.0, cost_s=0.001, now=NOW) == 2
    other = Governor()
    other.take_over("a", one)
    assert other.admit("a", 60.0, cost_s=0.001, now=NOW) == 1


def test_whom_nobody_has_admitted_is_never_slowed(one):
    assert ask(one, "burst", cost_s=1.0) == 1
    one.leave("a")
    assert ask(one, "a", cost_s=1.0) == 1


def demands(governor, now):
    windows, poses = governor.demand(now=now)
    return (windows.now, windows.lately, windows.new), (poses.now, poses.lately, poses.new)


def test_a_new_session_is_expected_to_speak_and_after_a_while_of_silence_is_not(one):
    assert demands(one, NOW) == ((0, 0, 15), (0, 0, 60))
    assert demands(one, NOW + NEW_S) == ((0, 0, 15), (0, 0, 60))
    assert demands(one, NOW + NEW_S + 0.01) == ((0, 0, 0), (0, 0, 0))


def test_whoever_speaks_needs_the_least_rate_and_is_forgotten_slowly(one):
    for k in range(2000):
        ask(one, "a", cost_s=0.001, now=NOW + 0.05 * k)
    now = NOW + 0.05 * 1999
    windows, _ = demands(one, now)
    assert windows == pytest.approx((15, 15, 0), rel=0.01)
    # Half a second on it may be the pause between two pieces of its sound.
    assert demands(one, now + 0.5)[0][0] == 15
    later = now + SPEAKS_S + LATELY_S
    ask(one, "a", cost_s=0.001, is_speaking=False, now=now + SPEAKS_S + 0.01)
    assert demands(one, later)[0] == pytest.approx((0, 15 / 2.718, 0), rel=0.1)


def test_a_thousand_silent_sessions_need_nothing():
    governor = Governor()
    for number in range(1000):
        governor.admit(number, 60.0, cost_s=0.001, now=NOW)
    assert demands(governor, NOW + 2.0) == ((0, 0, 0), (0, 0, 0))
    assert [governor.admit("last", 60.0, cost_s=0.001, now=NOW + 2.0)] == [1]


@given(turns=st.lists(st.tuples(st.booleans(), st.floats(0.05, 20.0)), max_size=12))
def test_what_a_session_needs_lately_lies_between_nothing_and_speaking_all_the_time(turns):
    governor, now = Governor(), NOW
    governor.admit("a", 60.0, cost_s=0.0, now=now)
    for speaks, seconds in turns:
        now += seconds
        ask(governor, "a", cost_s=0.0, is_speaking=speaks, now=now)
        windows, poses = governor.demand(now=now)
        assert 0.0 <= windows.lately <= 15.0
        assert windows.now == 15.0 * speaks or not speaks
        assert windows.speaking >= windows.now
        assert poses.lately == pytest.approx(4 * windows.lately)


def test_sessions_whose_poses_cost_nothing_are_never_slowed_and_need_what_is_fixed():
    governor = Governor(fixed_hz=50.0)
    assert governor.admit("a", 60.0, cost_s=1.0, now=NOW) == 1
    assert governor.admit("b", 120.0, cost_s=1.0, now=NOW) == 1
    for k in range(10):
        assert ask(governor, "a", cost_s=1.0, now=NOW + 0.1 * k) == 1
    windows, poses = governor.demand(now=NOW + 1.0)
    assert (governor.least_hz(60.0), windows.now, poses.now) == (50.0, 50.0, 60.0)
