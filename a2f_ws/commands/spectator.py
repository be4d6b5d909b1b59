"""What a watcher shows: line after line, each on a clock that begins when its poses are there."""

from collections import deque

from a2f_ws.client import Block, Event
from a2f_ws.names import Floats
from a2f_ws.player.gate import State
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.player.sound import Sound
from a2f_ws.wire.replies import Utterance


class Spectator:
    """Plays what is watched as a client with a sound device does; owns no clock.

    Attributes:
        u: The line that is shown now or last; 0 before the first.
        finished: Lines that were shown to their end.
    """

    def __init__(self, player: PosePlayer) -> None:
        """Show nothing yet; `player` gets what the watcher gets."""
        self.u = self.finished = 0
        self._player = player
        self._sounds: dict[int, Sound] = {}
        self._next: deque[int] = deque()
        self._is_over = True

    @property
    def at_us(self) -> int | None:
        """Play head of the line, microseconds; None while nothing would be heard."""
        sound = self._sounds.get(self.u)
        return None if sound is None else sound.at_us

    @property
    def is_running(self) -> bool:
        """False while the sound stands."""
        sound = self._sounds.get(self.u)
        return sound is not None and sound.is_running

    def take(self, event: Event) -> None:
        """Hear of what happens. A line that is in progress begins with its first pose."""
        if isinstance(event, Utterance) and event.state == "started":
            self._next.append(event.u)
        elif isinstance(event, Block) and event.u >= self.u and event.u not in self._sounds:
            self._sounds[event.u] = Sound(event.t_us(0))
            self._player.cue(event.u, event.t_us(0))

    def frame(self, now_us: int) -> tuple[Floats, bool]:
        """The row to show now, and whether the sound has begun, halted or gone on."""
        if self._is_over and self._next:
            self._sounds.pop(self.u, None)
            self.u, self._is_over = self._next.popleft(), False
        sound = self._sounds.get(self.u)
        at_us = None if sound is None else sound.move(now_us)
        row = self._player.sample(self.u, at_us, now_us=now_us)
        if not self._is_over and self._player.state is State.STOP:
            self._is_over = True
            self.finished += 1
        return row, sound is not None and sound.obey(self._player.state)
