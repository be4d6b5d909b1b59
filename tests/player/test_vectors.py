"""Replays protocol/vectors/playback on the Python player."""

import importlib.util
import sys
from pathlib import Path

import pytest

PROTOCOL = Path(__file__).resolve().parents[2] / "protocol"
FILES = sorted((PROTOCOL / "vectors" / "playback").glob("*.vec"))


@pytest.fixture(scope="module")
def generator():
    path = PROTOCOL / "generate_playback.py"
    before = list(sys.path)
    spec = importlib.util.spec_from_file_location("generate_playback", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_player_gives_what_the_vectors_expect(generator, path):
    found = path.read_text(encoding="utf-8").splitlines()
    wanted = generator.expected(found)
    assert len(found) == len(wanted)
    differing = [pair for pair in zip(found, wanted, strict=True) if not generator.is_equal(*pair)]
    assert differing == []


def test_check_finds_nothing_to_write(generator):
    assert generator.check() == []


def test_a_wrong_expectation_is_found_and_put_right(generator, monkeypatch, tmp_path):
    text = (PROTOCOL / "vectors" / "playback" / "start.vec").read_text(encoding="utf-8")
    (tmp_path / "start.vec").write_text(
        text.replace("= start", "= play", 1), encoding="utf-8", newline="\n"
    )
    monkeypatch.setattr(generator, "FOLDER", tmp_path)
    line = text.splitlines().index("= start 1 0 0.5") + 1
    assert generator.check() == [f"vectors/playback/start.vec:{line}"]
    assert generator.write() == [tmp_path / "start.vec"]
    assert generator.check() == []
    assert (tmp_path / "start.vec").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("found", "wanted", "is_equal"),
    [
        ("= play 1 0.5", "= play 1 0.500009", True),
        ("= play 1 0.5", "= play 1 0.50002", False),
        ("= play 1 0.5", "= stall 1 0.5", False),
        ("= 60000", "= 60001", False),
        ("= play 1 0.5", "= play 1 0.5 0.5", False),
        ("0 rest 1 0.5", "0 rest 1 0.500001", False),
    ],
)
def test_numbers_agree_within_a_hundred_thousandth_and_all_else_exactly(
    generator, found, wanted, is_equal
):
    assert generator.is_equal(found, wanted) is is_equal


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_scenario_says_what_it_shows_and_expects_something(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert any(line.startswith("= ") for line in lines)
