"""What waits for one client's socket: order kept, and what a slow client loses."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from a2f_ws.wire.geometry import Geometry
from a2f_ws.wire.messages import Message
from a2f_ws.wire.replies import Poses, Rest, Utterance

ENVELOPE_BYTES: Final = 128
"""Counted for every message beside its binary data (ours: the longest envelope of `poses`)."""

GEOMETRY_BYTES: Final = 4 * 1024 * 1024
"""Meshes that wait at a time before no more are made: five of 61,520 vertices (ours)."""


@dataclass(slots=True)
class _Item:
    message: Message
    size_bytes: int
    last_us: int


class Outbox:
    """One order for everything; decides, never sends.

    `utterance` messages leave with what was really handed over: how many rows, and the time of the
    last one. Rows that were dropped here are not in them.

    Attributes:
        size_bytes: What waits, meshes not counted.
        geometry_bytes: Meshes that wait.
    """

    def __init__(self, on_mail: Callable[[], None] = lambda: None) -> None:
        """Start empty.

        Args:
            on_mail: Called after every message that was added.
        """
        self._on_mail = on_mail
        self._items: deque[_Item] = deque()
        self._handed: dict[tuple[int, int], tuple[int, int]] = {}
        self.size_bytes = self.geometry_bytes = 0

    def __len__(self) -> int:
        """Messages that wait."""
        return len(self._items)

    @property
    def has_room_for_geometry(self) -> bool:
        """True while more meshes may be made: they are made only for those who read them."""
        return self.geometry_bytes < GEOMETRY_BYTES

    def put(self, message: Message, *, last_us: int = 0) -> None:
        """Add a message at the end; `interrupted` removes what is left of its utterance.

        Args:
            message: What to send.
            last_us: For `poses`: the time of their last row, microseconds.
        """
        if isinstance(message, Utterance) and message.state == "interrupted":
            of = (message.sid, message.u)
            self._keep(lambda poses, _: (poses.sid, poses.u) != of)
        item = _Item(message, _size_bytes(message), last_us)
        self._items.append(item)
        self._count(item, 1)
        self._on_mail()

    def take(self) -> Message | None:
        """The next message to hand to the socket, or None."""
        if not self._items:
            return None
        item = self._items.popleft()
        self._count(item, -1)
        message = item.message
        if isinstance(message, Poses):
            rows, _ = self._handed.get((message.sid, message.u), (0, 0))
            self._handed[message.sid, message.u] = (rows + message.n, item.last_us)
        elif isinstance(message, Utterance):
            return self._accounted(message)
        return message

    def drop(self, sid: int, *, up_to_u: int) -> None:
        """Remove poses and meshes of a session's utterances up to and including `up_to_u`."""
        self._keep(lambda poses, _: poses.sid != sid or poses.u > up_to_u)

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

        def keeps(poses: Poses | Geometry, last_us: int) -> bool:
            if (
                isinstance(poses, Geometry)
                or self.size_bytes <= limit_bytes
                or not may_drop(poses, last_us)
            ):
                return True
            dropped[poses.sid] = dropped.get(poses.sid, 0) + poses.n
            return False

        self._keep(keeps)
        return dropped

    def _keep(self, keeps: Callable[[Poses | Geometry, int], bool]) -> None:
        """Drop queued `poses` and `geometry` that `keeps` refuses; all else stays in its place."""
        kept: deque[_Item] = deque()
        for item in self._items:
            message = item.message
            if isinstance(message, Poses | Geometry) and not keeps(message, item.last_us):
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
        rows, last_us = self._handed.get(key, (0, message.t_us))
        if message.state in ("poses_done", "interrupted"):
            self._handed.pop(key, None)
        elif message.state == "audio_done":
            last_us = message.t_us
        else:
            return message
        return replace(message, poses=rows, t_us=last_us)


def _size_bytes(message: Message) -> int:
    match message:
        case Poses() | Rest():
            return ENVELOPE_BYTES + len(message.data)
        case Geometry(parts=parts):
            fields = (parts.skin, parts.tongue, parts.jaw, parts.eyes)
            return ENVELOPE_BYTES + sum(len(field) for field in fields if field is not None)
        case _:
            return ENVELOPE_BYTES
