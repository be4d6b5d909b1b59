"""What holds for all tests: how hypothesis searches, and what a missing program means."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# Wall-clock limits measure the machine, not the code; CI repeats the same cases every time.
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "desk", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("ci" if IN_CI else "desk")


def pytest_runtest_setup(item):
    for marker in item.iter_markers("needs"):
        missing = [program for program in marker.args if shutil.which(program) is None]
        if missing and IN_CI:
            pytest.fail(f"CI has to install: {', '.join(missing)}", pytrace=False)
        if missing:
            pytest.skip(f"not installed here: {', '.join(missing)}")
