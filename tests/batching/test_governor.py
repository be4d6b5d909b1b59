"""How fast sessions are computed that the machine cannot hold in full."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.batching.governor import CALM_S, RATE_LEAST_HZ, SHARE, SPEAKS_S, Governor, strides

NOW = 100.0


def ask(governor, session, *, cost_s, now=NOW, is_speaking=True):
    return governor.stride(session, is_speaking=is_speaking, cost_s=cost_s, now=now)


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
        ([60.0], 0.060, [5]),
        ([30.0], 0.060, [3]),
        ([60.0, 60.0], 0.010, [2, 2]),
        ([60.0, 60.0, 60.0], 0.010, [3, 3, 3]),
        # 80 a second: one session needs but 10, so there are 70 for the other one.
        ([10.0, 60.0], 0.010, [1, 1]),
        ([10.0, 120.0], 0.010, [1, 2]),
        ([240.0], 0.060, [18]),
        ([], 0.060, []),
    ],
)
def test_sessions_get_the_same_rate_and_what_one_does_not_need_is_for_the_others(
    rates, cost_s, expected
):
    assert strides(rates, share=SHARE, cost_s=cost_s) == expected


def test_no_session_falls_below_the_least_rate_that_is_still_speech():
    assert strides([60.0, 10.0], share=SHARE, cost_s=5.0) == [15, 2]
    assert RATE_LEAST_HZ == 60.0 / 15


@given(
    rates=st.lists(
        st.sampled_from([10.0, 24.0, 30.0, 60.0, 119.88, 240.0]), min_size=1, max_size=6
    ),
    cost_s=st.floats(1e-5, 0.03),
)
def test_together_they_take_no_more_than_the_share_and_no_one_is_slowed_for_nothing(rates, cost_s):
    found = strides(rates, share=SHARE, cost_s=cost_s)
    load = sum(hz / k for hz, k in zip(rates, found, strict=True)) * cost_s
    is_bounded = any(k == int(hz / RATE_LEAST_HZ) for hz, k in zip(rates, found, strict=True))
    assert load <= SHARE + 1e-6 or is_bounded
    if sum(rates) * cost_s <= SHARE:
        assert found == [1] * len(rates)


def test_a_session_opens_with_the_stride_that_it_would_have_beside_those_that_speak():
    governor = Governor()
    assert governor.admit("a", 60.0, cost_s=0.010, now=NOW) == 1
    assert governor.admit("b", 60.0, cost_s=0.010, now=NOW) == 1
    ask(governor, "a", cost_s=0.010)
    assert governor.admit("c", 60.0, cost_s=0.010, now=NOW) == 2
    assert ask(governor, "a", cost_s=0.010) == 1


def test_a_second_one_that_begins_to_speak_slows_both_at_once(one):
    one.admit("b", 60.0, cost_s=0.010, now=NOW)
    assert ask(one, "a", cost_s=0.010) == 1
    assert ask(one, "b", cost_s=0.010) == 2
    assert ask(one, "a", cost_s=0.010) == 2


def test_a_window_that_turns_out_dear_slows_it_at_the_next_tick(one):
    assert ask(one, "a", cost_s=0.001) == 1
    assert ask(one, "a", cost_s=0.060, now=NOW + 0.05) == 5


def test_an_idle_session_costs_nothing(one):
    one.admit("b", 60.0, cost_s=0.010, now=NOW)
    ask(one, "b", cost_s=0.010, is_speaking=False)
    assert ask(one, "a", cost_s=0.010) == 1


def test_a_pause_between_pieces_of_a_microphone_gives_its_room_to_nobody(one):
    one.admit("b", 60.0, cost_s=0.010, now=NOW)
    ask(one, "b", cost_s=0.010)
    assert ask(one, "a", cost_s=0.010, now=NOW + SPEAKS_S) == 2


def test_it_becomes_faster_only_when_that_left_much_room_for_some_time(one):
    assert ask(one, "a", cost_s=0.060) == 5
    for k in range(200):
        # 0.7 of the time at full rate would do, but is too near to the limit.
        assert ask(one, "a", cost_s=0.7 / 60, now=NOW + 0.05 * k) in (5, 2)
    now = NOW + 10.0
    assert ask(one, "a", cost_s=0.7 / 60, now=now) == 2
    found = [ask(one, "a", cost_s=0.5 / 60, now=now + 0.05 * k) for k in range(1, 100)]
    assert found.index(1) == pytest.approx(CALM_S / 0.05, abs=2)
    assert found == sorted(found, reverse=True)


def test_a_short_calm_changes_nothing(one):
    assert ask(one, "a", cost_s=0.060) == 5
    for k in range(400):
        cost_s = 0.001 if k % 40 else 0.060
        assert ask(one, "a", cost_s=cost_s, now=NOW + 0.05 * k) == 5


def test_a_calm_before_a_pause_does_not_count_after_it(one):
    assert ask(one, "a", cost_s=0.060) == 5
    assert ask(one, "a", cost_s=0.001, now=NOW + 0.1) == 5
    assert ask(one, "a", cost_s=0.001, now=NOW + 60.0) == 5
    assert ask(one, "a", cost_s=0.001, now=NOW + 62.9) == 5


def test_whom_nobody_has_admitted_is_never_slowed(one):
    assert ask(one, "burst", cost_s=1.0) == 1
    one.leave("a")
    assert ask(one, "a", cost_s=1.0) == 1
