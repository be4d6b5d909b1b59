"""One connection at the client: the greeting, sessions, and who gets which message."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from time import monotonic, perf_counter
from typing import Final, Literal, TypeVar

from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection

from a2f_ws.client_greeting import Greeting
from a2f_ws.client_link import Link, ServerError, ServerGoneError
from a2f_ws.client_return import Dial, Return
from a2f_ws.client_session import ClientSession, copied, curve_sets, weight_sets
from a2f_ws.client_view import OnStatus, View
from a2f_ws.client_watch import Watch
from a2f_ws.client_watch_view import WatchView
from a2f_ws.errors import MisuseError
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.wire import replies, requests
from a2f_ws.wire.greeting import Hello
from a2f_ws.wire.messages import AudioFormat, Message

log = logging.getLogger(__name__)

GEOMETRY_HZ: Final = 30
"""As in `open` where it is not given."""

Format = Literal["s16le", "f32le", "ulaw", "alaw"]

V = TypeVar("V", bound=View)


class Client:
    """One connection, for any number of sessions.

    Attributes:
        url: Where the server is.
    """

    def __init__(
        self, link: Link, tasks: asyncio.TaskGroup, *, url: str, dial: Dial | None = None
    ) -> None:
        """Read from now on; `greet` has to follow.

        Args:
            link: The socket.
            tasks: Everything that runs in the background belongs to it.
            url: Where the server is.
            dial: Makes another socket when one is lost; None = then everything is over.
        """
        self.url = url
        self._link, self._tasks = link, tasks
        self._views: dict[int, View] = {}
        self._greeting = Greeting(link, url=url)
        self._return = dial and Return(link, self._greeting, dial=dial, views=self._views)
        self._is_leaving = asyncio.Event()
        self._reader = tasks.create_task(self._read())

    @property
    def hello(self) -> Hello:
        """What the server told about itself: models, rigs, limits and more."""
        if self._greeting.hello is None:
            raise MisuseError(f"{self.url} is asked for before it has greeted")
        return self._greeting.hello

    async def greet(self, identify: requests.Identify, *, password: str | None = None) -> None:
        """Say who we are and wait for the server's greeting; see `Greeting.say`."""
        await self._greeting.say(identify, password=password)

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
        curves: Mapping[str, Mapping[str, float]] | None = None,
        swap: Sequence[str] = (),
        table: Mapping[str, object] | None = None,
        geometry_hz: int | None = None,
        name: str | None = None,
        cache: bool = False,
        player: PosePlayer | None = None,
        on_status: OnStatus | None = None,
        patience_s: float = 0.0,
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
            curves: Curve → any of gain, offset, min, max.
            swap: Groups whose left and right change places.
            table: A rig table as a map (engines/README.md); `rig` is then what to call it.
            geometry_hz: Most meshes per second of sound, 1 … 60, as `Pose.mesh`; None = none.
            name: Under which others may watch it; live only.
            cache: True = a line that is said again, as `bytes`, need not be computed again.
            player: Gets everything that the session receives, to show poses against a clock.
            on_status: Called for every `status`, must neither wait nor raise; None logs them.
            patience_s: Longest wait for room where the server has none now, seconds.

        Raises:
            ServerError: It was refused; `field` says what is wrong, `retry_s` when to ask again.
            ServerGoneError: The connection is over.
        """
        audio = AudioFormat(format=format, rate=rate, channels=channels, source=source)
        request = requests.Open(
            sid=0, rig=rig, have=tuple(have) or None, fps=fps, audio=audio,
            model=model, pacing=pacing, ahead_us=ahead_us, emotion=copied(emotion),
            params=copied(params), weights=weight_sets(weights), curves=curve_sets(curves),
            swap=tuple(swap) or None, table=copied(table), name=name, cache=cache or None,
            want=("geometry",) if geometry_hz else (), geometry_hz=geometry_hz or GEOMETRY_HZ,
        )  # fmt: skip
        begun = partial(View, player=player, on_status=on_status)
        view = await self._begin(request, begun, patience_s=patience_s)
        return ClientSession(
            view, audio, link=self._link, tasks=self._tasks, limits=self.hello.limits,
            player=player, is_cached=cache,
        )  # fmt: skip

    async def watch(
        self,
        name: str,
        *,
        rig: str = "arkit",
        have: Sequence[str] = (),
        fps: int | list[int] = 60,
        curves: Mapping[str, Mapping[str, float]] | None = None,
        want_audio: bool = False,
        clock: bool = False,
        player: PosePlayer | None = None,
        on_status: OnStatus | None = None,
    ) -> Watch:
        """Follow the session that somebody speaks in under a name, now or later.

        Args:
            name: As the speaker has said in `open`.
            rig: Name of a rig, or "auto" for the best one for `have`.
            have: Names of the curves that the mesh has; empty = all curves of the rig.
            fps: Poses per second while nobody speaks; then it is the speaker's.
            curves: Curve → any of gain, offset, min, max.
            want_audio: True = the sound as well.
            clock: True = the play head of everybody is the one that `Watch.played` tells.
            player: Gets everything that comes, to show poses against a clock.
            on_status: Called for every `status`, must neither wait nor raise; None logs them.

        Raises:
            ServerError: The server refused it; `field` says what is wrong.
            ServerGoneError: The connection is over.
        """
        request = requests.Open(
            sid=0,
            rig=rig,
            have=tuple(have) or None,
            fps=fps,
            curves=curve_sets(curves),
            role="watch",
            name=name,
            clock=clock,
            want=("audio",) if want_audio else (),
        )
        begun = partial(WatchView, player=player, on_status=on_status)
        view = await self._begin(request, begun)
        return Watch(view, name=name, link=self._link)

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
        self._is_leaving.set()
        try:
            await self._link.close()
            await asyncio.wait([self._reader])
        finally:
            self._reader.cancel()

    async def _read(self) -> None:
        """Hand out what comes until the connection is over, and on the next one."""
        await self._link.read(self._take)
        while self._return is not None and (socket := await self._dialled(self._return)):
            self._greeting.prepare()
            self._link.renew(socket)
            self._tasks.create_task(self._return.take_up())
            await self._link.read(self._take)
        lost = self._link.lose()
        self._greeting.lose(lost)
        for view in list(self._views.values()):
            view.lose(lost)

    async def _dialled(self, returning: Return) -> ClientConnection | None:
        """Another socket; None = it is over, or we leave."""
        if self._is_leaving.is_set():
            return None
        leaving = self._tasks.create_task(_waited(self._is_leaving))
        dialling = self._tasks.create_task(returning.dial())
        try:
            await asyncio.wait([leaving, dialling], return_when=asyncio.FIRST_COMPLETED)
            return dialling.result() if dialling.done() else None
        finally:
            leaving.cancel()
            dialling.cancel()

    async def _take(self, message: Message) -> None:
        match message:
            case Hello():
                self._greeting.take(message)
            case requests.Ping():
                with suppress(ServerGoneError):
                    await self._link.send(replies.Pong(re=message.id, t=message.t))
            case _:
                self._take_for_session(message)

    async def _begin(
        self, request: requests.Open, begun: Callable[[requests.Open], V], *, patience_s: float = 0
    ) -> V:
        """Wait for `opened`; whoever is cancelled meanwhile leaves no session behind."""
        until = monotonic() + patience_s
        while True:
            request = replace(request, sid=self._free_sid())
            view = self._views[request.sid] = begun(request)
            try:
                await self._link.ask(request)
            except asyncio.CancelledError:
                self._tasks.create_task(self._abandon(request.sid))
                raise
            except ServerError as refusal:
                if (wait_s := refusal.wait_s(until)) is None:
                    raise
            else:
                return view
            await asyncio.sleep(wait_s)

    def _free_sid(self) -> int:
        return next(number for number in count(1) if number not in self._views)

    async def _abandon(self, sid: int) -> None:
        """Close a session that nobody waits for any more."""
        with suppress(ServerGoneError):
            await self._link.send(requests.Close(sid=sid))

    def _take_for_session(self, message: Message) -> None:
        """Tell the session first, so that whoever asked finds it as the answer says."""
        sid = getattr(message, "sid", None)
        view = self._views.get(sid) if sid is not None else None
        is_answer = isinstance(message, replies.Error) and message.re is not None
        if view is not None and view.is_away and isinstance(message, replies.Closed):
            return
        if view is not None and not is_answer:
            view.take(message)
        if isinstance(message, replies.Closed):
            self._views.pop(message.sid, None)
        is_awaited = self._link.answer(message)
        if isinstance(message, replies.Error) and not is_awaited and view is None:
            log.warning("%s: %s (%d)", self.url, message.message, message.code)


async def _waited(event: asyncio.Event) -> None:
    """What a task needs that waits for an event."""
    await event.wait()
