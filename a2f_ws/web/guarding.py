"""What the settings say of safety: who may come in, over what, and from where."""

import logging
import ssl
from collections.abc import Mapping
from pathlib import Path

from a2f_ws.errors import ConfigError
from a2f_ws.security.door import Door, make_door
from a2f_ws.security.limits import Limiter
from a2f_ws.security.tls import server_context
from a2f_ws.settings import Settings
from a2f_ws.web.origin import is_loopback

log = logging.getLogger(__name__)


def door_of(settings: Settings, environ: Mapping[str, str]) -> Door:
    """Who may come in.

    Args:
        settings: Names the files of the password and of the tokens, and the limits.
        environ: May have A2F_PASSWORD.

    Raises:
        ConfigError: A file cannot be used.
    """
    limiter = Limiter(
        total=settings.connections_max,
        per_address=settings.connections_per_address,
        rate_hz=settings.connects_per_s,
    )
    return make_door(
        limiter, password_file=settings.password_file, tokens=settings.tokens, environ=environ
    )


def tls_of(settings: Settings) -> ssl.SSLContext | None:
    """What encrypts, or None.

    Raises:
        ConfigError: A file cannot be used, or one of the two is missing.
    """
    if not settings.tls_cert and not settings.tls_key:
        return None
    if not settings.tls_cert or not settings.tls_key:
        found, missing = ("tls_cert", "tls_key")[:: 1 if settings.tls_cert else -1]
        raise ConfigError(f"{found}: found without {missing}, wanted both or none of them")
    return server_context(Path(settings.tls_cert), Path(settings.tls_key))


def check_address(settings: Settings, *, is_locked: bool) -> None:
    """Refuse to listen where strangers could come in, and tell what they could read.

    Args:
        settings: Where to listen.
        is_locked: A password or a token is wanted.

    Raises:
        ConfigError: Everybody on that network could connect.
    """
    if is_loopback(settings.host):
        return
    if not is_locked and not settings.allow_unauthenticated:
        raise ConfigError(
            f"host {settings.host}: everybody on that network could connect; wanted a password"
            " (--password-file or A2F_PASSWORD), tokens (--tokens), a loopback address such as"
            " 127.0.0.1, or --allow-unauthenticated"
        )
    if is_locked and not settings.tls_cert:
        log.warning(
            "host %s: without TLS (--tls-cert, --tls-key) others on the way can listen, and take"
            " tokens for themselves",
            settings.host,
        )
