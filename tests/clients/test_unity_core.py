"""The core of the Unity package on Mono and on .NET: vectors, fuzzing, garbage, its borders."""

import json
import re

import pytest

from tests.clients.conftest import ROOT, call
from tests.clients.scenarios import write_scenarios
from tests.clients.unity_stage import SAMPLE, build_script, runtime_of

CORE = SAMPLE / "Packages" / "com.a2fws.client" / "Runtime" / "Core"
VECTORS = str(ROOT / "protocol" / "vectors")
FUZZ_S = 3
CHANCES = 60

LEAST = {"messages": 144, "playback": 38, "clips": 49, "rules": 44, "allocation": 5}
"""So many sentences hold at least; fewer mean that a part was not run."""

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
def chances(tmp_path_factory):
    """Folder with scenarios that nobody thought of."""
    folder = tmp_path_factory.mktemp("chances")
    write_scenarios(folder, count=CHANCES, seed=7)
    return folder


@pytest.mark.parametrize("group", LEAST)
def test_the_core_holds_what_it_promises(built, runtime, group):
    told = call([*runtime, str(built / "checks.exe"), group, VECTORS], limit_s=60)
    passed = re.search(rf"^{group}: (\d+) passed, 0 failed$", told, re.MULTILINE)
    assert passed, told
    assert int(passed[1]) >= LEAST[group]


def test_scenarios_by_chance_show_the_face_of_the_python_player(built, runtime, chances):
    told = call([*runtime, str(built / "checks.exe"), "playback", str(chances)], limit_s=60)
    assert f"playback: {CHANCES + 1} passed, 0 failed" in told


def test_mutated_bytes_of_a_server_do_no_harm(built, runtime):
    another_on_each = len(runtime)
    words = ["fuzz", VECTORS, str(FUZZ_S), str(another_on_each)]
    told = call([*runtime, str(built / "checks.exe"), *words], limit_s=FUZZ_S + 60)
    tried = re.search(r"^fuzz tried (\d+):", told, re.MULTILINE)
    assert tried and int(tried[1]) > 10_000, told


def test_the_core_knows_no_engine_no_socket_no_clock_and_no_reflection():
    strangers = re.compile(
        r"\b(UnityEngine|UnityEditor|System\.(Net|IO|Threading|Reflection|Diagnostics|Linq)|DateTime"
        r"|Stopwatch|Environment\.TickCount|dynamic|unsafe|typeof|GetType|Activator|throw)\b"
    )
    files = sorted(CORE.glob("*.cs"))
    assert len(files) > 25
    for file in files:
        found = [line for line in file.read_text("utf-8").splitlines() if strangers.search(line)]
        assert [line for line in found if not line.lstrip().startswith("//")] == [], file.name


def test_no_file_of_the_core_is_longer_than_three_hundred_lines():
    for file in [*CORE.glob("*.cs"), *(SAMPLE / "tests").rglob("*.cs")]:
        assert len(file.read_text("utf-8").splitlines()) <= 300, file.name


def test_the_assembly_of_the_core_refers_to_no_engine():
    told = json.loads((CORE / "A2F.Core.asmdef").read_text("utf-8"))
    assert told["noEngineReferences"] is True
    assert (told["name"], told["references"], told["allowUnsafeCode"]) == ("A2F.Core", [], False)
