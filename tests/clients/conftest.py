"""The packages of npm that the clients in TypeScript are built and tested with."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.conftest import IN_CI

ROOT = Path(__file__).resolve().parents[2]
BROWSER = ROOT / "browser_sample"
TAIL_LINES = 120
"""Enough for the report of a failing test of theirs, and not for a whole log."""


def call(command, *, limit_s, cwd=BROWSER):
    """Output of a program that has to succeed; its last lines tell why where it does not."""
    surroundings = {**os.environ, "A2F_PYTHON": sys.executable, "NO_COLOR": "1"}
    surroundings.pop("FORCE_COLOR", None)
    process = subprocess.Popen(
        [shutil.which(command[0]) or command[0], *command[1:]],
        cwd=cwd,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        told, _ = process.communicate(timeout=limit_s)
        end = f"with code {process.returncode}"
    except subprocess.TimeoutExpired:
        end_family(process)
        told, _ = process.communicate()
        end = f"by force after {limit_s} s"
    if end != "with code 0":
        tail = "\n".join(told.splitlines()[-TAIL_LINES:])
        pytest.fail(f"{' '.join(command)} ended {end}\n{tail}", pytrace=False)
    return told


def end_family(process):
    """End a program together with what it started: servers, browsers."""
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def packages(tmp_path_factory):
    """What the lock file names, installed; a version of Node.js that is too old skips or fails."""
    script = BROWSER / "make_studio.py"
    # Tests that run side by side have one folder in common, and must not install into it at once.
    with FileLock(tmp_path_factory.getbasetemp().parent / "npm.lock"):
        done = subprocess.run(
            [sys.executable, script, "--packages"], capture_output=True, text=True, check=False
        )
    if done.returncode != 0 and "needs Node.js" in done.stderr and not IN_CI:
        pytest.skip(done.stderr.strip())
    if done.returncode != 0:
        pytest.fail(done.stdout + done.stderr, pytrace=False)


@pytest.fixture
def npm(packages):
    """Runs a script of the package: `npm("check", limit_s=60)` gives what it printed."""

    def run(script, *, limit_s):
        told = json.loads((BROWSER / "package.json").read_text("utf-8"))["scripts"]
        assert script in told
        return call(["npm", "run", "--silent", script], limit_s=limit_s)

    return run
