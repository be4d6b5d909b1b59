"""Networks that give faces in blocks, with a state: the same poses whatever way the sound takes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.audio.resample import delay_us
from a2f_ws.wire import replies
from tests.core.block_lines import RATES, SECOND, burst, in_chunks, speech, table
from tests.core.desk import Desk, of, poses
from tests.core.plain_blocks import plain_rows


@pytest.mark.parametrize("fps", RATES)
def test_poses_are_those_of_a_plain_loop_over_the_whole_line(in_blocks, fps):
    samples = speech()
    wanted = plain_rows(in_blocks, samples, fps=fps)
    found = burst(in_blocks, samples, fps=fps)
    np.testing.assert_allclose(found[: len(wanted)], wanted, atol=1e-6)
    assert np.ptp(wanted, axis=0).max() > 0.2


@settings(max_examples=25)
@given(
    lengths=st.lists(st.integers(1, 9_000), min_size=1, max_size=5),
    waits=st.lists(st.booleans(), min_size=1, max_size=5),
    max_batch=st.integers(1, 64),
    fps=st.sampled_from(RATES),
    seed=st.integers(0, 3),
)
def test_any_chunks_in_any_batches_give_the_same_bits(
    in_blocks, lengths, waits, max_batch, fps, seed
):
    samples = speech(0.9, seed)
    desk = Desk(in_blocks, max_batch=max_batch)
    desk.open(pacing="burst", fps=fps)
    lengths = [*lengths, 500]
    in_chunks(desk, samples, lengths, waits=waits)
    assert table(desk.finish()).tobytes() == burst(in_blocks, samples, fps=fps).tobytes()


@settings(max_examples=15)
@given(
    chunk=st.sampled_from([320, 1_600, 7_777]),
    lags=st.lists(st.integers(0, 4), min_size=1, max_size=8),
    ahead_us=st.sampled_from([250_000, 1_500_000]),
    rate=st.sampled_from([16_000, 44_100]),
)
def test_live_and_burst_give_the_same_bits(in_blocks, chunk, lags, ahead_us, rate):
    samples = speech(1.1)
    desk, whole = Desk(in_blocks, max_batch=3), Desk(in_blocks)
    desk.open(pacing="live", ahead_us=ahead_us, rate=rate)
    for k, first in enumerate(range(0, len(samples), chunk)):
        desk.say(samples[first : first + chunk], first=first)
        desk.wait(0.05 * lags[k % len(lags)], works=False)
        desk.work()
    desk.end()
    live = table(desk.finish())
    assert of(desk.log, replies.Status) == []
    whole.open(pacing="burst", rate=rate)
    whole.line(samples)
    assert live.tobytes() == table(whole.finish()).tobytes()


@settings(max_examples=6)
@given(turns=st.lists(st.integers(0, 7), min_size=20, max_size=60), max_batch=st.integers(1, 64))
def test_eight_sessions_share_batches_and_each_gets_what_it_gets_alone(in_blocks, turns, max_batch):
    desk, lines = Desk(in_blocks, max_batch=max_batch), [speech(0.6, seed) for seed in range(8)]
    for sid in range(1, 9):
        desk.open(sid=sid, pacing="burst")
    heard = [0] * 8
    for k, one in enumerate([*turns, *range(8)]):
        count = 900 + 370 * k
        if k >= len(turns):
            count = SECOND
        part = lines[one][heard[one] : heard[one] + count]
        if len(part):
            desk.say(part, sid=one + 1, first=heard[one])
        heard[one] += len(part)
        if k % 3 == 0:
            desk.work(2)
    for sid in range(1, 9):
        desk.end(sid=sid)
    desk.finish()
    for sid, line in enumerate(lines, 1):
        assert table(desk.log, sid=sid).tobytes() == burst(in_blocks, line).tobytes()


@settings(max_examples=10)
@given(lengths=st.lists(st.integers(100, 9_000), min_size=1, max_size=5))
def test_an_open_microphone_may_come_in_any_chunks(in_blocks, lengths):
    samples, found = speech(1.5), []
    for parts in (lengths, [1_600]):
        desk = Desk(in_blocks)
        desk.open(pacing="burst", source="mic")
        in_chunks(desk, samples, parts)
        found.append(table(desk.finish()))
    assert found[0].tobytes() == found[1].tobytes()


@pytest.mark.parametrize("rate", [8_000, 16_000, 48_000])
@pytest.mark.parametrize("fps", RATES)
def test_no_pose_needs_more_look_ahead_than_is_said_and_some_need_nearly_that(in_blocks, fps, rate):
    desk = Desk(in_blocks)
    desk.open(pacing="burst", fps=fps, rate=rate)
    ahead_us = of(desk.read(), replies.Opened)[0].look_ahead_us
    assert desk.catalog.model(None).info().look_ahead_us >= ahead_us - delay_us(rate)
    most_us, chunk = 0, rate // 200
    samples = speech(2.2 * rate / SECOND)
    for first in range(0, len(samples), chunk):
        desk.say(samples[first : first + chunk], first=first)
        desk.work()
        fresh = poses(desk.read())
        if fresh:
            most_us = max(most_us, first * 1_000_000 // rate - min(fresh) * 1_000_000 // fps)
    assert most_us <= ahead_us
    assert most_us > ahead_us - 10_000 - 1_000_000 / fps
