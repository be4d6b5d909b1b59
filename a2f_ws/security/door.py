"""The door of a server: asks for the password or a token, lets in, and looks again later."""

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from a2f_ws.errors import ConfigError, PeerError
from a2f_ws.security.challenge import Password, random_text
from a2f_ws.security.limits import Limiter, Shown
from a2f_ws.security.rights import ANYBODY, EVERY, Grant, Right
from a2f_ws.security.tokens import TOKENS_BYTES, Tokens, tokens_from
from a2f_ws.security.watched import Watched, read_text
from a2f_ws.wire.codes import Code
from a2f_ws.wire.greeting import Auth
from a2f_ws.wire.requests import Identify

log = logging.getLogger(__name__)

PASSWORD: Final = "A2F_PASSWORD"
"""Environment variable; no flag takes a password, since everybody can read command lines."""

PASSWORD_BYTES: Final = 4_096
SHORT_CHARS: Final = 12
"""Whoever overhears one greeting can try passwords at home, some 10^10 per second; shorter ones
are warned of (ours)."""


class Door:
    """Knows the password and the tokens, and checks what a client shows.

    Attributes:
        limiter: Counts connections and wrong proofs per address.
    """

    def __init__(
        self,
        limiter: Limiter,
        *,
        password: Watched[Password] | None = None,
        tokens: Watched[Tokens] | None = None,
        clock: Callable[[], float] = time.monotonic,
        calendar: Callable[[], float] = time.time,
    ) -> None:
        """Prepare; without password and tokens the door is open.

        Args:
            limiter: Counts.
            password: What `proof` is checked against, or None.
            tokens: Those known, or None.
            clock: Seconds, monotonic.
            calendar: Unix time, seconds, for the ends of tokens.
        """
        self.limiter = limiter
        self._password, self._tokens = password, tokens
        self._clock, self._calendar = clock, calendar

    @property
    def kind(self) -> Literal["none", "challenge", "token"]:
        """What `hello.auth.kind` says to whoever has shown nothing yet."""
        if self._password is not None:
            return "challenge"
        return "none" if self._tokens is None else "token"

    @property
    def is_locked(self) -> bool:
        """True when a client has to show something."""
        return self.kind != "none"

    def meet(self, address: str, *, bearer: str | None) -> "Meeting":
        """Begin with a client.

        Args:
            address: Of the peer.
            bearer: Token of the request's header `Authorization`, or None.

        Raises:
            PeerError: Closing. 4401: that token is not known, or has ended; 4429: too many that
                are not known came from its address.
        """
        if not self.is_locked:
            return Meeting(self, address, auth=Auth(), grant=ANYBODY)
        if bearer is not None and self._tokens is not None:
            grant = self._of_token(address, bearer, place="bearer token")
            return Meeting(self, address, auth=Auth(), grant=grant)
        if self._password is None:
            return Meeting(self, address, auth=Auth(kind="token"))
        password = self._password.current()
        auth = Auth(kind="challenge", salt=password.salt, challenge=random_text())
        return Meeting(self, address, auth=auth, password=password)

    def holds(self, grant: Grant) -> bool:
        """Whether a client that was let in may stay."""
        if grant is ANYBODY or not self.is_locked:
            return grant is ANYBODY and not self.is_locked
        if self._password is not None and grant == _of_password(self._password.current()):
            return True
        return (
            self._tokens is not None
            and self._tokens.current().holds(grant)
            and not self._has_ended(grant)
        )

    def tells_facts(self, bearer: str | None) -> bool:
        """Whether `/info` and `/metrics` are for whoever asks with this token."""
        if not self.is_locked:
            return True
        if bearer is None or self._tokens is None:
            return False
        grant = self._tokens.current().find(bearer)
        return grant is not None and grant.may(Right.ADMIN) and not self._has_ended(grant)

    def admit(self, meeting: "Meeting", message: Identify) -> Grant:
        """What a client's `identify` grants; see `Meeting.admit`."""
        fault = "found neither proof nor token, wanted "
        fault += "identify.token" if meeting.password is None else "identify.proof: the password"
        if message.token is not None and self._tokens is not None:
            try:
                return self._of_token(meeting.address, message.token, place="identify.token")
            except PeerError as error:
                if message.proof is None or meeting.password is None:
                    raise
                fault = error.message
        if message.proof is not None and meeting.password is not None:
            return self._of_proof(meeting, message.proof, password=meeting.password)
        raise _refusal(fault)

    def _of_proof(self, meeting: "Meeting", proof: str, *, password: Password) -> Grant:
        now, address = self._clock(), meeting.address
        wait_s = self.limiter.wait_s(address, now=now)
        if wait_s > 0:
            text = f"too many wrong passwords; retry in {math.ceil(wait_s)} s"
            raise PeerError(Code.BUSY, text, closes=True)
        if not password.admits(proof, challenge=meeting.auth.challenge or ""):
            self.limiter.fail(address, now=now)
            raise _refusal("identify.proof: the password is wrong")
        self.limiter.succeed(address, now=now)
        return _of_password(password)

    def _of_token(self, address: str, token: str, *, place: str) -> Grant:
        """What a token grants; a right one is never held up by wrong ones."""
        grant = self._tokens.current().find(token) if self._tokens is not None else None
        if grant is None:
            now, shown = self._clock(), Shown.TOKEN
            wait_s = self.limiter.wait_s(address, now=now, shown=shown)
            if wait_s > 0:
                text = f"too many wrong tokens; retry in {math.ceil(wait_s)} s"
                raise PeerError(Code.BUSY, text, closes=True)
            self.limiter.fail(address, now=now, shown=shown)
            raise _refusal(f"{place}: not known here")
        if self._has_ended(grant):
            raise _refusal(f"{place}: {grant.name} has expired")
        return grant

    def _has_ended(self, grant: Grant) -> bool:
        return grant.expires_s is not None and self._calendar() >= grant.expires_s


