"""Servers in this process, on a free port of loopback, stopped when the test is over."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from functools import wraps
from inspect import iscoroutinefunction
from pathlib import Path

import pytest

from a2f_ws.catalog import Catalog
from a2f_ws.model import Model
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings
from tests.fakes import scripted_pipeline

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


@pytest.fixture
def scripted(bundle):
    """As elsewhere, in batches that make short messages."""
    return scripted_pipeline(bundle, max_batch=8)


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


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    """The built page."""
    from tests.live.browser import lay_out

    return lay_out(tmp_path_factory.mktemp("built"))


@pytest.fixture
async def place(scripted, studio):
    """A server that has it."""
    from tests.live.browser import site

    async with site(scripted, studio) as server:
        yield server


@pytest.fixture
def password(tmp_path):
    """Path of a file with `locked.PASSWORD`."""
    from tests.live.locked import PASSWORD

    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    return str(file)


@pytest.fixture
def tokens(tmp_path):
    """Path of a file with the tokens of `locked`."""
    from tests.live.locked import ENTRIES

    file = tmp_path / "tokens.toml"
    file.write_text("\n".join(ENTRIES.values()))
    return file
