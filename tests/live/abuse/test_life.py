"""Ends that nobody asked for: of speakers, of the server, of a disk."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from a2f_ws.commands.demo import CLIP
from tests.live.abuse.harness import LINE_WAIT_S, Bystander
from tests.live.raw import raw, speech

ROOT = Path(__file__).resolve().parents[3]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
FILE_BYTES = 64 * 1024


def run(*arguments, **options):
    return subprocess.Popen([sys.executable, *map(str, arguments)], cwd=ROOT, **options)


@POSIX
async def test_a_speaker_killed_in_a_word_leaves_nothing_behind(place, undisturbed):
    async with undisturbed():
        speaker = run(Path(__file__).with_name("bystander.py"), place.url, stdin=subprocess.PIPE)
        await asyncio.sleep(2.0)
        speaker.kill()
        speaker.wait()
        speaker.stdin.close()


@contextmanager
def serving(**environment):
    """`a2f-ws serve` as it is, and its URL."""
    server = run(
        *("-m", "a2f_ws", "serve", "--port", "0", "--announce", "--log-level", "warning"),
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
    )
    try:
        yield server, json.loads(server.stdout.readline())["url"]
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


@POSIX
async def test_sigterm_in_mid_utterance_lets_it_be_said(place):
    with serving() as (server, url):
        bystander = Bystander(url)
        await asyncio.to_thread(bystander.wait, 2)
        await asyncio.sleep(0.6)
        server.send_signal(signal.SIGTERM)
        await asyncio.to_thread(bystander.wait, 3)
        place.judge(bystander.lines[2])
        place.measured["sigterm_in_mid_utterance"] = bystander.lines[2]["added_ms"]
        assert await asyncio.to_thread(server.wait, LINE_WAIT_S) == 0
        await asyncio.to_thread(bystander.wait, 4)
        await asyncio.to_thread(bystander.stop)
        assert bystander.lines[3]["fault"][0] in (1001, 4503)


@POSIX
async def test_a_disk_that_fills_while_recording_is_told_and_leaves_no_torn_file(
    place, undisturbed, tmp_path
):
    """A limit of the file's size fails a write as a full disk does."""

    def fill():
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))

    target = tmp_path / "face.json"
    async with undisturbed():
        talker = run(
            *("-m", "a2f_ws", "talk", CLIP, "--burst", "--url", place.url, "--output", target),
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            preexec_fn=fill,
        )
        _, told = await asyncio.to_thread(talker.communicate)
    assert talker.returncode != 0
    assert b"face.json" in told
    assert b"Traceback" not in told
    assert [*tmp_path.iterdir()] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no disk that is always full")
async def test_a_full_disk_under_the_log_stops_nothing(locked):
    async with locked.undisturbed("a_full_disk_under_the_log_stops_nothing") as rounds:
        async for _ in rounds:
            async with raw(locked, greets=False) as one:
                await one.send("open")
                await one.audio(speech(0.1))
                await one.socket.send(b"\xc1")
                assert (await one.closing())[0] == 4400
