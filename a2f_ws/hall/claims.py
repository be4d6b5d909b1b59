"""Tokens with which sessions are taken up again."""

import hashlib
import hmac
import secrets
from typing import Final, Generic, TypeVar

from a2f_ws.errors import PeerError
from a2f_ws.wire.codes import Code

T = TypeVar("T")

TOKEN_BYTES: Final = 24
"""Random bytes of a token: 192 bits (ours)."""


class Claims(Generic[T]):
    """One token for each thing that can be claimed; each one is good once.

    Looked up by their digest, so that the time it takes says nothing about a token.
    """

    def __init__(self) -> None:
        """Know no token."""
        self._by_digest: dict[bytes, T] = {}
        self._digests: dict[T, bytes] = {}

    def new(self, thing: T) -> str:
        """A token for a thing; an older one for it is not good any more."""
        self.forget(thing)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        digest = _digest(token)
        self._by_digest[digest], self._digests[thing] = thing, digest
        return token

    def find(self, token: str) -> T:
        """The thing that a token is for.

        Raises:
            PeerError: 4404, there is none.
        """
        digest = _digest(token)
        thing = self._by_digest.get(digest)
        if thing is None or not hmac.compare_digest(digest, self._digests[thing]):
            text = "resume: the token is not known; open the session afresh, without it"
            raise PeerError(Code.UNKNOWN, text, field="resume")
        return thing

    def forget(self, thing: T) -> None:
        """Let nobody claim a thing any more."""
        digest = self._digests.pop(thing, None)
        if digest is not None:
            del self._by_digest[digest]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
