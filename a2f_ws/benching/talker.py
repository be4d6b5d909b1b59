"""One session of the load: its messages made beforehand, its poses timed as they come."""

from typing import Any, Final

import msgspec

from a2f_ws.benching.figures import LATE_MS, Load
from a2f_ws.benching.socket_frames import framed
from a2f_ws.timebase import MICROSECONDS
from a2f_ws.wire.codec import encode
from a2f_ws.wire.messages import AudioFormat
from a2f_ws.wire.requests import Audio, Open, Played

RATE_HZ: Final = 16_000
FRAME_BYTES: Final = 2
UTTERANCE: Final = 1

HELD_US: Final = round(LATE_MS * 1000)
"""How far the sound is played behind the newest pose that can be had, microseconds."""

WIDE: Final = (1 << 32) - 1
"""An integer that msgpack writes with four bytes, which others of up to that size can replace."""


class Heard(msgspec.Struct, frozen=True):
    """What the load has to know of a message of the server's; all other fields are passed over."""

    op: str
    sid: int = -1
    i: int = 0
    n: int = 0
    code: Any = None
    message: str = ""
    look_ahead_us: int = 0
    retry_s: float | None = None
    counters: dict[str, float] = msgspec.field(default_factory=dict)


HEARD: Final = msgspec.msgpack.Decoder(Heard)


class Talker:
    """Speaks one long line.

    Attributes:
        sid: Number of the session on its connection.
        offset_s: When its chunks go out after those of the first session, seconds.
        again_s: When to ask again for a place; None = it was not refused.
        is_open: True once the server has said `opened` and `rest`.
        rate_hz: Lowest rate of inference that it was told of.
        added_ms: Added latency of every pose that counts, milliseconds.
        late: Poses that came too late, or never.
    """

    def __init__(self, sid: int, load: Load, *, sound: bytes, number: int) -> None:
        """Make its messages.

        Args:
            sid: Number of the session on its connection.
            load: What all do.
            sound: s16le at `RATE_HZ`, said again and again.
            number: Which of all sessions it is.
        """
        self.sid, self._load = sid, load
        self.offset_s = number / load.sessions * load.chunk_ms / 1e3
        self.again_s: float | None = None
        self.is_open, self._rate_hz = False, float(load.fps)
        self.rate_hz = self._rate_hz
        self.added_ms: list[float] = []
        self.late = 0
        self._frames = RATE_HZ * load.chunk_ms // 1000
        self._bytes = self._frames * FRAME_BYTES
        self._sound, self._said = sound, number * 7_919
        self._audio = framed(
            encode(Audio(sid=sid, u=UTTERANCE, first=WIDE, pcm=bytes(self._bytes)), False)
        )
        self._first_at = self._audio.index(WIDE.to_bytes(4, "big"))
        self._pcm_at = len(self._audio) - self._bytes
        self._played = framed(encode(Played(sid=sid, u=UTTERANCE, t_us=WIDE), False))
        self._t_at = self._played.index(WIDE.to_bytes(4, "big"))
        self._sent_s: list[float] = []
        self._ahead_us = self._next = 0

    def opening(self) -> bytearray:
        """What opens it."""
        audio = AudioFormat(format="s16le", rate=RATE_HZ)
        wanted = Open(
            sid=self.sid,
            rig=self._load.rig,
            fps=self._load.fps,
            audio=audio,
            want=("status",) if self._load.speaks else (),
        )
        return framed(encode(wanted, False))

    def chunk(self, now_s: float) -> bytearray:
        """The next piece of sound, which goes out now; good until the next call."""
        at = (self._said % (len(self._sound) // self._bytes)) * self._bytes
        first = len(self._sent_s) * self._frames
        audio, spot = self._audio, self._first_at
        audio[spot : spot + 4] = first.to_bytes(4, "big")
        audio[self._pcm_at :] = self._sound[at : at + self._bytes]
        self._sent_s.append(now_s)
        self._said += 1
        return audio

    def played(self, now_s: float) -> bytearray | None:
        """Where its sound is; None before that has begun."""
        if not self._next:
            return None
        t_us = round((now_s - self._sent_s[0]) * MICROSECONDS) - self._ahead_us - HELD_US
        self._played[self._t_at : self._t_at + 4] = max(0, t_us).to_bytes(4, "big")
        return self._played

    def take(self, heard: Heard, now_s: float, *, counts: bool) -> int:
        """Take a message of the server's.

        Args:
            heard: For this session.
            now_s: Present time.
            counts: False while the server warms up.

        Returns:
            How many poses came with it.
        """
        if heard.op == "poses":
            return self._take_poses(heard, now_s, counts=counts)
        if heard.op == "opened":
            self._ahead_us = heard.look_ahead_us
        elif heard.op == "rest":
            self.is_open = True
        elif heard.op == "status":
            self._take_status(heard)
        return 0

    def _take_poses(self, heard: Heard, now_s: float, *, counts: bool) -> int:
        left_out, self._next = heard.i - self._next, heard.i + heard.n
        if not counts:
            return heard.n
        self.late += max(0, left_out)
        self.rate_hz = min(self.rate_hz, self._rate_hz)
        for i in range(heard.i, heard.i + heard.n):
            added_ms = (now_s - self._sent(i)) * 1e3
            self.added_ms.append(added_ms)
            self.late += added_ms > LATE_MS
        return heard.n

    def _sent(self, i: int) -> float:
        """When the last sound that a pose needs went out."""
        needed_us = i * MICROSECONDS // self._load.fps + self._ahead_us
        chunk = -(-needed_us // (self._load.chunk_ms * 1000)) - 1
        return self._sent_s[min(max(chunk, 0), len(self._sent_s) - 1)]

    def _take_status(self, heard: Heard) -> None:
        if heard.code == "rate":
            self._ahead_us = int(heard.counters["look_ahead_us"])
            self._rate_hz = heard.counters["rate_hz"]
