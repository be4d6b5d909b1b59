"""Files that are read again when they change."""

import logging
import os

import pytest

from a2f_ws.errors import ConfigError
from a2f_ws.security.watched import Watched, read_text


def numbers(file):
    """A watched file that has to contain a number."""

    def read():
        try:
            return int(read_text(file, most_bytes=10))
        except ValueError:
            raise ConfigError(f"{file}: no number") from None

    return Watched([file], read)


def write(file, text, *, at):
    file.write_text(text, encoding="utf-8")
    os.utime(file, (at, at))


def test_a_file_is_read_again_when_it_has_changed_and_only_then(tmp_path):
    file, reads = tmp_path / "file", []
    write(file, "1", at=1_000)
    watched = Watched([file], lambda: reads.append(1) or file.read_text())
    assert [watched.current(), watched.current()] == ["1", "1"]
    assert len(reads) == 1
    write(file, "2", at=2_000)
    assert watched.current() == "2"
    write(file, "3", at=1_000)
    assert watched.current() == "3"


@pytest.mark.parametrize("how", ["broken", "gone"])
def test_a_file_that_cannot_be_used_leaves_what_was_and_is_told_once(tmp_path, caplog, how):
    file = tmp_path / "file"
    write(file, "1", at=1_000)
    watched = numbers(file)
    if how == "gone":
        file.unlink()
    else:
        write(file, "one", at=2_000)
    with caplog.at_level(logging.INFO):
        assert [watched.current() for _ in range(3)] == [1, 1, 1]
    assert len(caplog.messages) == 1
    assert "stays in force" in caplog.messages[0] and str(file) in caplog.messages[0]
    write(file, "2", at=3_000)
    assert watched.current() == 2


def test_a_file_that_takes_the_place_of_another_is_noticed(tmp_path):
    file, other = tmp_path / "file", tmp_path / "other"
    write(file, "1", at=1_000)
    watched = numbers(file)
    write(other, "2", at=1_001)
    other.replace(file)
    assert watched.current() == 2


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "cannot be read"), (11 * b"1", "found more than 10 bytes"), (b"\xff", "not UTF-8")],
)
def test_a_file_that_is_none_of_ours_is_refused_with_its_name(tmp_path, content, complaint):
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError, match=complaint) as fault:
        read_text(file, most_bytes=10)
    assert str(file) in str(fault.value)
