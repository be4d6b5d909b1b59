"""What a live session has heard and shown of late, for those who come late or come back."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from a2f_ws.names import Floats
from a2f_ws.timebase import MICROSECONDS, PoseRate, us_to_frames
from a2f_ws.wire.requests import Audio

End: TypeAlias = Literal["poses_done", "interrupted"]
State: TypeAlias = Literal["started", "audio_done", "poses_done", "interrupted"]

TRACES_MAX: Final = 8
"""Utterances that are remembered: as many as may be alive, so whoever comes back finds all that it
has not seen the end of (protocol §18)."""

PIECES_PER_S: Final = 10
"""Sound is kept, and goes to watchers, in pieces of at most this part of a second (ours)."""

SOUND_BYTES: Final = 8 * 1024 * 1024
"""Most sound of an utterance beyond what is processed that a session with a name takes (ours)."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Faces of consecutive poses.

    Attributes:
        i: Index of the first one.
        t_us: Its time, microseconds.
        faces: float32 (n, 82), 1 to 64 of them.
    """

    i: int
    t_us: int
    faces: Floats

    @property
    def end(self) -> int:
        """Index after the last one."""
        return self.i + len(self.faces)


@dataclass(slots=True, eq=False)
class Trace:
    """What is remembered of an utterance.

    Attributes:
        u: Its number.
        start_us: Time of its first sample, microseconds.
        fps: Its poses per second.
        end_us: End of its audio, microseconds; None = more may come.
        state: Its final state; None = it is alive.
        poses: How many were shown.
        last_us: Time of the last one shown; before the first, of its first sample.
        blocks: Faces, in order; those behind the play head are forgotten.
        sound: (sample frame, samples as received), in order; the same holds.
    """

    u: int
    start_us: int
    fps: PoseRate
    end_us: int | None = None
    state: End | None = None
    poses: int = 0
    last_us: int = 0
    blocks: deque[Block] = field(default_factory=deque)
    sound: deque[tuple[int, bytes]] = field(default_factory=deque)

    def blocks_from(self, i: int) -> Iterator[Block]:
        """The faces of poses from pose i on."""
        for block in self.blocks:
            if block.i >= i:
                yield block
            elif block.end > i:
                yield Block(i, self.fps.t_us(i), block.faces[i - block.i :])

    def blocks_from_place(self, place: tuple[int, int]) -> Iterator[Block]:
        """The faces of poses from a place on: utterance, and time of it, microseconds."""
        u, t_us = place
        is_passed = self.state is not None and self.u == u and t_us > self.last_us
        if self.u >= u and not is_passed:
            yield from self.blocks_from(self.pose_at(max(0, t_us)) if self.u == u else 0)

    def pose_at(self, t_us: int) -> int:
        """The last pose that is not after a time: the one that shows then."""
        return t_us * self.fps.num // (MICROSECONDS * self.fps.den)


class Memory:
    """Remembers the newest utterances, and of their faces and sound what may still be needed.

    Attributes:
        traces: What is remembered, in order of u.
        rest: float32 (82,), the face of the newest rest row; None before the first.
        rests: How many there have been.
        keeps_poses: False = nobody will ask (burst).
        keeps_sound: True = watchers may ask.
    """

    def __init__(self, *, keeps_poses: bool, keeps_sound: bool) -> None:
        """Remember nothing yet."""
        self.traces: list[Trace] = []
        self.rest: Floats | None = None
        self.rests = 0
        self.keeps_poses, self.keeps_sound = keeps_poses, keeps_sound

    def begin(self, u: int, *, start_us: int, fps: PoseRate) -> None:
        """An utterance has started."""
        self.traces.append(Trace(u, start_us, fps, last_us=start_us))
        del self.traces[:-TRACES_MAX]

    def hear(self, message: Audio, skip: int, *, frame_bytes: int, rate_hz: int) -> None:
        """Sound of an utterance has come.

        Args:
            message: Of the newest utterance, whole sample frames.
            skip: Sample frames at its beginning that have come before.
            frame_bytes: Bytes of one sample frame.
            rate_hz: Sample frames per second.
        """
        trace = self._of(message.u)
        if trace is None or not self.keeps_sound:
            return
        step = max(1, rate_hz // PIECES_PER_S)
        for at in range(skip, len(message.pcm) // frame_bytes, step):
            piece = message.pcm[at * frame_bytes : (at + step) * frame_bytes]
            trace.sound.append((message.first + at, piece))

    def show(self, u: int, block: Block) -> None:
        """Poses of an utterance came."""
        trace = self._of(u)
        if trace is not None:
            trace.poses += len(block.faces)
            trace.last_us = trace.fps.t_us(block.end - 1)
            if self.keeps_poses:
                trace.blocks.append(block)

    def end(self, u: int, *, t_us: int) -> None:
        """No more sound of an utterance will come; it ends at that time, microseconds."""
        trace = self._of(u)
        if trace is not None:
            trace.end_us = t_us

    def finish(self, u: int, state: End) -> None:
        """An utterance is over."""
        trace = self._of(u)
        if trace is None:
            return
        trace.state = state
        if state == "interrupted":
            trace.blocks.clear()
            trace.sound.clear()

    def rests_at(self, face: Floats) -> None:
        """A rest row was said, of a face float32 (82,)."""
        self.rest, self.rests = face, self.rests + 1

    def drop_poses(self) -> None:
        """Forget all poses: those that follow are of another kind."""
        for trace in self.traces:
            trace.blocks.clear()

    def forget(self, head: tuple[int, int], *, rate_hz: int) -> None:
        """Give up what lies behind the play head.

        Args:
            head: Utterance and time, microseconds.
            rate_hz: Sample frames per second of the sound.
        """
        for trace in self.traces:
            if trace.u < head[0]:
                trace.blocks.clear()
                trace.sound.clear()
            elif trace.u == head[0]:
                _forget(trace, head[1], rate_hz=rate_hz)

    def _of(self, u: int) -> Trace | None:
        return next((trace for trace in reversed(self.traces) if trace.u == u), None)


def _forget(trace: Trace, t_us: int, *, rate_hz: int) -> None:
    """Drop blocks and pieces that are all before a time."""
    i = trace.pose_at(max(0, t_us))
    while trace.blocks and trace.blocks[0].end <= i:
        trace.blocks.popleft()
    frame = us_to_frames(t_us, rate_hz)
    while len(trace.sound) > 1 and trace.sound[1][0] <= frame:
        trace.sound.popleft()
