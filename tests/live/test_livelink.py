"""`serve --livelink`: what arrives at the port where Unreal would listen."""

import asyncio
import socket
from datetime import datetime
from pathlib import Path

import numpy as np
import pylivelinkface
import pytest
import soundfile

from a2f_ws.client import connect
from a2f_ws.errors import ConfigError
from a2f_ws.output.livelink_packet import VALUES
from tests.live.raw import raw
from tests.sounds import RATE_HZ, ramp, real_time, rows

SAMPLE = Path(__file__).resolve().parents[2] / "a2f_ws" / "samples" / "speech.flac"
JAW = VALUES.index("JawOpen")


class Unreal(asyncio.DatagramProtocol):
    """Listens as Unreal does, and knows faces by their subject, oldest first."""

    def __init__(self):
        self.faces = {}
        self._has_news = asyncio.Event()

    def datagram_received(self, data, addr):
        del addr
        has_face, face = pylivelinkface.PyLiveLinkFace.decode(data)
        assert has_face
        self.faces.setdefault(face.name, []).append(face)
        self._has_news.set()

    def jaw(self, subject):
        """JawOpen of everything that came so far."""
        return np.array([face._blend_shapes[JAW] for face in self.faces.get(subject, [])])

    async def until(self, is_true):
        while not is_true():
            self._has_news.clear()
            await self._has_news.wait()

    async def frames(self, count, subject):
        """Wait for so many more."""
        end = len(self.faces.get(subject, [])) + count
        await self.until(lambda: len(self.faces.get(subject, [])) >= end)


def is_over(jaw):
    """True when a mouth has moved and rests again."""
    return jaw.max(initial=0.0) > 0.0 == jaw[-10:].max()


@pytest.fixture
async def unreal():
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(
        Unreal, local_addr=("127.0.0.1", 0), family=socket.AF_INET
    )
    protocol.target = "127.0.0.1:{}".format(transport.get_extra_info("sockname")[1])
    yield protocol
    transport.close()


async def test_a_subject_is_there_before_anybody_speaks(serving, scripted, unreal):
    await serving(scripted, livelink=unreal.target, subject="Ann")
    await unreal.frames(60, "Ann")
    assert list(unreal.faces) == ["Ann"]
    assert not unreal.jaw("Ann").any()
    numbers = [face._frames for face in unreal.faces["Ann"]]
    now = datetime.now().astimezone()
    noon = (now - now.replace(hour=12, minute=0, second=0, microsecond=0)).total_seconds()
    assert abs(numbers[-1] / 60 - 43_200 - noon) % 86_400 < 2
    # Sixty a second: as many frames went by as packets came.
    assert numbers[-1] - numbers[0] == pytest.approx(len(numbers), rel=0.2)
    assert numbers == sorted(numbers)


async def test_the_face_is_where_the_client_says_that_its_sound_is(serving, scripted, unreal):
    server = await serving(scripted, livelink=unreal.target)
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ)
        speech = session.say(ramp(4.0))
        poses = aiter(speech)
        for at_us in (500_000, 1_500_000):
            while (pose := await anext(poses)).t_us < at_us:
                pass
            await session.played(speech.u, at_us, is_paused=True)
            # A jump takes a blend of 80 ms.
            await unreal.frames(12, "a2f-ws")
            assert pose["jawOpen"] > 0.1
            assert unreal.jaw("a2f-ws")[-1] == pytest.approx(pose["jawOpen"], abs=1e-3)
        await session.interrupt()
        await unreal.frames(15, "a2f-ws")
        assert unreal.jaw("a2f-ws")[-1] == pytest.approx(0.0, abs=1e-6)


async def test_sound_that_is_told_of_no_more_is_over(serving, scripted, unreal):
    server = await serving(scripted, livelink=unreal.target)
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ)
        speech = session.say(ramp(4.0))
        poses = aiter(speech)
        await anext(poses)
        await session.played(speech.u, 500_000)
        await unreal.until(lambda: unreal.jaw("a2f-ws").max() > 0.3)
        await unreal.until(lambda: is_over(unreal.jaw("a2f-ws")))
        # It was trusted for a second, and not shown to the end of the line.
        assert unreal.jaw("a2f-ws").max() < 0.5


async def test_a_client_that_tells_nothing_is_played_evenly(serving, scripted, unreal):
    server = await serving(scripted, livelink=unreal.target)
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ)
        async for _ in session.say(real_time(ramp(1.0), 0.1)):
            pass
        await unreal.until(lambda: is_over(unreal.jaw("a2f-ws")))
        shown = unreal.jaw("a2f-ws")
        assert shown.max() > 0.9
        rising = shown[np.flatnonzero(shown > 0.05)[0] : shown.argmax()]
        # Sound of 100 ms at a time: a face that followed it would stand for six frames and leap.
        assert (np.diff(rising) > 0).mean() > 0.75
        assert np.diff(rising).max() < 0.06


