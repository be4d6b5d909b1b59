"""A minute of what `bench/soak.py` does for hours: nothing is left over, no line is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).resolve().parents[2] / "bench" / "soak.py"


@pytest.mark.slow
def test_a_minute_of_talkers_who_interrupt_and_vanish_leaves_nothing_behind():
    command = [sys.executable, SOAK, "--seconds", "45", "--sessions", "12"]
    soak = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    print(soak.stdout)
    assert soak.returncode == 0, soak.stdout + soak.stderr
