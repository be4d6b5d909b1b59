"""Clients who talk as people do, interrupt, hang up and vanish; every line is accounted for."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing
from time import perf_counter
from typing import Final, Literal, NamedTuple

import numpy as np

from a2f_ws.client import Client, ClientSession, ServerError, ServerGoneError, Speech, connect
from a2f_ws.commands.demo import CLIP
from a2f_ws.output.speech import read_speech
from a2f_ws.timebase import PoseRate
from a2f_ws.wire.codes import Code
from a2f_ws.wire.replies import Status

FINAL_S: Final = 15.0
"""Longest wait for the final state of a line."""

CHUNK_S: Final = 0.04
LINES_MAX: Final = 6
LINE_S: Final = (0.2, 5.0)
PAUSE_S: Final = (0.0, 1.5)
ENDS: Final = {"whole": 0.55, "interrupt": 0.2, "leave": 0.1, "next": 0.08, "cut": 0.07}
"""How lines end, and how often: spoken to the end; interrupted; not read on; followed by another
line before it is over; the connection is cut in the middle."""


class Kind(NamedTuple):
    """How a session is opened."""

    rig: str
    fps: int
    rate_hz: int
    format: Literal["s16le", "f32le"]
    pacing: Literal["live", "burst"]


KINDS: Final = (
    Kind("arkit", 30, 16_000, "s16le", "live"),
    Kind("unity/vrm1", 60, 16_000, "s16le", "live"),
    Kind("unity/oculus", 30, 48_000, "f32le", "live"),
    Kind("browser/rpm", 24, 16_000, "f32le", "live"),
    Kind("arkit", 30, 16_000, "s16le", "burst"),
)
"""Four of five live."""


FRAME_BYTES: Final = {"s16le": 2, "f32le": 4}


class Tally(Counter[str]):
    """What became of lines: started = done + interrupted + cut, and none is lost or short."""

    @property
    def is_accounted(self) -> bool:
        """True when every line that was started has one end, and was whole where it should be."""
        ends = self["done"] + self["interrupted"] + self["cut"]
        return self["started"] == ends and not any(
            self[name] for name in ("lost", "short", "refused", "disorder", "ended twice")
        )


def refusal(error: ServerError) -> str:
    """How a refusal counts: one that says when to ask again is none of the server's faults."""
    return "told to wait" if error.code == Code.BUSY else "refused"


class Sounds:
    """Stretches of the bundled clip in every format."""

    def __init__(self) -> None:
        """Read it."""
        samples, rate_hz = read_speech(CLIP)
        self._clip = np.tile(samples[:, 0], 4)
        self._rate_hz = rate_hz

    def line(self, kind: Kind, *, seconds: float, start: float) -> bytes:
        """So many seconds from a place in the clip, 0 … 1, as a session's bytes."""
        frames = round(seconds * kind.rate_hz)
        first = round(start * len(self._clip) / 2)
        at = first + np.arange(frames) * self._rate_hz // kind.rate_hz
        part = self._clip[at % len(self._clip)]
        if kind.format == "f32le":
            return bytes(part.astype("<f4").tobytes())
        return bytes(np.round(part * 32767).astype("<i2").tobytes())


