"""One connection at the client: the greeting, sessions, and who gets which message."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from time import perf_counter
from typing import Final, Literal

from msgspec.structs import replace

from a2f_ws.client_link import Link, ServerGoneError
from a2f_ws.client_session import ClientSession, weight_sets
from a2f_ws.client_view import OnStatus, View
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.wire import replies, requests
from a2f_ws.wire.codes import Code
from a2f_ws.wire.greeting import Auth, Hello
from a2f_ws.wire.messages import AudioFormat, Message
from a2f_ws.wire.proof import proof_of

log = logging.getLogger(__name__)

GREET_S: Final = 5.0
"""Longest wait for the greeting, seconds (protocol §4: handshake)."""

GEOMETRY_HZ: Final = 30
"""As in `open` where it is not given."""

Format = Literal["s16le", "f32le", "ulaw", "alaw"]


class Client:
    """One connection, for any number of sessions.

    Attributes:
        url: Where the server is.
    """

    def __init__(self, link: Link, tasks: asyncio.TaskGroup, *, url: str) -> None:
        """Read from now on; `greet` has to follow.

        Args:
            link: The socket.
            tasks: Everything that runs in the background belongs to it.
            url: Where the server is.
        """
        self.url = url
        self._link, self._tasks = link, tasks
        self._views: dict[int, View] = {}
        self._hello: asyncio.Future[Hello] = asyncio.get_running_loop().create_future()
        self._reader = tasks.create_task(self._read())

    @property
    def hello(self) -> Hello:
        """What the server told about itself: models, rigs, limits and more."""
        return self._hello.result()

    async def greet(self, identify: requests.Identify, *, password: str | None = None) -> None:
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
                    identify = _proven(identify, password, auth=(await self._hello).auth)
                await self._link.ask(identify)
                await self._hello
        except ServerGoneError as error:
            if error.code != Code.AUTHENTICATION:
                raise
            is_given = password is not None or identify.token is not None
            text = "is wrong" if is_given else "is wanted, and none was given"
            text = f"{self.url}: a password or token {text}: {error.message}"
            raise ServerGoneError(error.code, text) from None
        except TimeoutError:
            text = f"{self.url}: no greeting within {GREET_S:g} s"
            raise ServerGoneError(Code.TIMEOUT, text) from None

    async def open(  # noqa: PLR0913 - the fields of the message
        self,
        *,
        rig: str = "arkit",
        have: Sequence[str] = (),
        fps: int | list[int] = 60,
        rate: int = 16_000,
        format: Format = "s16le",
        channels: int = 1,
        source: Literal["line", "mic"] = "line",
        model: str | None = None,
        pacing: Literal["live", "burst"] = "live",
        ahead_us: int = 1_500_000,
        emotion: Mapping[str, float] | None = None,
        params: Mapping[str, float] | None = None,
        weights: Mapping[str, Mapping[str, float]] | None = None,
        table: Mapping[str, object] | None = None,
        geometry_hz: int | None = None,
        player: PosePlayer | None = None,
        on_status: OnStatus | None = None,
    ) -> ClientSession:
        """Open a session.

        Args:
            rig: Name of a rig, or "auto" for the best one for `have`.
            have: Names of the curves that the mesh has; empty = all curves of the rig.
            fps: Poses per second, 10 … 240, also as [numerator, denominator].
            rate: Sample frames per second of the sound, 8,000 … 192,000.
            format: s16le, f32le, ulaw or alaw.
            channels: Interleaved channels, 1 … 8.
            source: "line" = utterances that end, "mic" = an open microphone.
            model: Name of a model; None = the server's first.
            pacing: "live" follows the play head, "burst" computes everything at once.
            ahead_us: How far beyond the play head live poses come, 250,000 … 60,000,000 µs.
            emotion: Emotion at the start by name, 0 … 1; None = the model's own.
            params: Face parameters by name.
            weights: Weight of the face → any of gain, offset.
            table: A rig table as a map (engines/README.md); `rig` is then what to call it.
            geometry_hz: Most meshes per second of sound, 1 … 60, as `Pose.mesh`; None = none.
            player: Gets everything that the session receives, to show poses against a clock.
            on_status: Called for every `status`, must neither wait nor raise; None logs them.

        Raises:
            ServerError: The server refused it; `field` says what is wrong.
            ServerGoneError: The connection is over.
        """
        sid = next(number for number in count(1) if number not in self._views)
        audio = AudioFormat(format=format, rate=rate, channels=channels, source=source)
        request = requests.Open(
            sid=sid,
            rig=rig,
            have=tuple(have) or None,
            fps=fps,
            audio=audio,
            model=model,
            pacing=pacing,
            ahead_us=ahead_us,
            emotion=None if emotion is None else dict(emotion),
            params=None if params is None else dict(params),
            weights=weight_sets(weights),
            table=None if table is None else dict(table),
            want=("geometry",) if geometry_hz else (),
            geometry_hz=geometry_hz or GEOMETRY_HZ,
        )
        return await self._open(request, audio=audio, player=player, on_status=on_status)

    async def ping(self) -> float:
        """Time to the server and back, seconds.

        Raises:
            ServerGoneError: The connection is over.
        """
        begun = perf_counter()
        await self._link.ask(requests.Ping(t=int(begun * MICROSECONDS)))
        return perf_counter() - begun

    async def close(self) -> None:
        """Stop sending and close the socket; every session on it ends."""
        for view in self._views.values():
            for speech in view.speeches.values():
                speech.halt()
        try:
            await self._link.close()
            await asyncio.wait([self._reader])
        finally:
            self._reader.cancel()

    async def _read(self) -> None:
        """Hand out what comes until the connection is over."""
        await self._link.read(self._take)
        lost = self._link.lost or ServerGoneError(Code.GOING_AWAY, "the connection is closed")
        if not self._hello.done():
            self._hello.set_exception(lost)
            self._hello.exception()
        for view in self._views.values():
            view.lose(lost)

    async def _take(self, message: Message) -> None:
        match message:
            case Hello():
                self._hello.set_result(message)
            case requests.Ping():
                with suppress(ServerGoneError):
                    await self._link.send(replies.Pong(re=message.id, t=message.t))
            case _:
                self._take_for_session(message)

    async def _open(
        self,
        request: requests.Open,
        *,
        audio: AudioFormat,
        player: PosePlayer | None,
        on_status: OnStatus | None,
    ) -> ClientSession:
        """Wait for `opened`; whoever is cancelled meanwhile leaves no session behind."""
        view = View(request.sid, ahead_us=request.ahead_us, player=player, on_status=on_status)
        self._views[view.sid] = view
        try:
            await self._link.ask(request)
        except asyncio.CancelledError:
            self._tasks.create_task(self._abandon(request.sid))
            raise
        limits = self.hello.limits
        return ClientSession(
            view, audio, link=self._link, tasks=self._tasks, limits=limits, player=player
        )

    async def _abandon(self, sid: int) -> None:
        """Close a session that nobody waits for any more."""
        with suppress(ServerGoneError):
            await self._link.send(requests.Close(sid=sid))

    def _take_for_session(self, message: Message) -> None:
        """Tell the session first, so that whoever asked finds it as the answer says."""
        sid = getattr(message, "sid", None)
        view = self._views.get(sid) if sid is not None else None
        is_answer = isinstance(message, replies.Error) and message.re is not None
        if view is not None and not is_answer:
            view.take(message)
        if isinstance(message, replies.Closed):
            self._views.pop(message.sid, None)
        is_awaited = self._link.answer(message)
        if isinstance(message, replies.Error) and not is_awaited and view is None:
            log.warning("%s: %s (%d)", self.url, message.message, message.code)


def _proven(identify: requests.Identify, password: str, *, auth: Auth) -> requests.Identify:
    """The same with the answer to a challenge, where there is one."""
    if auth.kind != "challenge" or auth.salt is None or auth.challenge is None:
        return identify
    proof = proof_of(password, salt=auth.salt, challenge=auth.challenge)
    return replace(identify, proof=proof)
