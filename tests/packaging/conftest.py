"""One build of the distribution, and one environment into which its forms are installed in turn."""

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = "Scripts" if os.name == "nt" else "bin"
EXE = ".exe" if os.name == "nt" else ""


def surroundings(**extra):
    """Variables without those that lead into the tests' own environment."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "COVERAGE_PROCESS_START")
    kept = {key: value for key, value in os.environ.items() if key not in hidden}
    return kept | {"COLUMNS": "200", "PYTHONUTF8": "1", **extra}


def run(*command, cwd, **extra):
    """Output of a command that has to succeed and sees no variable of the tests' environment."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=surroundings(**extra),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Built:
    """The two files that are published.

    Attributes:
        wheel: The wheel.
        sdist: The source distribution.
    """

    wheel: Path
    sdist: Path


@dataclass(frozen=True)
class House:
    """An environment with the dependencies of the wheel and nothing of this checkout.

    Attributes:
        home: Its folder.
        built: What can be installed in it.
    """

    home: Path
    built: Built

    @property
    def python(self):
        return self.home / BIN / f"python{EXE}"

    def command(self, *arguments, cwd):
        """Output of the installed `a2f-ws`."""
        return run(self.home / BIN / f"a2f-ws{EXE}", *arguments, cwd=cwd)

    def ask(self, program, *, cwd, **extra):
        """Output of a line of Python."""
        return run(self.python, "-c", program, cwd=cwd, **extra)

    def pip(self, *arguments):
        run(self.python, "-m", "pip", "--disable-pip-version-check", *arguments, cwd=self.home)

    def put(self, form):
        """Replace what is installed by another form or by a file.

        Returns the variables that it needs to run.
        """
        anew = ("install", "--quiet", "--no-deps", "--force-reinstall")
        if form == "wheel":
            self.pip(*anew, self.built.wheel)
        elif form == "sdist":
            self.pip(*anew, self.built.sdist)
        elif form == "editable":
            self.pip(*anew, "--editable", ROOT)
        elif isinstance(form, Path):
            self.pip(*anew, form)
        else:
            self.pip("uninstall", "--quiet", "--yes", "a2f-ws")
        return {"PYTHONPATH": str(ROOT)} if form == "checkout" else {}


def carries_studio(wheel):
    """True when the built page is in the wheel."""
    with zipfile.ZipFile(wheel) as packed:
        return "a2f_ws/_studio/index.html" in packed.namelist()


def build_copy(folder, *, page):
    """The wheel of a copy of this checkout with another page, or with none."""
    for name in ("a2f_ws", "engines"):
        unwanted = shutil.ignore_patterns("_studio", "__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=unwanted)
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE", ".gitignore"):
        shutil.copy(ROOT / name, folder / name)
    if page is not None:
        (folder / "a2f_ws" / "_studio" / "assets").mkdir(parents=True)
        (folder / "a2f_ws" / "_studio" / "index.html").write_text(page, "utf-8")
        (folder / "a2f_ws" / "_studio" / "assets" / "app-1a2b.js").write_text("0;\n", "utf-8")
    run(
        sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist", cwd=folder
    )
    return next((folder / "dist").glob("*.whl"))


@pytest.fixture(scope="session")
def with_studio(built, tmp_path_factory):
    """A wheel with the page: this checkout's where it is built, else one with a short page."""
    if carries_studio(built.wheel):
        return built.wheel
    return build_copy(tmp_path_factory.mktemp("with"), page="<!doctype html><title>x</title>\n")


@pytest.fixture(scope="session")
def without_studio(built, tmp_path_factory):
    """A wheel without the page."""
    if not carries_studio(built.wheel):
        return built.wheel
    return build_copy(tmp_path_factory.mktemp("without"), page=None)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The wheel and the sdist of this checkout."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", out, cwd=ROOT)
    return Built(wheel=next(out.glob("*.whl")), sdist=next(out.glob("*.tar.gz")))


@pytest.fixture(scope="session")
def house(built, tmp_path_factory):
    """An empty environment into which the wheel has been installed as a user does it."""
    home = tmp_path_factory.mktemp("house")
    run(sys.executable, "-m", "venv", home, cwd=ROOT)
    house = House(home=home, built=built)
    house.pip("install", "--quiet", built.wheel)
    return house
