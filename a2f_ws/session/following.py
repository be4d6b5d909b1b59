"""What a watcher has been told of the session that it follows, and what it is told next."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from a2f_ws.session.memory import Block, Memory, State, Trace
from a2f_ws.session.playhead import Stretch, distance_us
from a2f_ws.timebase import frames_to_us, us_to_frames
from a2f_ws.wire.messages import Message
from a2f_ws.wire.replies import Poses, Utterance
from a2f_ws.wire.requests import Audio

Rows: TypeAlias = Callable[[Block], bytes]
"""The rows that a client gets for faces."""


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

    def is_near(self, u: int, frame: int) -> bool:
        """True when sound up to that sample frame may go to watchers."""
        t_us = frames_to_us(frame, self.rate_hz)
        return distance_us(self.stretches, self.head, u=u, t_us=t_us) <= self.near_us


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
    """Walks through what a session remembers; says everything once and in order."""

    def __init__(self, sid: int, *, wants_audio: bool) -> None:
        """Begin where the session is at the first `walk`.

        Args:
            sid: Of the watcher.
            wants_audio: True = the sound as well.
        """
        self._sid, self._wants_audio = sid, wants_audio
        self._marks: dict[int, _Mark] = {}
        self._after: int | None = None

    @property
    def is_settled(self) -> bool:
        """True while nothing is being told."""
        return not self._marks

    def walk(
        self, memory: Memory, sight: Sight, *, layout: int, rows: Rows | None
    ) -> Iterator[Message]:
        """What is new.

        Args:
            memory: Of the session.
            sight: Where it is.
            layout: Of the rows.
            rows: Makes them; None = poses are passed over.
        """
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
                mark = self._marks[trace.u] = _begin(trace, sight)
                yield self._state(trace, "started", t_us=trace.start_us)
            yield from self._tell(trace, mark, sight=sight, layout=layout, rows=rows)

    def rewind(self, memory: Memory, sight: Sight) -> None:
        """Tell poses from the play head on again: they are for other rows, or were passed over."""
        for trace in memory.traces:
            mark = self._marks.get(trace.u)
            if mark is not None:
                mark.pose = _begin(trace, sight).pose

    def _tell(
        self, trace: Trace, mark: _Mark, *, sight: Sight, layout: int, rows: Rows | None
    ) -> Iterator[Message]:
        if trace.state == "interrupted":
            yield self._over(trace)
            return
        is_heard = True
        if self._wants_audio:
            yield from self._sound(trace, mark, sight=sight)
            is_heard = not trace.sound or mark.frame >= _end_frame(trace, sight)
        for block in trace.blocks_from(mark.pose):
            mark.pose = block.end
            if rows is not None:
                yield self._poses(trace, block, layout=layout, data=rows(block))
        if is_heard and trace.end_us is not None and not mark.is_end_told:
            mark.is_end_told = True
            yield self._state(trace, "audio_done", t_us=trace.end_us)
        if is_heard and trace.state is not None:
            yield self._over(trace)

    def _sound(self, trace: Trace, mark: _Mark, *, sight: Sight) -> Iterator[Message]:
        for first, pcm in trace.sound:
            end = first + len(pcm) // sight.frame_bytes
            if end <= mark.frame:
                continue
            if not sight.is_near(trace.u, end):
                return
            skip = max(0, mark.frame - first)
            mark.frame = end
            part = pcm[skip * sight.frame_bytes :]
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
