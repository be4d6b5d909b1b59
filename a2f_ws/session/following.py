"""What a watcher has been told of the session that it follows, and what it is told next."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from a2f_ws.session.memory import Block, Memory, State, Trace
from a2f_ws.session.playhead import Stretch, distance_us
from a2f_ws.timebase import frames_to_us, us_to_frames
from a2f_ws.wire.messages import Message
from a2f_ws.wire.replies import Poses, Utterance
from a2f_ws.wire.requests import Audio

SOON_US: Final = 250_000
"""What lies less beyond the play head is told whatever waits to be read; what lies further beyond
it waits while much does (protocol §18)."""

Rows: TypeAlias = Callable[[int, Block], bytes]
"""The rows that a client gets for faces of an utterance."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Where a session is, for those who follow it.

    Attributes:
        head: The play head: utterance, and microseconds after its sample 0.
        stretches: Utterances that the head has not passed, in order.
        near_us: How far beyond the head sound may go, microseconds.
        rate_hz: Sample frames per second of the sound.
        frame_bytes: Bytes of one of them.
    """

    head: tuple[int, int]
    stretches: tuple[Stretch, ...]
    near_us: int
    rate_hz: int
    frame_bytes: int

    def beyond_us(self, u: int, t_us: int) -> int:
        """How far a time of an utterance lies beyond the play head, microseconds."""
        return distance_us(self.stretches, self.head, u=u, t_us=t_us)


@dataclass(slots=True)
class Room:
    """What may be told ahead of time.

    Attributes:
        left_bytes: So much.
        row_bytes: Of a row.
    """

    left_bytes: float
    row_bytes: int

    def takes(self, size_bytes: int, *, beyond_us: int) -> bool:
        """Whether something may be told that lies so far beyond the play head; it counts."""
        if beyond_us > SOON_US and self.left_bytes <= 0:
            return False
        self.left_bytes -= size_bytes
        return True


@dataclass(slots=True)
class _Mark:
    """How far one utterance was told.

    Attributes:
        pose: The next one.
        frame: The next sample frame.
        is_end_told: True once `audio_done` was said.
    """

    pose: int = 0
    frame: int = 0
    is_end_told: bool = False


class Following:
    """Walks through what a session remembers; says everything once and in order.

    Attributes:
        is_held: Something waits for room.
    """

    def __init__(self, sid: int, *, wants_audio: bool) -> None:
        """Begin where the session is at the first `walk`; what begins later is told whole.

        Args:
            sid: Of the watcher.
            wants_audio: True = the sound as well.
        """
        self._sid, self._wants_audio = sid, wants_audio
        self._marks: dict[int, _Mark] = {}
        self._after: int | None = None
        self.is_held = False

    @property
    def is_settled(self) -> bool:
        """True while nothing is being told."""
        return not self._marks

    def walk(
        self, memory: Memory, sight: Sight, *, layout: int, rows: Rows | None, room: Room
    ) -> Iterator[Message]:
        """What is new.

        Args:
            memory: Of the session.
            sight: Where it is.
            layout: Of the rows.
            rows: Makes them; None = poses are passed over.
            room: For what is told ahead of time.
        """
        self.is_held = False
        is_late = self._after is None
        if self._after is None:
            self._after = _passed(memory, sight)
        remembered = {trace.u for trace in memory.traces}
        self._marks = {u: mark for u, mark in self._marks.items() if u in remembered}
        for trace in memory.traces:
            if trace.u <= self._after:
                continue
            mark = self._marks.get(trace.u)
            if mark is None:
                if trace.state == "interrupted":
                    self._after = trace.u
                    continue
                mark = self._marks[trace.u] = _begin(trace, sight) if is_late else _Mark()
                yield self._state(trace, "started", t_us=trace.start_us)
            yield from self._tell(trace, mark, sight=sight, layout=layout, rows=rows, room=room)
            if self.is_held:
                return

    def rewind(self, memory: Memory, sight: Sight) -> None:
        """Tell poses from the play head on again: they are for other rows, or were passed over."""
        for trace in memory.traces:
            mark = self._marks.get(trace.u)
            if mark is not None:
                mark.pose = _begin(trace, sight).pose

    def _tell(
        self, trace: Trace, mark: _Mark, *, sight: Sight, layout: int, rows: Rows | None, room: Room
    ) -> Iterator[Message]:
        if trace.state == "interrupted":
            yield self._over(trace)
            return
        is_heard = True
        if self._wants_audio:
            yield from self._sound(trace, mark, sight=sight, room=room)
            is_heard = not trace.sound or mark.frame >= _end_frame(trace, sight)
        for block in trace.blocks_from(mark.pose):
            if rows is not None:
                size, beyond_us = (
                    len(block.faces) * room.row_bytes,
                    sight.beyond_us(trace.u, block.t_us),
                )
                if not room.takes(size, beyond_us=beyond_us):
                    self.is_held = True
                    return
                yield self._poses(trace, block, layout=layout, data=rows(trace.u, block))
            mark.pose = block.end
        if is_heard and trace.end_us is not None and not mark.is_end_told:
            mark.is_end_told = True
            yield self._state(trace, "audio_done", t_us=trace.end_us)
        if is_heard and trace.state is not None:
            yield self._over(trace)

    def _sound(self, trace: Trace, mark: _Mark, *, sight: Sight, room: Room) -> Iterator[Message]:
        for first, pcm in trace.sound:
            end = first + len(pcm) // sight.frame_bytes
            if end <= mark.frame:
                continue
            beyond_us = sight.beyond_us(trace.u, frames_to_us(end, sight.rate_hz))
            if beyond_us > sight.near_us:
                return
            skip = max(0, mark.frame - first)
            part = pcm[skip * sight.frame_bytes :]
            if not room.takes(len(part), beyond_us=beyond_us):
                self.is_held = True
                return
            mark.frame = end
            yield Audio(sid=self._sid, u=trace.u, first=first + skip, pcm=part)

    def _over(self, trace: Trace) -> Message:
        """The final state; how much was handed over is the outbox's to say."""
        self._after = trace.u
        self._marks.pop(trace.u, None)
        return self._state(trace, trace.state or "poses_done", t_us=trace.start_us)

    def _state(self, trace: Trace, state: State, *, t_us: int) -> Message:
        return Utterance(sid=self._sid, u=trace.u, state=state, poses=0, t_us=t_us)

    def _poses(self, trace: Trace, block: Block, *, layout: int, data: bytes) -> Message:
        return Poses(
            sid=self._sid,
            u=trace.u,
            layout=layout,
            i=block.i,
            t_us=block.t_us,
            n=len(block.faces),
            data=data,
        )


def _passed(memory: Memory, sight: Sight) -> int:
    """The last utterance that the play head has passed."""
    u, t_us = sight.head
    trace = next((one for one in memory.traces if one.u == u), None)
    if trace is not None and trace.state is not None and t_us >= trace.last_us:
        return u
    return u - 1


def _begin(trace: Trace, sight: Sight) -> _Mark:
    """Where one begins with an utterance: at the play head, or at its first sample."""
    u, t_us = sight.head
    if trace.u > u:
        return _Mark()
    return _Mark(trace.pose_at(t_us), us_to_frames(t_us, sight.rate_hz))


def _end_frame(trace: Trace, sight: Sight) -> int:
    first, pcm = trace.sound[-1]
    return first + len(pcm) // sight.frame_bytes
