"""Which audio belongs to which utterance, what is refused, what every utterance is told."""

import pytest

from a2f_ws.timebase import PoseRate
from a2f_ws.wire import replies
from tests.core.desk import codes, errors, finals, of, poses, ramp, states

SECOND = 16_000
INT53 = 2**53 - 1


def test_an_utterance_has_the_poses_that_its_sample_frames_give_and_a_quarter_second_more(burst):
    burst.line(ramp(SECOND + 1))
    done = of(burst.finish(), replies.Utterance)[-1]
    assert (done.state, done.poses) == ("poses_done", 61 + 15)
    assert done.t_us == 75 * 1_000_000 // 60
    assert sorted(poses(burst.log)) == list(range(76))


@pytest.mark.parametrize("fps", [10, 24, 60, 240, [30_000, 1001], [24_000, 1001], [125, 11]])
@pytest.mark.parametrize(("rate", "frames"), [(8_000, 801), (44_100, 4_411), (48_000, 4_800)])
def test_the_number_of_poses_is_exact_at_every_rate(desk, fps, rate, frames):
    desk.open(pacing="burst", fps=fps, rate=rate)
    desk.line(ramp(frames))
    pace = PoseRate.of(fps)
    speech = -(-frames * pace.num // (rate * pace.den))
    ease = -(-pace.num // (4 * pace.den))
    assert sorted(poses(desk.finish())) == list(range(speech + ease))
    assert of(desk.log, replies.Utterance)[-1].poses == speech + ease


def test_every_pose_shows_the_sample_it_belongs_to(burst):
    burst.line(ramp(SECOND))
    rows = poses(burst.finish())
    assert [rows[i][0] for i in range(60)] == [
        ramp(1, start=i * SECOND // 60)[0] for i in range(60)
    ]


def test_the_states_of_a_line_come_in_order(burst):
    burst.say(ramp(SECOND))
    burst.work()
    burst.end()
    kinds = [
        message.state if isinstance(message, replies.Utterance) else type(message).__name__
        for message in burst.finish()[2:]
    ]
    assert kinds == ["started", "Poses", "audio_done", "Poses", "Poses", "poses_done"]
    done = of(burst.log, replies.Utterance, state="audio_done")[0]
    assert done.t_us == 1_000_000
    assert done.poses == of(burst.log, replies.Poses)[0].n


def test_end_without_audio_gives_started_and_poses_done_with_no_poses(burst):
    burst.end(u=3)
    burst.work()
    messages = burst.read()
    assert [(m.u, m.state, m.poses, m.t_us) for m in messages] == [
        (3, "started", 0, 0), (3, "poses_done", 0, 0),
    ]  # fmt: skip


def test_empty_audio_starts_an_utterance_that_may_end_without_poses(burst):
    burst.say(b"", first=160)
    burst.end()
    burst.work()
    assert [(m.state, m.poses, m.t_us) for m in burst.read()] == [
        ("started", 0, 10_000), ("poses_done", 0, 10_000),
    ]  # fmt: skip


def test_audio_that_no_pose_falls_into_gives_none(burst):
    burst.line(ramp(10), first=100)
    assert of(burst.finish(), replies.Poses) == []
    assert of(burst.log, replies.Utterance)[-1].poses == 0


def test_a_gap_is_filled_with_silence_and_told(burst):
    burst.say(ramp(SECOND))
    burst.say(ramp(SECOND), first=SECOND + 4_000)
    burst.end()
    rows = poses(burst.finish())
    assert [(m.code, m.u, m.counters) for m in of(burst.log, replies.Status)] == [
        ("gap", 1, {"frames": 4_000})
    ]
    assert [rows[i][0] for i in (60, 67, 74)] == [0.0, 0.0, 0.0]
    assert rows[75][0] == ramp(1)[0]
    assert rows[76][0] == ramp(1, start=266)[0]
    assert len(rows) == 135 + 15


def test_a_gap_of_two_seconds_is_the_longest_that_is_filled(burst):
    burst.say(ramp(100))
    burst.say(ramp(100), first=100 + 2 * SECOND)
    assert codes(burst.read()) == ["gap"]
    burst.say(ramp(100), first=200 + 2 * SECOND + 2 * SECOND + 1)
    messages = burst.read()
    assert errors(messages) == [(4422, "first")]
    assert states(messages) == [(1, "interrupted")]


def test_a_gap_of_ten_to_the_fifteenth_interrupts_its_utterance_and_no_other(burst):
    burst.say(ramp(SECOND), u=1)
    burst.say(ramp(SECOND), u=2)
    burst.say(ramp(10), u=2, first=10**15)
    assert errors(burst.finish()) == [(4422, "first")]
    assert finals(burst.log) == [
        (2, "interrupted"), (1, "poses_done"),
    ]  # fmt: skip
    assert len(poses(burst.log, u=1)) == 75
    assert poses(burst.log, u=2) == {}
    burst.line(ramp(SECOND), u=3)
    assert len(poses(burst.finish(), u=3)) == 75


def test_a_gap_interrupts_also_what_waits_to_be_sent(burst):
    burst.say(ramp(SECOND))
    burst.work()
    burst.say(ramp(10), first=10 * SECOND)
    messages = burst.read()
    assert of(messages, replies.Poses) == []
    final = of(messages, replies.Utterance)[-1]
    assert (final.state, final.poses, final.t_us) == ("interrupted", 0, 0)


def test_the_first_audio_may_begin_anywhere(burst):
    first = 10 * SECOND + 7
    burst.line(ramp(SECOND), first=first)
    rows = poses(burst.finish())
    assert min(rows) == 601
    assert max(rows) == 660 + 15
    assert rows[601][0] == ramp(1, start=601 * SECOND // 60 - first)[0]
    assert of(burst.log, replies.Utterance)[0].t_us == first * 1_000_000 // SECOND


def test_the_first_audio_may_begin_where_2_to_the_53_microseconds_are_near(desk):
    desk.open(pacing="burst", rate=192_000)
    first = 10**15
    desk.line(ramp(19_200), first=first)
    rows = poses(desk.finish())
    assert len(rows) == 6 + 15
    assert min(rows) == -(-first * 60 // 192_000)
    assert of(desk.log, replies.Poses)[0].t_us <= INT53


def test_audio_beyond_2_to_the_53_microseconds_is_refused(burst):
    burst.say(ramp(10), first=10**15)
    burst.say(ramp(10), first=INT53)
    assert errors(burst.read()) == [(4422, "first"), (4422, "first")]
    assert states(burst.log) == []


def test_overlap_is_trimmed_and_what_came_first_stands(burst):
    burst.say(ramp(SECOND))
    burst.say(ones(SECOND), first=SECOND // 2)
    burst.say(ones(SECOND // 4), first=0)
    burst.end()
    rows = poses(burst.finish())
    assert codes(burst.log) == []
    assert len(rows) == 90 + 15
    assert rows[59][0] == ramp(1, start=59 * SECOND // 60)[0]
    assert rows[60][0] == 1.0


def ones(count):
    return ramp(count) * 0 + 1


@pytest.mark.parametrize(
    ("format", "pcm"),
    [
        ("s16le", b"\0\0\0"),
        ("f32le", b"\0\0\0\0\0\0\0"),
        ("f32le", bytes.fromhex("0000c07f")),
        ("f32le", bytes.fromhex("0000807f")),
        ("f32le", bytes.fromhex("000080ff")),
        ("f32le", bytes.fromhex("00008c41")),
    ],
)
def test_pcm_that_cannot_be_sound_is_dropped_and_the_utterance_goes_on(desk, format, pcm):
    desk.open(pacing="burst", format=format)
    desk.say(b"\0" * 6400)
    desk.say(pcm, first=SECOND // 10)
    desk.end()
    assert errors(desk.finish()) == [(4422, "pcm")]
    assert states(desk.log)[-1] == (1, "poses_done")


def test_pcm_that_cannot_be_sound_starts_nothing(desk):
    desk.open(format="s16le")
    desk.say(b"\0")
    assert errors(desk.read()) == [(4422, "pcm")]
    assert states(desk.log) == []


def test_stale_audio_is_told_once_for_each_utterance(burst):
    burst.line(ramp(100), u=1)
    burst.line(ramp(100), u=2)
    burst.finish()
    for _ in range(3):
        burst.say(ramp(10), u=1, first=100)
        burst.say(ramp(10), u=2, first=100)
        burst.end(u=1)
    assert [(m.code, m.u) for m in of(burst.read(), replies.Status)] == [("stale", 1), ("stale", 2)]
    assert errors(burst.log) == []


def test_a_number_that_was_left_out_is_stale(burst):
    burst.line(ramp(100), u=5)
    burst.say(ramp(10), u=4)
    assert [(m.code, m.u) for m in of(burst.read(), replies.Status)] == [("stale", 4)]


def test_a_new_utterance_ends_the_older_ones_which_are_sent_first(burst):
    burst.say(ramp(SECOND), u=1)
    burst.say(ramp(SECOND), u=2)
    burst.say(ramp(SECOND), u=4)
    burst.end(u=4)
    assert states(burst.finish()) == [
        (1, "started"), (1, "audio_done"), (2, "started"), (2, "audio_done"), (4, "started"),
        (4, "audio_done"), (1, "poses_done"), (2, "poses_done"), (4, "poses_done"),
    ]  # fmt: skip
    order = [m.u for m in of(burst.log, replies.Poses)]
    assert order == sorted(order)


def test_at_most_eight_utterances_are_alive(desk):
    desk.open()
    for u in range(1, 9):
        desk.say(ramp(SECOND), u=u)
    desk.say(ramp(SECOND), u=9)
    desk.end(u=9)
    assert errors(desk.read()) == [(4413, "u"), (4413, "u")]
    assert (9, "started") not in states(desk.log)
    desk.interrupt(u=1)
    desk.say(ramp(SECOND), u=9)
    assert errors(desk.read()) == []
    assert states(desk.log)[-1] == (9, "started")


def test_refused_audio_of_a_new_utterance_does_not_end_the_older_one(burst):
    burst.say(ramp(SECOND), u=1)
    burst.say(b"\0", u=2)
    burst.say(ramp(61 * SECOND), u=2)
    assert errors(burst.read()) == [(4422, "pcm"), (4413, "pcm")]
    assert states(burst.log) == [(1, "started")]
