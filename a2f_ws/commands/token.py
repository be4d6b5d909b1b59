"""`a2f-ws token`: makes tokens and lists those there are."""

import os
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from rich.table import Table

from a2f_ws.commands.screen import err, out, plain_table
from a2f_ws.errors import ConfigError
from a2f_ws.security.rights import names_of, rights_of
from a2f_ws.security.tokens import TOKENS_BYTES, Tokens, entry, new_token, tokens_from
from a2f_ws.security.watched import read_text

FILE: Final = "A2F_TOKENS"
"""Environment variable with the path, the same as for `a2f-ws serve`."""

SPAN: Final = re.compile(r"(\d{1,5})([hdw])")
UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
PRIVATE: Final = 0o600


def make(file: str, *, name: str, rights: str, expires: str) -> None:
    """Print a new token and write its digest behind those that the file has.

    Args:
        file: Path, "" = that of A2F_TOKENS; it is made where there is none.
        name: For logs.
        rights: Names of rights, parted by commas.
        expires: A span such as 90d, a date or time of ISO 8601, or "" = never.

    Raises:
        ConfigError: One of these cannot be used, or the file cannot be written.
    """
    path = _path(file, os.environ)
    try:
        granted = rights_of(word.strip() for word in rights.split(","))
    except ValueError as error:
        raise ConfigError(f"--rights: {error}") from None
    ends = end_of(expires, now=datetime.now(UTC)) if expires else None
    token = new_token()
    added = entry(token, name=name, rights=granted, expires=ends)
    before = read_text(path, most_bytes=TOKENS_BYTES) if path.exists() else ""
    parted = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    tokens_from(before + parted + added, str(path))
    _append(path, parted + added)
    print(token, flush=True)
    until = f" until {ends:%Y-%m-%d %H:%M} UTC" if ends else ""
    err().print(f"{path}: {name} may {names_of(granted)}{until}. The token is not kept anywhere:")
    err().print("this is the only time that it is shown.")


def show(file: str) -> None:
    """Print the tokens of a file by name.

    Raises:
        ConfigError: The file cannot be used.
    """
    path = _path(file, os.environ)
    known = tokens_from(read_text(path, most_bytes=TOKENS_BYTES), str(path))
    out().print(table(known, now_s=time.time()))


def table(known: Tokens, *, now_s: float) -> Table:
    """One line per token.

    Args:
        known: The tokens.
        now_s: Unix time, seconds.
    """
    lines = plain_table("token", "rights", "expires")
    for grant in known.grants.values():
        ends = "never"
        if grant.expires_s is not None:
            ends = f"{datetime.fromtimestamp(grant.expires_s, UTC):%Y-%m-%d %H:%M} UTC"
            ends += " (over)" if grant.expires_s <= now_s else ""
        lines.add_row(grant.name, names_of(grant.rights), ends)
    return lines


def end_of(text: str, *, now: datetime) -> datetime:
    """When a token ends.

    Args:
        text: A span such as 12h, 90d or 4w, or a date or time of ISO 8601; UTC unless it says.
        now: Present time, with its time zone.

    Raises:
        ConfigError: It is neither, or has passed.
    """
    span = SPAN.fullmatch(text)
    try:
        if span is not None:
            end = now + int(span[1]) * UNITS[span[2]]
        else:
            end = datetime.fromisoformat(text)
            end = end if end.tzinfo else end.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        wanted = "a span such as 90d, 12h or 4w, or a date such as 2027-01-31"
        raise ConfigError(f"--expires: found {text!r}, wanted {wanted}") from None
    if end <= now:
        raise ConfigError(f"--expires: found {text!r}, wanted a time that is still to come")
    return end


def _path(file: str, environ: Mapping[str, str]) -> Path:
    path = file or environ.get(FILE, "")
    if not path:
        raise ConfigError(f"found neither --file nor {FILE}, wanted the file of the tokens")
    return Path(path)


def _append(path: Path, text: str) -> None:
    """Write behind what is there, at one go: a server may read the file at any time."""
    try:
        number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE)
        with os.fdopen(number, "ab", buffering=0) as stream:
            stream.write(text.encode())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from None
