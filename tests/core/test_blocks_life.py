"""Networks that give faces in blocks, with a state: interrupts, emotions, late poses, faults."""

import gc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from a2f_ws.recognizer import Recognizer
from a2f_ws.shaping.stream import Carried
from a2f_ws.wire import replies
from tests.core.block_lines import SECOND, begun_at, burst, in_chunks, speech, table
from tests.core.desk import Desk, codes, finals, of, poses, rest_rows
from tests.core.plain_blocks import plain_rows
from tests.data.emotion_bundles import logits_of
from tests.fakes import FakeClassifier


def test_a_line_after_an_interrupt_begins_with_an_empty_state(in_blocks):
    first, second = speech(2.0), speech(0.7, seed=2)
    desk = Desk(in_blocks)
    desk.open()
    desk.say(first)
    desk.work()
    desk.read()
    assert poses(desk.log, u=1)
    desk.interrupt()
    desk.line(second, u=2)
    assert finals(desk.finish()) == [(1, "interrupted"), (2, "poses_done")]
    assert table(desk.log, u=2).tobytes() == burst(in_blocks, second).tobytes()


def test_two_lines_alive_at_once_have_a_state_each(in_blocks):
    first, second = speech(0.7), speech(0.7, seed=2)
    desk = Desk(in_blocks, max_batch=5)
    desk.open(pacing="burst")
    desk.line(first, u=1)
    desk.line(second, u=2)
    desk.finish()
    assert table(desk.log, u=1).tobytes() == burst(in_blocks, first).tobytes()
    assert table(desk.log, u=2).tobytes() == burst(in_blocks, second).tobytes()


@pytest.mark.parametrize("fps", [10, 60])
def test_timed_emotions_act_on_the_frames_of_their_time(in_blocks, fps):
    samples, at, over = speech(1.5), 14_400, 4_800
    desk = Desk(in_blocks)
    desk.open(pacing="burst", fps=fps)
    desk.emotion(
        u=1, t_us=at * 1_000_000 // SECOND, transition_us=over * 1_000_000 // SECOND, joy=0.8
    )
    in_chunks(desk, samples, [700])

    def joy(n):
        return 0.8 * min(1.0, max(0.0, (n - at) / over))

    wanted = plain_rows(in_blocks, samples, fps=fps, joy=joy)
    np.testing.assert_allclose(table(desk.finish())[: len(wanted)], wanted, atol=1e-6)
    assert not np.allclose(wanted, plain_rows(in_blocks, samples, fps=fps), atol=0.02)


