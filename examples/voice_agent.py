"""A voice agent: type a line, and the face says it; type again, or press Enter, and it stops.

    a2f-ws serve                      in one terminal
    python examples/voice_agent.py    in another; --silent without a sound card

`answer` stands where a language model would, `espeak_voice` where your text-to-speech would.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from time import perf_counter
from typing import Final

from barge_in import Microphone, User
from espeak_voice import RATE_HZ, Voice
from sound import Silence, Speaker

from a2f_ws.client import ClientSession, Speech, connect
from a2f_ws.player.gate import State
from a2f_ws.player.pose_player import PosePlayer

FRAME_S: Final = 1 / 60
TELL_S: Final = 0.2
SHOWN: Final = ("jawOpen", "mouthPucker", "mouthStretchLeft")


def answer(text: str) -> str:
    """What the agent says to a text. Ask your language model here."""
    return text


class Agent:
    """Says lines: sound to the speaker and to the server, poses from there to the face."""

    def __init__(self, session: ClientSession, player: PosePlayer, *, speaker: Silence) -> None:
        """Take its parts."""
        self._session, self._player, self._speaker = session, player, speaker
        self._voice = Voice()
        player.av_offset_us = speaker.latency_us

    async def say(self, text: str, user: User) -> None:
        """Say a line to its end, or until somebody barges in."""
        self._speaker.begin()
        speech = self._session.say(self._sound(text))
        print(f"says {speech.u}: {text}", flush=True)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._read(speech))
            telling = tasks.create_task(self._tell(speech))
            is_over = False
            while not is_over and not user.barges_in:
                is_over = self._frame(speech)
                await asyncio.sleep(FRAME_S)
            telling.cancel()
            heard_us = max(0, (self._speaker.head_us() or 0) - self._speaker.latency_us)
            self._speaker.begin()
            if not is_over:
                await self._session.interrupt(speech.u, heard_us)
        end = "" if is_over else f", interrupted; poses until {speech.t_us / 1e6:.2f} s"
        print(f"said {speech.u}: {heard_us / 1e6:.2f} s were heard{end}".ljust(80), flush=True)

    def _frame(self, speech: Speech) -> bool:
        """Show what belongs to the play head; True when the line is over."""
        now_us = int(perf_counter() * 1e6)
        row = self._player.sample(speech.u, self._speaker.head_us(), now_us=now_us)
        self._speaker.is_running = self._player.state in (State.START, State.PLAY)
        if sys.stdout.isatty() and row.size:
            values = dict(zip(self._session.names, row.tolist(), strict=False))
            bars = (f"{name} {'#' * round(12 * values[name]):12}" for name in SHOWN)
            print("  ".join(bars), end="\r", flush=True)
        return self._player.state is State.STOP

    async def _sound(self, text: str) -> AsyncIterator[bytes]:
        """The voice, as it comes, into both ears."""
        async with aclosing(self._voice.speak(text)) as pieces:
            async for pcm in pieces:
                self._speaker.add(pcm)
                yield pcm
        self._speaker.end()

    async def _read(self, speech: Speech) -> None:
        """Take the poses off the connection; the player has them already."""
        async for _ in speech.blocks():
            pass

    async def _tell(self, speech: Speech) -> None:
        """Tell the server where the sound is: it computes no further ahead than it has to."""
        while True:
            head_us = self._speaker.head_us()
            if head_us is not None:
                is_paused = not self._speaker.is_running
                await self._session.played(speech.u, head_us, is_paused=is_paused)
            await asyncio.sleep(TELL_S)


async def converse(words: argparse.Namespace) -> None:
    """Answer every line that is typed."""
    player = PosePlayer()
    async with connect(words.url) as server:
        session = await server.open(
            rig="arkit", fps=60, rate=RATE_HZ, format="s16le", name=words.name, player=player
        )
        speaker = Silence(RATE_HZ) if words.silent else Speaker(RATE_HZ)
        agent = Agent(session, player, speaker=speaker)
        user = User(None if words.mic is None else Microphone(words.mic))
        while (line := await user.line()) is not None:
            if line:
                await agent.say(answer(line), user)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="A voice agent with a face.")
    options.add_argument("--url", default="ws://127.0.0.1:8765", help="address of the server")
    options.add_argument("--name", help="name under which others may watch it")
    options.add_argument("--silent", action="store_true", help="no sound card: a clock plays")
    options.add_argument("--mic", type=float, metavar="DB", help="voices above it interrupt")
    with suppress(KeyboardInterrupt):
        asyncio.run(converse(options.parse_args()))
