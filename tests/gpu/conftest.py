"""What the tests here need, and why they are skipped where it is not there."""

import pytest

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import load_bundle
from a2f_ws.inference.gpu_open import open_gpu
from a2f_ws.inference.tensorrt_library import find_library
from training.bundle.writer import write_bundle


@pytest.fixture(scope="session")
def rtx():
    """TensorRT for RTX; it builds engines on machines without a GPU too."""
    try:
        return find_library("tensorrt-rtx")
    except ModelError as fault:
        pytest.skip(f"TensorRT for RTX: {fault}")


@pytest.fixture(scope="session")
def mark_shaped(tmp_path_factory):
    """A bundle of Mark's sizes and layers, with random weights."""
    folder = tmp_path_factory.mktemp("bundles") / "mark"
    return load_bundle(write_bundle(folder, size="mark", seed=1))


@pytest.fixture(params=["cuda-bindings", "pycuda"])
def gpu(request):
    """A real card, by each library in turn."""
    try:
        made = open_gpu(request.param)
    except ModelError as fault:
        pytest.skip(str(fault))
    yield made
    made.close()


@pytest.fixture(params=["tensorrt", "tensorrt-rtx"])
def library(request):
    """Each library in turn."""
    try:
        return find_library(request.param)
    except ModelError as fault:
        pytest.skip(f"{request.param}: {fault}")
