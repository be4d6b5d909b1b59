import pytest

from tests.training.glb import HEAD, PARTS, Glb


@pytest.fixture(scope="session")
def glb():
    return Glb(HEAD.read_bytes())


@pytest.fixture(scope="session")
def parts(glb):
    return {name: glb.drawn(name) for name in PARTS}
