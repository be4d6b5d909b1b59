"""TLS from a certificate and a key, which may be replaced while the server runs."""

import ssl
from pathlib import Path
from typing import Final

from a2f_ws.errors import ConfigError
from a2f_ws.security.watched import Watched

PEM: Final = ("-----BEGIN CERTIFICATE-----", "PRIVATE KEY-----")
"""What a file with a certificate, and one with a key, has to contain (RFC 7468)."""


def server_context(cert: Path, key: Path) -> ssl.SSLContext:
    """A context that shows each new connection the certificate that lies there by then.

    Args:
        cert: PEM file: the certificate, then those that vouch for it.
        key: PEM file: its key, without a passphrase.

    Raises:
        ConfigError: One of the files cannot be used; the text says which.
    """
    watched = Watched((cert, key), lambda: _context(cert, key))

    def refresh(tls: ssl.SSLObject | ssl.SSLSocket, *of_hello: object) -> None:
        del of_hello
        tls.context = watched.current()

    context = watched.current()
    # Called for every connection, with or without a server's name in its first message.
    context.sni_callback = refresh
    return context


def _context(cert: Path, key: Path) -> ssl.SSLContext:
    """What serves one certificate."""
    for file, mark in zip((cert, key), PEM, strict=True):
        _check(file, mark)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        # A key with a passphrase would make the library ask for it on the terminal.
        context.load_cert_chain(cert, key, password=_no_passphrase)
    except ssl.SSLError as error:
        reason = (error.reason or str(error)).replace("_", " ").lower()
        raise ConfigError(f"{key}: not the key of {cert}: {reason}") from None
    except (OSError, ValueError) as error:
        raise ConfigError(f"{key}: cannot be used as the key of {cert}: {error}") from None
    return context


def _check(file: Path, mark: str) -> None:
    """Complain of a file that cannot be what it is meant to be."""
    try:
        text = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    if mark.encode() not in text:
        what = "certificate" if mark == PEM[0] else "private key"
        raise ConfigError(f"{file}: found no {what}, wanted a PEM file with one")


def _no_passphrase() -> str:
    raise ValueError("it has a passphrase, wanted one without")
