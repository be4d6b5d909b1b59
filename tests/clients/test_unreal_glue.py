"""The Unreal plugin's glue: a syntax check against stubs of 5.4 and 5.8, and rules.

None of this ran in Unreal.
"""

import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.clients import unreal_glue
from tests.clients.unreal_glue import ENGINES, MODULES, PLUGIN, ROOT
from tests.conftest import IN_CI

pytestmark = pytest.mark.skipif(
    not IN_CI and shutil.which("g++") is None, reason="g++ is not there to check the syntax"
)

WORDS_OF_MESSAGES = re.compile(
    r"std::(get_if|get<|visit|holds_alternative)|\b(Codec|Msgpack|ClientProtocol|UtteranceState|RetryOf)\b"
    r"|a2f::(Poses|Opened|Utterance|Status|Refusal|Closed|Credit|Rest|Hello)\b"
)
"""Whoever asks which message came, or what it says, needs one of these."""
TOLD = re.compile(
    r"\b(if|while|switch)\b[^\n]*\b(Code|Reason|Error)\b|\b(Code|Reason|Error)\b\s*(==|!=|\?|<|>)"
)
"""A branch on what the server has told."""
MACROS = re.compile(
    r"\b(check|verify|ensure|TEXT|PI|INT|UINT|FLOAT|BOOL|TRUE|FALSE|DWORD|Min|Max|PlaySound)\b"
)
"""Names that Unreal or Windows define as macros."""
PAGE = re.compile(
    r"\[([\w: -]+)\]\(https://dev\.epicgames\.com/documentation/en-us/unreal-engine"
    r"/(?:API/(?:Runtime|Editor|Plugins|Developer)/(?:\w+/)+)?([\w-]+)\)"
)
"""A link to a page of the documentation: its text, and the last part of its address."""
BINARIES = {"Icon128.png", "speech.wav"}


@pytest.fixture(scope="module")
def includes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("includes")
    unreal_glue.make_includes(folder)
    return folder


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("module", MODULES)
def test_the_glue_passes_a_syntax_check_against_the_stubs(includes, module, engine):
    assert unreal_glue.unknown_includes(module) == []
    assert unreal_glue.syntax_errors(module, engine=engine, folder=includes) == ""


def test_a_shipping_build_passes_it_too(includes):
    told = unreal_glue.syntax_errors("A2FWS", engine=508, folder=includes, flag="-DA2F_SHIPPING")
    assert told == ""


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("void Wrong(IWebSocket& Socket) { Socket.OnBinaryFrame(); }", "OnBinaryFrame"),
        (
            "void Wrong(ILiveLinkClient& Client) { Client.PushSubjectData_AnyThread({}); }",
            "PushSubjectData",
        ),
        (
            "class FWrong : public ISoundGenerator { int OnGenerateAudio(float*) override; };",
            "override",
        ),
        ("float Wrong(FSoundGeneratorInitParams P) { return P.StartTime; }", "StartTime"),
    ],
)
def test_the_syntax_check_notices_what_an_engine_does_not_have(includes, wrong, named):
    assert named in unreal_glue.syntax_errors("A2FWS", engine=504, folder=includes, tail=wrong)


@pytest.mark.parametrize("module", MODULES)
def test_the_glue_never_branches_on_what_a_message_says(module):
    found = []
    for path in unreal_glue.glue_files(module):
        for number, line in enumerate(unreal_glue.code_of(path).splitlines(), 1):
            if WORDS_OF_MESSAGES.search(line) or TOLD.search(line):
                found.append(f"{path.name}: {line.strip()} ({number})")
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "if (const auto* Poses = std::get_if<a2f::Poses>(&Message))",
        "if (Code != 4429)",
        "Wait = Code == 4503 ? 1 : 0;",
    ],
)
def test_the_rule_against_such_branches_knows_one_when_it_sees_it(line):
    assert WORDS_OF_MESSAGES.search(line) or TOLD.search(line)


def test_no_function_that_others_call_later_captures_a_bare_pointer():
    for module in MODULES:
        for path in unreal_glue.glue_files(module):
            assert not re.search(r"\[(&|=|this)[\],]", unreal_glue.code_of(path)), path.name


def test_the_plain_part_includes_no_engine_and_uses_no_name_of_its_macros():
    files = unreal_glue.plain_files()
    assert len(files) > 40
    assert {path.parent.name for path in files} == set(unreal_glue.PLAIN)
    for path in files:
        code = unreal_glue.code_of(path)
        assert not MACROS.search(code), f"{path.name}: {MACROS.search(code)}"
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r'^#include "([^"]+)"', text, re.MULTILINE):
            assert (path.parent / name).is_file(), f"{path.name} includes {name}"
        assert not re.search(r"\b(throw|dynamic_cast|typeid)\b", code), path.name


@pytest.mark.parametrize("module", MODULES)
def test_a_build_file_names_every_module_that_is_included(module):
    text = (MODULES[module] / f"{module}.Build.cs").read_text(encoding="utf-8")
    assert f"public class {module} : ModuleRules" in text
    assert unreal_glue.needed_modules(module) - unreal_glue.build_modules(module) == set()


