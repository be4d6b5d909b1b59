"""`a2f-ws bench`: a report from real processes and sockets."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 90.0


@pytest.mark.slow
def test_bench_prints_a_report_of_sessions_that_it_has_really_carried():
    words = ["bench", "--model", "embedded", "--seconds", "1", "--most", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "a2f_ws", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "command: a2f-ws bench --model embedded --seconds 1 --most 2" in done.stdout
    _, found = done.stdout.split("Live sessions")
    head, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in found.splitlines()
        if line.startswith("|") and "-:" not in line
    ]
    assert head[:2] == ["sessions", "poses/s"]
    assert [row[0] for row in rows] == ["1", "2"]
    # 60 poses a second of each session, as real as the clock of a busy machine is.
    assert 40 <= float(rows[0][1]) <= 75
    assert "borne" in done.stdout


def test_a_model_that_is_not_there_is_told_in_a_line():
    done = subprocess.run(
        [sys.executable, "-m", "a2f_ws", "bench", "--model", "nowhere"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 2
    assert "nowhere" in done.stderr
