"""Which moment of which utterance a face shows that has no sound of its own. No I/O, no clock."""

from collections import deque

from a2f_ws.names import Floats
from a2f_ws.player.gate import State
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.player.sound import Sound


class Pacing:
    """Follows the play head that a client tells; without one, plays at an even pace.

    The play head that a server assumes waits wherever the next piece of sound is missing, which
    would be seen. So the face starts and halts as the player's gate says, and keeps the sequence.
    """

    def __init__(self, player: PosePlayer) -> None:
        """Show the rest row of a player."""
        self._player = player
        self._waiting: deque[tuple[int, Sound | None]] = deque()
        self._u = 0
        self._sound: Sound | None = None

    def begin(self, u: int, *, start_us: int, now_us: int, is_mic: bool) -> None:
        """Take an utterance that has started.

        Args:
            u: Its number.
            start_us: Time of its first sample, microseconds.
            now_us: Present time, microseconds.
            is_mic: True = an open microphone, which is followed as it speaks.
        """
        if is_mic:
            self._player.listen(u, now_us - start_us)
        self._waiting.append((u, None if is_mic else Sound(start_us)))

    def row(self, told: tuple[int, int | None] | None, *, now_us: int) -> Floats:
        """The row to show now.

        Args:
            told: The play head as the client told it, utterance and microseconds, None for
                no sound; None = it does not tell.
            now_us: Present time, microseconds.
        """
        if told is not None:
            u, play_us = told
            self._u, self._sound = u, None
            while self._waiting and self._waiting[0][0] <= u:
                self._waiting.popleft()
            return self._player.sample(u, play_us if u else None, now_us=now_us)
        return self._even(now_us)

    def _even(self, now_us: int) -> Floats:
        is_over = self._u == 0 or self._player.state is State.STOP
        if is_over and self._waiting:
            self._u, self._sound = self._waiting.popleft()
        if self._sound is None:
            play_us = self._player.live_us(self._u, now_us=now_us)
            return self._player.sample(self._u, play_us, now_us=now_us)
        row = self._player.sample(self._u, self._sound.move(now_us), now_us=now_us)
        self._sound.obey(self._player.state)
        return row
