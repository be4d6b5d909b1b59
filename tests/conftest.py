"""What all tests share: how hypothesis searches, what a missing program means, the models."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

from a2f_ws.inference.bundle import embedded_path, load_bundle
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.inference.onnx_blocks import OnnxBlocks
from a2f_ws.pipeline import Pipeline
from tests.data.windowed import windowed_bundle
from tests.fakes import scripted_pipeline

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


@pytest.fixture(scope="session")
def bundle():
    """A bundle of one face per window, beside that much like the embedded one."""
    return windowed_bundle()


@pytest.fixture(scope="session")
def windowed(bundle):
    """Its pipeline on ONNX Runtime; one for all tests, which use it one after the other."""
    return Pipeline(bundle, OnnxBackend(bundle))


@pytest.fixture(scope="session")
def embedded():
    """The pipeline of the bundle that comes with the package, likewise."""
    bundle = load_bundle(embedded_path())
    return Pipeline(bundle, OnnxBlocks(bundle))


@pytest.fixture
def scripted(bundle):
    """The bundle on a backend whose results can be worked out by hand, new for each test."""
    return scripted_pipeline(bundle)
