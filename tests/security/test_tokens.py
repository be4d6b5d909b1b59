"""The file of tokens."""

from datetime import UTC, datetime

import pytest

from a2f_ws.errors import ConfigError
from a2f_ws.security.rights import Right
from a2f_ws.security.tokens import TOKENS_MAX, digest_of, entry, new_token, tokens_from

HASH = "sha256:" + 64 * "0"


def test_a_token_that_was_written_is_found_with_what_it_grants():
    token = new_token()
    ends = datetime(2027, 1, 31, 12, tzinfo=UTC)
    text = entry(token, name="voice-agent", rights=Right.SPEAK | Right.WATCH, expires=ends)
    tokens = tokens_from(text, "tokens.toml")
    grant = tokens.find(token)
    assert (grant.name, grant.rights) == ("voice-agent", Right.SPEAK | Right.WATCH)
    assert grant.expires_s == ends.timestamp()
    assert tokens.holds(grant)
    assert token not in text and token not in repr(tokens.__dict__)


@pytest.mark.parametrize("other", ["", "a2f_", "鍵", "\ud800", "a2f_" + 43 * "A"])
def test_another_token_is_not_found(other):
    text = entry(new_token(), name="one", rights=Right.SPEAK, expires=None)
    assert tokens_from(text, "tokens.toml").find(other) is None


def test_the_digest_in_the_file_is_no_token_itself():
    token = new_token()
    tokens = tokens_from(entry(token, name="one", rights=Right.SPEAK, expires=None), "t")
    assert tokens.find(digest_of(token).hex()) is None
    assert tokens.find("sha256:" + digest_of(token).hex()) is None


def test_a_grant_whose_rights_have_changed_holds_no_more():
    token = new_token()
    before = tokens_from(entry(token, name="one", rights=Right.SPEAK, expires=None), "t")
    after = tokens_from(entry(token, name="one", rights=Right.WATCH, expires=None), "t")
    assert not after.holds(before.find(token))
    assert not tokens_from("", "t").holds(before.find(token))


def test_tokens_are_random_and_can_be_recognised():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(token.startswith("a2f_") and len(token) == 47 for token in tokens)


@pytest.mark.parametrize(
    ("expires", "unix_s"),
    [
        ("2027-01-31", 1801353600.0),
        ("2027-01-31T00:00:00", 1801353600.0),
        ("2027-01-31T01:00:00+01:00", 1801353600.0),
    ],
)
def test_the_end_of_a_token_is_a_time_or_a_date_in_utc(expires, unix_s):
    text = f'[[token]]\nname = "a"\nhash = "{HASH}"\nrights = ["speak"]\nexpires = {expires}\n'
    (grant,) = tokens_from(text, "t").grants.values()
    assert grant.expires_s == unix_s


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("token = 3", "wanted at most"),
        ("token = [3]", "token 1: wanted a table"),
        ("[server]", "found 'server', wanted only"),
        ("[[token]", "not a TOML file"),
        ("[[token]]\nnome = 'a'", "token 1: found 'nome'"),
        ("[[token]]\nname = 'a b'", "token 1: name"),
        ("[[token]]\nname = 'a'\nhash = 'a2f_the-token-itself'", r"token 1 \(a\): hash"),
        (f"[[token]]\nname = 'a'\nhash = '{HASH}'", r"\(a\): rights: wanted a list"),
        (f"[[token]]\nname = 'a'\nhash = '{HASH}'\nrights = ['root']", "found 'root'"),
        (f"[[token]]\nname = 'a'\nhash = '{HASH}'\nrights = ['speak']\nexpires = 3", "expires"),
        (2 * f"[[token]]\nname = 'a'\nhash = '{HASH}'\nrights = ['speak']\n", "found 'a' twice"),
        ((TOKENS_MAX + 1) * "[[token]]\n", "wanted at most 1024"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(text, complaint):
    with pytest.raises(ConfigError, match=f"tokens.toml: .*{complaint}") as fault:
        tokens_from(text, "tokens.toml")
    assert "the-token-itself" not in str(fault.value)


def test_a_name_that_would_not_be_one_in_the_file_is_refused():
    with pytest.raises(ConfigError, match="found 'a\"b'"):
        entry(new_token(), name='a"b', rights=Right.SPEAK, expires=None)
