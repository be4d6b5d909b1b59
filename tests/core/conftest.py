"""Pipelines on the bundle that comes with the package, without sockets."""

import pytest

from a2f_ws.inference.bundle import embedded_path, load_bundle
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.pipeline import Pipeline
from tests.core.desk import Desk
from tests.fakes import FakeBackend


@pytest.fixture(scope="session")
def bundle():
    """The bundle that comes with the package."""
    return load_bundle(embedded_path())


@pytest.fixture(scope="session")
def embedded(bundle):
    """Its pipeline on ONNX Runtime."""
    return Pipeline(bundle, OnnxBackend(bundle))


@pytest.fixture
def scripted(bundle):
    """The same bundle on a backend whose results can be worked out by hand, new for each test."""
    return scripted_pipeline(bundle)


@pytest.fixture
def desk(scripted):
    """A client of a server with that model."""
    return Desk(scripted)


def scripted_pipeline(bundle):
    backend = FakeBackend(
        buffer_len=bundle.buffer_len,
        buffer_ofs=bundle.buffer_ofs,
        width=bundle.columns.width,
        emotion_len=bundle.emotion_len,
        max_batch=64,
    )
    return Pipeline(bundle, backend)
