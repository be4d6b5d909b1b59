import asyncio
import os
import re
import sys
import wave
from pathlib import Path

import soundfile

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "a2f_ws" / "samples" / "speech.flac"
SECONDS = 2


def ten_lines():
    """The program in the README, as it stands there."""
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    return program


def test_the_readme_shows_about_ten_lines():
    assert len([line for line in ten_lines().splitlines() if line.strip()]) <= 11


async def test_the_lines_in_the_readme_print_how_the_jaw_moves(server, tmp_path):
    samples, rate_hz = soundfile.read(SAMPLE, dtype="int16")
    with wave.open(str(tmp_path / "speech.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate_hz)
        sound.writeframes(samples[: SECONDS * rate_hz].astype("<i2").tobytes())
    (tmp_path / "face.py").write_text(ten_lines(), "utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "face.py",
        server.url,
        "speech.wav",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(20):
        said, complaints = await process.communicate()
    assert (process.returncode, complaints.decode()) == (0, "")
    poses = [line.split() for line in said.decode().splitlines()]
    assert [int(t_us) for t_us, _ in poses] == [i * 1_000_000 // 60 for i in range(60 * 2 + 15)]
    jaw = [float(value) for _, value in poses]
    assert max(jaw) > 0.2
    assert jaw[-1] == 0.0
