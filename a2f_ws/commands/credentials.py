"""What a command shows to a server: password or token, from a file or the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from a2f_ws.errors import ConfigError
from a2f_ws.security.watched import read_text

PASSWORD: Final = "A2F_PASSWORD"
TOKEN: Final = "A2F_TOKEN"
"""Environment variables. No flag takes a secret itself: everybody can read command lines."""

SECRET_BYTES: Final = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Arguments of `connect`.

    Attributes:
        password: The server's, or None.
        token: Bearer token, or None.
    """

    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


def read_credentials(
    password_file: Path | None, token_file: Path | None, *, environ: Mapping[str, str]
) -> Credentials:
    """What the user has for a server; files win over the environment.

    Args:
        password_file: File with the password, or None.
        token_file: File with the token, or None.
        environ: May have A2F_PASSWORD and A2F_TOKEN.

    Raises:
        ConfigError: A file cannot be read, or is empty.
    """
    return Credentials(
        password=_secret(password_file, environ.get(PASSWORD)),
        token=_secret(token_file, environ.get(TOKEN)),
    )


def _secret(file: Path | None, said: str | None) -> str | None:
    """What a file says but for the line end behind it, or what the environment says."""
    if file is None:
        return said or None
    secret = read_text(file, most_bytes=SECRET_BYTES).rstrip("\r\n")
    if not secret:
        raise ConfigError(f"{file}: found nothing, wanted a password or token")
    return secret
