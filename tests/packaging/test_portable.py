"""The portable build starts without any Python, gives an installation's poses, and goes."""

import json
import os
import statistics
import subprocess
import sys
import tomllib
import urllib.request
from contextlib import contextmanager
from time import perf_counter

import numpy as np
import pytest

from a2f_ws.client import connect
from a2f_ws.commands.performance import Performance
from a2f_ws.output.files import read_recording
from a2f_ws.output.speech import SpeechFile
from a2f_ws.timebase import PoseRate
from tests.conftest import IN_CI
from tests.packaging.conftest import EXE, ROOT, carries_studio, run

CLIP = ROOT / "a2f_ws" / "samples" / "speech.flac"
STARTS = 3
STOP_S = 5
MEGABYTES = 1_000_000
NOTHING = {"SYSTEMROOT": os.environ.get("SYSTEMROOT", "")} if os.name == "nt" else {}
"""An environment as empty as the system allows: sockets of Windows want to know where it is."""

pytestmark = pytest.mark.slow
if sys.platform == "linux":
    pytestmark = [pytestmark, pytest.mark.needs("objdump")]


@contextmanager
def needing(words):
    """Skips at a desk where a command fails with these words; in CI it has to work."""
    try:
        yield
    except AssertionError as failure:
        if IN_CI or words not in str(failure):
            raise
        pytest.skip(f"the portable build cannot be made here: {failure}")


@pytest.fixture(scope="module")
def folder(house, tmp_path_factory):
    """The build, from the wheel as a user gets it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    house.put("wheel")
    out = tmp_path_factory.mktemp("portable")
    with needing("No matching distribution found"):
        house.pip("install", "--quiet", *project["dependency-groups"]["portable"])
    with needing("Python shared library"):
        print(run(house.python, ROOT / "portable" / "build.py", "--out", out, cwd=out))
    (made,) = out.iterdir()
    return made


@contextmanager
def serving(folder, *, cwd):
    """The server in an empty environment: gives its announcement, ends it by ending stdin."""
    words = ("serve", "--port", "0", "--announce", "--exit-with-stdin", "--log-level", "warning")
    process = subprocess.Popen(
        [folder / f"a2f-ws{EXE}", *words],
        cwd=cwd,
        env=NOTHING,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        told = json.loads(process.stdout.readline())
        assert told["pid"] == process.pid
        yield told
        process.stdin.close()
        assert process.wait(STOP_S) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def command(folder, *words, cwd):
    """Output of the program in an empty environment."""
    words = [folder / f"a2f-ws{EXE}", *map(str, words)]
    done = subprocess.run(words, cwd=cwd, env=NOTHING, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_it_starts_in_an_empty_environment_and_ends_with_stdin(folder, tmp_path):
    times_s = []
    for _ in range(STARTS):
        begun_s = perf_counter()
        with serving(folder, cwd=tmp_path):
            times_s.append(perf_counter() - begun_s)
    print(f"start to announcement: {statistics.median(times_s):.2f} s, median of {STARTS}")


async def test_its_poses_are_bit_for_bit_those_of_the_installed_wheel(folder, house, tmp_path):
    house.command("animate", CLIP, "-o", "wheel.npz", "--fps", 60, cwd=tmp_path)
    command(folder, "animate", CLIP, "-o", "portable.npz", "--fps", 60, cwd=tmp_path)
    rows = [read_recording(tmp_path / f"{name}.npz").rows for name in ("wheel", "portable")]
    with serving(folder, cwd=tmp_path) as told, SpeechFile(CLIP) as speech:
        async with connect(told["url"]) as client:
            performance = Performance(speech, is_burst=True)
            session = await performance.open(
                client, rig="arkit", rate=PoseRate.of(60), emotion=None
            )
            streamed = (await performance.run(session)).rows
    assert len(streamed) > 60
    assert np.array_equal(streamed, rows[0])
    assert np.array_equal(rows[1], rows[0])


def test_it_has_rigs_head_and_page_of_the_wheel(folder, house, tmp_path):
    assert "unity/vrm1" in command(folder, "rigs", cwd=tmp_path)
    report = " ".join(command(folder, "doctor", cwd=tmp_path).split())
    assert "Speech can be animated here." in report
    assert "pictures are drawn with matplotlib, which this installation lacks" in report
    with serving(folder, cwd=tmp_path) as told:
        place = f"http://127.0.0.1:{told['port']}"
        with urllib.request.urlopen(f"{place}/head.glb") as answer:
            assert answer.read(4) == b"glTF"
        with urllib.request.urlopen(urllib.request.Request(place)) as answer:
            page = answer.read().decode()
    assert ("has no studio page" not in page) == carries_studio(house.built.wheel)


def test_it_carries_all_notices_and_little_else(folder):
    files = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    top = {path.name for path in folder.iterdir()}
    assert top == {
        f"a2f-ws{EXE}",
        "_internal",
        "LICENSE",
        "NOTICE",
        "README.txt",
        "THIRD_PARTY.txt",
    }
    assert len((folder / "README.txt").read_text("utf-8").splitlines()) <= 15
    notices = (folder / "THIRD_PARTY.txt").read_text("utf-8")
    for words in ("numpy ", "onnxruntime ", "GNU LESSER GENERAL PUBLIC LICENSE", "PSF"):
        assert words in notices
    assert sys.platform != "linux" or not any(path.is_symlink() for path in folder.rglob("*"))
    unwanted = ("matplotlib", "PIL", "pip", "tkinter", "readline", "direct_url", "libmvec")
    assert [str(path) for path in files if path.name.startswith(unwanted)] == []
    assert sum((folder / path).stat().st_size for path in files) < 150 * MEGABYTES
