"""Style guide §2, §3 and §10 in TypeScript: what its compiler does not check."""

import re

import pytest

CORE = "browser_sample/src/core/"
SHELL = "browser_sample/src/"
PARTS = {"Msgpack", "Messages", "ClientProtocol", "Pcm", "PosePlayer", "Idle"}
"""The same in all languages (protocol/README.md)."""

BANNED = re.compile(r"(?:helper|manager|util)s?$|^common", re.IGNORECASE)
OUTSIDE = re.compile(
    r"(?<![.\w$])(?:AudioBuffer|AudioContext|AudioWorkletNode|Buffer|Date|Element|HTML\w+|MediaStream|"
    r"WebSocket|Worker|cancelAnimationFrame|clearTimeout|console|crypto|document|fetch|globalThis|"
    r"localStorage|location|navigator|performance|process|queueMicrotask|requestAnimationFrame|require|"
    r"self|setInterval|setTimeout|window)\b(?!\??:)|\bMath\.random\b|\bimport\.meta\b|\bimport\("
)
"""Names of a page, of a clock, of chance and of Node.js."""

OFF = re.compile(r"@ts-(?:ignore|expect-error|nocheck)|eslint-disable")
IMPORTED = re.compile(r"""(?:\bfrom|^\s*import)\s+["']([^"']+)["']""", re.MULTILINE)
NOT_CODE = re.compile(
    r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`""", re.DOTALL
)


@pytest.fixture(scope="module")
def typed(sources):
    """The files in TypeScript."""
    found = [source for source in sources if source.path.suffix in {".ts", ".tsx"}]
    assert len(found) > 0
    return found


def code_lines(source):
    """Lines of a file by number, without its comments and texts."""
    bare = NOT_CODE.sub(lambda found: "\n" * found[0].count("\n"), source.text)
    return enumerate(bare.splitlines(), start=1)


def offending(files, pattern):
    return [
        f"{source.name}:{number}: {found[0]}"
        for source in files
        for number, line in code_lines(source)
        for found in pattern.finditer(line)
    ]


def within(files, folder):
    return [source for source in files if source.name.startswith(folder)]


def test_nothing_is_of_any_type(typed):
    assert offending(typed, re.compile(r"(?<![.\w$])any\b(?!\s*[(:?])")) == []


def test_the_type_checker_is_never_switched_off(typed):
    assert [source.name for source in typed if OFF.search(source.text)] == []


def test_classes_and_functions_have_names_that_say_what_they_are(typed):
    named = re.compile(r"\b(?:class|interface|function|enum|type)\s+(\w+)")
    banned = [
        f"{source.name}:{number}: {found[1]}"
        for source in typed
        for number, line in code_lines(source)
        for found in named.finditer(line)
        if BANNED.search(found[1])
    ]
    assert banned == []


def test_the_core_has_the_six_parts_that_every_client_has(typed):
    there = {source.path.stem for source in within(typed, CORE)}
    assert PARTS - there == set()


def test_the_core_imports_nothing_but_the_core(typed):
    foreign = {
        source.name: [
            name
            for name in IMPORTED.findall(source.text)
            if not name.startswith("./") or "/.." in name
        ]
        for source in within(typed, CORE)
    }
    assert {name: names for name, names in foreign.items() if names} == {}


def test_the_core_knows_no_page_no_clock_and_no_chance(typed):
    assert offending(within(typed, CORE), OUTSIDE) == []


def test_the_library_imports_no_package_and_by_the_name_of_the_built_file(typed):
    others = {
        source.name: [
            name
            for name in IMPORTED.findall(source.text)
            if not (name.startswith(".") and name.endswith(".js"))
        ]
        for source in within(typed, SHELL)
    }
    assert {name: names for name, names in others.items() if names} == {}
