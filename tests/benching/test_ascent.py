"""Which number of sessions is tried next."""

from a2f_ws.benching.ascent import NEAR, Ascent


def climbed(limit, *, first=4, most=512, share=0.01):
    """All numbers that are tried where `limit` sessions are borne, and what is found."""
    ascent, tried = Ascent(first, most=most), []
    while ascent.count is not None:
        tried.append(ascent.count)
        busy = min(1.0, ascent.count * share)
        ascent.tell(is_borne=ascent.count <= limit, busy=busy)
        assert len(tried) < 60
    return tried, ascent.borne


def test_the_number_found_is_borne_and_little_more_is_not():
    for limit in (1, 2, 7, 25, 60, 100, 333):
        _, found = climbed(limit)
        assert found <= limit
        assert limit - found <= max(1, round(found * NEAR))


def test_steps_rise_until_one_is_too_many():
    tried, _ = climbed(100)
    rising = tried[: tried.index(max(tried)) + 1]
    assert rising == sorted(set(rising))


def test_steps_become_smaller_where_the_machine_is_nearly_full():
    ascent = Ascent(40, most=512)
    ascent.tell(is_borne=True, busy=0.84)
    assert ascent.count == 46
    other = Ascent(40, most=512)
    other.tell(is_borne=True, busy=0.1)
    assert other.count == 80


def test_a_number_is_given_up_only_when_it_fails_twice():
    ascent = Ascent(8, most=512)
    ascent.tell(is_borne=False, busy=0.1)
    assert ascent.count == 8
    ascent.tell(is_borne=True, busy=0.1)
    assert ascent.borne == 8
    assert ascent.count == 16


def test_nothing_beyond_the_most_is_tried():
    tried, found = climbed(10_000, most=30)
    assert max(tried) == 30
    assert found == 30


def test_a_machine_that_bears_nobody_is_found_out():
    tried, found = climbed(0)
    assert found == 0
    assert tried[-1] == 1
