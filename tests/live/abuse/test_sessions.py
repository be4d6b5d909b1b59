"""What a client that speaks the protocol can do to the others."""

import asyncio
from contextlib import AsyncExitStack
from itertools import count, cycle

import msgpack
import numpy as np

from a2f_ws.settings import Settings
from tests.live.abuse.harness import MB, dialled, frame, tcp
from tests.live.raw import AUDIO, RATE, raw, speech

WIDE = {
    "title": "wide",
    "source": "made up",
    "space": {"handedness": "right", "up": "+y", "unit": "m"},
    "curves": {f"curve{k}": "jawOpen" for k in range(1_000)},
}
DAY_S = 86_400.0
SESSIONS_PER_CONNECTION = Settings().sessions_per_connection


def unreading(place):
    """A connection whose system takes no more than it must of what is not read."""
    return raw(place, sock=dialled(place.port, window=4096), max_queue=1, close_timeout=0.1)


async def unread(place, one, *, seconds):
    """Let a client be there that does not read; the memory it costs at most, bytes."""
    before = (await asyncio.to_thread(place.host.count)).rss_bytes
    most = 0
    for _ in range(round(seconds / 0.5)):
        await asyncio.sleep(0.5)
        most = max(most, (await asyncio.to_thread(place.host.count)).rss_bytes - before)
    await one.socket.close()
    return most


async def test_sessions_up_to_the_limit_are_opened_and_one_more_is_not(place, undisturbed):
    async def fill(_):
        async with raw(place) as one:
            for sid in range(SESSIONS_PER_CONNECTION + 1):
                await one.open(sid=sid)
            error = await one.until("error")
            assert (error["code"], error["sid"]) == (4413, SESSIONS_PER_CONNECTION)
            assert sum(message["op"] == "opened" for message in one.seen) == SESSIONS_PER_CONNECTION

    async with undisturbed() as rounds:
        async for _ in rounds:
            await asyncio.gather(*map(fill, range(2)))


async def test_eight_who_send_wide_rigs_along_over_and_over_hold_up_nobody(place, undisturbed):
    numbers = count()

    async def send(one):
        number = next(numbers)
        sid = number // len(guests) % SESSIONS_PER_CONNECTION
        curves = {f"curve{number}_{k}": "jawOpen" for k in range(1_000)}
        await one.send("close", sid=sid)
        await one.open(sid=sid, rig="wide", table={**WIDE, "curves": curves})
        await one.until("opened", sid=sid)

    async with undisturbed() as rounds, AsyncExitStack() as stack:
        guests = [await stack.enter_async_context(raw(place)) for _ in range(8)]
        async for _ in rounds:
            await asyncio.gather(*map(send, guests))
        assert next(numbers) > 2 * len(guests)


async def test_sound_that_is_no_number_is_refused_and_the_session_goes_on(place, undisturbed):
    async with undisturbed() as rounds, raw(place) as one:
        await one.open(pacing="burst")
        await one.until("opened")
        async for _ in rounds:
            for value in (np.nan, np.inf, -np.inf, 1e30) * 50:
                sound = speech(0.02)
                sound[7] = value
                await one.audio(sound)
            assert {answer.get("code") for answer in await one.answers(200)} == {4422}
        await one.audio(speech(0.5), u=2)
        await one.send("end", sid=1, u=2)
        done = await one.until("utterance", u=2, state="poses_done")
        rows = b"".join(m["data"] for m in one.seen if m["op"] == "poses" and m["u"] == 2)
        assert done["poses"] == 30 + 15
        assert np.isfinite(np.frombuffer(rows, "<f4")).all()


async def test_a_backend_that_raises_takes_nobody_else_along(place, undisturbed):
    async with undisturbed() as rounds, raw(place) as one:
        async for _ in rounds:
            await one.open()
            await one.audio(np.full(RATE, 0.77, np.float32))
            closed = await one.until("closed")
            assert closed["code"] == 4500


async def test_clocks_that_jump_move_nobody_else(place, undisturbed):
    async with undisturbed() as rounds, raw(place) as one:
        await one.open()
        await one.audio(speech(1.0))
        heads = cycle((0, 2**52, 5, 10**12))
        async for _ in rounds:
            for seconds in (DAY_S, -2 * DAY_S):
                await asyncio.to_thread(place.host.jump, seconds)
            await one.send("played", sid=1, u=1, t_us=next(heads), rate=10.0)
            await asyncio.sleep(0.02)
        await one.send("end", sid=1, u=1)
        await one.send("interrupt", sid=1)
        assert (await one.until("utterance", u=1))["state"] == "started"
        while (state := (await one.until("utterance"))["state"]) == "audio_done":
            pass
        assert state in ("interrupted", "poses_done")


async def test_a_client_that_never_reads_costs_little_and_holds_up_nobody(place, undisturbed):
    async with undisturbed(), unreading(place) as one:
        await one.open(rig="wide", table=WIDE, fps=240, pacing="burst")
        await one.audio(np.zeros(16 * RATE, np.float32))
        assert await unread(place, one, seconds=3.0) < 32 * MB


async def test_a_watcher_that_never_reads_costs_little_and_holds_up_nobody(place, undisturbed):
    """Nor does it hold up the one it watches."""
    async with undisturbed(), raw(place) as speaker:
        await speaker.open(name="anna", fps=60)
        await speaker.until("rest")
        async with unreading(place) as one:
            await one.open(
                role="watch", name="anna", rig="wide", table=WIDE, want=["audio"], audio=None
            )
            await one.until("opened")
            sound = speech(4.0)
            talk = asyncio.create_task(speaker.audio(sound))
            assert await unread(place, one, seconds=3.0) < 32 * MB
            await talk
        await speaker.send("end", sid=1, u=1)
        done = await speaker.until("utterance", state="poses_done")
        assert done["poses"] == 4 * 60 + 15


async def test_a_reader_at_one_byte_a_second_is_borne(place, undisturbed):
    """A page and a session, both read as slowly as that."""
    audio = {"op": "audio", "sid": 1, "u": 1, "first": 0, "pcm": bytes(8 * 4 * RATE)}
    opening = {"sid": 1, "rig": "wide", "table": WIDE, "fps": 240, "audio": AUDIO}
    said = (
        {"op": "identify", "protocol": 1, "client": "slow/1"},
        {"op": "open", "pacing": "burst", **opening},
        audio,
    )
    narrow = {"window": 4096}
    async with (
        undisturbed(),
        tcp(place.port, **narrow) as page,
        tcp(place.port, upgrades=True, **narrow) as session,
    ):
        page[1].write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        for message in said:
            session[1].write(frame(msgpack.packb(message)))
        before = (await asyncio.to_thread(place.host.count)).rss_bytes
        for _ in range(4):
            await asyncio.sleep(1.0)
            for reader, _ in (page, session):
                reader._transport.resume_reading()
                await reader.read(1)
                reader._transport.pause_reading()
        assert (await asyncio.to_thread(place.host.count)).rss_bytes - before < 32 * MB
