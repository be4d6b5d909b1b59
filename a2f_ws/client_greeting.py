"""The greeting, at the client."""

import asyncio
from typing import Final

from msgspec.structs import replace

from a2f_ws.client_link import Link, ServerGoneError
from a2f_ws.wire.codes import Code
from a2f_ws.wire.greeting import Auth, Hello
from a2f_ws.wire.proof import proof_of
from a2f_ws.wire.requests import Identify

GREET_S: Final = 5.0
"""Longest wait for the greeting, seconds (protocol §4: handshake)."""


class Greeting:
    """Says who we are, to as many servers as need be.

    Attributes:
        hello: What the server told last about itself; None before that.
    """

    def __init__(self, link: Link, *, url: str) -> None:
        """Know nobody."""
        self.hello: Hello | None = None
        self._link, self._url = link, url
        self._identify: Identify | None = None
        self._password: str | None = None
        self._heard: asyncio.Future[Hello] = asyncio.get_running_loop().create_future()

    @property
    def is_over(self) -> bool:
        """True once the server has let us in."""
        return self._identify is not None

    def take(self, hello: Hello) -> None:
        """Hear of the server."""
        self.hello = hello
        if not self._heard.done():
            self._heard.set_result(hello)

    def lose(self, why: ServerGoneError) -> None:
        """It will not come."""
        if not self._heard.done():
            self._heard.set_exception(why)
            self._heard.exception()

    async def say(self, identify: Identify, *, password: str | None) -> None:
        """Say who we are and wait for the server's greeting.

        Args:
            identify: What to say, without a proof.
            password: The server's; None = nothing to prove, and no need to wait for a challenge.

        Raises:
            ServerGoneError: It does not come in time, or does not let us in.
        """
        try:
            async with asyncio.timeout(GREET_S):
                if password is not None:
                    shown = _proven(identify, password, auth=(await self._heard).auth)
                else:
                    shown = identify
                await self._link.ask_here(shown)
                await self._heard
        except ServerGoneError as error:
            if error.code != Code.AUTHENTICATION:
                raise
            is_given = password is not None or identify.token is not None
            text = "is wrong" if is_given else "is wanted, and none was given"
            text = f"{self._url}: a password or token {text}: {error.message}"
            raise ServerGoneError(error.code, text) from None
        except TimeoutError:
            text = f"{self._url}: no greeting within {GREET_S:g} s"
            raise ServerGoneError(Code.TIMEOUT, text) from None
        self._identify, self._password = identify, password

    def prepare(self) -> None:
        """Another socket has opened: forget what the older server said."""
        self._heard = asyncio.get_running_loop().create_future()

    async def again(self) -> None:
        """Say the same on another socket.

        Raises:
            ServerGoneError: As `say`.
        """
        if self._identify is not None:
            await self.say(self._identify, password=self._password)


def _proven(identify: Identify, password: str, *, auth: Auth) -> Identify:
    """The same with the answer to a challenge, where there is one."""
    if auth.kind != "challenge" or auth.salt is None or auth.challenge is None:
        return identify
    proof = proof_of(password, salt=auth.salt, challenge=auth.challenge)
    return replace(identify, proof=proof)
