"""`watch`, and `talk --name`: a face in the terminal of another machine."""

import asyncio
import subprocess
import sys

import pytest

from a2f_ws.client import connect
from a2f_ws.commands.screen import EXIT_FAULT
from tests.sounds import RATE_HZ, ramp, real_time, rows


async def start(server, *words):
    """The command, running."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "a2f_ws", *words, "--url", server.url,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


async def told(process):
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("clock", [[], ["--clock"]])
async def test_a_face_moves_in_another_terminal_line_after_line(fake_server, clock):
    process = await start(fake_server, "watch", "hall", "--lines", "2", *clock)
    async with connect(fake_server.url) as client:
        line = (await process.stderr.readline()).decode()
        assert line == "hall: nobody speaks; waiting\n"
        session = await client.open(rate=RATE_HZ, name="hall")
        for _ in range(2):
            await rows(session.say(real_time(ramp(1.2), 0.05)))
        code, out, err = await told(process)
    assert code == 0
    assert "hall: model embedded, 60 poses per second" in err
    assert "hall: line 1 poses_done, 87 poses" in err
    assert "hall: line 2 poses_done, 87 poses" in err
    shown = [line.split() for line in out.splitlines()]
    assert [words[0] for words in shown if words[1] == "s"][:2] == ["0.5", "1.0"]
    jaws = [float(words[words.index("jawOpen") + 1]) for words in shown]
    assert max(jaws) > 0.3


async def test_talk_with_a_name_can_be_watched(fake_server, tmp_path):
    import soundfile

    file = tmp_path / "line.wav"
    samples = [k / RATE_HZ for k in range(RATE_HZ)]
    soundfile.write(file, samples, RATE_HZ)
    async with connect(fake_server.url) as client:
        watch = await client.watch("hall", want_audio=True)
        process = await start(fake_server, "talk", str(file), "--name", "hall")
        states = []
        async for event in watch:
            states.append(getattr(event, "state", None))
            if states[-1] in ("poses_done", "interrupted"):
                break
        assert states[-1] == "poses_done"
        assert watch.audio.rate == RATE_HZ
        assert (await told(process))[0] == 0


async def test_what_the_server_refuses_is_one_line_and_a_code(fake_server):
    code, _, err = await told(await start(fake_server, "watch", "hall", "--rig", "nonsense"))
    assert code == EXIT_FAULT
    assert "nonsense" in err
    assert len(err.splitlines()) == 1
