"""What sessions are expected to need, the many that say nothing among them."""

import pytest

from a2f_ws.batching.governor import Governor, Pressure
from a2f_ws.batching.member import ASLEEP_S, NEW_S

HZ = 60.0


@pytest.fixture
def governor():
    """Knows "a", who spoke for ten seconds, and a hundred who never did."""
    governor = Governor()
    for name in ["a", *range(100)]:
        governor.admit(name, HZ, cost_s=0.0, now=0.0)
    for tenth in range(100):
        governor.stride("a", is_speaking=True, pressure=Pressure(0.0), now=tenth / 10)
    return governor


def test_who_has_long_been_silent_is_expected_to_need_nothing_at_all(governor):
    windows, poses = governor.demand(now=12.0)
    assert 0.0 < windows.speaking < 15.0
    windows, poses = governor.demand(now=11.0 + ASLEEP_S)
    assert (windows.speaking, poses.speaking) == (0.0, 0.0)


def test_who_speaks_again_after_a_long_silence_counts_at_once(governor):
    later = 100.0 + ASLEEP_S
    governor.demand(now=later)
    governor.stride("a", is_speaking=True, pressure=Pressure(0.0), now=later)
    governor.stride(7, is_speaking=True, pressure=Pressure(0.0), now=later)
    _, poses = governor.demand(now=later)
    assert poses.speaking == 2 * HZ


def test_who_never_spoke_is_looked_at_no_more_once_it_is_not_new(governor):
    governor.demand(now=NEW_S + 0.1)
    assert set(governor._awake) == {"a"}
    governor.leave("a")
    assert not governor._awake
