"""Servers in this process, on a free port of loopback, stopped when the test is over."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from functools import wraps
from inspect import iscoroutinefunction
from pathlib import Path

import pytest

from a2f_ws.catalog import Catalog, Model
from a2f_ws.inference.bundle import embedded_path, load_bundle
from a2f_ws.inference.onnx import OnnxBackend
from a2f_ws.pipeline import Pipeline
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from tests.fakes import FakeBackend

HERE = Path(__file__).parent
TEST_S = 30.0
STOP_S = 5.0
"""No test and no stop of a server takes longer, or something hangs."""


def bounded(test):
    """A test that fails instead of waiting for ever."""

    @wraps(test)
    async def in_time(*args, **kwargs):
        async with asyncio.timeout(TEST_S):
            return await test(*args, **kwargs)

    return in_time


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent == HERE and iscoroutinefunction(getattr(item, "obj", None)):
            item.obj = bounded(item.obj)


@asynccontextmanager
async def hosted(server):
    """The server, running in a task of its own: fixtures begin and end in different ones."""
    is_up, may_stop = asyncio.Event(), asyncio.Event()
    server.may_stop = may_stop

    async def host():
        async with server.running():
            is_up.set()
            await may_stop.wait()

    task = asyncio.create_task(host())
    task.add_done_callback(lambda _: is_up.set())
    await is_up.wait()
    try:
        yield server
    finally:
        may_stop.set()
        async with asyncio.timeout(STOP_S):
            await task


@pytest.fixture(scope="session")
def bundle():
    """The bundle that comes with the package."""
    return load_bundle(embedded_path())


@pytest.fixture(scope="session")
def embedded(bundle):
    """Its pipeline on ONNX Runtime; one for all tests, which use it one after the other."""
    return Pipeline(bundle, OnnxBackend(bundle))


@pytest.fixture
def scripted(bundle):
    """The same bundle on a backend whose results can be worked out by hand, new for each test."""
    backend = FakeBackend(
        buffer_len=bundle.buffer_len,
        buffer_ofs=bundle.buffer_ofs,
        width=bundle.columns.width,
        emotion_len=bundle.emotion_len,
    )
    return Pipeline(bundle, backend)


@pytest.fixture
async def serving():
    """Starts servers: `await serving(pipeline, …)` with settings by name gives a running one.

    Several pipelines are served as models "embedded", "second", "third".
    """
    async with AsyncExitStack() as stack:

        async def start(*pipelines, **settings):
            names = ("embedded", "second", "third")
            models = [Model(name, one) for name, one in zip(names, pipelines, strict=False)]
            server = Server(Catalog(models, load_rigs()), Settings(port=0, **settings))
            return await stack.enter_async_context(hosted(server))

        yield start


@pytest.fixture
def stopping():
    """Lets a running server stop at once: `stopping(server)`."""
    return lambda server: server.may_stop.set()


@pytest.fixture
async def server(serving, embedded):
    """A server with the embedded model."""
    return await serving(embedded)


@pytest.fixture
async def fake_server(serving, scripted):
    """A server whose model `embedded` runs on `tests.fakes.FakeBackend`."""
    return await serving(scripted)