class Talker:
    """One who connects, talks for a while and comes again.

    Attributes:
        tally: Counts of all talkers together.
    """

    def __init__(self, url: str, *, seed: int, tally: Tally, sounds: Sounds) -> None:
        """Be somebody of one's own.

        Args:
            url: Where the server is.
            seed: What this one will do.
            tally: Where lines are counted.
            sounds: What is said.
        """
        self.tally = tally
        self._url, self._sounds = url, sounds
        self._random = random.Random(seed)
        self._dropped = 0
        self._will_cut = False

    async def run(self, until_s: float) -> None:
        """Talk until a time of `perf_counter`."""
        while perf_counter() < until_s:
            self._will_cut = False
            try:
                async with connect(self._url) as server:
                    self.tally["connections"] += 1
                    await self._visit(server, until_s=until_s)
            except ServerError as error:
                if not self._will_cut:
                    self._refused(error)
            await asyncio.sleep(self._random.uniform(0.0, 0.5))

    async def speak_on(self, until_s: float) -> None:
        """Talk in one line until a time of `perf_counter`, as a microphone that is left open."""
        kind = KINDS[0]
        async with connect(self._url) as server:
            session = await self._open(server, kind)
            seconds = until_s - perf_counter()
            speech = session.say(self._endless(kind, seconds))
            frames = round(seconds / CHUNK_S) * round(CHUNK_S * kind.rate_hz)
            await self._whole(speech, kind, frames=frames)
            await self._note(speech)

    async def _visit(self, server: Client, *, until_s: float) -> None:
        """Open a session or two, one after the other, and talk in them."""
        for _ in range(self._random.randint(1, 2)):
            kind = self._random.choice(KINDS)
            session = await self._open(server, kind)
            for _ in range(self._random.randint(1, LINES_MAX)):
                if perf_counter() > until_s:
                    return
                await self._line(server, session, kind=kind)
                if self._will_cut:
                    return
                await asyncio.sleep(self._random.uniform(*PAUSE_S))
            if self._random.random() < 0.7:
                await session.close()

    async def _open(self, server: Client, kind: Kind) -> ClientSession:
        self.tally["sessions"] += 1
        return await server.open(
            rig=kind.rig,
            fps=kind.fps,
            rate=kind.rate_hz,
            format=kind.format,
            pacing=kind.pacing,
            on_status=self._heed,
        )

    def _heed(self, status: Status) -> None:
        if status.code == "dropped":
            self._dropped += int(status.counters.get("poses", 0))
            self.tally["dropped poses"] += int(status.counters.get("poses", 0))

    async def _line(self, server: Client, session: ClientSession, *, kind: Kind) -> None:
        """Say a line and end it in one way or the other."""
        seconds = self._random.uniform(*LINE_S)
        pcm = self._sounds.line(kind, seconds=seconds, start=self._random.random())
        end = self._random.choices([*ENDS], weights=[*ENDS.values()])[0]
        speech = session.say(self._paced(pcm, kind))
        frames = len(pcm) // (FRAME_BYTES[kind.format])
        after_s = self._random.uniform(0.0, seconds)
        if end == "whole":
            await self._whole(speech, kind, frames=frames)
        elif end == "interrupt":
            await asyncio.gather(self._read(speech), self._interrupt(session, after_s))
        elif end == "leave":
            await self._leave(speech, after_s)
        elif end == "next":
            await self._followed(speech, session, kind=kind, pcm=pcm)
        else:
            await self._cut(server, speech, after_s=after_s)
        await self._note(speech)

    async def _whole(self, speech: Speech, kind: Kind, *, frames: int) -> None:
        """Hear it out; every pose has to be there that no `status` says was dropped.

        Where nothing at all was in time, there is nothing to ease from either.
        """
        dropped_before, poses = self._dropped, await self._read(speech)
        fps = PoseRate.of(kind.fps)
        wanted = fps.first_at(frames, kind.rate_hz) + (fps.ease_poses if poses else 0)
        if speech.state == "poses_done" and poses + self._dropped - dropped_before < wanted:
            self.tally["short"] += 1
            told = f"{poses} poses + {self._dropped - dropped_before} dropped"
            print(f"short: {kind.rig}: found {told}, wanted {wanted}", flush=True)

    async def _followed(
        self, speech: Speech, session: ClientSession, *, kind: Kind, pcm: bytes
    ) -> None:
        """Say the next line at once: both come, one after the other."""
        other = session.say(self._paced(pcm[: len(pcm) // 8 * 4], kind))
        await asyncio.gather(self._read(speech), self._read(other))
        await self._note(other)

    async def _interrupt(self, session: ClientSession, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await session.interrupt()

    async def _leave(self, speech: Speech, after_s: float) -> None:
        until_s = perf_counter() + after_s
        async with aclosing(speech.blocks()) as blocks:
            async for _ in blocks:
                if perf_counter() > until_s:
                    return

    async def _cut(self, server: Client, speech: Speech, *, after_s: float) -> None:
        """Vanish in the middle, without a word."""
        reading = asyncio.create_task(self._read(speech))
        await asyncio.sleep(after_s)
        self._will_cut = True
        server._link._socket.transport.abort()
        await asyncio.gather(reading, return_exceptions=True)

    async def _read(self, speech: Speech) -> int:
        """Read a line to its end; how many poses came."""
        poses = 0
        async for block in speech.blocks():
            poses += len(block.rows)
        self.tally["poses"] += poses
        return poses

    async def _note(self, speech: Speech) -> None:
        """Count what became of a line."""
        if not speech.has_begun:
            self.tally["never begun"] += 1
            return
        self.tally["started"] += 1
        try:
            async with asyncio.timeout(FINAL_S):
                while not speech.is_over and not self._will_cut:
                    await asyncio.sleep(0.02)
        except TimeoutError:
            self.tally["lost"] += 1
            return
        ends = {"poses_done": "done", "interrupted": "interrupted"}
        self.tally[ends.get(speech.state, "cut" if self._will_cut else "lost")] += 1

    def _refused(self, error: ServerError) -> None:
        kind = "gone" if isinstance(error, ServerGoneError) else "refused"
        self.tally[refusal(error)] += 1
        print(f"{kind}: {error.code} {error.message}", flush=True)

    async def _paced(self, pcm: bytes, kind: Kind) -> AsyncIterator[bytes]:
        """In real time where the session is live, as fast as it goes where it is not."""
        frame = FRAME_BYTES[kind.format]
        step = round(CHUNK_S * kind.rate_hz) * frame
        begun_s = perf_counter()
        for first in range(0, len(pcm), step):
            yield pcm[first : first + step]
            if kind.pacing == "live":
                due_s = begun_s + (first + step) / frame / kind.rate_hz
                await asyncio.sleep(due_s - perf_counter())

    async def _endless(self, kind: Kind, seconds: float) -> AsyncIterator[bytes]:
        pcm = self._sounds.line(kind, seconds=4.0, start=0.0)
        begun_s, step = perf_counter(), round(CHUNK_S * kind.rate_hz) * 2
        for k in range(round(seconds / CHUNK_S)):
            first = k * step % len(pcm)
            yield pcm[first : first + step]
            await asyncio.sleep(begun_s + (k + 1) * CHUNK_S - perf_counter())
