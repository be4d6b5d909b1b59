"""What waits for one client's socket: order kept, and what a slow client loses."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Final

from msgspec.structs import replace

from a2f_ws.wire.geometry import Geometry
from a2f_ws.wire.messages import Message
from a2f_ws.wire.replies import Closed, Poses, Rest, Utterance
from a2f_ws.wire.requests import Audio

ENVELOPE_BYTES: Final = 128
"""Counted for every message beside its binary data (ours: the longest envelope of `poses`)."""

GEOMETRY_BYTES: Final = 4 * 1024 * 1024
"""Meshes that wait at a time before no more are made: five of 61,520 vertices (ours)."""

OVER_MAX: Final = 1_024
"""Utterances whose end is remembered, for clients that come back: eight for each of the 64 sessions
that a connection may have, and as many again (ours)."""

UNTIMED: Final = (inf, inf)


@dataclass(slots=True)
class _Item:
    message: Message
    size_bytes: int
    last_us: int
    times: tuple[float, float]


class Outbox:
    """One order for everything; decides, never sends.

    `utterance` messages leave with what was really handed over: how many rows, and the time of the
    last one. Rows that were dropped here are not in them.

    Attributes:
        size_bytes: What waits, meshes not counted.
        geometry_bytes: Meshes that wait.
        times: Of the message taken last, as `put` was told them.
    """

    def __init__(
        self,
        on_mail: Callable[[], None] = lambda: None,
        *,
        on_put: Callable[[Message], None] = lambda _: None,
    ) -> None:
        """Start empty.

        Args:
            on_mail: Called after every message that was added.
            on_put: Called with every message that is added, whatever becomes of it.
        """
        self._on_mail, self._on_put = on_mail, on_put
        self._items: deque[_Item] = deque()
        self._handed: dict[tuple[int, int], tuple[int, int]] = {}
        self._over: dict[tuple[int, int], tuple[int, int]] = {}
        self.size_bytes = self.geometry_bytes = 0
        self.times = UNTIMED

    def __len__(self) -> int:
        """Messages that wait."""
        return len(self._items)

    @property
    def has_room_for_geometry(self) -> bool:
        """True while more meshes may be made: they are made only for those who read them."""
        return self.geometry_bytes < GEOMETRY_BYTES

    def put(
        self, message: Message, *, last_us: int = 0, times: tuple[float, float] = UNTIMED
    ) -> None:
        """Add a message at the end; `interrupted` removes what is left of its utterance.

        Args:
            message: What to send.
            last_us: For `poses`: the time of their last row, microseconds.
            times: For `poses`: when they were put here, and when they could have been computed at
                the earliest, seconds on one clock; infinity = nobody waits for them.
        """
        if isinstance(message, Utterance) and message.state == "interrupted":
            of = (message.sid, message.u)
            self._keep(lambda poses, _: (poses.sid, poses.u) != of)
        item = _Item(message, _size_bytes(message), last_us, times)
        self._items.append(item)
        self._count(item, 1)
        self._on_put(message)
        self._on_mail()

    def take(self) -> Message | None:
        """The next message to hand to the socket, or None."""
        if not self._items:
            return None
        item = self._items.popleft()
        self._count(item, -1)
        message, self.times = item.message, item.times
        if isinstance(message, Poses):
            rows, _ = self._handed.get((message.sid, message.u), (0, 0))
            self._handed[message.sid, message.u] = (rows + message.n, item.last_us)
        elif isinstance(message, Utterance):
            return self._accounted(message)
        elif isinstance(message, Closed):
            for account in (self._handed, self._over):
                for key in [key for key in account if key[0] == message.sid]:
                    del account[key]
        return message

    def drop(self, sid: int, *, up_to_u: int) -> None:
        """Remove poses, meshes and sound of a session's utterances up to `up_to_u`, included."""
        self._keep(lambda poses, _: poses.sid != sid or poses.u > up_to_u)

    def account(self, sid: int) -> dict[int, tuple[int, int]]:
        """What was handed over of a session's utterances: u → rows, time of the last one."""
        known = self._over | self._handed
        return {u: handed for (of, u), handed in known.items() if of == sid}

    def relieve(self, limit_bytes: int, may_drop: Callable[[Poses, int], bool]) -> dict[int, int]:
        """Drop poses that nobody needs any more, oldest first, until the limit holds.

        Args:
            limit_bytes: Size that is wanted, bytes.
            may_drop: True for live poses that lie behind their play head, the last of them, whose
                time in microseconds it is told, included.

        Returns:
            Rows dropped, by `sid`; empty when nothing could go.
        """
        dropped: dict[int, int] = {}

        def keeps(poses: Poses | Geometry | Audio, last_us: int) -> bool:
            if (
                not isinstance(poses, Poses)
                or self.size_bytes <= limit_bytes
                or not may_drop(poses, last_us)
            ):
                return True
            dropped[poses.sid] = dropped.get(poses.sid, 0) + poses.n
            return False

        self._keep(keeps)
        return dropped

    def _keep(self, keeps: Callable[[Poses | Geometry | Audio, int], bool]) -> None:
        """Drop queued poses, meshes and sound that `keeps` refuses; all else stays in its place."""
        kept: deque[_Item] = deque()
        for item in self._items:
            message = item.message
            if isinstance(message, Poses | Geometry | Audio) and not keeps(message, item.last_us):
                self._count(item, -1)
            else:
                kept.append(item)
        self._items = kept

    def _count(self, item: _Item, sign: int) -> None:
        if isinstance(item.message, Geometry):
            self.geometry_bytes += sign * item.size_bytes
        else:
            self.size_bytes += sign * item.size_bytes

    def _accounted(self, message: Utterance) -> Utterance:
        key = (message.sid, message.u)
        rows, last_us = self._handed.get(key, (message.poses, message.t_us))
        if message.state in ("poses_done", "interrupted"):
            self._handed.pop(key, None)
            self._over[key] = (rows, last_us)
            if len(self._over) > OVER_MAX:
                del self._over[next(iter(self._over))]
        elif message.state == "audio_done":
            last_us = message.t_us
        else:
            return message
        return replace(message, poses=rows, t_us=last_us)


def _size_bytes(message: Message) -> int:
    match message:
        case Poses() | Rest():
            return ENVELOPE_BYTES + len(message.data)
        case Audio():
            return ENVELOPE_BYTES + len(message.pcm)
        case Geometry(parts=parts):
            fields = (parts.skin, parts.tongue, parts.jaw, parts.eyes)
            return ENVELOPE_BYTES + sum(len(field) for field in fields if field is not None)
        case _:
            return ENVELOPE_BYTES