async def test_every_session_has_a_subject_that_goes_with_it(serving, scripted, unreal):
    server = await serving(scripted, livelink=unreal.target, subject="Ann")
    async with connect(server.url) as client:
        first = await client.open(rate=RATE_HZ)
        second = await client.open(rate=RATE_HZ)
        named = await client.open(rate=RATE_HZ, name="Zoë")
        assert server.preview.subjects == ("Ann", "Ann2", "Zo_")
        speech = named.say(ramp(0.5))
        poses = await rows(speech)
        await named.played(speech.u, 400_000, is_paused=True)
        await unreal.until(lambda: unreal.jaw("Zo_").max(initial=0) > 0)
        await unreal.frames(12, "Zo_")
        wanted = poses[24, named.names.index("jawOpen")]
        assert unreal.jaw("Zo_")[-1] == pytest.approx(wanted, abs=1e-3)
        assert not unreal.jaw("Ann").any()
        assert not unreal.jaw("Ann2").any()
        devices = {face.uuid for faces in unreal.faces.values() for face in faces}
        assert len(devices) == 3
        for session in (first, second, named):
            await session.close()
        await unreal.until(lambda: server.preview.subjects == ("Ann",))
        assert unreal.jaw("Zo_")[-1] == pytest.approx(0.0, abs=1e-6)
        again = await client.open(rate=RATE_HZ)
        poses = await rows(again.say(ramp(0.5)))
        await again.played(1, 400_000, is_paused=True)
        await unreal.frames(15, "Ann")
        wanted = poses[24, again.names.index("jawOpen")]
        assert unreal.jaw("Ann")[-1] == pytest.approx(wanted, abs=1e-3)


async def test_an_emotion_leaves_the_face_with_its_session(serving, scripted, unreal):
    def blink():
        # The fake network shows amazement as eyeBlinkLeft, a tenth of it.
        return min(face._blend_shapes[0] for face in unreal.faces["a2f-ws"][-30:])

    server = await serving(scripted, livelink=unreal.target)
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ, emotion={"amazement": 1.0})
        await unreal.until(lambda: unreal.faces.get("a2f-ws") and blink() > 0.09)
        await session.close()
        await unreal.until(lambda: blink() == 0.0)
        assert len(unreal.faces["a2f-ws"]) < 600


async def test_a_microphone_is_shown_as_it_speaks(serving, embedded, unreal):
    server = await serving(embedded, livelink=unreal.target)
    pcm, _ = soundfile.read(SAMPLE, dtype="int16", frames=2 * RATE_HZ)
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ, source="mic")
        count, seen = 0, None
        async for _ in session.say(real_time(pcm.tobytes(), 0.04)):
            count += 1
            if count == 100:
                seen = unreal.jaw("a2f-ws")
        # While it spoke, and not after it.
        assert len(np.unique(seen[seen > 0.01])) > 20
        await unreal.until(lambda: is_over(unreal.jaw("a2f-ws")))


async def test_a_session_that_lost_its_client_keeps_its_subject(serving, scripted, unreal):
    server = await serving(scripted, livelink=unreal.target, subject="Ann")
    async with raw(server) as first:
        await first.open()
        token = (await first.until("opened"))["resume"]
        first.socket.transport.abort()
    async with raw(server) as again:
        await unreal.frames(10, "Ann")
        await again.open(sid=2, resume=token)
        await again.until("opened")
        await again.audio(np.linspace(0, 1, RATE_HZ), sid=2)
        await again.send("end", sid=2, u=1)
        await unreal.until(lambda: unreal.jaw("Ann").max() > 0.5)
        assert server.preview.subjects == ("Ann",)


async def test_more_sessions_than_there_is_room_for_speak_unseen(serving, scripted, unreal):
    server = await serving(scripted, livelink=unreal.target, subject="Ann")
    async with connect(server.url) as client:
        sessions = [await client.open(rate=RATE_HZ) for _ in range(18)]
        assert server.preview.subjects == ("Ann", *(f"Ann{k}" for k in range(2, 17)))
        assert len(await rows(sessions[-1].say(ramp(0.2)))) == 27
        await unreal.frames(30, "Ann16")
        for session in sessions:
            await session.close()


async def test_burst_sessions_are_not_shown(serving, scripted, unreal):
    server = await serving(scripted, livelink=unreal.target)
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ, pacing="burst")
        assert len(await rows(session.say(ramp(0.5)))) == 45
        await unreal.frames(20, "a2f-ws")
        assert not unreal.jaw("a2f-ws").any()


async def test_nobody_at_the_other_end_is_no_harm_to_sessions(serving, scripted):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = await serving(scripted, livelink=f"127.0.0.1:{port}")
    async with connect(server.url) as client:
        session = await client.open(rate=RATE_HZ)
        for _ in range(3):
            assert len(await rows(session.say(ramp(0.5)))) == 45
    # Whoever comes later sees the face: nothing was given up.
    loop = asyncio.get_running_loop()
    transport, unreal = await loop.create_datagram_endpoint(
        Unreal, local_addr=("127.0.0.1", port), family=socket.AF_INET
    )
    await unreal.frames(5, "a2f-ws")
    transport.close()


async def test_an_address_that_is_none_is_refused_at_the_start(serving, scripted):
    with pytest.raises(ConfigError, match=r"'nowhere:': wanted HOST:PORT"):
        await serving(scripted, livelink="nowhere:")
