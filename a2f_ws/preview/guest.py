"""One subject and the session that moves it."""

from collections.abc import Callable
from math import inf
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.player.pose_player import PosePlayer
from a2f_ws.preview.pacing import Pacing
from a2f_ws.preview.subject import Subject
from a2f_ws.session.audience import Audience
from a2f_ws.session.voice import Voice
from a2f_ws.session.watcher import Watcher
from a2f_ws.timebase import MICROSECONDS, PoseRate
from a2f_ws.wire import replies
from a2f_ws.wire.messages import Message

LINGER_S: Final = 0.5
"""How long a face is shown after its session: time to ease to rest (ours)."""


class Guest:
    """Watches a session as a client would, and plays what it sees.

    Attributes:
        subject: What is shown.
        voice: Whose face it is; None = nobody's.
        room_bytes: What may be told ahead of time.
    """

    room_bytes: Final = inf

    def __init__(self, subject: Subject, *, now_us: Callable[[], int]) -> None:
        """Be nobody's face; `now_us` is the clock, microseconds."""
        self.subject = subject
        self.voice: Voice | None = None
        self._now_us = now_us
        self._player = PosePlayer()
        self._pacing = Pacing(self._player)
        self._audience: Audience | None = None
        self._watcher: Watcher | None = None
        self._until = 0.0

    def join(self, voice: Voice, audience: Audience, *, watcher: Watcher) -> None:
        """Follow a session from here on."""
        self.voice, self._audience, self._watcher = voice, audience, watcher
        self._player = PosePlayer()
        self._pacing = Pacing(self._player)

    def part(self, *, now: float) -> None:
        """The session is over; what was shown eases to a face without any emotion."""
        if self._audience is not None and self._watcher is not None:
            self._audience.part(self._watcher, now=now)
        self.voice = self._audience = self._watcher = None
        self._until = now + LINGER_S
        layout = self._player.layout
        self._player.rest(layout.id, layout.neutral())

    def is_over(self, now: float) -> bool:
        """True once the face of a session that has ended is at rest."""
        return self.voice is None and now >= self._until

    def deliver(self, watcher: Watcher) -> None:
        """Take over what the session has told."""
        for message in watcher.saying.take():
            if watcher is self._watcher:
                self._take(message)

    def expel(self, watcher: Watcher, reason: str) -> None:
        """Nobody can take the place of a watcher without a token."""

    def packet(self, *, now: float, seconds: float) -> bytes:
        """What to send now.

        Args:
            now: Present time, seconds, monotonic.
            seconds: Time of day.
        """
        now_us = int(now * MICROSECONDS)
        row = self._pacing.row(self._told(now), now_us=now_us)
        if self.is_over(now):
            self.subject.left()
        layout = self._player.layout.id
        return self.subject.packet(row, layout, now_us=now_us, seconds=seconds)

    def _told(self, now: float) -> tuple[int, int | None] | None:
        """Where the client says that its sound is; None = it does not say."""
        session = None if self.voice is None else self.voice.session
        if session is None or not session.recall.is_told:
            return None
        u, t_us = session.position(now=now)
        return u, None if session.recall.is_silent(now=now) else t_us

    def _take(self, message: Message) -> None:
        match message:
            case replies.Opened():
                self._take_opened(message)
            case replies.Rest():
                self._player.rest(message.layout, _rows(message.data, 1)[0])
            case replies.Poses():
                rows = _rows(message.data, message.n)
                self._player.poses(message.u, message.layout, i=message.i, rows=rows)
            case replies.Utterance():
                self._take_state(message)

    def _take_opened(self, message: replies.Opened) -> None:
        self.subject.opened(message.layout, message.curves, roles=message.idle)
        self._player.opened(
            message.layout,
            curves=len(message.curves),
            transforms=len(message.transforms),
            rate=PoseRate.of(message.fps),
            idle=message.idle,
            look_ahead_us=message.look_ahead_us,
        )

    def _take_state(self, message: replies.Utterance) -> None:
        u, state, t_us = message.u, message.state, message.t_us
        self._player.utterance(u, state, poses=message.poses, t_us=t_us)
        if state == "started" and self.voice is not None:
            is_mic = self.voice.session.setup.is_mic
            self._pacing.begin(u, start_us=t_us, now_us=self._now_us(), is_mic=is_mic)


def _rows(data: bytes, count: int) -> Floats:
    """float32 (count, R), the rows of a message."""
    return np.frombuffer(data, "<f4").reshape(count, -1).astype(np.float32, copy=False)
