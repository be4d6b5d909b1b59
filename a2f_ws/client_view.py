"""What a client knows of a session: everything that the server has said."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

import numpy as np
from msgspec.structs import replace

from a2f_ws.client_link import ServerError, refusal
from a2f_ws.client_pose import Block, Columns, Meshes, mesh_of
from a2f_ws.client_speech import Speech
from a2f_ws.errors import PeerError
from a2f_ws.mesh import Mesh
from a2f_ws.names import Floats
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.timebase import PoseRate
from a2f_ws.wire import replies
from a2f_ws.wire.codes import Code
from a2f_ws.wire.geometry import Geometry
from a2f_ws.wire.messages import Message, Received
from a2f_ws.wire.requests import Open, Played

log = logging.getLogger(__name__)

OnStatus = Callable[[replies.Status], None]
"""Called for every `status`, on the event loop; it must neither wait nor raise."""

OnMesh: TypeAlias = Callable[[int, int, Mesh], None]
"""Called for every mesh with its utterance and pose, on the event loop; as `OnStatus`."""


class View:
    """Takes the messages of one session and hands them to its utterances and its player.

    Attributes:
        sid: Session.
        request: What asks for it.
        opened: The newest `opened`, or None.
        columns: What rows consist of now.
        rest: float32 (R,), the newest rest row; empty before the first.
        heard: Where the sound is at the watcher that owns the clock; None before it has said so.
        speeches: Utterances that are not over, by number.
        on_mesh: Gets every mesh as it comes; None = only poses have them.
        is_closed: True once nothing more comes.
        is_lost: True from the loss of its connection until it was taken up over another one.
        is_away: True meanwhile, until the server has opened it there.
    """

    def __init__(
        self, request: Open, *, player: PosePlayer | None, on_status: OnStatus | None
    ) -> None:
        """Know nothing.

        Args:
            request: What asks for it.
            player: Gets everything as well.
            on_status: Gets every `status`; None logs them.
        """
        self.sid, self.request = request.sid, request
        self.opened: replies.Opened | None = None
        self.columns = Columns((), PoseRate.of(60))
        self.rest: Floats = np.zeros(0, np.float32)
        self.heard: Played | None = None
        self.speeches: dict[int, Speech] = {}
        self.is_closed = self.is_lost = self.is_away = False
        self._player, self._on_status = player, on_status
        self.on_mesh: OnMesh | None = None
        self._meshes: dict[tuple[int, int], Mesh] = {}
        self._blocks: WeakValueDictionary[tuple[int, int], Meshes] = WeakValueDictionary()
        self._shown_to = (0, 0)
        self._has_changed = asyncio.Event()
        self._takers: dict[type[Message], Callable[[Any], None]] = {
            replies.Opened: self._take_opened,
            replies.Rest: self._take_rest,
            Geometry: self._take_geometry,
            replies.Poses: self._take_poses,
            replies.Utterance: self._take_state,
            replies.Credit: self._take_credit,
            Played: self._take_played,
            replies.Status: self._take_status,
            replies.Error: self._take_refusal,
            replies.Closed: self._take_closed,
        }

    @property
    def token(self) -> str | None:
        """What takes the session up again; None = it ends with its connection."""
        return None if self.opened is None else self.opened.resume

    def part(self) -> None:
        """The connection is lost: what has to be said is kept until it was taken up."""
        self.is_lost = True
        for speech in self.speeches.values():
            speech.is_away = True

    def again(self) -> Open | None:
        """The request that takes it up over another connection; None = it cannot be."""
        return None if self.token is None else replace(self.request, resume=self.token)

    def afresh(self) -> Open | None:
        """The request that begins it anew; None = what was said would be lost."""
        return None

    async def take_up(
        self,
        send: Callable[[Message], Awaitable[None]],
        received: Received | None,
    ) -> None:
        """Go on over another connection, where it was taken up.

        Args:
            send: Sends there.
            received: What the server has of its audio.

        Raises:
            ServerGoneError: That one is lost as well.
        """
        while away := [speech for speech in self.speeches.values() if speech.is_away]:
            for speech in away:
                await speech.take_up(received)
        self.is_lost = False

    async def room_for_another(self, most: int) -> None:
        """Wait until fewer than `most` utterances are alive at the server."""
        while sum(speech.has_begun for speech in self.speeches.values()) >= most:
            self._has_changed.clear()
            await self._has_changed.wait()

    def take(self, message: Message) -> None:
        """Take over what the server says.

        Raises:
            PeerError: It contradicts what it said before.
        """
        taker = self._takers.get(type(message))
        if taker is not None:
            taker(message)

    def lose(self, why: ServerError) -> None:
        """Nothing more comes: whoever still reads poses is told why."""
        self.is_closed = True
        for speech in self.forget():
            speech.fail(why)
            speech.halt()

    def forget(self) -> list[Speech]:
        """Let go of all utterances."""
        speeches = list(self.speeches.values())
        self.speeches.clear()
        self._has_changed.set()
        return speeches

    def _take_opened(self, message: replies.Opened) -> None:
        try:
            rate = PoseRate.of(message.fps)
        except ValueError as error:
            raise PeerError(Code.BAD_VALUE, str(error), field="fps") from None
        self.is_away = False
        self.opened, self.columns = message, Columns(message.curves, rate)
        if self._player is not None:
            self._player.opened(
                message.layout,
                curves=len(message.curves),
                transforms=len(message.transforms),
                rate=rate,
                idle=message.idle,
                look_ahead_us=message.look_ahead_us,
                ahead_us=self.request.ahead_us,
            )

    def _take_rest(self, message: replies.Rest) -> None:
        if self.opened is not None and message.layout == self.opened.layout:
            self.rest = self._rows(message.data, 1)[0]
            if self._player is not None:
                self._player.rest(message.layout, self.rest)

    def _take_poses(self, message: replies.Poses) -> None:
        if self.opened is None or message.layout != self.opened.layout:
            return
        rows = self._rows(message.data, message.n)
        if self._player is not None:
            self._player.poses(message.u, message.layout, i=message.i, rows=rows)
        block = Block(message.u, message.i, rows, self.columns, self._early(message))
        for i in range(message.i, message.i + message.n):
            self._blocks[message.u, i] = block.meshes
        self.show(block)

    def show(self, block: Block) -> None:
        """Hand poses to their utterance."""
        speech = self.speeches.get(block.u)
        if speech is not None:
            speech.take(block)

    def _early(self, message: replies.Poses) -> Meshes:
        """The meshes that came before these poses; those of what is past are kept no longer."""
        end = self._shown_to = (message.u, message.i + message.n)
        early = self._meshes
        self._meshes = {of: mesh for of, mesh in early.items() if of >= end}
        return Meshes({i: mesh for (u, i), mesh in early.items() if u == message.u and i < end[1]})

    def _take_geometry(self, message: Geometry) -> None:
        """Hand a mesh to its pose; keep it while that is to come."""
        of, mesh = (message.u, message.i), mesh_of(message.parts)
        meshes = self._blocks.get(of)
        if meshes is not None:
            meshes[message.i] = mesh
        elif of >= self._shown_to:
            self._meshes[of] = mesh
        if self.on_mesh is not None:
            self.on_mesh(message.u, message.i, mesh)

    def _take_state(self, message: replies.Utterance) -> None:
        if self._player is not None:
            self._player.utterance(message.u, message.state, poses=message.poses, t_us=message.t_us)
        speech = self.speeches.get(message.u)
        if speech is not None:
            speech.tell(message.state, message.t_us, is_cached=bool(message.cached))
            if speech.is_over:
                del self.speeches[message.u]
                self._has_changed.set()

    def _take_status(self, message: replies.Status) -> None:
        look_ahead_us = message.counters.get("look_ahead_us")
        if message.code == "rate" and self.opened is not None and look_ahead_us is not None:
            self.opened = replace(self.opened, look_ahead_us=int(look_ahead_us))
            if self._player is not None:
                self._player.look_ahead_us = int(look_ahead_us)
        if self._on_status is not None:
            self._on_status(message)
        else:
            level = logging.INFO if message.level == "info" else logging.WARNING
            log.log(level, "session %d: %s: %s", self.sid, message.code, message.message)

    def _take_refusal(self, message: replies.Error) -> None:
        """An error that answers no `id`: only audio is sent without one.

        A server that fails says so, then how utterances end, then `closed`.
        """
        fault = refusal(message)
        newest = max((u for u, one in self.speeches.items() if one.has_begun), default=None)
        if fault.code == Code.INTERNAL:
            for speech in self.speeches.values():
                speech.fail(fault)
        elif newest is not None:
            self.speeches[newest].fail(fault)
            self.speeches[newest].halt()
        else:
            log.warning("session %d: %s", self.sid, fault)

    def _take_credit(self, message: replies.Credit) -> None:
        speech = self.speeches.get(message.u)
        if speech is not None:
            speech.allow(message.to_us)

    def _take_played(self, message: Played) -> None:
        self.heard = message

    def _take_closed(self, message: replies.Closed) -> None:
        self.lose(ServerError(message.code, f"session {self.sid} is closed: {message.reason}"))

    def _rows(self, data: bytes, count: int) -> Floats:
        """float32 (count, R), the rows of a message, read only."""
        width = self.opened.row if self.opened is not None else 0
        values = np.frombuffer(data, "<f4")
        if values.size != count * width:
            text = f"found {values.size} floats, wanted {count} rows of {width}"
            raise PeerError(Code.BAD_VALUE, text, field="data")
        return values.reshape(count, width).astype(np.float32, copy=False)
