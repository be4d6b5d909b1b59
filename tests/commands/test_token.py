"""`a2f-ws token`."""

import os
from datetime import UTC, datetime

import pytest

from a2f_ws.commands import token as command
from a2f_ws.errors import ConfigError
from a2f_ws.security.rights import EVERY, Right
from a2f_ws.security.tokens import tokens_from

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def known(file):
    return tokens_from(file.read_text(), str(file))


def make(file, **changes):
    command.make(str(file), **{"name": "one", "rights": "speak", "expires": ""} | changes)


def test_the_token_stands_alone_on_stdout_and_only_its_digest_in_the_file(tmp_path, capsys):
    file = tmp_path / "tokens.toml"
    make(file, rights="speak, watch", expires="90d")
    said = capsys.readouterr()
    token = said.out.strip()
    assert said.out == f"{token}\n" and token.startswith("a2f_")
    assert token not in said.err + file.read_text()
    grant = known(file).find(token)
    assert (grant.name, grant.rights) == ("one", Right.SPEAK | Right.WATCH)
    assert grant.expires_s is not None
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("before", ["", "# ours", "# ours\n"])
def test_a_token_is_added_to_what_the_file_says(tmp_path, before):
    file = tmp_path / "tokens.toml"
    file.write_text(before)
    make(file)
    make(file, name="two", rights="speak,watch,interrupt,admin")
    assert file.read_text().startswith(before)
    assert [grant.name for grant in known(file).grants.values()] == ["one", "two"]
    assert [*known(file).grants.values()][1].rights == EVERY


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"name": "one"}, "found 'one' twice"),
        ({"name": "two words"}, "found 'two words'"),
        ({"name": "two", "rights": "root"}, "--rights: found 'root'"),
        ({"name": "two", "rights": ""}, "--rights: found ''"),
        ({"name": "two", "expires": "soon"}, "--expires: found 'soon'"),
        ({"name": "two", "expires": "2001-01-01"}, "still to come"),
    ],
)
def test_what_cannot_be_used_leaves_the_file_as_it_was(tmp_path, changes, complaint):
    file = tmp_path / "tokens.toml"
    make(file)
    before = file.read_bytes()
    with pytest.raises(ConfigError, match=complaint):
        make(file, **changes)
    assert file.read_bytes() == before


def test_the_file_is_that_of_the_environment_unless_it_is_given(tmp_path, monkeypatch):
    monkeypatch.setenv("A2F_TOKENS", str(tmp_path / "mine.toml"))
    make("")
    assert (tmp_path / "mine.toml").exists()
    monkeypatch.delenv("A2F_TOKENS")
    with pytest.raises(ConfigError, match="neither --file nor A2F_TOKENS"):
        make("")


def test_tokens_are_listed_by_name_with_what_is_over(tmp_path, capsys):
    file = tmp_path / "tokens.toml"
    make(file, name="voice-agent", rights="speak,watch")
    make(file, name="visitor", expires="2h")
    capsys.readouterr()
    command.show(str(file))
    said = capsys.readouterr().out
    assert "voice-agent" in said and "speak, watch" in said and "never" in said
    (row,) = (
        command.table(tokens_from(file.read_text(), "t"), now_s=NOW.timestamp() + 1e9)
        .columns[2]
        ._cells[1:]
    )
    assert row.endswith("UTC (over)")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("12h", datetime(2026, 7, 2, tzinfo=UTC)),
        ("90d", datetime(2026, 9, 29, 12, tzinfo=UTC)),
        ("4w", datetime(2026, 7, 29, 12, tzinfo=UTC)),
        ("2027-01-31", datetime(2027, 1, 31, tzinfo=UTC)),
        ("2027-01-31T01:00+01:00", datetime(2027, 1, 31, tzinfo=UTC)),
    ],
)
def test_the_end_is_a_span_from_now_or_a_date(text, end):
    assert command.end_of(text, now=NOW) == end
