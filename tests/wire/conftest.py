"""The vector reader that `protocol/vectors/README.md` prints, and the files it reads."""

import re
from pathlib import Path

import pytest

PROTOCOL = Path(__file__).resolve().parents[2] / "protocol"
VECTORS = PROTOCOL / "vectors"


def _printed_reader():
    page = (VECTORS / "README.md").read_text(encoding="utf-8")
    names: dict = {}
    exec(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], names)
    return names["read_blocks"]


def blocks_of(folder):
    """(test id, words, fields) of every block in a folder of vectors."""
    read_blocks = _printed_reader()
    for path in sorted(folder.glob("*.vec")):
        for words, fields in read_blocks(path.read_text(encoding="utf-8")):
            yield f"{path.stem}: {words['#']}", words, fields


def pytest_generate_tests(metafunc):
    folders = {"generated": VECTORS, "accepted": VECTORS / "accept", "refused": VECTORS / "reject"}
    for name, folder in folders.items():
        if name in metafunc.fixturenames:
            cases = list(blocks_of(folder))
            assert cases
            metafunc.parametrize(
                name, [case[1:] for case in cases], ids=[case[0] for case in cases]
            )


@pytest.fixture
def protocol_folder():
    return PROTOCOL


@pytest.fixture
def all_generated():
    return list(blocks_of(VECTORS))
