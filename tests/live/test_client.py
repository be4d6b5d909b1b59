import asyncio
from pathlib import Path

import numpy as np
import pytest
import soundfile

from a2f_ws.client import connect
from a2f_ws.player.pose_player import PosePlayer
from tests.sounds import RATE_HZ, pieces, ramp, real_time, rows

SAMPLE = Path(__file__).resolve().parents[2] / "a2f_ws" / "samples" / "speech.flac"
POSES = 60 * 2 + 15
"""Poses of two seconds at 60 per second, easing included."""


@pytest.fixture(scope="module")
def pcm():
    """Two seconds of human speech, s16le."""
    samples, _ = soundfile.read(SAMPLE, dtype="int16", start=8_000, frames=2 * RATE_HZ)
    return samples.astype("<i2").tobytes()


async def test_poses_come_in_order_with_the_time_of_their_sound(server, pcm):
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst")
        poses = [pose async for pose in session.say(pcm)]
    assert [pose.i for pose in poses] == list(range(POSES))
    assert [pose.t_us for pose in poses] == [i * 1_000_000 // 60 for i in range(POSES)]
    assert {pose.u for pose in poses} == {1}


async def test_a_pose_is_a_mapping_of_its_curves(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst")
        *_, pose = [pose async for pose in session.say(ramp(0.5)) if pose.t_us < 400_000]
    assert tuple(pose) == pose.names == session.names
    assert len(pose) == 68
    assert dict(pose) == dict(zip(pose.names, pose.row.tolist(), strict=True))
    assert pose["jawOpen"] > 0.5
    assert "nonsense" not in pose
    with pytest.raises(KeyError):
        pose["nonsense"]


async def test_any_split_pacing_and_encoding_give_the_same_bits(server, pcm):
    async with connect(server.url) as client, connect(server.url, is_json=True) as in_json:
        burst = await client.open(rate=RATE_HZ, pacing="burst")
        live = await client.open(rate=RATE_HZ)
        plain = await in_json.open(rate=RATE_HZ, pacing="burst")
        whole, *others = await asyncio.gather(
            rows(burst.say(pcm)),
            rows(live.say(real_time(pcm, 0.02))),
            rows(plain.say(pieces(pcm, 4_001))),
        )
    assert whole.shape == (POSES, 68)
    assert [np.array_equal(whole, other) for other in others] == [True, True]


async def test_eight_sessions_of_one_connection_give_what_each_gives_alone(fake_server):
    sounds = [ramp(0.2 + 0.05 * k) for k in range(8)]
    async with connect(fake_server.url) as client:
        alone = await client.open(rate=RATE_HZ, pacing="burst")
        wanted = [await rows(alone.say(sound)) for sound in sounds]
        sessions = [await client.open(rate=RATE_HZ, pacing="burst") for _ in sounds]
        assert len({session.sid for session in sessions}) == 8
        found = await asyncio.gather(
            *(rows(one.say(pieces(s, 999))) for one, s in zip(sessions, sounds, strict=True))
        )
    assert [np.array_equal(a, b) for a, b in zip(found, wanted, strict=True)] == [True] * 8


async def test_lines_said_at_once_follow_one_another(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst")
        lines = [session.say(pieces(ramp(0.3), 3_000)) for _ in range(3)]
        found = await asyncio.gather(*(rows(line) for line in lines))
    assert [line.u for line in lines] == [1, 2, 3]
    assert [line.state for line in lines] == ["poses_done"] * 3
    assert [len(poses) for poses in found] == [18 + 15] * 3


async def test_more_lines_than_the_server_takes_wait_their_turn(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ)
        lines = [session.say(ramp(0.1)) for _ in range(12)]
        found = await asyncio.gather(*(rows(line) for line in lines))
    assert [len(poses) for poses in found] == [6 + 15] * 12


async def test_a_line_may_begin_late_in_its_utterance(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst")
        poses = [pose async for pose in session.say(ramp(0.5), first=RATE_HZ)]
    assert (poses[0].i, poses[0].t_us) == (60, 1_000_000)
    assert len(poses) == 30 + 15


async def test_a_line_without_sound_has_no_poses(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ)
        line = session.say(b"")
        assert [pose async for pose in line] == []
        assert line.state == "poses_done"


async def test_interrupting_ends_the_loops_and_the_session_goes_on(fake_server):
    async def endless():
        while True:
            yield ramp(0.02)
            await asyncio.sleep(0.02)

    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ)
        spoken, waiting = session.say(endless()), session.say(ramp(0.5))
        count = 0
        async for _ in spoken:
            count += 1
            if count == 3:
                await session.interrupt()
        assert (spoken.state, waiting.state) == ("interrupted", "interrupted")
        assert [pose async for pose in waiting] == []
        assert len(await rows(session.say(ramp(0.2)))) == 12 + 15


async def test_leaving_the_loop_interrupts_the_line(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ)
        line = session.say(real_time(ramp(5), 0.02))
        async for _ in line:
            break
        following = await rows(session.say(ramp(0.2)))
    assert line.state == "interrupted"
    assert len(following) == 12 + 15


async def test_a_line_that_ends_early_still_closes_its_mouth(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ)
        line = session.say(real_time(ramp(10), 0.02))
        poses = []
        async for pose in line:
            poses.append(pose)
            if pose.i == 5:
                await line.end()
    assert line.state == "poses_done"
    assert 0.15 < line.sent_us / 1e6 < 2.0
    assert poses[-1]["jawOpen"] == 0.0


async def test_no_audio_is_sent_beyond_the_credit(serving, scripted):
    """A refused chunk would come back as an error and end the line."""
    server = await serving(scripted, credit_s=1.0)
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst")
        assert session.opened.credit_us == 1_000_000
        ahead_us = 0
        line = session.say(ramp(30))
        poses = 0
        async for pose in line:
            poses += 1
            ahead_us = max(ahead_us, line.sent_us - pose.t_us)
    assert poses == 30 * 60 + 15
    assert 500_000 < ahead_us < 3_200_000


async def test_poses_that_nobody_reads_hold_up_the_sending(serving, scripted):
    server = await serving(scripted, credit_s=1.0)
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst")
        line = session.say(ramp(30))
        await asyncio.sleep(0.5)
        assert line.sent_us < 5_000_000
        assert len(await rows(line)) == 30 * 60 + 15


async def test_emotion_and_face_parameters_reach_the_face(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst", emotion={"amazement": 1.0})
        amazed = await rows(session.say(bytes(RATE_HZ)))
        await session.emotion({}, transition_us=0)
        await session.set(curves={"jawOpen": {"offset": 0.25}})
        calm = await rows(session.say(bytes(RATE_HZ)))
    column, jaw = session.names.index("eyeBlinkLeft"), session.names.index("jawOpen")
    assert amazed[0, column] == pytest.approx(0.1)
    assert (calm[0, column], calm[0, jaw]) == (0.0, 0.25)


async def test_another_pose_rate_comes_with_a_new_opened(fake_server):
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst")
        before = session.opened.layout
        await session.set(fps=[30_000, 1001])
        poses = [pose async for pose in session.say(ramp(1.0))]
    assert session.opened.layout > before
    assert [pose.t_us for pose in poses[:3]] == [0, 33_366, 66_733]
    assert len(poses) == 30 + 8


async def test_a_player_gets_everything_that_the_session_gets(fake_server):
    player = PosePlayer()
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst", player=player)
        found = await rows(session.say(ramp(0.5)))
        player.sample(1, None, now_us=0)
        player.sample(1, 0, now_us=1)
        shown = player.sample(1, 200_000, now_us=200_001)
    assert np.allclose(shown, found[12], atol=1e-6)
    assert player.layout.curves == 68


async def test_statuses_go_to_the_callback(fake_server):
    told = []
    async with connect(fake_server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst", on_status=told.append)
        await rows(session.say(ramp(0.2)))
        await session.emotion({"joy": 1.0}, u=1, t_us=0)
    assert [status.code for status in told] == ["late"]
