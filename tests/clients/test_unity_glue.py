"""The Unity package around its client: WebGL in Chromium, files; the rest by syntax alone."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from websockets.asyncio.server import serve

from tests.clients.conftest import BROWSER, ROOT, call
from tests.clients.unity_assemblies import (
    CHECKS,
    LIMIT_S,
    PACKAGE,
    RUNTIME,
    SAMPLE,
    UNITY,
    Assemblies,
)

pytestmark = pytest.mark.slow


class Page(BaseHTTPRequestHandler):
    """Any page on localhost: browsers give the microphone to such only."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html>")

    def log_message(self, *words):
        pass


async def answer(socket):
    """Send back what comes; the byte 0 closes."""
    async for message in socket:
        if message == b"\0":
            await socket.close(4503, "retry in 2 s")
            return
        await socket.send(message)


async def drive(page_port):
    """What jslib.mjs tells of the library in a browser."""
    async with serve(answer, "127.0.0.1", 0, subprotocols=["a2f.v1.msgpack"]) as server:
        port = server.sockets[0].getsockname()[1]
        library = RUNTIME / "Plugins" / "WebGL" / "a2fws.jslib"
        urls = [f"ws://localhost:{port}", f"http://localhost:{page_port}/"]
        script = [str(CHECKS / "jslib.mjs"), str(library), str(BROWSER / "node_modules")]
        process = await asyncio.create_subprocess_exec(
            shutil.which("node"), *script, *urls, stdout=subprocess.PIPE
        )
        told, _ = await asyncio.wait_for(process.communicate(), LIMIT_S)
        return json.loads(told)


@pytest.mark.needs("node", "npm", "chromium")
def test_the_half_of_webgl_works_in_a_browser(packages):
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as page:
        threading.Thread(target=page.serve_forever, daemon=True).start()
        told = asyncio.run(drive(page.server_port))
        page.shutdown()
    assert told["errors"] == []
    assert (told["open"], told["echoes"]) == (True, [True, True, True])
    assert (told["code"], told["reason"], told["nobody"]) == (4503, "retry in 2 s", 1006)
    assert told["forgotten"] is True
    assert told["running"] is True
    assert told["heard"] > 0.1
    assert (told["sources"], told["cut"], told["volume"], told["gone"]) == (1, True, 0.5, True)
    assert told["captures"] is True
    assert told["taken"] > told["rate"] / 2
    assert told["peak"] > 0
    assert told["ended"] is True


@pytest.mark.needs("mcs")
def test_the_glue_passes_a_syntax_check_against_stubs_of_documented_signatures(tmp_path):
    built = Assemblies(tmp_path)
    stubs = built.library(
        "UnityEngine", sorted((CHECKS / "stubs").glob("UnityEngine*.cs")), options=["-warn:0"]
    )
    vrm = built.library("UniVRM", [CHECKS / "stubs" / "UniVrm.cs"], stubs, options=["-warn:0"])
    editing = built.library(
        "UnityEditor", [CHECKS / "stubs" / "UnityEditor.cs"], stubs, options=["-warn:0"]
    )
    plain = (built.core, built.client, stubs)
    glue = built.library("A2F.Unity", sorted(RUNTIME.glob("*.cs")), *plain)
    for folder in ("Vrm0", "Vrm1"):
        built.library(f"A2F.{folder}", built.sources(folder), *plain, glue, vrm)
    editor = ["-d:UNITY_EDITOR"]
    built.library(
        "A2F.Editor",
        sorted((PACKAGE / "Editor").glob("*.cs")),
        *plain,
        glue,
        editing,
        options=editor,
    )
    sample = built.library("A2F.Samples.Talk", sorted(SAMPLE.glob("*.cs")), *plain, glue)
    built.library(
        "A2F.Samples.Talk.Editor",
        sorted((SAMPLE / "Editor").glob("*.cs")),
        stubs,
        editing,
        glue,
        sample,
    )
    web = ["-d:UNITY_WEBGL"]
    client = built.library("Web.Client", built.sources("Client"), built.core, options=web)
    built.library("Web.Unity", sorted(RUNTIME.glob("*.cs")), built.core, client, stubs, options=web)


