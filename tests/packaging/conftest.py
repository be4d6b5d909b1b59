"""One build of the distribution, and one environment into which its forms are installed in turn."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = "Scripts" if os.name == "nt" else "bin"
EXE = ".exe" if os.name == "nt" else ""


def run(*command, cwd, **extra):
    """Output of a command that has to succeed and sees no variable of the tests' environment."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "COVERAGE_PROCESS_START")
    surroundings = {key: value for key, value in os.environ.items() if key not in hidden}
    surroundings |= {"COLUMNS": "200", "PYTHONUTF8": "1", **extra}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=surroundings,
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
        """Replace what is installed by another form; return the variables that it needs to run."""
        anew = ("install", "--quiet", "--no-deps", "--force-reinstall")
        if form == "wheel":
            self.pip(*anew, self.built.wheel)
        elif form == "sdist":
            self.pip(*anew, self.built.sdist)
        elif form == "editable":
            self.pip(*anew, "--editable", ROOT)
        else:
            self.pip("uninstall", "--quiet", "--yes", "a2f-ws")
        return {"PYTHONPATH": str(ROOT)} if form == "checkout" else {}


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
