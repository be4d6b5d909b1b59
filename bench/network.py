"""A face behind a bad network: are its poses in order, how late are they, when does it go on.

Run as `python bench/network.py [--seconds 20] [--listeners 3]`. Several clients play lines with the
player of `a2f_ws/player` against a clock, half of them lines that are there at once, as from
text-to-speech, half of them speech as it is spoken. Conditions hold for both directions. Where this
machine lets us, they are those of a network namespace with `tc netem`, else of the proxy in
`_shaper.py`, a model of what TCP makes of them; the first line says which. All faces are the same
but where the server, short of time, says `rate` and interpolates.
"""

import argparse
import asyncio
import hashlib
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from _host import Host, hosting
from _namespace import Kernel, enter, netem
from _shaper import Conditions, Shaper, shaped
from interrupt import as_spoken
from latency import sound

from a2f_ws.client import ClientSession, Speech, connect
from a2f_ws.player.gate import State
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.player.sound import Sound
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.wire.replies import Status
from a2f_ws.wire.requests import Played

NETWORKS: Final = {
    "loopback": Conditions(),
    "100 ms": Conditions(delay_s=0.1),
    "100 ms ± 50 ms": Conditions(delay_s=0.1, jitter_s=0.05),
    "100 ms ± 50 ms, 2 % lost": Conditions(delay_s=0.1, jitter_s=0.05, loss=0.02),
    "100 ms, dark 1 s of 5 s": Conditions(delay_s=0.1, dark_s=1.0, every_s=5.0),
    "all of it": Conditions(delay_s=0.1, jitter_s=0.05, loss=0.02, dark_s=1.0, every_s=5.0),
}
"""Delay, jitter, loss and blackouts of each direction."""

KINDS: Final = ("at once", "as spoken")
FPS: Final = 30
FRAMES_PER_S: Final = 60
PLAYED_S: Final = 0.25


@dataclass(slots=True, kw_only=True)
class Heard:
    """What one listener got of its line; times in seconds since the shaper began.

    Attributes:
        asked_s: When the line was begun.
        began_s: When its sound started.
        came_s: When poses came.
        skews_us: At every frame while the sound ran: how much older than the sound the newest pose
            was; 0 = there was one for it.
        stalls: From when to when the sound stood because poses stayed away.
        told: Codes of `status` that came.
        is_whole: Every pose came once and in order.
        digest: Of all rows.
    """

    asked_s: float
    began_s: float = 0.0
    came_s: list[float] = field(default_factory=list)
    skews_us: list[int] = field(default_factory=list)
    stalls: list[tuple[float, float]] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    is_whole: bool = False
    digest: str = ""


