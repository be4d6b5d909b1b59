"""The components of the Unity package on objects that behave, with frames and a live server."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.clients.conftest import call
from tests.clients.serving import live_server
from tests.clients.unity_assemblies import (
    CHECKS,
    LIMIT_S,
    PACKAGE,
    RUNTIME,
    RUNTIMES,
    Assemblies,
)

SCENES = (
    "replaced",
    "looped",
    "twice",
    "hitch",
    "dead",
    "listener",
    "pitch",
    "virtual",
    "long",
    "record",
)

pytestmark = [pytest.mark.needs("mono", "mcs"), pytest.mark.slow]


class Components(Assemblies):
    """The package, its inspectors and an engine that behaves."""

    def __init__(self, folder):
        """Compile them."""
        super().__init__(folder)
        stubs = CHECKS / "stubs"
        quiet = ["-warn:0"]
        engine = self.library("UnityEngine", sorted(stubs.glob("UnityEngine*.cs")), options=quiet)
        editing = self.library("UnityEditor", [stubs / "UnityEditor.cs"], engine, options=quiet)
        plain = (self.core, self.client, engine)
        newest = ["-d:UNITY_2021_2_OR_NEWER;UNITY_2023_1_OR_NEWER"]
        glue = self.library("A2F.Unity", sorted(RUNTIME.glob("*.cs")), *plain, options=newest)
        self.glue = (engine, glue)
        editor = self.library(
            "A2F.Editor",
            sorted((PACKAGE / "Editor").glob("*.cs")),
            *plain,
            glue,
            editing,
            options=[*newest, "-d:UNITY_EDITOR"],
        )
        self.editor = (engine, glue, editing, editor)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The assemblies."""
    return Components(tmp_path_factory.mktemp("components"))


@pytest.fixture(scope="module")
def played(built):
    """What the scenes told; they are played at the same time, each in a process of its own."""
    program = built.program("ComponentCheck", "Character", "Claims", references=built.glue)
    words = ("--log-level", "warning", "--max-sessions", "64")

    def play(scene):
        command = [*RUNTIMES["mono"], str(program), scene, server.url]
        try:
            return call(command, limit_s=LIMIT_S)
        except pytest.fail.Exception as failure:
            return str(failure)

    with live_server(*words) as server, ThreadPoolExecutor(len(SCENES)) as pool:
        told = dict(zip(SCENES, pool.map(play, SCENES), strict=True))
        # Ten at once may be too many for the machine: then a scene gets it for itself.
        failed = [scene for scene in SCENES if "failures 0" not in told[scene]]
        return told | {scene: play(scene) for scene in failed}


@pytest.mark.parametrize("scene", SCENES)
def test_a_character_in_a_scene_does_what_it_should(played, scene):
    told = played[scene]
    assert "failures 0" in told, told
    assert "thrown by" not in told, told


def test_faces_and_animations_hold_what_they_show(built):
    program = built.program("FaceCheck", "Claims", references=built.editor)
    told = call([*RUNTIMES["mono"], str(program)], limit_s=LIMIT_S)
    assert "failures 0" in told, told
