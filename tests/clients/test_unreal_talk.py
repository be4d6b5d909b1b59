"""The `talk` program of the Unreal plugin's client against a live server."""

import asyncio
from asyncio.subprocess import PIPE
from functools import partial

import numpy as np
import pytest

from a2f_ws.client import connect
from tests.clients.pump import join
from tests.clients.serving import LiveServer, live_server
from tests.clients.unreal_programs import make

QUIET = ("--log-level", "warning", "--max-sessions", "64")
RATE_HZ = 16_000
SOUND_S = 2.4
FPS = 60
SCENE_S = 40
TRIES = 4
"""A server on a busy machine computes fewer poses, which are others: then once more."""

PASSWORD = "correct horse battery"

INTERRUPTED = ["utterance", "1", "1", "3"]
"""How `talk` notes that the first utterance of session 1 was interrupted."""

pytestmark = [pytest.mark.needs("g++", "make"), pytest.mark.slow]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Folder with the program."""
    folder = tmp_path_factory.mktemp("talk")
    make(folder, f"{folder}/talk", limit_s=400)
    return folder


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A file with something like speech, s16le."""
    t = np.arange(int(SOUND_S * RATE_HZ)) / RATE_HZ
    voice = np.sin(2 * np.pi * 130 * t) + 0.4 * np.sin(2 * np.pi * 1100 * t)
    wave = 0.3 * voice * np.clip(np.sin(2 * np.pi * 3.3 * t), 0, 1)
    file = tmp_path_factory.mktemp("sound") / "sound.pcm"
    file.write_bytes((wave * 32767).astype("<i2").tobytes())
    return file


class Notes:
    """What a scene of `talk` has left behind.

    Attributes:
        lines: Words of what happened, in order, without the rows.
        rows: (session, utterance) → index of a pose → its bytes, the last that came.
        again: The same, of what came after the last loss of the connection.
    """

    def __init__(self, file):
        """Read it."""
        self.lines, self.rows, self.again = [], {}, {}
        for line in file.read_text("utf-8").splitlines():
            words = line.split(" ")
            if words[0] == "lost":
                self.again = {}
            if words[0] == "poses":
                self._take(*map(int, words[1:5]), bytes.fromhex(words.pop()))
            self.lines.append(words)

    def _take(self, sid, u, i, n, data):
        size = len(data) // n
        for k in range(n):
            for rows in (self.rows, self.again):
                rows.setdefault((sid, u), {})[i + k] = data[k * size : (k + 1) * size]

    def is_at_full_rate(self):
        """The server has computed every pose, and left none out as too late."""
        return not {"rate", "dropped"} & {code for _, code in self.of("status")}

    def before(self):
        """Poses of the first utterance that had come when the connection was lost."""
        lost = self.lines.index(["lost"])
        ends = [int(line[3]) + int(line[4]) for line in self.lines[:lost] if line[0] == "poses"]
        return max(ends)

    def of(self, *words):
        """What follows these words, of every line that begins so."""
        return [line[len(words) :] for line in self.lines if line[: len(words)] == list(words)]


@pytest.fixture
def talk(built, sound, tmp_path):
    """Plays a scene: `await talk(url, scene)` gives its `Notes`."""

    async def play(url, scene, *words, meanwhile=None, succeeds=True):
        file = tmp_path / f"{scene}{len(words)}.txt"
        file.with_name(f"{file.name}.heard").unlink(missing_ok=True)
        doing = asyncio.create_task(meanwhile(file)) if meanwhile else None
        command = [str(built / "talk"), scene, str(sound), str(file), *words]
        code, errors = await join(url, command, limit_s=SCENE_S, stderr=PIPE)
        if doing is not None:
            await doing
        notes = Notes(file)
        assert (code == 0) == succeeds, (scene, code, errors, notes.lines[-20:])
        assert notes.of("refused") == []
        return notes

    return play


