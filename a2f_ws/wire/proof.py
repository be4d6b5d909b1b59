"""The answer to a challenge: knowledge of the password, shown without sending it."""

import base64
import hashlib


def secret_of(password: str, salt: str) -> str:
    """What both sides derive from the password: base64(SHA-256(password + salt)).

    Args:
        password: As its owner writes it; counted as UTF-8.
        salt: `hello.auth.salt`, taken as the text it is.

    Source:
        The authentication of obs-websocket 5 (`docs/generated/protocol.md`, "Creating an
        authentication string").
    """
    return _digest(password + salt)


def proof_of(password: str, *, salt: str, challenge: str) -> str:
    """`identify.proof`: base64(SHA-256(secret + challenge)).

    Args:
        password: As its owner writes it.
        salt: `hello.auth.salt`.
        challenge: `hello.auth.challenge`, good for this one connection.
    """
    return answer_to(challenge, secret=secret_of(password, salt))


def answer_to(challenge: str, *, secret: str) -> str:
    """The proof of whoever has the secret instead of the password.

    Args:
        challenge: `hello.auth.challenge`.
        secret: As of `secret_of`.
    """
    return _digest(secret + challenge)


def _digest(text: str) -> str:
    """base64 of the SHA-256 of a text in UTF-8."""
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).digest()
    return base64.b64encode(digest).decode("ascii")
