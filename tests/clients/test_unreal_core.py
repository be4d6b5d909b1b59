"""The core of the Unreal plugin: vectors, hostile bytes, memory, bad networks."""

import random
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.clients.conftest import ROOT, call
from tests.clients.scenarios import expected, write_scenarios
from tests.clients.unreal_programs import OWN, make

SAMPLE = ROOT / "unreal_sample"
CORE = SAMPLE / "Plugins" / "A2FWS" / "Source" / "A2FWS" / "Private" / "Core"
VECTORS = str(ROOT / "protocol" / "vectors")

FUZZ_S = 4
SCENARIOS = 150
IDLE_MOMENTS = 1500

LEAST = {
    "messages": 200, "accept": 60, "reject": 350, "playback": 500, "clips": 90, "states": 250,
    "hostile bytes": 1000, "sounds": 20, "proofs": 10, "times": 250,
    "catching up": 8, "steadiness": 4,
}  # fmt: skip
"""Parts of `core_test`, and so many checks at least; fewer mean that something was not run."""

BUILDS = ("core_test", "core_test_sanitized", "core_test_fast")
"""g++ in C++17; clang++ in C++20 with AddressSanitizer and UBSan; clang++ with fast arithmetic."""


MACROS = """
check checkf checkNoEntry verify verifyf ensure ensureMsgf TEXT TCHAR_TO_UTF8 PI TRUE FALSE IN OUT
ERROR DELETE CONST VOID BOOL INT UINT DWORD FLOAT near far small interface min max GetObject
SendMessage PlaySound Yield IGNORE INFINITE INDEX_NONE UPROPERTY UFUNCTION UCLASS USTRUCT LIKELY
UNLIKELY CastChecked FORCEINLINE PLATFORM_WINDOWS None Bool Success Always
"""
"""Words that headers of the engine, of Windows or of X11 define as macros."""

WORDS = ("throw", "try", "catch", "dynamic_cast", "typeid")

STRANGERS = """
thread mutex atomic chrono future iostream fstream ctime random exception stdexcept typeinfo
sys/socket.h windows.h unistd.h
"""
"""What a core without socket, clock, thread and exception has no use for."""

pytestmark = [pytest.mark.needs("g++", "clang++", "make"), pytest.mark.slow]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Folder with the programs."""
    folder = tmp_path_factory.mktemp("unreal")
    make(folder, "programs", limit_s=400)
    return folder


def test_the_client_around_the_core_holds_its_rules(built):
    told = call([str(built / "client_test")], limit_s=60)
    assert re.search(r"^(\d{3,}) checks, 0 failed$", told, re.M)


def test_the_sample_reads_the_head_of_the_repository(built):
    told = call([str(built / "head_test"), str(ROOT / "engines" / "head.glb")], limit_s=60)
    assert re.search(r"^\d{2,} checks, 0 failed$", told, re.M)


@pytest.mark.parametrize("build", BUILDS)
def test_every_vector_and_every_rule_holds_in_each_build(built, build):
    told = call([str(built / build), VECTORS], limit_s=60)
    found = {name: int(count) for name, count in re.findall(r"^(.+): (\d+) checks$", told, re.M)}
    assert {name for name, count in LEAST.items() if found.get(name, 0) >= count} == set(LEAST)
    assert re.search(r"^\d+ checks, 0 failed$", told, re.M)


def test_scenarios_by_chance_show_what_the_python_player_shows(built, tmp_path):
    write_scenarios(str(tmp_path), count=SCENARIOS, seed=8)
    chance = random.Random(8)
    asked = [
        f"{chance.randrange(10**10)} offsets {chance.randrange(2**32)} {level}"
        for level in ("blink", "alive")
        for _ in range(IDLE_MOMENTS)
    ]
    idle = "\n".join(expected(asked)) + "\n"
    (tmp_path / "playback" / "idle.vec").write_text(idle, encoding="utf-8", newline="\n")
    told = call([str(built / "core_test"), VECTORS, str(tmp_path / "playback")], limit_s=60)
    checks = re.search(r"^(\d+) checks, 0 failed$", told, re.M)
    assert checks and int(checks[1]) > 100 * SCENARIOS


def test_no_bytes_of_a_server_do_harm_to_messages_clips_or_player(built, tmp_path):
    places = {name: tmp_path / name for name in ("message", "client")}
    call([str(built / "seeds"), VECTORS, *map(str, places.values())], limit_s=20)

    def fuzz(name):
        found = tmp_path / f"found_{name}"
        found.mkdir()
        words = [f"-max_total_time={FUZZ_S}", "-max_len=4096", "-timeout=10", "-seed=1"]
        words += ["-print_final_stats=1", f"-artifact_prefix={tmp_path}/"]
        program = str(built / f"fuzz_{name}")
        return call([program, *words, str(found), str(places[name])], limit_s=FUZZ_S + 60)

    with ThreadPoolExecutor() as pool:
        for told in pool.map(fuzz, places):
            tried = re.search(r"number_of_executed_units: (\d+)", told)
            assert tried and int(tried[1]) > 1000, told[-500:]


def test_every_file_compiles_on_its_own_in_the_newer_dialect(built):
    make(built, "syntax", limit_s=400)
    names = {path.stem for path in CORE.glob("*.cpp")}
    assert len(names) > 15
    assert {path.stem for path in built.glob("*.alone")} >= names


def test_sound_and_face_keep_together_over_bad_networks(built):
    told = call([str(built / "bench"), "network", "20"], limit_s=60)
    rows = [line.strip("| ").split(" | ") for line in told.splitlines() if " ppm |" in line]
    assert len(rows) > 20
    for row in rows:
        assert row[-1] == "yes", row
        assert float(row[-2].removesuffix(" ms")) <= 20.0, row


def test_a_session_that_speaks_takes_no_memory(built):
    told = call([str(built / "bench"), "cost"], limit_s=60)
    assert told.count("| 0 bytes a second |") == 2


def words_of(text):
    """Identifiers of C++ code, without comments and texts."""
    bare = re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\])*\"", " ", text, flags=re.S)
    bare = re.sub(r"\((?:std::(?:min|max))\)", " ", bare)
    return set(re.findall(r"[A-Za-z_]\w*", bare))


def test_the_core_knows_no_engine_no_socket_no_clock_no_thread_and_no_macro():
    files = sorted([*CORE.glob("*.h"), *CORE.glob("*.cpp")])
    assert len(files) > 40
    for file in files:
        text = file.read_text("utf-8")
        assert words_of(text) & {*MACROS.split(), *WORDS} == set(), file.name
        for name in re.findall(r"#include \"(.*)\"", text):
            assert (CORE / name).is_file(), f"{file.name}: {name}"
        for name in re.findall(r"#include <(.*)>", text):
            assert name not in STRANGERS.split(), f"{file.name}: {name}"


def test_no_file_of_the_core_or_its_tests_is_longer_than_three_hundred_lines():
    for file in [*CORE.iterdir(), *OWN.glob("*.cpp"), *OWN.glob("*.h")]:
        assert len(file.read_text("utf-8").splitlines()) <= 300, file.name