async def at_full_rate(play):
    """What `play` gives, notes or several, once the machine was not too busy meanwhile."""
    for _ in range(TRIES):
        found = await play()
        if all(notes.is_at_full_rate() for notes in np.ravel(found)):
            return found
    pytest.fail(f"the machine is too busy for live poses, {TRIES} times")


async def face_of(url, sound, **how):
    """The poses of the Python client, as bytes."""
    async with connect(url, **how) as client:
        session = await client.open(rig="arkit", fps=FPS, rate=RATE_HZ, pacing="burst")
        return [pose.row.tobytes() async for pose in session.say(sound.read_bytes())]


async def looking_back(url):
    """Poses for which a model looks back; another server that takes a line up lacks them."""
    async with connect(url) as client:
        session = await client.open(rig="arkit", fps=FPS, rate=RATE_HZ)
        return session.opened.look_back_us * FPS // 1_000_000 + 2


def agree(rows, face, *, but=0):
    """Rows are those of the Python client bit for bit, to the last one, all of them `but` some."""
    assert all(row == face[i] for i, row in rows.items())
    assert max(rows) == len(face) - 1
    assert len(rows) >= len(face) - but


async def test_talk_shows_the_poses_that_the_python_client_gets(talk, sound):
    with live_server(*QUIET) as server:
        face = await face_of(server.url, sound)
        assert len(face) > SOUND_S * FPS
        scenes = ("two", "watch", "interrupt", "cut")

        async def play():
            return await asyncio.gather(*(talk(server.url, one) for one in scenes))

        two, watch, barged, cut = await at_full_rate(play)
    assert len(set(face)) > 50
    for notes in (two, watch):
        for sid in (1, 2):
            agree(notes.rows[sid, 1], face)
        assert sorted(notes.of("ended")) == [["0", "1"], ["1", "1"]]
    agree(barged.rows[1, 2], face)
    begun = barged.rows[1, 1]
    assert all(row == face[i] for i, row in begun.items()) and 20 <= len(begun) < len(face)
    end = next(k for k, line in enumerate(barged.lines) if line[:4] == INTERRUPTED)
    assert [line for line in barged.lines[end:] if line[:3] == ["poses", "1", "1"]] == []
    assert len(cut.of("lost")) == 1 and len(cut.of("connected")) == 2
    assert cut.of("restarts") == [["0"]]
    # What the server computed meanwhile and the play head has passed is not sent again.
    agree(cut.rows[1, 1], face, but=max(0, min(cut.again[1, 1]) - cut.before()))


async def test_talk_goes_on_with_a_server_that_was_killed_and_came_back(talk, sound):
    servers = [await asyncio.to_thread(LiveServer, *QUIET)]
    url, number = servers[0].url, servers[0].port

    async def restart(file):
        sign = file.with_name(f"{file.name}.heard")
        async with asyncio.timeout(SCENE_S):
            while not sign.exists():
                await asyncio.sleep(0.02)
        servers[-1].kill()
        servers.append(await asyncio.to_thread(LiveServer, *QUIET, port=number))

    try:
        face = await face_of(url, sound)
        notes = await at_full_rate(partial(talk, url, "restart", meanwhile=restart))
        passed_over = await looking_back(url)
    finally:
        for one in servers:
            one.stop()
    assert notes.of("restarts") == [["1"]] and len(notes.of("connected")) == 2
    assert notes.of("ended") == [["0", "1"]]
    again = notes.again[1, 1]
    first = min(again) + passed_over
    assert first < len(face) - 20
    assert [again[i] for i in range(first, len(face))] == face[first:]


async def test_talk_proves_a_password_and_is_sent_away_with_another(talk, sound, tmp_path):
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    with live_server(*QUIET, "--password-file", str(file)) as server:
        face = await face_of(server.url, sound, password=PASSWORD)
        notes = await at_full_rate(partial(talk, server.url, "two", PASSWORD))
        agree(notes.rows[1, 1], face)
        lost = await talk(server.url, "cut", "another password", succeeds=False)
    assert lost.rows == {}
    assert "password" in " ".join(lost.of("problem")[0])
