"""Where poses lie among the blocks of a network."""

from fractions import Fraction
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st

from a2f_ws.session.streaming import Places, Streaming
from a2f_ws.timebase import BlockRate, PoseRate

RATES = st.sampled_from([10, 24, 25, 30, 60, 90, 100, 240, (30_000, 1_001), (100, 7)]).map(
    PoseRate.of
)


@st.composite
def places(draw):
    blocks = BlockRate(draw(RATES), draw(st.integers(1, 40)), draw(st.integers(0, 50)))
    return Places(draw(RATES), blocks, draw(st.integers(0, 9)))


def frames_of(one):
    return Fraction(one.blocks.rate.num, one.blocks.rate.den) / Fraction(one.fps.num, one.fps.den)


@given(one=places(), i=st.integers(0, 10_000))
def test_a_pose_lies_between_two_frames_whose_blocks_it_needs(one, i):
    at = i * frames_of(one)
    frame, share = one.place(i)
    assert frame == floor(at)
    assert abs(share - (at - frame)) < 1e-12
    last = ceil(at)
    assert one.blocks.frame(one.needed(i) - 1) <= last < one.blocks.frame(one.needed(i))


@given(one=places(), blocks=st.integers(0, 500))
def test_so_many_poses_need_so_many_blocks_and_the_next_one_needs_more(one, blocks):
    poses = one.poses(blocks)
    assert one.needed(poses) > blocks
    assert poses == 0 or one.needed(poses - 1) <= blocks


@given(one=places(), at=st.integers(0, 10**6))
def test_poses_that_are_known_need_no_later_frame(one, at):
    poses = one.poses_known(at)
    rate = one.blocks.rate
    if poses:
        last = one.blocks.frame(one.needed(poses - 1)) - 1
        assert Fraction(last * rate.den, rate.num) <= Fraction(at + 1, 16_000)
    last = one.blocks.frame(one.needed(poses)) - 1
    assert rate.sample(last) > at - 1


@given(one=places(), i=st.integers(0, 10_000))
def test_a_network_begins_so_many_blocks_earlier_but_never_before_the_first(one, i):
    wanted = one.blocks.block(one.place(i)[0])
    assert one.begin(i) == max(0, wanted - one.warmup)


@given(one=places(), steps=st.lists(st.integers(1, 5), min_size=1, max_size=30))
def test_every_block_is_given_once_in_order_whatever_poses_are_left_out(one, steps):
    streaming, given_blocks, work, i = Streaming(one, steps[0]), [], 0, steps[0]
    begin, asked = one.begin(i), i
    for step in steps:
        work += streaming.work(i, asked)
        asked = i + 1
        stream = streaming.give(i, lambda k: k, feel=lambda at: at)
        given_blocks += [block.k for block in stream.blocks]
        assert streaming.window(asked) <= streaming.next
        i += step
    assert given_blocks == list(range(begin, streaming.next))
    assert work == len(given_blocks)
    assert streaming.next == one.needed(asked - 1)
