"""The studio at the end of `a2f-ws demo`."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from a2f_ws.cli import main
from a2f_ws.commands import demo, demo_page
from a2f_ws.settings import Settings
from a2f_ws.web.pages import Pages, remedy
from tests.live.browser import INDEX, lay_out

ROOT = Path(__file__).resolve().parents[2]
STOP_S = 10.0

SHOW = """
import sys
from pathlib import Path
from a2f_ws.commands.demo_page import present
from a2f_ws.commands.loading import EMBEDDED, load_catalog
from a2f_ws.commands.screen import out
from a2f_ws.web.pages import Pages
present(load_catalog(EMBEDDED), Pages(Path(sys.argv[1])), console=out())
"""
NOTE = "import sys; open(sys.argv[1], 'a').write(sys.argv[2] + '\\n')"


@pytest.mark.parametrize(
    ("environ", "system", "is_there"),
    [
        ({}, "win32", True),
        ({}, "darwin", True),
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"DISPLAY": ""}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "freebsd", True),
        ({"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "10.0.0.2 1 10.0.0.1 22"}, "linux", False),
        ({"SSH_CONNECTION": "10.0.0.2 1 10.0.0.1 22"}, "darwin", False),
    ],
)
def test_a_browser_opens_where_the_user_sees_it(environ, system, is_there):
    assert demo_page.has_desktop(environ, system) == is_there


@asynccontextmanager
async def shown(studio, **variables):
    """The program that shows the page, and what it says once it does."""
    apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {}
    surroundings = {**os.environ, "PYTHONUTF8": "1", **variables}
    surroundings.pop("SSH_CONNECTION", None)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SHOW, str(studio)),
        cwd=ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **apart,
    )
    told = ""
    try:
        while "Ctrl+C" not in told:
            line = await process.stdout.readline()
            assert line, await process.stderr.read()
            told += line.decode()
        yield process, told
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@pytest.fixture
def taken():
    """The port that the demo would like to have, in the hands of another program."""
    port = Settings().port
    with socket.socket() as other:
        if os.name != "nt":
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # It may be taken already: whoever has it, the demo does not.
        with suppress(OSError):
            other.bind(("127.0.0.1", port))
            other.listen()
        yield port


async def test_the_page_is_served_opened_and_ended_by_ctrl_c(tmp_path, taken):
    noted = tmp_path / "opened.txt"
    (tmp_path / "note.py").write_text(NOTE, "utf-8")
    browser = f"{sys.executable} {tmp_path / 'note.py'} {noted} %s"
    async with shown(lay_out(tmp_path), BROWSER=browser, DISPLAY=":0") as (process, told):
        url = re.search(r"http://127\.0\.0\.1:\d+/", told)[0]
        assert url != f"http://127.0.0.1:{taken}/"
        assert await asyncio.to_thread(lambda: urllib.request.urlopen(url).read()) == INDEX
        if os.name != "nt":
            while not noted.exists() or not noted.read_text("utf-8").endswith("\n"):
                await asyncio.sleep(0.02)
            assert noted.read_text("utf-8") == f"{url}\n"
        process.send_signal(signal.CTRL_BREAK_EVENT if os.name == "nt" else signal.SIGINT)
        async with asyncio.timeout(STOP_S):
            out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")


def test_without_a_terminal_the_demo_tells_how_to_get_at_the_page(tmp_path):
    assert "a2f-ws serve, then http://127.0.0.1:8765/" in demo_page.hint(Pages(lay_out(tmp_path)))
    assert remedy() in demo_page.hint(Pages(tmp_path / "nothing"))


def test_a_page_that_is_wanted_and_missing_is_told_before_anything_runs(
    capsys, tmp_path, monkeypatch
):
    monkeypatch.setattr(demo, "Pages", lambda: Pages(tmp_path / "nothing"))
    with pytest.raises(SystemExit) as end:
        main(["demo", "--page", "-o", str(tmp_path / "demo")])
    said = capsys.readouterr()
    assert (end.value.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "--page: " in said.err
    assert "make studio" in said.err
    assert not (tmp_path / "demo").exists()