def test_every_function_that_webgl_imports_is_in_the_library_with_as_many_arguments():
    library = (RUNTIME / "Plugins" / "WebGL" / "a2fws.jslib").read_text("utf-8")
    has = {
        name: len([a for a in arguments.split(",") if a.strip()])
        for name, arguments in re.findall(r"^  (A2FWeb\w+): function \(([^)]*)\)", library, re.M)
    }
    wants = {}
    for source in RUNTIME.rglob("*.cs"):
        for name, arguments in re.findall(
            r"static extern \w+ (A2FWeb\w+)\(([^)]*)\)", source.read_text("utf-8")
        ):
            wants[name] = len([a for a in arguments.split(",") if a.strip()])
    assert wants == has
    assert len(wants) > 20


def test_the_parts_without_an_engine_name_none():
    for folder in ("Core", "Client"):
        told = json.loads(next((RUNTIME / folder).glob("*.asmdef")).read_text("utf-8"))
        assert told["noEngineReferences"] is True
        for source in (RUNTIME / folder).rglob("*.cs"):
            assert "UnityEngine" not in source.read_text("utf-8"), source


def test_nothing_is_looked_up_by_reflection_while_a_game_runs():
    forbidden = re.compile(
        r"System\.Reflection|\.GetType\(\)|Activator\.|\bdynamic\b|Reflection\.Emit|Type\.GetType"
    )
    for source in RUNTIME.rglob("*.cs"):
        found = [line for line in source.read_text("utf-8").splitlines() if forbidden.search(line)]
        assert [line for line in found if "root.GetType().Name" not in line] == [], source


def test_the_package_has_the_version_and_the_licence_of_the_project():
    told = json.loads((PACKAGE / "package.json").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert told["version"] == project["version"]
    assert f"## [{told['version']}]" in (PACKAGE / "CHANGELOG.md").read_text("utf-8")
    assert f'/{told["version"]}"' in (RUNTIME / "Client" / "ClientOptions.cs").read_text("utf-8")
    assert (PACKAGE / "LICENSE.md").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_meta_files_and_the_head_are_what_their_scripts_write():
    for script in ("make_meta.py", "make_head.py"):
        call([sys.executable, str(UNITY / script), "--check"], limit_s=LIMIT_S)


def test_the_sound_of_the_package_is_that_of_the_project():
    ours, rate = sf.read(ROOT / "a2f_ws" / "samples" / "speech.flac", dtype="int16")
    theirs, same = sf.read(RUNTIME / "Sounds" / "hello.wav", dtype="int16")
    assert rate == same
    assert np.array_equal(ours, theirs)


@pytest.mark.needs("git")
def test_the_package_is_whole_when_it_is_installed_from_a_git_address(tmp_path):
    repository = tmp_path / "repository"
    listed = call(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "unity_sample"],
        limit_s=LIMIT_S,
        cwd=ROOT,
    )
    for name in listed.splitlines():
        if (ROOT / name).is_file():
            (repository / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, repository / name)
    who = ["-c", "user.name=a", "-c", "user.email=a@localhost"]
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], [*who, "commit", "-qm", "all"]):
        call(["git", *words], limit_s=LIMIT_S, cwd=repository)
    address = f"file://{repository}?path=/unity_sample/Packages/com.a2fws.client#main"
    project = tmp_path / "project"
    told = call(
        [sys.executable, str(CHECKS / "install.py"), address, str(project)], limit_s=LIMIT_S
    )
    assert re.search(r"com\.a2fws\.client \d+\.\d+\.\d+: \d+ files, 0 complaints", told)
    manifest = json.loads((project / "Packages" / "manifest.json").read_text("utf-8"))
    assert manifest["dependencies"]["com.a2fws.client"] == address
    cache = next((project / "Library" / "PackageCache").iterdir())
    assert Path(cache / "Runtime" / "Core" / "PosePlayer.cs").exists()
