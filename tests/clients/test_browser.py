"""The client in TypeScript and the studio: its own tests, its size, its page in a real browser."""

import json
import re

import pytest

from tests.clients.conftest import BROWSER, ROOT, call

STUDIO = ROOT / "a2f_ws" / "_studio"

pytestmark = [pytest.mark.needs("node", "npm"), pytest.mark.slow]


@pytest.fixture(scope="module")
def studio(packages):
    """The page, built from the sources as they are."""
    call(["npm", "run", "--silent", "studio"], limit_s=180)
    return STUDIO


def test_the_client_and_the_studio_are_sound_to_the_type_checker(npm):
    npm("check", limit_s=180)


def test_the_client_passes_its_tests_against_vectors_and_a_live_server(npm):
    told = npm("test", limit_s=300)
    assert re.search(r"Tests +.*\d+ passed", told)
    folders = {"core", "live", "shell", "stage", "studio"}
    assert {name for name in folders if f"tests/{name}/" in told} == folders


def test_the_library_is_built_within_its_size_with_types_and_worklet(npm):
    npm("build", limit_s=180)
    npm("size", limit_s=60)
    pack = ["npm", "pack", "--dry-run", "--json", "--ignore-scripts"]
    told = call([*pack, "--loglevel=error"], limit_s=60)
    (packed,) = json.loads(told[told.index("[") :])
    names = {file["path"] for file in packed["files"]}
    assert {"LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"} <= names
    assert any(name.startswith("dist/worklet/") and name.endswith(".js") for name in names)
    strangers = {name for name in names if not name.startswith("dist/")}
    assert strangers == {"LICENSE", "README.md", "package.json"}
    assert not any("test" in name for name in names)


def test_the_page_that_is_built_keeps_to_its_own_files_and_policy(studio):
    page = (studio / "index.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []
    asked = re.findall(r"(?:src|href)=\"([^\"]*)\"", page)
    assert len(asked) > 0
    assert [url for url in asked if re.match(r"(?:[a-z]+:)?//", url)] == []
    there = {f"/{file.relative_to(studio).as_posix()}" for file in studio.rglob("*")}
    local = {"/" + url.removeprefix("./").removeprefix("/") for url in asked if url[:5] != "data:"}
    assert sorted(local - there) == []


@pytest.mark.needs("chromium")
def test_the_studio_works_in_a_browser(npm, studio):
    told = npm("e2e", limit_s=600)
    assert re.search(r"Tests +.*\d+ passed", told)


def test_the_licence_of_the_package_is_that_of_the_project():
    assert (BROWSER / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
