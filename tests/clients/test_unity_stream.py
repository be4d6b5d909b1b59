"""A character of the Unity package over its life: on objects that behave as Unity says they do."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.clients.conftest import ROOT
from tests.clients.serving import live_server
from tests.clients.unity_assemblies import CHECKS, LIMIT_S, RUNTIME, RUNTIMES, Assemblies

pytestmark = [pytest.mark.needs("mono", "mcs"), pytest.mark.slow]

SCENES = (
    "early",
    "nowhere",
    "refused",
    "chained",
    "hidden",
    "reopened",
    "microphone",
    "dying",
    "local",
)


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """Command that plays a scene."""
    built = Assemblies(tmp_path_factory.mktemp("unity"))
    stubs = built.library(
        "UnityEngine", sorted((CHECKS / "stubs").glob("UnityEngine*.cs")), options=["-warn:0"]
    )
    glue = built.library("A2F.Unity", sorted(RUNTIME.glob("*.cs")), built.core, built.client, stubs)
    program = built.program("StreamCheck", "Claims", references=(stubs, glue))

    def words(scene, url):
        return [*RUNTIMES["mono"], str(program), scene, url, sys.executable, "-m a2f_ws"]

    return words


@pytest.fixture(scope="module")
def played(command):
    """What each scene told, all at the same time."""
    with (
        live_server("--log-level", "warning", "--max-sessions", "64") as server,
        ThreadPoolExecutor(len(SCENES)) as pool,
    ):

        def play(scene):
            return subprocess.run(
                command(scene, server.url),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=LIMIT_S,
                check=False,
            )

        return dict(zip(SCENES, pool.map(play, SCENES), strict=True))


@pytest.mark.parametrize("scene", SCENES)
def test_a_character_keeps_its_lines_and_throws_nothing(played, scene):
    done = played[scene]
    check(done.stdout + done.stderr)


def check(told):
    """Every claim of a scene held, and no component threw."""
    assert re.search(r"claims [1-9]\d* failures 0", told), told
    assert "thrown by" not in told, told


def test_a_line_is_heard_to_its_end_when_the_server_is_killed_in_the_middle(command):
    with live_server("--log-level", "warning") as server:
        process = subprocess.Popen(
            command("killed", server.url),
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        try:
            for line in process.stdout:
                if line.startswith("now"):
                    break
            server.kill()
            told, _ = process.communicate(timeout=LIMIT_S)
        finally:
            process.kill()
    check(told)
