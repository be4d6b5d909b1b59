"""What happens while a client reads more slowly than its sessions speak."""

from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeAlias

from a2f_ws.outbox import Outbox
from a2f_ws.session.session import Session
from a2f_ws.wire import replies

RELIEVE_S: Final = 0.05
"""A full outbox is searched again after that, or when it has grown by a sixteenth (ours)."""

ROW_VALUE_BYTES: Final = 4

WARNED_PART: Final = 2
CALM_PART: Final = 4
"""A client is told that it reads too slowly when this part of the limit waits, and again only
after no more than that part did (ours)."""

Heads: TypeAlias = Mapping[int, tuple[int, int]]
"""Play heads: `sid` → utterance, and time, microseconds."""


class Relief:
    """Holds burst sessions back, and drops live poses that nobody needs any more."""

    def __init__(self, outbox: Outbox, *, limit_bytes: int) -> None:
        """Watch an outbox that should hold at most so many bytes."""
        self._outbox, self._limit_bytes = outbox, limit_bytes
        self._again_at = 0.0
        self._again_above_bytes = 0
        self._is_warned = False

    def has_room(self, session: Session, sessions: Collection[Session]) -> bool:
        """True while the outbox can take what a session and all burst sessions have asked for."""
        if not session.setup.is_burst:
            return True
        if session.setup.geometry_hz and not self._outbox.has_room_for_geometry:
            return False
        due_bytes = sum(
            one.offering.queued * one.setup.table.row * ROW_VALUE_BYTES
            for one in sessions
            if one.setup.is_burst
        )
        return self._outbox.size_bytes + due_bytes < self._limit_bytes

    def relieve(self, heads_of: Callable[[], Heads], *, now: float) -> None:
        """Drop what a client that reads too slowly can do without; tell it before that.

        Args:
            heads_of: The play heads of live sessions, by `sid`.
            now: Present time, seconds, monotonic.
        """
        self._warn(heads_of)
        size = self._outbox.size_bytes
        is_small = now < self._again_at and size < self._again_above_bytes
        if size <= self._limit_bytes or is_small:
            return
        heads = heads_of()

        def may_drop(poses: replies.Poses, last_us: int) -> bool:
            return poses.sid in heads and (poses.u, last_us) < heads[poses.sid]

        for sid, rows in self._outbox.relieve(self._limit_bytes, may_drop).items():
            text = f"{rows} poses: they are read more slowly than they are made"
            status = replies.Status(
                sid=sid, level="warning", code="dropped", message=text, counters={"poses": rows}
            )
            self._outbox.put(status)
        self._again_at = now + RELIEVE_S
        self._again_above_bytes = self._outbox.size_bytes + self._limit_bytes // 16

    def _warn(self, heads_of: Callable[[], Heads]) -> None:
        """Say once that a client reads too slowly, when half of what may wait does."""
        size = self._outbox.size_bytes
        if size <= self._limit_bytes // WARNED_PART:
            self._is_warned = self._is_warned and size > self._limit_bytes // CALM_PART
        elif not self._is_warned:
            self._is_warned = True
            text = f"{size} bytes wait to be read; beyond {self._limit_bytes} poses are dropped"
            for sid in heads_of():
                status = replies.Status(
                    sid=sid, level="warning", code="behind", message=text,
                    counters={"waiting_bytes": size},
                )  # fmt: skip
                self._outbox.put(status)
