"""Bearer tokens: a file of digests with names, rights and ends."""

import hashlib
import hmac
import re
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from a2f_ws.errors import ConfigError
from a2f_ws.security.rights import Grant, Right, rights_of

PREFIX: Final = "a2f_"
"""Begins every token, so that people and scanners of source code know one when they see it."""

RANDOM_BYTES: Final = 32
"""Of a token. So many cannot be guessed, whatever the digest costs: SHA-256 needs no salt here."""

SCHEME: Final = "sha256:"
TOKENS_BYTES: Final = 1024 * 1024
"""Longest file."""

TOKENS_MAX: Final = 1_024
"""Tokens of one file: each attempt is compared with all of them (ours)."""

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
KEYS: Final = ("name", "hash", "rights", "expires")


class Tokens:
    """The tokens that are known, without the tokens."""

    def __init__(self, grants: Mapping[bytes, Grant]) -> None:
        """Keep them.

        Args:
            grants: What is granted, by SHA-256 of the token.
        """
        self.grants = dict(grants)

    def find(self, token: str) -> Grant | None:
        """What a token grants, whether it has ended or not; compared with every one there is."""
        digest = digest_of(token)
        found = None
        for known, grant in self.grants.items():
            if hmac.compare_digest(known, digest):
                found = grant
        return found

    def holds(self, grant: Grant) -> bool:
        """Whether a grant stands in the file as it is."""
        return self.grants.get(grant.mark) == grant


def digest_of(token: str) -> bytes:
    """SHA-256 of a token as UTF-8."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def new_token() -> str:
    """A token that nobody has: `a2f_` and 43 characters for 256 random bits."""
    return PREFIX + secrets.token_urlsafe(RANDOM_BYTES)


def entry(token: str, *, name: str, rights: Right, expires: datetime | None) -> str:
    """What a file says of a token.

    Args:
        token: The token; only its digest is written.
        name: For logs; letters, digits, dots, hyphens and underscores.
        rights: What it may do.
        expires: When it ends, with its time zone; None = never.

    Raises:
        ConfigError: The name is none.
    """
    if NAME.fullmatch(name) is None:
        raise ConfigError(f"name: found {name!r}, wanted 1 to 64 of A-Z a-z 0-9 . _ -")
    words = ", ".join(f'"{right.name.lower()}"' for right in rights if right.name)
    lines = [
        "[[token]]",
        f'name = "{name}"',
        f'hash = "{SCHEME}{digest_of(token).hex()}"',
        f"rights = [{words}]",
    ]
    if expires is not None:
        lines.append(f"expires = {expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    return "\n".join(lines) + "\n"


def tokens_from(text: str, place: str) -> Tokens:
    """The tokens of a file.

    Args:
        text: TOML.
        place: The file, for complaints.

    Raises:
        ConfigError: It is not what it has to be; the text names the token and the key.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{place}: not a TOML file: {error}") from None
    tables = document.pop("token", [])
    if document:
        raise ConfigError(f"{place}: found {sorted(document)[0]!r}, wanted only [[token]]")
    if not isinstance(tables, list) or len(tables) > TOKENS_MAX:
        raise ConfigError(f"{place}: token: wanted at most {TOKENS_MAX} tables [[token]]")
    return Tokens(dict(_grants(tables, place)))


def _grants(tables: list[Any], place: str) -> Iterator[tuple[bytes, Grant]]:
    names: set[str] = set()
    for number, table in enumerate(tables, start=1):
        where = f"{place}: token {number}"
        if not isinstance(table, dict):
            raise ConfigError(f"{where}: wanted a table [[token]]")
        grant = _grant(table, where)
        if grant.name in names:
            raise ConfigError(f"{where}: name: found {grant.name!r} twice, wanted one of each")
        names.add(grant.name)
        yield grant.mark, grant


def _grant(table: Mapping[str, object], where: str) -> Grant:
    """One token. No complaint repeats a value that could be the token itself."""
    unknown = sorted(set(table) - set(KEYS))
    if unknown:
        raise ConfigError(f"{where}: found {unknown[0]!r}, wanted only {', '.join(KEYS)}")
    name, digest, rights = table.get("name"), table.get("hash"), table.get("rights")
    if not isinstance(name, str) or NAME.fullmatch(name) is None:
        raise ConfigError(f"{where}: name: wanted 1 to 64 of A-Z a-z 0-9 . _ -")
    if not isinstance(digest, str) or DIGEST.fullmatch(digest) is None:
        text = f'wanted "{SCHEME}" and 64 hex digits, as `a2f-ws token new` writes it'
        raise ConfigError(f"{where} ({name}): hash: {text}")
    if not isinstance(rights, list) or not rights:
        raise ConfigError(f"{where} ({name}): rights: wanted a list such as ['speak']")
    try:
        granted = rights_of(str(right) for right in rights)
    except ValueError as error:
        raise ConfigError(f"{where} ({name}): rights: {error}") from None
    return Grant(
        name=name,
        rights=granted,
        expires_s=_unix_s(table.get("expires"), f"{where} ({name})"),
        mark=bytes.fromhex(digest.removeprefix(SCHEME)),
    )


def _unix_s(value: object, where: str) -> float | None:
    """When a token ends; a date without a time means its first moment, in UTC."""
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise ConfigError(f"{where}: expires: found {value!r}, wanted a time such as 2027-01-31")
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
