"""A file's speech through a session, heard on a clock: what `talk` and `demo` do."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from time import perf_counter
from typing import Final

from a2f_ws.client import Client, ClientSession, ServerError, Speech
from a2f_ws.client_view import OnStatus
from a2f_ws.commands.timings import Timings
from a2f_ws.errors import ConfigError
from a2f_ws.names import Floats
from a2f_ws.offline import audio_format
from a2f_ws.output.recording import Recorder, Recording
from a2f_ws.output.speech import SpeechFile
from a2f_ws.player.gate import State
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.player.sound import Sound
from a2f_ws.timebase import MICROSECONDS, PoseRate, frames_to_us

CHUNKS_PER_S: Final = 50
BURST_CHUNKS_PER_S: Final = 2
FRAMES_PER_S: Final = 60
PLAYED_S: Final = 0.2
"""Time between two `played`; the protocol wants at least four a second."""

SAMPLE_BYTES: Final = {"s16le": 2, "f32le": 4}

OnFrame = Callable[[Floats, int], None]
"""Gets the row that is shown and the play head, microseconds, sixty times a second."""


class Performance:
    """One line, from its file to its recording.

    Attributes:
        player: Shows the poses; None in burst.
        timings: When what happened.
        sound: The play head.
    """

    def __init__(self, speech: SpeechFile, *, is_burst: bool) -> None:
        """Prepare.

        Args:
            speech: The file.
            is_burst: True sends it at once and plays nothing; else in real time.
        """
        self.player = None if is_burst else PosePlayer()
        self.timings = Timings()
        self.sound = Sound()
        self._speech, self._is_burst = speech, is_burst
        self._audio = audio_format(speech)
        self._has_changed = asyncio.Event()
        self._is_over = False

    async def open(
        self,
        server: Client,
        *,
        rig: str,
        rate: PoseRate,
        emotion: Mapping[str, float] | None,
        name: str | None = None,
        on_status: OnStatus | None = None,
    ) -> ClientSession:
        """A session that fits the file.

        Raises:
            ServerError: The server refuses rig, rate or emotion.
        """
        return await server.open(
            rig=rig,
            fps=rate.wire,
            rate=self._audio.rate,
            format=self._audio.format,
            channels=self._audio.channels,
            pacing="burst" if self._is_burst else "live",
            emotion=emotion,
            name=name,
            player=self.player,
            on_status=on_status,
        )

    async def run(
        self, session: ClientSession, *, on_frame: OnFrame = lambda row, at_us: None
    ) -> Recording:
        """Say the file, play it, and record the poses.

        Args:
            session: From `open`.
            on_frame: Called with every row shown.

        Raises:
            ServerError: The server gives up.
            ConfigError: The file is damaged.
        """
        opened = session.opened
        recorder = Recorder(
            rig=opened.rig,
            curves=opened.curves,
            rate=session.rate,
            transforms=opened.transforms,
            model=opened.model,
        )
        fault: BaseException | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                speech = session.say(self._chunks())
                if self.player is not None:
                    tasks.create_task(self._play(self.player, speech.u, on_frame=on_frame))
                    tasks.create_task(self._tell(session, speech.u))
                await self._record(session, speech, recorder=recorder)
        except* (ServerError, ConfigError) as group:
            fault = group.exceptions[0]
        if fault is not None:
            raise fault
        return recorder.recording({"source": self._speech.path.name})

    async def _record(self, session: ClientSession, speech: Speech, *, recorder: Recorder) -> None:
        recorder.begin(speech.u)
        async for block in speech.blocks():
            look_ahead_us = session.opened.look_ahead_us
            self.timings.came(block, perf_counter(), look_ahead_us=look_ahead_us)
            recorder.add(block.rows, block.i)

    async def _chunks(self) -> AsyncIterator[bytes]:
        """The file in pieces, each at the moment at which a microphone would have filled it."""
        rate_hz = self._audio.rate
        frame_bytes = SAMPLE_BYTES[self._speech.format] * self._audio.channels
        per_s = BURST_CHUNKS_PER_S if self._is_burst else CHUNKS_PER_S
        begun_s = perf_counter()
        end = 0
        for chunk in self._speech.blocks(rate_hz // per_s):
            end += len(chunk) // frame_bytes
            due_s = begun_s + end / rate_hz
            if not self._is_burst:
                await asyncio.sleep(due_s - perf_counter())
            now_s = perf_counter()
            self.timings.sent(frames_to_us(end, rate_hz), now_s, late_s=max(0.0, now_s - due_s))
            yield chunk
        self.timings.ended(perf_counter())

    async def _play(self, player: PosePlayer, u: int, *, on_frame: OnFrame) -> None:
        """Show sixty rows a second until the line is played out."""
        begun_s = perf_counter()
        frame = 0
        while not self._is_over:
            now_us = int((perf_counter() - begun_s) * MICROSECONDS)
            at_us = self.sound.move(now_us)
            row = player.sample(u, at_us, now_us=now_us)
            if self.sound.obey(player.state):
                self._has_changed.set()
            self._is_over = player.state is State.STOP
            on_frame(row, at_us or 0)
            frame += 1
            await asyncio.sleep(begun_s + frame / FRAMES_PER_S - perf_counter())
        self._has_changed.set()

    async def _tell(self, session: ClientSession, u: int) -> None:
        """Tell the server where the sound is."""
        while not self._is_over:
            with suppress(TimeoutError):
                async with asyncio.timeout(PLAYED_S):
                    await self._has_changed.wait()
            self._has_changed.clear()
            if self.sound.at_us is not None:
                is_paused = not self.sound.is_running
                await session.played(u, self.sound.at_us, is_paused=is_paused)
