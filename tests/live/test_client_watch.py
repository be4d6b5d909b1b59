import numpy as np
import pytest

from a2f_ws.client import Block, ServerError, ServerGoneError, Sound, connect
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.wire.replies import Opened, Utterance
from tests.sounds import RATE_HZ, pieces, ramp, real_time, rows


async def until(watch, *, state):
    """Events up to that state of an utterance."""
    found = []
    async for event in watch:
        found.append(event)
        if isinstance(event, Utterance) and event.state == state:
            return found
    raise AssertionError(f"it ended without {state}")


def of(events, kind):
    return [event for event in events if isinstance(event, kind)]


async def test_a_watcher_reads_poses_sound_and_states_in_order(fake_server):
    async with connect(fake_server.url) as client, connect(fake_server.url) as other:
        session = await client.open(rate=RATE_HZ, name="hall")
        watch = await other.watch("hall", want_audio=True)
        assert watch.is_spoken
        assert (watch.audio.format, watch.audio.rate) == ("s16le", RATE_HZ)
        spoken = await rows(session.say(real_time(ramp(0.5), 0.02)))
        events = await until(watch, state="poses_done")
        blocks, sounds = of(events, Block), of(events, Sound)
        assert np.array_equal(np.concatenate([one.rows for one in blocks]), spoken)
        assert [one.i for one in blocks] == list(np.cumsum([0, *(len(b.rows) for b in blocks)]))[
            :-1
        ]
        assert b"".join(one.pcm for one in sounds) == ramp(0.5)
        assert [one.state for one in of(events, Utterance)] == [
            "started",
            "audio_done",
            "poses_done",
        ]
        assert events.index(sounds[-1]) < events.index(of(events, Utterance)[1])
        await watch.close()
        assert [event async for event in watch] == []
        assert not session.is_closed


async def test_numbers_of_utterances_rise_whoever_speaks(fake_server):
    async with connect(fake_server.url) as client, connect(fake_server.url) as other:
        watch = await other.watch("hall", clock=True)
        assert (watch.is_spoken, watch.opened.model) == (False, "")
        numbers = []
        for fps in (60, 30):
            session = await client.open(rate=RATE_HZ, name="hall", fps=fps)
            speech = session.say(ramp(0.2))
            events = await until(watch, state="started")
            assert of(events, Opened)[-1].fps == fps
            await watch.played(events[-1].u, 0)
            await rows(speech)
            assert (session.heard.u, session.heard.t_us) == (1, 0)
            numbers += [one.u for one in await until(watch, state="poses_done") if one is not None]
            assert speech.u == 1
            await session.close()
        assert sorted(set(numbers)) == [1, 2]


async def test_a_player_of_a_watcher_shows_whoever_speaks(fake_server):
    player = PosePlayer()
    async with connect(fake_server.url) as client, connect(fake_server.url) as other:
        watch = await other.watch("hall", player=player)
        for u in (1, 2):
            session = await client.open(rate=RATE_HZ, name="hall")
            spoken = await rows(session.say(ramp(0.5)))
            await until(watch, state="poses_done")
            await session.close()
            player.sample(u, 0, now_us=u * 10_000_000)
            row = player.sample(u, 200_000, now_us=u * 10_000_000 + 200_000)
            assert np.allclose(row, spoken[12], atol=1e-6)


async def test_a_watcher_has_curves_of_its_own_and_may_interrupt(fake_server):
    async with connect(fake_server.url) as client, connect(fake_server.url) as other:
        session = await client.open(rate=RATE_HZ, name="hall")
        watch = await other.watch("hall", curves={"jawOpen": {"gain": 0.0, "offset": 0.5}})
        speech = session.say(pieces(ramp(10), 3200))
        events = await until(watch, state="started")
        await watch.interrupt(events[-1].u)
        events = await until(watch, state="interrupted")
        shown = [pose.i async for pose in speech]
        assert len(shown) < 600
        assert speech.state == "interrupted"
        jaw = watch.names.index("jawOpen")
        for block in of(events, Block):
            assert set(block.rows[:, jaw]) == {0.5}
        await watch.set(curves={"jawOpen": {"offset": 0.25}})
        with pytest.raises(ServerError) as refused:
            await watch.played(1, 0)
        assert (refused.value.code, refused.value.field) == (4403, "op")


async def test_a_watcher_is_told_why_nothing_more_comes(serving, scripted, stopping):
    server = await serving(scripted)
    async with connect(server.url) as client:
        with pytest.raises(ServerError) as refused:
            await client.watch("hall", rig="nonsense")
        assert refused.value.field == "rig"
        watch = await client.watch("hall")
        stopping(server)
        with pytest.raises(ServerGoneError, match="the server stops"):
            await until(watch, state="poses_done")
