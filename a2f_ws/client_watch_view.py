"""What a client knows of a session that somebody else feeds."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from msgspec.structs import asdict
from msgspec.structs import replace as changed

from a2f_ws.client_link import ServerError
from a2f_ws.client_pose import Block
from a2f_ws.client_view import OnStatus, View
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.wire import replies, requests
from a2f_ws.wire.codes import Code
from a2f_ws.wire.messages import Message, Received
from a2f_ws.wire.requests import Open, Set

SAMPLE_BYTES: Final = {"s16le": 2, "f32le": 4, "ulaw": 1, "alaw": 1}
"""Bytes of one sample by `opened.audio.format`."""

NOBODY: Final = "waiting"
"""Code of the `status` that says that nobody speaks under the name (protocol §18)."""

UNREAD_MAX: Final = 4_096
"""Events that wait to be read; beyond it the oldest go (ours: a minute of everything)."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A piece of what is said.

    Attributes:
        u: Its utterance.
        first: Sample frame of the utterance at which it begins.
        pcm: Samples, in the format of `Watch.audio`.
    """

    u: int
    first: int
    pcm: bytes


Event: TypeAlias = replies.Opened | replies.Utterance | Block | Sound
"""What a watcher is told."""


@dataclass(slots=True)
class _Told:
    """What was told of an utterance: the next pose, the next sample frame, its states."""

    pose: int = 0
    frame: int = 0
    states: tuple[str, ...] = ()


class WatchView(View):
    """Takes the messages of one watching session; says everything once, and in order.

    Numbers of utterances rise for as long as it lives, whoever speaks.

    Attributes:
        is_spoken: Somebody speaks under the name.
        shift: What numbers are larger by here than on the wire.
        newest: Largest number so far.
        lost: Events that nobody has read in time.
        why: What ended it; None while it goes on, and after an end that was asked for.
    """

    def __init__(
        self, request: Open, *, player: PosePlayer | None, on_status: OnStatus | None
    ) -> None:
        """Know nothing; arguments as of `View`."""
        super().__init__(request, player=player, on_status=on_status)
        self._is_visible = True
        self.is_spoken = False
        self.shift = self.newest = self.lost = 0
        self.why: ServerError | None = None
        self._told: dict[int, _Told] = {}
        self._events: deque[Event] = deque()
        self._has_mail = asyncio.Event()

    def take(self, message: Message) -> None:
        """Take over what the server says."""
        if isinstance(message, replies.Utterance) and message.state == "started":
            self._begin(message.u)
        if isinstance(message, replies.Utterance | replies.Poses | requests.Audio):
            message = changed(message, u=message.u + self.shift)
        super().take(message)
        match message:
            case replies.Opened():
                self.is_spoken = bool(message.model)
                self._add(message)
            case replies.Status() if message.code == NOBODY:
                self.is_spoken = False
            case replies.Utterance():
                self._tell(message)
            case requests.Audio():
                self._hear(message)

    def show(self, block: Block) -> None:
        """Keep poses that were not told before."""
        told = self._told.get(block.u)
        skip = 0 if told is None else max(0, told.pose - block.i)
        if told is not None and skip < len(block.rows):
            told.pose = block.i + len(block.rows)
            self._add(replace(block, i=block.i + skip, rows=block.rows[skip:]))

    def wish(self, wishes: Set) -> None:
        """Keep in mind what was set, for another connection."""
        if wishes.rig is not None or wishes.have is not None:
            self.request = changed(
                self.request,
                rig=wishes.rig or self.request.rig,
                have=self.request.have if wishes.have is None else wishes.have,
                curves=None,
            )
        if wishes.curves is not None:
            curves = dict(self.request.curves or {})
            for name, part in wishes.curves.items():
                given = {k: v for k, v in asdict(part).items() if v is not None}
                curves[name] = changed(curves.get(name, part), **given)
            self.request = changed(self.request, curves=curves)
        if wishes.swap is not None:
            self.request = changed(self.request, swap=wishes.swap)
        if wishes.visible is not None:
            self._is_visible = wishes.visible

    def afresh(self) -> Open:
        """The request that begins anew: what the speaker says is not lost by it."""
        return self.request

    async def take_up(
        self, send: Callable[[Message], Awaitable[None]], received: Received | None
    ) -> None:
        """Wish on another connection for the same as before."""
        await super().take_up(send, received)
        if not self._is_visible:
            await send(Set(sid=self.sid, visible=False))

    def lose(self, why: ServerError) -> None:
        """Nothing more comes."""
        super().lose(why)
        if why.code != Code.NORMAL:
            self.why = why
        self._has_mail.set()

    async def event(self) -> Event | None:
        """The next event; None when nothing more comes.

        Raises:
            ServerError: It was ended by the server, or the connection is over.
        """
        while not self._events:
            if self.why is not None:
                raise self.why
            if self.is_closed:
                return None
            self._has_mail.clear()
            await self._has_mail.wait()
        return self._events.popleft()

    def _begin(self, u: int) -> None:
        """Number an utterance; one that was there before, and is over, is another speaker's."""
        number = u + self.shift
        if number in self._told:
            return
        if number <= self.newest:
            self.shift = self.newest + 1 - u
        self.newest = u + self.shift
        self._told[self.newest] = _Told()

    def _tell(self, message: replies.Utterance) -> None:
        told = self._told.get(message.u)
        if told is None or message.state in told.states:
            return
        told.states += (message.state,)
        self._add(message)
        if message.state in ("poses_done", "interrupted"):
            del self._told[message.u]

    def _hear(self, message: requests.Audio) -> None:
        told, audio = self._told.get(message.u), None if self.opened is None else self.opened.audio
        if told is None or audio is None:
            return
        frame_bytes = SAMPLE_BYTES[audio.format] * audio.channels
        skip = max(0, told.frame - message.first)
        pcm = message.pcm[skip * frame_bytes :]
        if pcm:
            told.frame = message.first + len(message.pcm) // frame_bytes
            self._add(Sound(message.u, message.first + skip, pcm))

    def _add(self, event: Event) -> None:
        if len(self._events) >= UNREAD_MAX:
            self._events.popleft()
            self.lost += 1
        self._events.append(event)
        self._has_mail.set()
