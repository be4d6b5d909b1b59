"""Speakers with names who lose their connection and come back, and those who watch them."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from _talkers import CHUNK_S, FINAL_S, FRAME_BYTES, KINDS, Kind, Sounds, Tally, refusal

from a2f_ws.client import ServerError, _socket
from a2f_ws.client_link import Link
from a2f_ws.timebase import us_to_frames
from a2f_ws.wire import replies
from a2f_ws.wire.codes import Code
from a2f_ws.wire.fields import VERSION
from a2f_ws.wire.messages import AudioFormat, Message
from a2f_ws.wire.requests import Audio, End, Identify, Interrupt, Open

Take = Callable[[Message], None]

LINE_S: Final = (0.5, 6.0)
PAUSE_S: Final = (0.3, 1.5)
AWAY_S: Final = (0.05, 3.0)
LONG_S: Final = 14.0
"""Away for longer than the server waits, which is 10 s."""

ENDS: Final = {"whole": 0.6, "interrupt": 0.15, "vanish": 0.22, "stay away": 0.03}
WATCH_S: Final = (1.0, 20.0)


@asynccontextmanager
async def dialled(url: str, take: Take) -> AsyncIterator[Link]:
    """A connection that was let in; every message is handed to `take`."""
    link = Link(await _socket(url, False), False)

    async def heed(message: Message) -> None:
        take(message)
        link.answer(message)

    reading = asyncio.create_task(link.read(heed))
    try:
        await link.ask(Identify(protocol=VERSION, client="crowd/1"))
        yield link
    finally:
        await link.close()
        await reading


@dataclass(slots=True)
class Line:
    """What is being said.

    Attributes:
        u: Its number.
        pcm: All of it.
        sent: Sample frames of it that the server has.
        final: The state that ended it; "" = it goes on.
    """

    u: int
    pcm: bytes
    sent: int = 0
    final: str = ""


class Speaker:
    """Talks under a name, vanishes in mid-word, and takes its session up again."""

    def __init__(self, url: str, *, name: str, seed: int, tally: Tally, sounds: Sounds) -> None:
        """Have said nothing yet; see `Talker`."""
        self._url, self._name, self._sounds = url, name, sounds
        self._tally, self._random = tally, random.Random(seed)
        self._kind: Kind = KINDS[seed % 3]
        self._token: str | None = None
        self._line: Line | None = None
        self._u, self._away_s = 0, 0.0

    async def run(self, until_s: float) -> None:
        """Talk until a time of `perf_counter`."""
        while perf_counter() < until_s:
            self._away_s = 0.0
            try:
                async with dialled(self._url, self._heed) as link:
                    self._tally["connections"] += 1
                    await self._come_back(link)
                    while perf_counter() < until_s and not self._away_s:
                        await self._say(link)
            except ServerError as error:
                self._part(error)
            await asyncio.sleep(self._away_s)
        if self._line is not None:
            self._account("cut")

    async def _come_back(self, link: Link) -> None:
        """Open a session, or take the old one up."""
        kind, token = self._kind, self._token
        opened = await link.ask(
            Open(
                sid=1,
                rig=kind.rig,
                fps=kind.fps,
                audio=AudioFormat(format=kind.format, rate=kind.rate_hz),
                name=self._name,
                resume=token,
            )
        )
        if not isinstance(opened, replies.Opened):
            raise RuntimeError(f"found {opened}, wanted opened")
        self._tally["resumed" if token else "sessions"] += 1
        self._token, received = opened.resume, opened.received
        if self._line is not None and received is not None and received.u == self._line.u:
            self._line.sent = us_to_frames(received.to_us, kind.rate_hz)

    async def _say(self, link: Link) -> None:
        """Say a line, or the rest of one."""
        line = self._line or self._begin()
        seconds = len(line.pcm) / self._frame / self._kind.rate_hz
        end = self._random.choices([*ENDS], weights=[*ENDS.values()])[0]
        after_s = self._random.uniform(0.1, seconds) if end != "whole" else 2 * seconds
        with suppress(TimeoutError):
            async with asyncio.timeout(after_s):
                await self._feed(link, line)
        if end == "interrupt":
            await link.send(Interrupt(sid=1, u=line.u))
        elif end != "whole":
            self._away_s = LONG_S if end == "stay away" else self._random.uniform(*AWAY_S)
            link._socket.transport.abort()
            return
        await self._hear_out(line)
        await asyncio.sleep(self._random.uniform(*PAUSE_S))

    def _begin(self) -> Line:
        seconds, start = self._random.uniform(*LINE_S), self._random.random()
        self._u += 1
        self._tally["started"] += 1
        pcm = self._sounds.line(self._kind, seconds=seconds, start=start)
        self._line = Line(self._u, pcm)
        return self._line

    async def _feed(self, link: Link, line: Line) -> None:
        """Send what is left of it, at the pace of speech."""
        frame, step = self._frame, round(CHUNK_S * self._kind.rate_hz)
        while line.sent * frame < len(line.pcm):
            part = line.pcm[line.sent * frame : (line.sent + step) * frame]
            await link.send(Audio(sid=1, u=line.u, first=line.sent, pcm=part))
            line.sent += len(part) // frame
            await asyncio.sleep(CHUNK_S)
        await link.send(End(sid=1, u=line.u))

    async def _hear_out(self, line: Line) -> None:
        """Wait for its end."""
        until_s = perf_counter() + FINAL_S
        while not line.final and perf_counter() < until_s:
            await asyncio.sleep(0.02)
        self._account({"poses_done": "done"}.get(line.final, line.final or "lost"))

    def _account(self, name: str) -> None:
        self._tally[name] += 1
        self._line = None

    def _heed(self, message: Message) -> None:
        line = self._line
        if isinstance(message, replies.Utterance) and line is not None and message.u == line.u:
            if message.state in ("poses_done", "interrupted"):
                self._tally["ended twice"] += line.final not in ("", message.state)
                line.final = message.state
        elif isinstance(message, replies.Error) and message.re is None:
            self._tally["refused"] += 1
            print(f"speaker: {message.code} {message.message}", flush=True)

    def _part(self, error: ServerError) -> None:
        """The connection is over, or the session is not known any more."""
        if error.code == Code.UNKNOWN and self._token is not None:
            self._token = None
            if self._line is not None:
                self._account("cut")
        elif not self._away_s:
            self._tally[refusal(error)] += 1
            print(f"speaker: {error.code} {error.message}", flush=True)

    @property
    def _frame(self) -> int:
        return FRAME_BYTES[self._kind.format]


class Watcher:
    """Looks at a speaker for a while, leaves, and looks at another one."""

    def __init__(self, url: str, *, names: list[str], seed: int, tally: Tally) -> None:
        """Have seen nothing yet."""
        self._url, self._names, self._tally = url, names, tally
        self._random = random.Random(seed)
        self._next: dict[int, int] = {}
        self._heard: dict[int, int] = {}
        self._over: set[int] = set()
        self._frame_bytes = 2

    async def run(self, until_s: float) -> None:
        """Watch until a time of `perf_counter`."""
        while perf_counter() < until_s:
            self._next, self._heard, self._over = {}, {}, set()
            stays_s = min(self._random.uniform(*WATCH_S), until_s - perf_counter())
            try:
                async with dialled(self._url, self._heed) as link:
                    self._tally["watchers"] += 1
                    await self._watch(link, stays_s)
            except ServerError as error:
                self._tally[refusal(error)] += 1
                print(f"watcher: {error.code} {error.message}", flush=True)
            await asyncio.sleep(self._random.uniform(0.0, 1.0))

    async def _watch(self, link: Link, stays_s: float) -> None:
        wants_sound = self._random.random() < 0.5
        await link.ask(
            Open(
                sid=1,
                rig=self._random.choice(KINDS).rig,
                fps=30,
                role="watch",
                name=self._random.choice(self._names),
                want=("audio",) if wants_sound else (),
            )
        )
        await asyncio.sleep(stays_s)
        if self._random.random() < 0.3:
            link._socket.transport.abort()

    def _heed(self, message: Message) -> None:
        """See that poses and sound come in order, and nothing after the end."""
        match message:
            case replies.Opened(audio=AudioFormat(format=name)):
                self._frame_bytes = FRAME_BYTES[name]
            case replies.Poses():
                is_late = message.u in self._over or message.i < self._next.get(message.u, 0)
                self._tally["disorder"] += is_late
                self._tally["watched poses"] += message.n
                self._next[message.u] = message.i + message.n
            case Audio():
                expected = self._heard.get(message.u, message.first)
                self._tally["disorder"] += message.first != expected
                self._tally["watched sounds"] += 1
                self._heard[message.u] = message.first + len(message.pcm) // self._frame_bytes
            case replies.Utterance(state="poses_done" | "interrupted"):
                self._over.add(message.u)
