"""One utterance at the client: its audio on the way out, its poses on the way in."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import replace
from hashlib import sha256
from typing import Final

from a2f_ws.client_link import Link, ServerGoneError
from a2f_ws.client_pose import Block, Meshes, Pose
from a2f_ws.client_sound import Chunks, Terms, pieces
from a2f_ws.timebase import frames_to_us, us_to_frames
from a2f_ws.wire.messages import Received
from a2f_ws.wire.requests import Audio, End, Interrupt

UNREAD_WITH_MESH_MAX: Final = 120
"""Poses that wait to be read before those that follow lose their meshes of a megabyte (ours)."""

OVER: Final = frozenset({"poses_done", "interrupted"})
"""States of an utterance after which nothing of it comes (protocol §6)."""


class Speech:
    """One stretch of speech: iterate over it to get its poses.

    Audio is sent by a task of the connection's, no faster than the server's credit and the
    caller's own reading of poses allow. Leaving the loop early interrupts this utterance and
    those before it. Read it once and from one task.

    Attributes:
        u: Number of the utterance.
        state: waiting, started, audio_done, poses_done or interrupted.
        is_away: True while its session has to be taken up over another connection.
        t_us: What the server told with it, microseconds; once it is over, time of its last pose.
        is_cached: True once the server has said that it knows the line: nothing is computed.
    """

    def __init__(self, u: int, *, link: Link, terms: Terms, first: int) -> None:
        """Prepare; `feed` sends.

        Args:
            u: Number of the utterance.
            link: Where messages go.
            terms: Of the session.
            first: Sample frame at which the audio begins.
        """
        self.u = u
        self.state = "waiting"
        self.t_us = 0
        self.has_begun = self.is_cached = False
        self._hash: bytes | None = None
        self._link, self._terms = link, terms
        self._sent = first
        self._credit_to_us = frames_to_us(first, terms.rate_hz) + terms.credit_us
        self._unsure: deque[Audio] = deque()
        self._next = 0
        self._is_ended = self._is_dropped = False
        self.is_away = False
        self._sending = asyncio.Lock()
        self._fault: Exception | None = None
        self._blocks: deque[Block] = deque()
        self._unread = 0
        self._is_wanted = True
        self._has_mail = asyncio.Event()
        self._has_room = asyncio.Event()
        self._feeder: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        """True once nothing more of it will come."""
        return self.state in OVER or self._fault is not None

    @property
    def sent_us(self) -> int:
        """Time of the end of the audio sent so far, microseconds."""
        return frames_to_us(self._sent, self._terms.rate_hz)

    async def __aiter__(self) -> AsyncIterator[Pose]:
        """The poses in order, until the utterance is done or interrupted.

        Raises:
            ServerError: The server refused the audio, or gave the session up.
            ServerGoneError: The connection ended.
            Exception: Whatever the caller's own source of audio raised.
        """
        async with aclosing(self.blocks()) as blocks:
            async for block in blocks:
                for pose in block.poses():
                    yield pose

    async def blocks(self) -> AsyncGenerator[Block, None]:
        """The same poses, several at a time as they came; raises as iteration does."""
        try:
            while True:
                while self._blocks:
                    block = self._blocks.popleft()
                    self._unread -= len(block.rows)
                    self._has_room.set()
                    yield block
                if self._fault is not None:
                    raise self._fault
                if self.state in OVER:
                    return
                self._has_mail.clear()
                await self._has_mail.wait()
        finally:
            await self._leave()

    async def end(self) -> None:
        """Take no more audio from the source; the poses of what was sent still come.

        Raises:
            ServerGoneError: The connection ended.
        """
        if self.halt() and self.has_begun and not self.is_over:
            await self._post(End(sid=self._terms.sid, u=self.u))

    def halt(self) -> bool:
        """Stop sending; True if there was more to send. What has not begun never will."""
        if self._feeder is None or self._feeder.done():
            return False
        self._feeder.cancel()
        if not self.has_begun:
            self.state = "interrupted"
            self._has_mail.set()
        return True

    def fed_by(self, feeder: "asyncio.Task[None]") -> None:
        """Note the task that sends the audio."""
        self._feeder = feeder

    async def feed(self, source: Chunks) -> None:
        """Send audio until the source ends; what fails is raised where the poses are read."""
        (fault,) = await asyncio.gather(self._feed(source), return_exceptions=True)
        if isinstance(fault, Exception):
            self.fail(fault)
            await self._interrupt()

    def take(self, block: Block) -> None:
        """Keep poses until they are read; what has become poses counts as processed."""
        self.allow(block.t_us(len(block.rows)) + self._terms.credit_us)
        skip = max(0, self._next - block.i)
        self._next = max(self._next, block.i + len(block.rows))
        if self._is_wanted and skip < len(block.rows):
            if skip:
                block = replace(block, i=block.i + skip, rows=block.rows[skip:])
            if self._unread > UNREAD_WITH_MESH_MAX:
                block = replace(block, meshes=Meshes())
            self._blocks.append(block)
            self._unread += len(block.rows)
            self._has_mail.set()

    def tell(self, state: str, t_us: int, *, is_cached: bool = False) -> None:
        """Take over what the server says of the utterance; the sound of a known one stays here."""
        self.state, self.t_us = state, t_us
        if is_cached:
            self.is_cached = True
            self.halt()
        if state in OVER:
            self.halt()
            self._has_mail.set()

    def allow(self, to_us: int) -> None:
        """Audio may be sent up to this time, microseconds."""
        self._credit_to_us = max(self._credit_to_us, to_us)
        self._forget(self._credit_to_us - self._terms.credit_us)
        self._has_room.set()

    async def take_up(self, received: Received | None) -> None:
        """Go on over another connection.

        Args:
            received: What the server has of the session's audio.

        Raises:
            ServerGoneError: That one is lost as well.
        """
        async with self._sending:
            self.is_away = False
            u, to_us = (0, 0) if received is None else (received.u, received.to_us)
            if self.u == u:
                self._forget(to_us)
            elif self.u < u:
                self._unsure.clear()
            for message in list(self._unsure):
                await self._link.send(message)
            if self._is_ended and self.u >= u and self.state in ("waiting", "started"):
                await self._link.send(End(sid=self._terms.sid, u=self.u))
        if self._is_dropped:
            await self._interrupt()

    def fail(self, fault: Exception) -> None:
        """Raise this where the poses are read, after those that have come."""
        if not self.is_over:
            self._fault = fault
            self._has_mail.set()

    async def _leave(self) -> None:
        """Nobody reads on: stop it, here and at the server."""
        self._is_wanted = False
        self._blocks.clear()
        self.halt()
        await self._interrupt()

    async def _interrupt(self) -> None:
        self._is_dropped = True
        if self.has_begun and self.state not in OVER and not self.is_away:
            with suppress(ServerGoneError):
                await self._link.send(Interrupt(sid=self._terms.sid, u=self.u))

    async def _feed(self, source: Chunks) -> None:
        frame = self._terms.frame_bytes
        rest = b""
        if self._terms.is_cached and isinstance(source, bytes | bytearray | memoryview):
            self._hash = sha256(source).digest()
        async for chunk in pieces(source):
            content = rest + chunk
            cut = len(content) - len(content) % frame
            await self._send(memoryview(content)[:cut])
            rest = content[cut:]
        if rest:
            raise ValueError(f"the audio ends inside of a sample frame of {frame} bytes")
        self.has_begun = True
        await self._post(End(sid=self._terms.sid, u=self.u))

    async def _send(self, pcm: memoryview) -> None:
        """Send whole sample frames, in as many messages as credit and size want."""
        frame = self._terms.frame_bytes
        while pcm:
            frames = min(await self._room(), self._terms.message_frames)
            part, pcm = pcm[: frames * frame], pcm[frames * frame :]
            first, self._sent = self._sent, self._sent + len(part) // frame
            self.has_begun = True
            sid, (digest, self._hash) = self._terms.sid, (self._hash, None)
            await self._post(Audio(sid=sid, u=self.u, first=first, pcm=part.tobytes(), hash=digest))

    async def _post(self, message: Audio | End) -> None:
        """Send; what the connection swallows is sent again by `take_up`."""
        async with self._sending:
            if isinstance(message, End):
                self._is_ended = True
            elif self._terms.is_kept:
                self._unsure.append(message)
            if self.is_away:
                return
            try:
                await self._link.send(message)
            except ServerGoneError:
                if self._link.lost is not None or not self._terms.is_kept:
                    raise

    def _forget(self, to_us: int) -> None:
        """Audio up to this time, microseconds, has come: it need not be sent again."""
        frame, unsure = us_to_frames(to_us, self._terms.rate_hz), self._unsure
        while unsure and unsure[0].first + len(unsure[0].pcm) // self._terms.frame_bytes <= frame:
            unsure.popleft()

    async def _room(self) -> int:
        """Wait until audio may be sent; how many sample frames, >= 1."""
        while True:
            frames = us_to_frames(self._credit_to_us, self._terms.rate_hz) - self._sent
            if frames > 0 and self._unread < self._terms.unread_max:
                return frames
            self._has_room.clear()
            await self._has_room.wait()
