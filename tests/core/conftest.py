"""A client without a socket."""

import pytest

from tests.core.desk import Desk


@pytest.fixture
def desk(scripted):
    """A client of a server with that model."""
    return Desk(scripted)


@pytest.fixture
def burst(desk):
    """A burst session at 60 poses a second, its greeting read."""
    desk.open(pacing="burst")
    desk.work()
    desk.read()
    return desk
