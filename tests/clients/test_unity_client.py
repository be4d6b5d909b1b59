"""The client of the Unity package without an engine: against a live server, and by value."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import soundfile as sf

from tests.clients.conftest import ROOT, call
from tests.clients.serving import live_server
from tests.clients.unity_assemblies import LIMIT_S, RUNTIMES, SAMPLE, Assemblies

STEADY_BYTES = 4096
"""More than two heads may leave to the garbage collector in 0.2 s: a ping, two states."""

pytestmark = [pytest.mark.needs("mono", "mcs"), pytest.mark.slow]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The engine-free assemblies."""
    return Assemblies(tmp_path_factory.mktemp("unity"))


@pytest.fixture(scope="module")
def client(built, tmp_path_factory):
    """Command that plays a scene of the client, on one to three seconds of speech."""
    program = built.program("ClientCheck")
    samples, rate = sf.read(ROOT / "a2f_ws" / "samples" / "speech.flac", dtype="float32")
    folder = tmp_path_factory.mktemp("sound")
    for seconds in (1, 2, 3):
        samples[: seconds * rate].astype("<f4").tofile(folder / f"{seconds}.f32")

    def command(scene, url, *, seconds=2, runtime="mono"):
        sound = str(folder / f"{seconds}.f32")
        return [*RUNTIMES[runtime], str(program), scene, url, sound, str(rate)]

    return command


@pytest.fixture(scope="module")
def played(client):
    """What the scenes told that may be played at the same time, by runtime and scene."""
    names = ("speak", "watch", "microphone", "refused", "alone")
    scenes = [("mono", scene) for scene in names]
    if RUNTIMES["dotnet"] is not None:
        scenes += [("dotnet", "speak"), ("dotnet", "watch")]

    def play(which):
        runtime, scene = which
        url, seconds = ("ws://127.0.0.1:1", 1) if scene == "alone" else (server.url, 2)
        command = client(scene, url, seconds=seconds, runtime=runtime)
        return call(command, limit_s=LIMIT_S).splitlines()

    # A busy machine would let fewer of them in at once.
    words = ("--log-level", "warning", "--max-sessions", "64")
    with live_server(*words) as server, ThreadPoolExecutor(len(scenes)) as pool:
        return dict(zip(scenes, pool.map(play, scenes), strict=True))


@pytest.mark.parametrize("runtime", ["mono", "dotnet"])
def test_two_characters_share_a_socket_and_an_interrupted_one_speaks_again(played, runtime):
    if (runtime, "speak") not in played:
        pytest.skip("no .NET here; test_unity_core.py asks for it")
    check_speech(played[runtime, "speak"])


@pytest.mark.parametrize("runtime", ["mono", "dotnet"])
def test_a_watcher_sees_and_hears_all_that_another_one_says(played, runtime):
    if (runtime, "watch") not in played:
        pytest.skip("no .NET here; test_unity_core.py asks for it")
    check_watching(played[runtime, "watch"])


def test_a_microphone_opens_the_mouth_without_ever_going_back(played):
    told = played["mono", "microphone"]
    assert "microphone open True state Play behind True" in told
    assert "back" not in told


def test_a_head_that_nothing_drives_is_refused_with_the_field(played):
    assert "closed 4422 have" in played["mono", "refused"]


def check_speech(told):
    """Two heads, one of them interrupted, which spoke again; hardly a byte left behind."""
    faces = dict(line.split(" ", 1) for line in told if line.startswith(("first ", "second ")))
    assert faces["first"].startswith("unity/arkit 68 lines ")
    assert faces["first"].split(" opened ")[0].endswith(",PosesDone")
    assert faces["second"].startswith("browser/arkit 2 lines PosesDone")
    assert all(" opened True closed True " in face for face in faces.values())
    assert told.index("sessions 2") < told.index("sessions 1")
    (steady,) = (int(line.split()[1]) for line in told if line.startswith("steady_bytes"))
    assert steady < STEADY_BYTES


def check_watching(watched):
    """Nobody spoke at first, then all that was said was heard and seen."""
    assert "spoken False" in watched
    assert "heard 32000" in watched
    assert sum(" lines PosesDone opened True closed True " in line for line in watched) == 2


def test_lines_are_heard_without_a_server_once_patience_is_over(played):
    told = played["mono", "alone"]
    (face,) = (line for line in told if line.startswith("first "))
    assert face.startswith("first none lines Interrupted,Interrupted opened False")
    assert "alive False waited True" in told


def test_a_line_is_taken_up_again_when_the_server_is_killed_and_started_anew(client):
    with live_server("--log-level", "warning") as first:
        process = subprocess.Popen(
            client("restart", first.url, seconds=3),
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        told = []
        try:
            for line in process.stdout:
                told.append(line.strip())
                if line.startswith("now"):
                    break
            first.kill()
            with live_server("--log-level", "warning", port=first.port):
                rest, _ = process.communicate(timeout=LIMIT_S)
        finally:
            process.kill()
    told += rest.splitlines()
    states = [line.split()[1] for line in told if line.startswith("state ")]
    assert states[:2] == ["Ready", "Waiting"]
    assert states[-2:] == ["Ready", "Closed"]
    assert "restarts 1" in told
    (face,) = (line for line in told if line.startswith("first "))
    assert " lines PosesDone opened True closed True " in face


def test_resampler_clock_recorder_matching_and_local_server_do_what_they_say(built):
    program = built.program("PartsCheck", "Claims", "OutsideCheck", others=[SAMPLE / "HeadFile.cs"])
    head = SAMPLE / "Resources" / "a2f-head.bytes"
    told = call(
        ["mono", str(program), str(head), sys.executable, "-m a2f_ws"], limit_s=LIMIT_S, cwd=ROOT
    )
    claims, failures = re.search(r"claims (\d+) failures (\d+)", told).groups()
    assert int(claims) >= 50
    assert failures == "0", told
