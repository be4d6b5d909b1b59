"""Limits per address, without sockets and clocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.security.limits import ADDRESSES_MAX, FREE_FAILURES, Limiter, Welcome, group_of

SERVE, FULL, CUT = Welcome.SERVE, Welcome.FULL, Welcome.CUT


def limiter(**changes):
    return Limiter(**{"total": 100, "per_address": 3, "rate_hz": 5.0} | changes)


def test_an_address_is_told_when_it_has_enough_connections_and_cut_beyond_twice_as_many():
    limits = limiter()
    found = [limits.arrive("192.0.2.1", now=0.0) for _ in range(8)]
    assert found == 3 * [SERVE] + 3 * [FULL] + 2 * [CUT]
    assert limits.arrive("192.0.2.2", now=0.0) is SERVE


def test_a_connection_that_goes_makes_room_for_another():
    limits = limiter()
    assert [limits.arrive("192.0.2.1", now=0.0) for _ in range(4)] == 3 * [SERVE] + [FULL]
    for _ in range(2):
        limits.leave("192.0.2.1")
    assert limits.arrive("192.0.2.1", now=0.0) is SERVE


def test_all_addresses_together_have_a_limit():
    limits = limiter(total=2)
    found = [limits.arrive(f"192.0.2.{number}", now=0.0) for number in range(5)]
    assert found == [SERVE, SERVE, FULL, FULL, CUT]


def test_connections_come_no_faster_than_the_rate_once_the_burst_is_spent():
    limits = limiter(rate_hz=5.0)

    def come_and_go(now):
        found = limits.arrive("192.0.2.1", now=now)
        if found is not CUT:
            limits.leave("192.0.2.1")
        return found

    assert [come_and_go(0.0) for _ in range(25)] == 20 * [SERVE] + 5 * [CUT]
    assert [come_and_go(1.0) for _ in range(7)] == 5 * [SERVE] + 2 * [CUT]
    assert limits.arrive("192.0.2.9", now=1.0) is SERVE


def test_this_machine_has_no_limit_of_its_own_but_that_of_all():
    limits = limiter(total=50)
    found = [limits.arrive(address, now=0.0) for address in 25 * ["127.0.0.1", "::1"]]
    assert found == 50 * [SERVE]
    assert limits.arrive("127.0.0.2", now=0.0) is FULL


def test_wrong_proofs_make_the_next_ones_wait_longer_and_longer():
    limits, now, waits = limiter(), 0.0, []
    for _ in range(FREE_FAILURES + 8):
        waits.append(limits.wait_s("192.0.2.1", now=now))
        now += waits[-1]
        limits.fail("192.0.2.1", now=now)
    assert waits == FREE_FAILURES * [0.0] + [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    assert limits.wait_s("192.0.2.2", now=now) == 0.0
    assert limits.wait_s("192.0.2.1", now=now + 700.0) == 0.0


def test_a_right_proof_ends_the_waiting():
    limits = limiter()
    for _ in range(FREE_FAILURES + 3):
        limits.fail("192.0.2.1", now=0.0)
    assert limits.wait_s("192.0.2.1", now=0.0) > 0.0
    limits.succeed("192.0.2.1", now=0.0)
    assert limits.wait_s("192.0.2.1", now=0.0) == 0.0


def test_this_machine_never_waits_longer_than_a_second():
    limits = limiter()
    for _ in range(1000):
        limits.fail("127.0.0.1", now=0.0)
    assert limits.wait_s("127.0.0.1", now=0.0) == 1.0


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("127.0.0.1", "loopback"),
        ("127.8.9.10", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        (100 * "x", 64 * "x"),
    ],
)
def test_addresses_count_with_those_of_the_same_customer(address, group):
    assert group_of(address) == group


ADDRESSES = st.ip_addresses().map(str)


@given(steps=st.lists(st.tuples(ADDRESSES, st.floats(0.0, 2.0)), max_size=60))
def test_what_is_served_never_exceeds_the_limits_whoever_comes(steps):
    limits, now, there = limiter(total=8), 0.0, []
    for address, pause in steps:
        now += pause
        if limits.arrive(address, now=now) is not CUT:
            there.append(address)
        assert len(there) <= 16
    for address in there:
        limits.leave(address)
    assert [limits.arrive("192.0.2.1", now=now + 60.0) for _ in range(3)] == 3 * [SERVE]


def test_memory_does_not_grow_with_the_number_of_addresses():
    limits = limiter(total=10)
    for number in range(2 * ADDRESSES_MAX):
        address = f"198.51.{number // 256}.{number % 256}"
        limits.fail(address, now=0.0)
        if limits.arrive(address, now=0.0) is not CUT and number > 5:
            limits.leave(address)
    assert limits.remembered == ADDRESSES_MAX


def test_addresses_with_open_connections_are_counted_even_when_they_are_forgotten():
    limits = limiter()
    for _ in range(3):
        limits.arrive("192.0.2.1", now=0.0)
    for number in range(ADDRESSES_MAX + 1):
        limits.fail(f"198.51.{number // 256}.{number % 256}", now=1.0)
    assert limits.arrive("192.0.2.1", now=2.0) is FULL
