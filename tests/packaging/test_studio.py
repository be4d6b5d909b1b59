"""The studio page of an installation: served where it was built, missed in plain words else."""

import json
import re
import subprocess
import urllib.request
import zipfile
from contextlib import contextmanager

import pytest

from tests.packaging.conftest import BIN, EXE, carries_studio, surroundings

STOP_S = 10

pytestmark = pytest.mark.slow


@contextmanager
def serving(house, *, cwd):
    """The installed server: gives the address of its page."""
    program = house.home / BIN / f"a2f-ws{EXE}"
    words = ("serve", "--port", "0", "--announce", "--exit-with-stdin", "--log-level", "warning")
    process = subprocess.Popen(
        [program, *words],
        cwd=cwd,
        env=surroundings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        told = json.loads(process.stdout.readline())
        yield f"http://127.0.0.1:{told['port']}"
        process.stdin.close()
        assert process.wait(STOP_S) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def fetch(url, **headers):
    """Headers and body of a page."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:
        return response.headers, response.read()


def test_a_wheel_built_after_the_studio_serves_it(house, with_studio, tmp_path):
    assert carries_studio(with_studio)
    house.put(with_studio)
    with zipfile.ZipFile(with_studio) as packed, serving(house, cwd=tmp_path) as place:
        headers, page = fetch(f"{place}/")
        assert page == packed.read("a2f_ws/_studio/index.html")
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        asked = re.findall(r'(?:src|href)="([^"]+)"', page.decode())
        for path in [f"/{path.removeprefix('./').removeprefix('/')}" for path in asked]:
            assert fetch(place + path)[1] == packed.read(f"a2f_ws/_studio{path}")
        names = [name for name in packed.namelist() if name.startswith("a2f_ws/_studio/assets/")]
        assert len(names) > 0
        for name in names:
            headers, body = fetch(place + name.removeprefix("a2f_ws/_studio"))
            assert body == packed.read(name)
            assert "immutable" in headers["Cache-Control"]
        if "a2f_ws/_engines/head.glb" in packed.namelist():
            assert fetch(f"{place}/head.glb")[1] == packed.read("a2f_ws/_engines/head.glb")
    assert re.search(r"ok +studio +\S+_studio", house.command("doctor", cwd=tmp_path))


def test_a_wheel_without_the_studio_says_so_and_works(house, without_studio, tmp_path):
    house.put(without_studio)
    missing = "this installation has no studio page; a wheel built after `make studio` has it"
    with serving(house, cwd=tmp_path) as place:
        assert missing in fetch(f"{place}/")[1].decode()
        page = fetch(f"{place}/", Accept="text/html")[1].decode()
        assert missing.replace("`", "") in page
        assert fetch(f"{place}/speech.flac")[1][:4] == b"fLaC"
    assert missing in " ".join(house.command("doctor", cwd=tmp_path).split())
