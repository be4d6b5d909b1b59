"""One server and one bystander for all cases that need no settings of their own."""

import subprocess
from contextlib import ExitStack
from inspect import iscoroutinefunction
from pathlib import Path

import pytest

from a2f_ws.security.rights import Right
from a2f_ws.security.tokens import entry, new_token
from tests.live.abuse.harness import PASSWORD, placed, table
from tests.live.conftest import bounded

HERE = Path(__file__).parent
MEASURED = {}
SETTINGS = {"handshake_s": 1.0, "liveness_s": 2.0, "outbox_bytes": 1 << 20}


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent == HERE and iscoroutinefunction(getattr(item, "obj", None)):
            item.obj = bounded(item.obj)


@pytest.fixture(scope="session")
def place():
    with placed(**SETTINGS) as place:
        place.measured = MEASURED
        MEASURED["nothing"] = [ms for line in place.bystander.lines for ms in line["added_ms"]]
        yield place


@pytest.fixture(scope="session")
def locked(tmp_path_factory):
    """A server that wants the password or a token, and whose log stands on a full disk."""
    folder, token, full = tmp_path_factory.mktemp("locked"), new_token(), Path("/dev/full")
    (folder / "password").write_text(PASSWORD)
    known = entry(token, name="bystander", rights=Right.SPEAK, expires=None)
    (folder / "tokens.toml").write_text(known)
    files = {"password_file": f"{folder / 'password'}", "tokens": f"{folder / 'tokens.toml'}"}
    with ExitStack() as stack:
        log = stack.enter_context(full.open("w")) if full.exists() else subprocess.DEVNULL
        options = {"token": token}
        place = stack.enter_context(
            placed(options=options, stderr=log, log_level="info", **files, **SETTINGS)
        )
        place.measured = MEASURED
        yield place


@pytest.fixture
def undisturbed(place, request):
    """`async with undisturbed():` around what is done to the server."""
    return lambda: place.undisturbed(request.node.name.removeprefix("test_"))


def pytest_terminal_summary(terminalreporter):
    if MEASURED:
        terminalreporter.section("bystander")
        for line in table(MEASURED):
            terminalreporter.write_line(line)
