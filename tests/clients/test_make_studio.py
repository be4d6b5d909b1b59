"""When the studio page is built, when not, and what is said about it."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.clients.conftest import BROWSER

NPM = """#!/bin/sh
echo "$@" >>"{log}"
[ "$1" = ci ] && mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json
[ "$1" = run ] && mkdir -p ../a2f_ws/_studio && echo page >../a2f_ws/_studio/index.html
exit {code}
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its programs are shell scripts")


class Place:
    """A checkout with sources of a page, and a Node.js that does as it is told.

    Attributes:
        root: Its folder.
        page: What is built.
    """

    def __init__(self, root):
        self.root = root
        self.page = root / "a2f_ws" / "_studio" / "index.html"
        home = root / "browser_sample"
        (home / "studio").mkdir(parents=True)
        shutil.copy(BROWSER / "make_studio.py", home)
        (home / "studio" / "index.html").write_text("source\n", "utf-8")
        lock = {"packages": {"": {}, "node_modules/x": {"version": "1.0.0"}}}
        (home / "package-lock.json").write_text(json.dumps(lock), "utf-8")
        for tool in ("sh", "mkdir", "cp"):
            self.install(tool, f'#!/bin/sh\nexec {shutil.which(tool)} "$@"\n')
        self.install("npm", NPM.format(log=root / "npm.log", code=0))
        self.install("node", "#!/bin/sh\necho v20.19.0\n")

    def install(self, name, text):
        file = self.root / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        file.chmod(0o755)

    def make(self, *words):
        """Exit code, and what was said."""
        script = self.root / "browser_sample" / "make_studio.py"
        done = subprocess.run(
            [sys.executable, script, *words],
            env={"PATH": str(self.root / "bin"), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    @property
    def asked(self):
        """What npm was asked for so far."""
        log = self.root / "npm.log"
        return [line.split()[0] for line in log.read_text().splitlines()] if log.exists() else []


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_it_installs_and_builds_once_and_again_when_a_source_is_newer(place):
    assert place.make()[0] == 0
    assert place.page.read_text() == "page\n"
    assert place.asked == ["ci", "run"]
    assert place.make() == (0, "")
    assert place.asked == ["ci", "run"]
    later = place.page.stat().st_mtime + 1
    os.utime(place.root / "browser_sample" / "studio" / "index.html", (later, later))
    assert place.make()[0] == 0
    assert place.asked == ["ci", "run", "run"]
    assert place.make("--force")[0] == 0
    assert place.asked == ["ci", "run", "run", "run"]


def test_it_installs_anew_what_the_lock_file_changes(place):
    assert place.make("--packages")[0] == 0
    assert place.make("--packages") == (0, "")
    assert place.asked == ["ci"]
    lock = {"packages": {"": {}, "node_modules/x": {"version": "1.0.1"}}}
    (place.root / "browser_sample" / "package-lock.json").write_text(json.dumps(lock), "utf-8")
    assert place.make("--packages")[0] == 0
    assert place.asked == ["ci", "ci"]
    assert not place.page.exists()


@pytest.mark.parametrize("version", ["v18.20.4", "v20.18.3", "v21.7.3", "v22.11.0"])
def test_a_node_that_is_too_old_is_named_in_one_line(place, version):
    place.install("node", f"#!/bin/sh\necho {version}\n")
    code, told = place.make()
    assert (code, told.count("\n"), place.asked) == (1, 1, [])
    assert "needs Node.js 20.19, 22.12 or newer, with npm" in told
    assert version in told
    assert place.make("--if-possible") == (0, told)


@pytest.mark.parametrize(("program", "complaint"), [("node", "no node"), ("npm", "no npm")])
def test_a_program_that_is_missing_is_named_in_one_line(place, program, complaint):
    (place.root / "bin" / program).unlink()
    code, told = place.make("--if-possible")
    assert (code, told.count("\n"), complaint in told) == (0, 1, True)
    assert place.make()[0] == 1


@pytest.mark.parametrize("version", ["v22.12.0", "v23.0.0", "v24.19.0"])
def test_later_versions_of_node_are_taken(place, version):
    place.install("node", f"#!/bin/sh\necho {version}\n")
    assert place.make()[0] == 0
    assert place.page.exists()


def test_a_build_that_fails_is_told_with_what_npm_said(place):
    place.make("--packages")
    place.install("npm", "#!/bin/sh\necho the reason\nexit 3\n")
    code, told = place.make()
    assert code == 1
    assert "the reason\n" in told
    assert "npm run studio ended with code 3" in told
