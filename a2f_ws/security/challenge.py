"""The password of a server, kept as what its proofs are checked against."""

import base64
import hmac
import secrets
from typing import Final

from a2f_ws.wire.proof import answer_to, secret_of

RANDOM_BYTES: Final = 32
"""Of a salt and of a challenge: as many as the digest has (ours)."""


class Password:
    """Checks proofs; the password itself is forgotten at once.

    Attributes:
        salt: `hello.auth.salt`, new whenever the password is read.
    """

    __slots__ = ("_secret", "salt")

    def __init__(self, password: str, *, salt: str | None = None) -> None:
        """Derive the secret.

        Args:
            password: As its owner writes it.
            salt: None = a random one.
        """
        self.salt = random_text() if salt is None else salt
        self._secret = secret_of(password, self.salt)

    def admits(self, proof: str, *, challenge: str) -> bool:
        """Whether a proof answers a challenge; takes the same time wherever it differs.

        Args:
            proof: `identify.proof`.
            challenge: What this connection, and no other, was asked.
        """
        wanted = answer_to(challenge, secret=self._secret)
        return hmac.compare_digest(wanted.encode(), proof.encode(errors="replace"))


def random_text() -> str:
    """base64 of 32 random bytes: a salt or a challenge."""
    return base64.b64encode(secrets.token_bytes(RANDOM_BYTES)).decode("ascii")
