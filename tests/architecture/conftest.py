"""The project's own files, as the tests of this folder read them."""

import ast
import os
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = {".cpp", ".cs", ".h", ".js", ".mjs", ".py", ".sh", ".ts", ".tsx"}
TEXT = CODE | {".cfg", ".css", ".html", ".json", ".md", ".toml", ".txt", ".vec", ".yaml", ".yml"}
NAMED_TEXT = {".editorconfig", ".gitattributes", ".gitignore", "Makefile", "run"}
NOT_OURS = {"build", "demo", "dist", "node_modules"}


@dataclass(frozen=True)
class Source:
    """One file of the project.

    Attributes:
        name: Path from the root of the project, with forward slashes.
        path: Where it is.
    """

    name: str
    path: Path

    @property
    def text(self):
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self):
        return ast.parse(self.text)


def _listed_by_git():
    """Paths that git tracks or would offer to track; [] where there is no git or repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if not (ROOT / ".git").exists():
        return []
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [ROOT / name for name in done.stdout.decode("utf-8").split("\0") if name]


def _listed_by_walking():
    found = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name[0] not in "._" and name not in NOT_OURS]
        found += [Path(folder, name) for name in names]
    return found


@pytest.fixture(scope="session")
def sources():
    """All files of the project, in order of their names."""
    paths = {path for path in _listed_by_git() or _listed_by_walking() if path.is_file()}
    return [Source(path.relative_to(ROOT).as_posix(), path) for path in sorted(paths)]


@pytest.fixture(scope="session")
def project():
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def texts(sources):
    """The files that people read and write as text."""
    return [s for s in sources if s.path.suffix in TEXT or s.path.name in NAMED_TEXT]


@pytest.fixture(scope="session")
def code(sources):
    """The files in a programming language."""
    return [s for s in sources if s.path.suffix in CODE]


@pytest.fixture(scope="session")
def modules(sources):
    """The Python modules of the product."""
    return [s for s in sources if s.name.startswith("a2f_ws/") and s.path.suffix == ".py"]


@pytest.fixture(scope="session")
def scripts(sources):
    """All Python files that are not tests."""
    return [s for s in sources if s.path.suffix == ".py" and not s.name.startswith("tests/")]
