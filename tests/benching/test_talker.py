"""What the load says, and what it takes for late."""

from a2f_ws.benching.figures import LATE_MS, Load
from a2f_ws.benching.socket_frames import framed
from a2f_ws.benching.talker import HEARD, RATE_HZ, Talker
from a2f_ws.wire.codec import decode, encode
from a2f_ws.wire.replies import Poses, Status

AHEAD_US = 120_000
HEAD_BYTES = len(framed(bytes(300))) - 300
SHORT_HEAD_BYTES = len(framed(bytes(3))) - 3


def talker(number=0, sessions=4):
    made = Talker(3, Load(port=1, sessions=sessions), sound=bytes(range(256)) * 50, number=number)
    made.take(HEARD.decode(_plain("opened", look_ahead_us=AHEAD_US)), 0.0, counts=True)
    return made


def _plain(op, **fields):
    import msgpack

    return msgpack.packb({"op": op, "sid": 3, **fields})


def poses(first, count=1):
    message = Poses(
        sid=3, u=1, layout=1, i=first, t_us=first * 16_667, n=count, data=bytes(4 * count)
    )
    return HEARD.decode(encode(message, False))


def test_chunks_follow_one_another_without_a_gap():
    speaker = talker()
    chunks = [decode(bytes(speaker.chunk(0.02 * k))[HEAD_BYTES:], False) for k in range(5)]
    assert [chunk.first for chunk in chunks] == [k * RATE_HZ // 50 for k in range(5)]
    assert {len(chunk.pcm) for chunk in chunks} == {RATE_HZ // 50 * 2}
    assert chunks[0].pcm != chunks[1].pcm


def test_sessions_speak_one_after_the_other_within_a_chunk():
    assert [talker(k).offset_s for k in range(4)] == [0.0, 0.005, 0.01, 0.015]


def test_latency_counts_from_the_chunk_with_the_last_sound_that_a_pose_needs():
    speaker = talker()
    for k in range(10):
        speaker.chunk(0.02 * (k + 1))
    # Pose 0 needs 120 ms of sound: the sixth chunk, which went out at 0.12 s.
    speaker.take(poses(0), 0.125, counts=True)
    # Pose 1, at 16.7 ms, needs a part of the seventh.
    speaker.take(poses(1), 0.150, counts=True)
    assert [round(value, 6) for value in speaker.added_ms] == [5.0, 10.0]
    assert speaker.late == 0


def test_a_pose_that_comes_after_its_time_is_late_and_one_left_out_too():
    speaker = talker()
    for k in range(20):
        speaker.chunk(0.02 * (k + 1))
    speaker.take(poses(0), 0.12 + 1.1 * LATE_MS / 1e3, counts=True)
    assert speaker.late == 1
    speaker.take(poses(3), 0.2, counts=True)
    assert speaker.late == 3


def test_nothing_counts_while_the_server_warms_up():
    speaker = talker()
    speaker.chunk(0.0)
    assert speaker.take(poses(5, 2), 9.0, counts=False) == 2
    assert (speaker.added_ms, speaker.late) == ([], 0)


def test_the_lowest_rate_of_inference_is_kept():
    speaker = talker()
    speaker.chunk(0.0)
    for hz in (30.0, 60.0):
        counters = {"rate_hz": hz, "look_ahead_us": AHEAD_US}
        status = Status(sid=3, level="warning", code="rate", message="so", counters=counters)
        speaker.take(HEARD.decode(encode(status, False)), 0.0, counts=True)
        speaker.take(poses(0), 0.0, counts=True)
    assert speaker.rate_hz == 30.0


def test_the_play_head_follows_the_sound_and_what_is_held_back():
    speaker = talker()
    speaker.chunk(10.0)
    assert speaker.played(10.0) is None
    speaker.take(poses(0), 10.0, counts=True)
    told = decode(bytes(speaker.played(11.0))[SHORT_HEAD_BYTES:], False)
    assert told.t_us == 1_000_000 - AHEAD_US - round(LATE_MS * 1000)
