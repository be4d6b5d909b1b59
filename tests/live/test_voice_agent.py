"""`examples/voice_agent.py` as a reader runs it, without a sound card."""

import asyncio
import re
import sys
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import pytest

from a2f_ws.client import connect
from tests.conftest import IN_CI

PROGRAM = Path(__file__).resolve().parents[2] / "examples" / "voice_agent.py"
LONG = "This is quite a long sentence, which nobody wants to hear until its very end, is it."
SHORT = "Well then, good bye."
HEARD_S = 2.0
SLACK_S = 1.5
"""For busy machines: until the sound starts, and until what is typed is read."""

AHEAD_S = 3.0
"""More than the server computes ahead of what is heard."""


@pytest.fixture(scope="module", autouse=True)
def voice():
    """Skips where eSpeak NG is missing; CI has to have it."""
    if find_spec("espeakng_loader") is None:
        message = "not installed here: espeakng-loader"
        pytest.fail(message, pytrace=False) if IN_CI else pytest.skip(message)


@asynccontextmanager
async def agent(server, *words):
    """The example, its stdin and stdout being pipes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        PROGRAM,
        "--silent",
        "--url",
        server.url,
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
        process.stdin.close()
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def type_line(process, text):
    process.stdin.write(f"{text}\n".encode())


async def told(process):
    """The next line that it prints, without its end."""
    return (await process.stdout.readline()).decode().rstrip()


async def test_a_line_typed_while_it_speaks_interrupts_it(server):
    async with agent(server) as process:
        type_line(process, LONG)
        assert await told(process) == f"says 1: {LONG}"
        begun_s = perf_counter()
        await asyncio.sleep(HEARD_S)
        typed_s = perf_counter()
        type_line(process, SHORT)
        first = await told(process)
        spoken_s = perf_counter() - begun_s
        found = re.fullmatch(
            r"said 1: ([\d.]+) s were heard, interrupted; poses until ([\d.]+) s", first
        )
        assert found, first
        heard_s, poses_s = float(found[1]), float(found[2])
        assert spoken_s < HEARD_S + SLACK_S
        assert spoken_s - SLACK_S < heard_s < spoken_s
        assert heard_s < poses_s < heard_s + AHEAD_S
        assert await told(process) == f"says 2: {SHORT}"
        second = await told(process)
        found = re.fullmatch(r"said 2: ([\d.]+) s were heard", second)
        assert found, second
        assert 1.0 < float(found[1]) < perf_counter() - typed_s


async def test_enter_alone_interrupts_and_says_nothing(server):
    async with agent(server) as process:
        type_line(process, LONG)
        await told(process)
        await asyncio.sleep(0.5)
        type_line(process, "")
        assert "interrupted" in await told(process)
        process.stdin.close()
        assert await told(process) == ""


async def test_what_is_typed_last_is_said_to_its_end(server):
    async with agent(server) as process:
        type_line(process, SHORT)
        process.stdin.close()
        assert await told(process) == f"says 1: {SHORT}"
        assert re.fullmatch(r"said 1: [\d.]+ s were heard", await told(process))


async def test_the_face_of_the_agent_can_be_watched_elsewhere(fake_server):
    async with connect(fake_server.url) as client:
        watch = await client.watch("hall", want_audio=True)
        async with agent(fake_server, "--name", "hall") as process:
            type_line(process, SHORT)
            async for event in watch:
                if getattr(event, "state", None) == "poses_done":
                    break
            assert event.poses > 60
            assert watch.audio.format == "s16le"
