"""One utterance at the client: its audio on the way out, its poses on the way in."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from a2f_ws.client_link import Link, ServerGoneError
from a2f_ws.client_pose import Block, Meshes, Pose
from a2f_ws.timebase import frames_to_us, us_to_frames
from a2f_ws.wire.requests import Audio, End, Interrupt

Chunks: TypeAlias = bytes | Iterable[bytes] | AsyncIterable[bytes]
"""Sound as a caller has it; pieces may be cut anywhere, inside a sample too."""

UNREAD_WITH_MESH_MAX: Final = 120
"""Poses that wait to be read before those that follow lose their meshes of a megabyte (ours)."""

OVER: Final = frozenset({"poses_done", "interrupted"})
"""States of an utterance after which nothing of it comes (protocol §6)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a session has settled about audio.

    Attributes:
        sid: Session.
        rate_hz: Sample frames per second.
        frame_bytes: Bytes of one sample frame.
        message_frames: Most sample frames of one message.
        credit_us: Audio that may lie beyond what the server has processed, microseconds.
        unread_max: Poses that may wait to be read before no more audio is sent.
    """

    sid: int
    rate_hz: int
    frame_bytes: int
    message_frames: int
    credit_us: int
    unread_max: int


class Speech:
    """One stretch of speech: iterate over it to get its poses.

    Audio is sent by a task of the connection's, no faster than the server's credit and the
    caller's own reading of poses allow. Leaving the loop early interrupts this utterance and
    those before it. Read it once and from one task.

    Attributes:
        u: Number of the utterance.
        state: waiting, started, audio_done, poses_done or interrupted.
        t_us: What the server told with it, microseconds; once it is over, time of its last pose.
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
        self.has_begun = False
        self._link, self._terms = link, terms
        self._sent = first
        self._credit_to_us = frames_to_us(first, terms.rate_hz) + terms.credit_us
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
            await self._link.send(End(sid=self._terms.sid, u=self.u))

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
        if self._is_wanted:
            if self._unread > UNREAD_WITH_MESH_MAX:
                block = replace(block, meshes=Meshes())
            self._blocks.append(block)
            self._unread += len(block.rows)
            self._has_mail.set()

    def tell(self, state: str, t_us: int) -> None:
        """Take over what the server says of the utterance."""
        self.state, self.t_us = state, t_us
        if state in OVER:
            self.halt()
            self._has_mail.set()

    def allow(self, to_us: int) -> None:
        """Audio may be sent up to this time, microseconds."""
        self._credit_to_us = max(self._credit_to_us, to_us)
        self._has_room.set()

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
        if self.has_begun and self.state not in OVER and self._link.lost is None:
            with suppress(ServerGoneError):
                await self._link.send(Interrupt(sid=self._terms.sid, u=self.u))

    async def _feed(self, source: Chunks) -> None:
        frame = self._terms.frame_bytes
        rest = b""
        async for chunk in _pieces(source):
            content = rest + chunk
            cut = len(content) - len(content) % frame
            await self._send(memoryview(content)[:cut])
            rest = content[cut:]
        if rest:
            raise ValueError(f"the audio ends inside of a sample frame of {frame} bytes")
        self.has_begun = True
        await self._link.send(End(sid=self._terms.sid, u=self.u))

    async def _send(self, pcm: memoryview) -> None:
        """Send whole sample frames, in as many messages as credit and size want."""
        frame = self._terms.frame_bytes
        while pcm:
            frames = min(await self._room(), self._terms.message_frames)
            part, pcm = pcm[: frames * frame], pcm[frames * frame :]
            first, self._sent = self._sent, self._sent + len(part) // frame
            self.has_begun = True
            await self._link.send(
                Audio(sid=self._terms.sid, u=self.u, first=first, pcm=part.tobytes())
            )

    async def _room(self) -> int:
        """Wait until audio may be sent; how many sample frames, >= 1."""
        while True:
            frames = us_to_frames(self._credit_to_us, self._terms.rate_hz) - self._sent
            if frames > 0 and self._unread < self._terms.unread_max:
                return frames
            self._has_room.clear()
            await self._has_room.wait()


async def _pieces(source: Chunks) -> AsyncIterator[bytes]:
    """Any kind of source as one kind."""
    if isinstance(source, bytes | bytearray | memoryview):
        yield bytes(source)
    elif isinstance(source, AsyncIterable):
        async for chunk in source:
            yield chunk
    else:
        for chunk in source:
            yield chunk