def test_an_emotion_of_now_acts_from_the_first_frame_that_is_not_computed_and_is_not_lost(
    in_blocks,
):
    samples, desk = speech(1.5), Desk(in_blocks)
    desk.open(ahead_us=310_000)
    desk.line(samples)
    desk.work()
    done = max(poses(desk.read())) + 1
    blocks = in_blocks.bundle.blocks.rate
    last_frame = -(-(done - 1) * blocks.rate.num // (60 * blocks.rate.den))
    at = blocks.sample(blocks.block(last_frame) + 1)
    assert at > done * SECOND // 60
    desk.emotion(joy=0.8, transition_us=250_000)
    wanted = plain_rows(
        in_blocks, samples, joy=lambda n: 0.8 * min(1.0, max(0.0, (n - at) / (SECOND // 4)))
    )
    np.testing.assert_allclose(table(desk.finish())[: len(wanted)], wanted, atol=1e-6)


def test_an_emotion_of_now_outlives_an_interrupt(in_blocks):
    desk = Desk(in_blocks)
    desk.open()
    desk.say(speech(1.5))
    desk.work()
    desk.emotion(joy=0.8)
    desk.interrupt()
    desk.line(speech(0.5), u=2)
    desk.finish()
    wanted = plain_rows(in_blocks, speech(0.5), joy=lambda n: 0.8)
    np.testing.assert_allclose(table(desk.log, u=2)[: len(wanted)], wanted, atol=1e-6)


def test_settings_changed_in_mid_line_do_not_break_the_state(in_blocks):
    samples, plain = speech(3.0), burst(in_blocks, speech(3.0))
    desk, ends = Desk(in_blocks), []
    desk.open(pacing="burst")
    for second, intensity in enumerate((1.0, 0.5, 1.0)):
        desk.set(params={"intensity": intensity})
        desk.say(samples[second * SECOND : (second + 1) * SECOND], first=second * SECOND)
        desk.work()
        ends.append(max(poses(desk.read())) + 1)
    desk.end()
    found = table(desk.finish())
    assert found[: ends[0]].tobytes() == plain[: ends[0]].tobytes()
    assert not np.allclose(found[ends[0] : ends[1]], plain[ends[0] : ends[1]], atol=0.1)
    assert found[ends[1] :].tobytes() == plain[ends[1] :].tobytes()


def test_a_slow_machine_computes_no_fewer_poses_since_that_would_save_nothing(
    in_blocks, monkeypatch
):
    monkeypatch.setattr(in_blocks.backend, "cost_s", 0.5)
    desk = Desk(in_blocks)
    desk.open()
    desk.line(speech(1.0))
    desk.finish()
    assert "rate" not in codes(desk.log)
    assert table(desk.log).tobytes() == burst(in_blocks, speech(1.0)).tobytes()


def test_late_poses_are_dropped_and_the_network_begins_anew_a_little_earlier(in_blocks):
    samples, desk = speech(6.0), Desk(in_blocks)
    desk.open(fps=60)
    desk.line(samples)
    desk.work(1)
    desk.wait(2.5, works=False)
    desk.finish()
    found = poses(desk.log)
    begin_pose = min(i for i in found if i - 1 not in found and i > 0)
    wanted = plain_rows(
        in_blocks, samples, begin_pose=begin_pose, begin=begun_at(in_blocks, begin_pose)
    )
    after = np.stack([found[i] for i in range(begin_pose, begin_pose + len(wanted))])
    np.testing.assert_allclose(after, wanted, atol=1e-6)
    assert "dropped" in codes(desk.log)


def test_a_face_that_is_seen_again_begins_at_the_play_head_a_little_earlier(in_blocks):
    samples, desk = speech(5.0), Desk(in_blocks)
    desk.open(ahead_us=500_000)
    desk.line(samples)
    desk.work()
    desk.set(visible=False)
    desk.wait(2.0)
    desk.read()
    desk.set(visible=True)
    desk.work()
    found = poses(desk.read())
    first = min(found)
    wanted = plain_rows(in_blocks, samples, begin_pose=first, begin=begun_at(in_blocks, first))
    after = np.stack([*found.values()])
    assert 100 < first < 130
    np.testing.assert_allclose(after, wanted[: len(after)], atol=1e-6)


@settings(max_examples=5)
@given(
    lengths=st.lists(st.integers(500, 20_000), min_size=1, max_size=4),
    waits=st.lists(st.booleans(), min_size=1, max_size=4),
)
def test_what_a_voice_feels_does_not_hang_on_its_chunks(in_blocks, moods, lengths, waits):
    samples, found = speech(3.5), []
    recognizer = Recognizer(moods, FakeClassifier(logits_of))
    for parts, pauses in ((lengths, waits), ([len(samples)], [True])):
        desk = Desk(in_blocks, recognizer=recognizer)
        desk.open(pacing="burst", params={"emotion_recognition": 1.0})
        in_chunks(desk, samples, parts, waits=pauses)
        found.append(table(desk.finish()))
    assert found[0].tobytes() == found[1].tobytes()
    assert not np.allclose(found[0], burst(in_blocks, samples), atol=0.01)


def test_who_goes_on_elsewhere_and_sends_what_is_heard_before_gets_the_same_faces(in_blocks):
    samples, at = speech(3.0), 1_500_000
    desk = Desk(in_blocks)
    desk.open(pacing="burst")
    back_us = of(desk.read(), replies.Opened)[0].look_back_us
    blocks = in_blocks.bundle.blocks
    heard_s = (blocks.warmup + 1) / blocks.rate.hz + in_blocks.bundle.buffer_ofs / SECOND
    assert back_us == pytest.approx(heard_s * 1e6, abs=10_000)
    first = (at - back_us) * SECOND // 1_000_000
    desk.line(samples[first:], first=first)
    found, whole = poses(desk.finish()), burst(in_blocks, samples)
    for i in range(at * 60 // 1_000_000 + 1, len(samples) * 60 // SECOND):
        np.testing.assert_allclose(found[i], whole[i], atol=0.05)


def test_a_line_that_begins_within_hears_the_silence_before_it(in_blocks):
    samples, first = speech(2.0), 24_000
    desk = Desk(in_blocks)
    desk.open(pacing="burst")
    desk.line(samples[first:], first=first)
    found = poses(desk.finish())
    begin_pose = min(found)
    wanted = plain_rows(
        in_blocks,
        samples,
        begin_pose=begin_pose,
        begin=begun_at(in_blocks, begin_pose),
        heard_from=first,
    )
    after = np.stack([found[i] for i in range(begin_pose, begin_pose + len(wanted))])
    np.testing.assert_allclose(after, wanted, atol=1e-6)


def test_what_is_kept_of_a_long_line_is_bounded_and_goes_with_it(in_blocks):
    def carried():
        gc.collect()
        return [one for one in gc.get_objects() if isinstance(one, Carried)]

    before, desk = len(carried()), Desk(in_blocks)
    desk.open(pacing="burst")
    for k in range(24):
        desk.say(speech(0.5, k), first=k * SECOND // 2)
        desk.work()
    assert max(len(one.rows) for one in carried()) in range(1, 150)
    desk.end()
    desk.finish()
    assert len(carried()) == before


def test_a_rest_row_shows_the_emotion_in_silence_with_its_mouth_shut(in_blocks):
    desk = Desk(in_blocks)
    desk.open()
    desk.emotion(joy=1.0)
    desk.wait(0.3)
    curves = of(desk.read(), replies.Opened)[0].curves
    calm, *_, joyful = rest_rows(desk.log)
    assert np.abs(joyful - calm).max() > 0.02
    assert (joyful >= calm - 1e-6).all()
    assert joyful[curves.index("jawOpen")] == joyful[curves.index("mouthClose")] == 0.0


def test_a_block_that_fails_fails_its_session_only_and_moves_no_other_twice(in_blocks):
    samples, bad = speech(1.0), speech(1.0)
    bad[5_000] = np.nan
    desk = Desk(in_blocks)
    for sid in (1, 2):
        desk.open(sid=sid, pacing="burst")
    run, calls = in_blocks.backend.run, []

    def noting(windows, emotions, *, states):
        calls.append(len(windows))
        return run(windows, emotions, states=states)

    in_blocks.backend.run = noting
    try:
        desk.line(samples, sid=1)
        desk.line(speech(1.0, seed=3), sid=2)
        desk.finish()
    finally:
        in_blocks.backend.run = run
    assert max(calls) == 2
    assert table(desk.log, sid=1).tobytes() == burst(in_blocks, samples).tobytes()


def test_the_sweep_beside_such_a_model_moves_every_curve_in_its_time(in_blocks):
    desk = Desk(in_blocks)
    desk.open(model="sweep", pacing="burst")
    desk.line(np.zeros(2 * SECOND, np.float32))
    rows = table(desk.finish())
    assert len(rows) == 120 + 15
    assert np.ptp(rows[:60], axis=0).max() > 0.9