def test_descriptors_name_modules_and_plugins_that_are_there():
    plugin = unreal_glue.read_json(PLUGIN / "A2FWS.uplugin")
    project = unreal_glue.read_json(ROOT / "A2FSample.uproject")
    assert {entry["Name"] for entry in plugin["Modules"]} == {"A2FWS", "A2FWSEditor"}
    assert [entry["Name"] for entry in project["Modules"]] == ["A2FSample"]
    needed = {entry["Name"] for entry in plugin["Plugins"]} | {"A2FWS", "ProceduralMeshComponent"}
    assert {entry["Name"] for entry in project["Plugins"]} == needed
    phases = {entry["Name"]: (entry["Type"], entry["LoadingPhase"]) for entry in plugin["Modules"]}
    assert phases["A2FWS"] == ("Runtime", "PostConfigInit")
    assert phases["A2FWSEditor"][0] == "UncookedOnly"
    for name in ("A2FSample.Target.cs", "A2FSampleEditor.Target.cs"):
        assert 'ExtraModuleNames.Add("A2FSample")' in (ROOT / "Source" / name).read_text()
    for module, folder in MODULES.items():
        macro = re.compile(rf"IMPLEMENT_(PRIMARY_GAME_)?MODULE\([^)]*\b{module}\b")
        sources = [path.read_text(encoding="utf-8") for path in folder.rglob("*.cpp")]
        assert sum(bool(macro.search(text)) for text in sources) == 1, module


def test_the_plugin_has_the_version_of_the_product():
    version = tomllib.loads((ROOT.parent / "pyproject.toml").read_text())["project"]["version"]
    plugin = unreal_glue.read_json(PLUGIN / "A2FWS.uplugin")
    told = (MODULES["A2FWS"] / "Private" / "A2FSubsystem.cpp").read_text(encoding="utf-8")
    assert plugin["VersionName"] == version
    assert f'"a2f-ws-unreal/{version}"' in told


def test_no_file_of_the_project_is_longer_than_300_lines():
    kinds = {".h", ".cpp", ".cs", ".py"}
    files = [p for p in ROOT.rglob("*") if p.suffix in kinds and "build" not in p.parts]
    long = [path.name for path in files if len(path.read_text(encoding="utf-8").splitlines()) > 300]
    assert len(files) > 80
    assert long == []


def test_icon_and_line_are_what_the_script_makes_and_nothing_else_is_binary():
    script = ROOT / "make_resources.py"
    done = subprocess.run(
        [sys.executable, script, "--check"], timeout=60, capture_output=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    text_kinds = {".h", ".cpp", ".cs", ".md", ".ini", ".uplugin", ""}
    shipped = [p for p in PLUGIN.rglob("*") if p.is_file()]
    assert {p.name for p in shipped if p.suffix not in text_kinds} == BINARIES


@pytest.mark.parametrize("version", ["5.4", "5.8"])
def test_the_packaging_script_calls_the_engine_of_that_version(tmp_path, version):
    engine = tmp_path / f"UE_{version}"
    engine.mkdir()
    options = ["--engine", engine, "--out", tmp_path, "--dry-run"]
    call = [sys.executable, ROOT / "build_plugin.py", *options]
    told = subprocess.run(call, timeout=60, capture_output=True, text=True, check=True).stdout
    assert "RunUAT" in told and "BuildPlugin" in told
    assert f"-Package={tmp_path / f'A2FWS-{version}'}" in told
    assert f"-Plugin={(PLUGIN / 'A2FWS.uplugin').resolve()}" in told


def test_the_table_of_engine_calls_names_every_include_and_its_page():
    table = (ROOT / "API.md").read_text(encoding="utf-8")
    for name, _, module in unreal_glue.include_table():
        if module != "Core" and name not in {"Engine/World.h", "Engine/Engine.h"}:
            assert f"`{name}`" in table, name
    engine_part = table.partition("## Facts")[0]
    rows = [line for line in engine_part.splitlines() if line.startswith("| `")]
    assert len(rows) > 25
    for row in rows:
        pages = PAGE.findall(row)
        assert pages, row
        other = [name for name, page in pages if name.replace("::", "__") != page]
        assert other == [], row


def test_the_table_of_engine_calls_names_only_what_the_glue_uses():
    table = (ROOT / "API.md").read_text(encoding="utf-8").partition("## Facts")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| `")]
    texts = [p.read_text(encoding="utf-8") for m in MODULES for p in unreal_glue.glue_files(m)]
    used = set(re.findall(r"\w+", "\n".join(texts)))
    stubs = "\n".join(p.read_text(encoding="utf-8") for p in unreal_glue.STUBS.glob("*.h"))
    known = set(re.findall(r"\w+", stubs))
    assert sum("`" in row[1] for row in rows) > 25
    for row in rows:
        types = re.findall(r"`(?:\w+::)*(\w+)`", row[1])
        assert [name for name in types if name not in used] == [], row[0]
        assert [name for name in types if name not in known] == [], row[0]


def test_the_readme_keeps_its_promise_of_four_steps_and_seven_causes():
    readme = (PLUGIN / "README.md").read_text(encoding="utf-8")
    parts = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", readme, re.M | re.S))
    first, whole = (
        len(re.findall(r"^\d+\. ", parts[name], re.M)) for name in ("First words", "In a product")
    )
    assert 0 < first <= 4 < whole <= 15
    causes = re.findall(r"^\| \d \|", parts["Sound plays, the face does not move"], re.M)
    assert len(causes) == 7