class Meeting:
    """One client that has not been let in yet, or has shown its token with its request.

    Attributes:
        address: Of the peer.
        auth: What `hello` asks for.
        password: As it was when the challenge was made, or None.
    """

    def __init__(
        self,
        door: Door,
        address: str,
        *,
        auth: Auth,
        grant: Grant | None = None,
        password: Password | None = None,
    ) -> None:
        """See `Door.meet`."""
        self.address, self.auth, self.password = address, auth, password
        self._door, self._grant = door, grant

    def admit(self, message: Identify) -> Grant:
        """What the client may do.

        Raises:
            PeerError: Closing. 4401: proof or token is missing, wrong, or has ended; 4429: too many
                wrong proofs came from its address.
        """
        return self._grant or self._door.admit(self, message)

    def holds(self, grant: Grant) -> bool:
        """Whether the client may stay."""
        return self._door.holds(grant)


def make_door(
    limiter: Limiter, *, password_file: str, tokens: str, environ: Mapping[str, str]
) -> Door:
    """The door that a user wants.

    Args:
        limiter: Counts.
        password_file: Path, "" = none.
        tokens: Path of the file of tokens, "" = none.
        environ: May have A2F_PASSWORD.

    Raises:
        ConfigError: A file cannot be used, or there are two passwords.
    """
    said = environ.get(PASSWORD)
    if said is not None and password_file:
        raise ConfigError(f"found {PASSWORD} and password_file, wanted one of them")
    password: Watched[Password] | None = None
    if password_file:
        file = Path(password_file)
        password = Watched(
            [file], lambda: _password(read_text(file, most_bytes=PASSWORD_BYTES), str(file))
        )
    elif said is not None:
        password = Watched((), lambda: _password(said, PASSWORD))
    return Door(limiter, password=password, tokens=_tokens(tokens) if tokens else None)


def bearer_of(values: Sequence[str]) -> str | None:
    """The token of a request's headers `Authorization`; None where there is no bearer token."""
    if len(values) != 1:
        return None
    scheme, _, token = values[0].strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _tokens(path: str) -> Watched[Tokens]:
    file = Path(path)
    watched = Watched(
        [file], lambda: tokens_from(read_text(file, most_bytes=TOKENS_BYTES), str(file))
    )
    if not watched.current().grants:
        log.warning("%s: has no token yet; `a2f-ws token new` makes one", file)
    return watched


def _password(text: str, place: str) -> Password:
    """The password in a text; a line end behind it does not count."""
    password = text.rstrip("\r\n")
    if not password:
        raise ConfigError(f"{place}: found nothing, wanted a password")
    if len(password) < SHORT_CHARS:
        log.warning("%s: a password of under %d characters can be guessed", place, SHORT_CHARS)
    return Password(password)


def _of_password(password: Password) -> Grant:
    return Grant(name="password", rights=EVERY, mark=password.salt.encode())


def _refusal(text: str) -> PeerError:
    return PeerError(Code.AUTHENTICATION, text, closes=True)