class Listener:
    """Plays one line and watches the player do so."""

    def __init__(self, shaper: Shaper | Kernel, *, kind: str, seconds: float) -> None:
        """Have heard nothing yet."""
        self._shaper, self._kind, self._seconds = shaper, kind, seconds
        self._player, self._sound = PosePlayer(), Sound()
        self._heard = Heard(asked_s=0.0)
        self._reach_us = 0
        self._is_done = False

    async def run(self) -> Heard:
        """Connect, say the line and play it to its end."""
        pcm, rate_hz = sound(self._seconds)
        async with connect(self._shaper.url) as server:
            session = await server.open(
                fps=FPS, rate=rate_hz, player=self._player, on_status=self._heed
            )
            self._heard.asked_s = self._shaper.now_s
            is_at_once = self._kind == "at once"
            speech = session.say(pcm if is_at_once else as_spoken(pcm, rate_hz))
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._play(speech.u))
                tasks.create_task(self._tell(session, speech.u))
                poses = session.rate.first_at(len(pcm) // 2, rate_hz) + session.rate.ease_poses
                await self._read(speech, wanted=poses)
            await session.close()
        return self._heard

    def _heed(self, status: Status) -> None:
        self._heard.told.add(status.code)

    async def _read(self, speech: Speech, *, wanted: int) -> None:
        digest, indices = hashlib.sha256(), list[int]()
        async for block in speech.blocks():
            self._heard.came_s.append(self._shaper.now_s)
            indices += range(block.i, block.i + len(block.rows))
            self._reach_us = block.t_us(len(block.rows) - 1)
            digest.update(block.rows.tobytes())
        self._is_done = True
        self._heard.digest = digest.hexdigest()
        self._heard.is_whole = indices == [*range(wanted)]

    async def _play(self, u: int) -> None:
        """Show a row sixty times a second until the line is played out."""
        begun_s, frame, stalled_s = perf_counter(), 0, 0.0
        while self._player.state is not State.STOP:
            now_s = self._shaper.now_s
            at_us = self._sound.move(round(now_s * MICROSECONDS))
            self._player.sample(u, at_us, now_us=round(now_s * MICROSECONDS))
            stalls = self._sound.stalls
            if self._sound.obey(self._player.state):
                if self._sound.stalls > stalls:
                    stalled_s = now_s
                elif stalled_s:
                    self._heard.stalls.append((stalled_s, now_s))
                    stalled_s = 0.0
            if self._sound.is_running and at_us is not None and not self._is_done:
                self._heard.skews_us.append(max(0, at_us - self._reach_us))
            frame += 1
            await asyncio.sleep(begun_s + frame / FRAMES_PER_S - perf_counter())
        self._heard.began_s = (self._sound.started_us or 0) / MICROSECONDS

    async def _tell(self, session: ClientSession, u: int) -> None:
        """Say where the sound is, without waiting for an answer."""
        while self._player.state is not State.STOP:
            await asyncio.sleep(PLAYED_S)
            if self._sound.at_us is not None:
                is_paused = not self._sound.is_running
                await session._link.send(
                    Played(sid=session.sid, u=u, t_us=self._sound.at_us, paused=is_paused)
                )


async def measure(
    host: Host, conditions: Conditions, *, is_inside: bool, seconds: float, listeners: int
) -> dict[str, list[Heard]]:
    """What listeners of each kind get through such a network.

    Args:
        host: The server.
        conditions: What the network is like.
        is_inside: True in a namespace of our own: it is the kernel that is like that.
        seconds: Length of a line.
        listeners: How many of each kind.
    """
    way = netem(host.url, conditions) if is_inside else shaped(host.port, conditions, seed=1)
    async with way as shaper, asyncio.TaskGroup() as tasks:
        asked = {
            kind: [
                tasks.create_task(Listener(shaper, kind=kind, seconds=seconds).run())
                for _ in range(listeners)
            ]
            for kind in KINDS
        }
    return {kind: [task.result() for task in tasks] for kind, tasks in asked.items()}


def show(title: str, kind: str, *, heard: Sequence[Heard], conditions: Conditions) -> None:
    """Print a row of the table."""
    skews = np.array([skew for one in heard for skew in one.skews_us]) / 1e3
    starts = [(one.began_s - one.asked_s) * 1e3 for one in heard]
    stalls = [(end - begin) * 1e3 for one in heard for begin, end in one.stalls]
    poses, sounds = _recoveries(heard, conditions)
    is_whole = all(one.is_whole for one in heard)
    faces = len({one.digest for one in heard})
    print(f"{title:<26}{kind:<11}{'yes' if is_whole else 'NO':>6}{faces:>6}", end="")
    print(f"{max(starts):>7.0f}", end="")
    print("".join(f"{value:>6.0f}" for value in np.percentile(skews, (50, 99, 100))), end="")
    print(f"{len(stalls) / len(heard):>8.1f}{max(stalls, default=0.0):>7.0f}", end="")
    for times in (poses, sounds):
        parts = np.percentile(times, (50, 100)) if times else ()
        print(" / ".join(f"{part * 1e3:.0f}" for part in parts).rjust(14), end="")
    print("  " + ", ".join(sorted(set().union(*(one.told for one in heard)))), flush=True)


def _recoveries(heard: Sequence[Heard], conditions: Conditions) -> tuple[list[float], list[float]]:
    """Seconds from the ends of blackouts to the next poses, and to sound that runs."""
    poses, sounds = [], []
    for one in heard:
        for end_s in conditions.dark_ends(max(one.came_s)):
            if end_s < one.came_s[0]:
                continue
            poses.append(min(at_s for at_s in one.came_s if at_s >= end_s) - end_s)
            after = [to - end_s for begin, to in one.stalls if begin < end_s + 1.0 and to > end_s]
            sounds.append(max(after, default=0.0))
    return poses, sounds


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="length of a line")
    parser.add_argument("--listeners", type=int, default=3, help="how many of each kind")
    parser.add_argument("--inside", action="store_true", help="this is the namespace")
    options = parser.parse_args(arguments)
    rest = sys.argv[1:] if arguments is None else arguments
    why = "" if options.inside else enter([__file__, "--inside", *rest])
    if not options.inside and not why:
        return
    print(
        f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores, Python"
        f" {platform.python_version()}, load {psutil.getloadavg()[0]:.1f};"
        f" {options.listeners} listeners of each kind, lines of {options.seconds:g} s\n"
        + (f"through a proxy, for there is no netem: {why}" if why else "through tc netem")
    )
    print(f"\n{'':<26}{'':<11}{'':>12}{'start':>7}{'skew, ms':>18}{'stalls':>8}{'most':>7}", end="")
    print(f"{'after a blackout, ms: p50 / most':>34}")
    print(f"{'each direction':<26}{'sound is':<11}{'whole':>6}{'faces':>6}{'ms':>7}", end="")
    print(f"{'p50':>6}{'p99':>6}{'max':>6}{'a line':>8}{'ms':>7}{'poses':>14}{'sound':>14}  told")
    with hosting() as host:
        for title, conditions in NETWORKS.items():
            found = asyncio.run(
                measure(
                    host, conditions, is_inside=options.inside, seconds=options.seconds,
                    listeners=options.listeners,
                )
            )  # fmt: skip
            for kind, heard in found.items():
                show(title, kind, heard=heard, conditions=conditions)


if __name__ == "__main__":
    main()
