"""`talk`, which is the Unity core and little else, against a live server, on Mono and on .NET."""

import asyncio
import re

import numpy as np
import pytest

from a2f_ws.client import connect
from tests.clients.serving import LiveServer, live_server
from tests.clients.unity_stage import ATTEMPTS, SCENE_S, Stage, build_script, runtime_of

RATE_HZ = 16_000
SOUND_S = 1.6
PASSWORD = "correct horse battery"
PORTS = ("pump", "ClientWebSocket")
QUIET = ("--log-level", "warning")

HEADS = {1: ("arkit", 60), 2: ("arkit", 30), 7: ("browser/vrm1", 25)}
"""Sessions of `talk`: rig and poses per second."""

pytestmark = [pytest.mark.needs("mcs"), pytest.mark.slow]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Folder with the programs."""
    folder = tmp_path_factory.mktemp("unity")
    build_script().build(folder)
    return folder


@pytest.fixture(params=["mono", "dotnet"])
def runtime(request):
    """What runs them."""
    return runtime_of(request.param)


@pytest.fixture(scope="module")
def server():
    """A server that all scenes may share."""
    with live_server(*QUIET) as one:
        yield one


@pytest.fixture(scope="module")
def locked(tmp_path_factory):
    """One with a password."""
    file = tmp_path_factory.mktemp("locked") / "password"
    file.write_text(PASSWORD)
    with live_server("--log-level", "error", "--password-file", str(file)) as one:
        yield one


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A file with something like speech, s16le."""
    t = np.arange(int(SOUND_S * RATE_HZ)) / RATE_HZ
    voice = np.sin(2 * np.pi * 140 * t) + 0.5 * np.sin(2 * np.pi * 900 * t)
    wave = 0.3 * voice * np.clip(np.sin(2 * np.pi * 3 * t), 0, 1)
    file = tmp_path_factory.mktemp("sound") / "sound.pcm"
    file.write_bytes((wave * 32767).astype("<i2").tobytes())
    return file


@pytest.fixture(scope="module")
def wanted(server, sound):
    """The poses of the Python client by session of `talk`, float32 (n, R)."""

    async def ask():
        async with connect(server.url) as client:
            for sid, (rig, fps) in HEADS.items():
                session = await client.open(rig=rig, fps=fps, rate=RATE_HZ, pacing="burst")
                speech = session.say(sound.read_bytes())
                yield sid, np.stack([pose.row async for pose in speech])

    async def all_of():
        return {sid: rows async for sid, rows in ask()}

    return asyncio.run(all_of())


@pytest.fixture
def stage(runtime, built, sound, tmp_path):
    """See `Stage`."""
    return Stage([*runtime, str(built / "talk.exe")], sound=sound, folder=tmp_path)


@pytest.mark.parametrize("port", PORTS)
async def test_talk_shows_the_face_that_the_python_client_shows(stage, server, sound, wanted, port):
    scenes = ("whole", "sessions", "interrupt", "live", "cut", "watch")
    played = {}

    async def take(names):
        for name in names:
            played[name] = await stage.play(server.url, name, port=port)

    # Most of their time they wait for the sound: three at once.
    async with asyncio.TaskGroup() as tasks:
        for k in range(3):
            tasks.create_task(take(scenes[k::3]))
    face, states = wanted[1], ["Started", "AudioDone", "PosesDone"]
    for u in (1, 2):
        assert np.array_equal(played["whole"].face(1, u), face)
    for sid, u in ((1, 1), (2, 5), (7, 1)):
        assert np.array_equal(played["sessions"].face(sid, u), wanted[sid])

    barged = played["interrupt"]
    assert barged.states(1)[-4:] == ["1 Interrupted", *(f"2 {state}" for state in states)]
    begun = barged.face(1, 1)
    assert 20 <= len(begun) < len(face) and np.array_equal(begun, face[: len(begun)])
    assert np.array_equal(barged.face(1, 2), face)

    live = played["live"]
    gate = " ".join(state.split()[1] for state in live.states(1, "gate"))
    assert re.fullmatch("Wait Start Play( Stall Play)* Stop", gate), gate
    assert np.array_equal(live.face(1, 1), face)
    assert live.shown() > SOUND_S * 60 / 2

    cut = played["cut"]
    assert cut.told.count("1 opened arkit afresh") == cut.told.count("1 opened arkit resumed") == 1
    assert np.array_equal(cut.face(1, 1), face)

    watched = played["watch"]
    for sid in (1, 2):
        assert np.array_equal(watched.face(sid, 1), face)
    assert watched.states(2) == [f"1 {state}" for state in states]
    assert watched.heard == sound.read_bytes()


async def play_over_a_restart(stage):
    """What talkers leave behind whose server is killed while they speak, and comes back."""
    servers = [await asyncio.to_thread(LiveServer, *QUIET)]
    url, number = servers[0].url, servers[0].port
    are_speaking = asyncio.Barrier(len(PORTS) + 1)

    async def speak(folder):
        while not (folder / "may_be_killed").exists():
            await asyncio.sleep(0.02)
        await are_speaking.wait()

    async def restart():
        await are_speaking.wait()
        servers[0].kill()
        servers.append(await asyncio.to_thread(LiveServer, *QUIET, port=number))

    try:
        async with asyncio.timeout(SCENE_S), asyncio.TaskGroup() as tasks:
            scenes = [stage.attempt(url, "restart", port=port, meanwhile=speak) for port in PORTS]
            played = [tasks.create_task(scene) for scene in scenes]
            tasks.create_task(restart())
    finally:
        for one in servers:
            one.stop()
    return [task.result() for task in played]


async def test_talk_goes_on_with_a_server_that_was_killed_and_came_back(stage, wanted):
    for _ in range(ATTEMPTS):
        played = await play_over_a_restart(stage)
        if not any(one.is_hurried for one in played):
            break
    for one in played:
        assert len(set(one.instances())) == 2
        assert one.told.count("1 opened arkit afresh") == 2
        assert np.array_equal(one.face(1, 1), wanted[1])


@pytest.mark.parametrize("port", PORTS)
async def test_talk_proves_a_password_and_is_sent_away_with_another(stage, locked, wanted, port):
    played = await stage.play(locked.url, "whole", PASSWORD, port=port)
    assert np.array_equal(played.face(1, 1), wanted[1])
    folder = stage.folder_of("nothing", port)
    words = ("whole", str(stage.sound), str(folder), "another password")
    code, errors = await stage.run(locked.url, *words, port=port)
    assert code != 0
    assert "closed: 4401" in errors and "closed for good" in errors
