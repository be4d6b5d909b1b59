"""One stretch of speech: audio in order, windows on demand, poses counted."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from a2f_ws.animation.weights import FilterState
from a2f_ws.ear import Ear
from a2f_ws.inference.bundle import Bundle
from a2f_ws.mood import Plan
from a2f_ws.names import Floats
from a2f_ws.playhead import Stretch
from a2f_ws.timebase import PoseRate, frames_to_us


@dataclass(slots=True, eq=False)
class Window:
    """A face to compute.

    Attributes:
        utterance: Whose it is; None = the rest row of the session.
        i: Pose index; for the face that an ended utterance eases to, the number of its speech
            poses.
        epoch: Offers of an utterance that were taken back have an older one.
    """

    utterance: "Utterance | None"
    i: int
    epoch: int

    @property
    def is_dead(self) -> bool:
        """True when nobody needs the face any more."""
        utterance = self.utterance
        return utterance is not None and (utterance.is_over or self.epoch != utterance.epoch)

    @property
    def is_ease(self) -> bool:
        """True for the rest face after the last speech pose."""
        utterance = self.utterance
        return utterance is not None and utterance.is_ended and self.i >= utterance.speech_poses

    def is_before(self, other: "Window") -> bool:
        """True when the other one is the next pose of the same utterance."""
        return self.utterance is other.utterance and self.i + 1 == other.i and not other.is_ease


class Utterance:
    """What a session knows of one utterance.

    Attributes:
        u: Number, rising.
        first: Sample frame of the client's rate where its audio begins.
        next: Pose offered next.
        taken: Pose computed next: windows before it have been cut.
        shown: Pose shown next: faces before it have come.
        judged: Pose whose lateness is judged next.
        is_easing: True once everything has been offered, the rest face included.
        is_settled: True once the emotion that it ends with has been handed on.
        face: float32 (82,), the last face shown, or None.
        plan: Its emotion.
        state: Its filter state.
    """

    def __init__(
        self,
        u: int,
        first: int,
        *,
        rate_hz: int,
        fps: PoseRate,
        bundle: Bundle,
        plan: Plan,
        new_state: Callable[[], FilterState],
        now: float,
    ) -> None:
        """Begin at sample frame `first`; before it is silence."""
        self.u, self.first = u, first
        self.fps = fps
        self.plan, self.state = plan, new_state()
        self.is_over = self.is_easing = self.is_settled = False
        self.epoch = 0
        self.face: Floats | None = None
        self.first_pose = fps.first_at(first, rate_hz)
        self.next = self.taken = self.shown = self.judged = self.first_pose
        self._new_state = new_state
        self._rate_hz = rate_hz
        self._heard_at = now
        self._ready: deque[tuple[int, float]] = deque()
        self._ear = Ear(first, rate_hz=rate_hz, fps=fps, bundle=bundle)

    @property
    def received(self) -> int:
        """Sample frame after the last one received."""
        return self._ear.received

    @property
    def is_ended(self) -> bool:
        """True when no more audio will come."""
        return self._ear.is_ended

    @property
    def speech_poses(self) -> int:
        """Index after the last speech pose that the received audio has room for."""
        return max(self.first_pose, self._ear.speech_poses)

    @property
    def available(self) -> int:
        """Index after the last pose whose window the received audio fills."""
        return max(self.first_pose, self._ear.available)

    @property
    def end_pose(self) -> int:
        """Index after the last pose, easing included; without speech there is nothing to ease."""
        poses = self.speech_poses
        return poses + self.fps.ease_poses if poses > self.first_pose else poses

    @property
    def start_us(self) -> int:
        """Time of its first sample after its sample 0, microseconds."""
        return frames_to_us(self.first, self._rate_hz)

    @property
    def received_us(self) -> int:
        """Time of the end of the audio received so far, microseconds."""
        return frames_to_us(self.received, self._rate_hz)

    @property
    def processed_us(self) -> int:
        """Time up to which audio has become poses, microseconds; not before its first sample."""
        return max(self.start_us, self.fps.t_us(self.taken))

    def hear(self, samples: Floats, *, now: float) -> None:
        """Append mono audio at the client's rate, float32 (n,), −1 … 1."""
        if len(samples):
            self._note_time(now)
            self._ear.hear(samples)

    def end(self, *, now: float) -> None:
        """No more audio will come."""
        self._note_time(now)
        self._ear.is_ended = True

    def waiting_s(self, *, now: float) -> float:
        """How long the audio of the pose computed next has been here, seconds."""
        self._forget_times()
        return now - self._ready[0][1] if self.taken < self.available else 0.0

    def offer(self) -> Window:
        """The next window; the one after the last speech pose is the rest face's."""
        window = Window(self, self.next, self.epoch)
        if self.is_ended and self.next >= self.speech_poses:
            self.is_easing = True
        else:
            self.next += 1
        return window

    def cut(self, i: int) -> Floats:
        """The window of pose i, float32 (S,), silence where there is no audio.

        Poses before i, back to the last `forget`, can still be cut.
        """
        self.taken = max(self.taken, i + 1)
        return self._ear.window(i)

    def forget(self, i: int) -> None:
        """Give up the audio that only poses before i need."""
        self._ear.forget(i)

    def show(self, i: int, face: Floats) -> None:
        """Note the face of pose i, float32 (82,)."""
        self.shown, self.face = i + 1, face

    def take_back(self, i: int) -> None:
        """Offer poses from i >= `shown` on afresh; results of earlier offers are void."""
        self.epoch += 1
        self.next = self.taken = self.shown = self.judged = i
        self.is_easing = self.is_settled = False
        self.state = self._new_state()
        self._ear.skip(i)

    def skip_to(self, i: int) -> None:
        """Leave out poses before i; easing would begin from a face that nobody saw."""
        if i > self.taken:
            self.take_back(i)
            self.face = None
        self.forget(self.taken)

    def stretch(self) -> Stretch:
        """What the play head needs to know."""
        start_us = self.start_us
        last = self.end_pose if self.is_ended else self.available - 1
        return Stretch(
            u=self.u,
            start_us=start_us,
            stop_us=max(start_us, self.fps.t_us(last)) if last >= self.first_pose else start_us,
            is_over_at_stop=self.is_ended,
            heard_at=self._heard_at,
        )

    def _note_time(self, now: float) -> None:
        """Remember when the audio of the poses that are not available yet may have come."""
        available = self.available
        if self._ready and self._ready[-1][0] == available:
            self._ready.pop()
        self._ready.append((available, now))
        self._forget_times()

    def _forget_times(self) -> None:
        while len(self._ready) > 1 and self._ready[1][0] <= self.taken:
            self._ready.popleft()


def ease(face: Floats, rest: Floats, *, poses: int) -> Floats:
    """Faces that bring a mouth to rest.

    Args:
        face: float32 (82,), the last face of the speech.
        rest: float32 (82,), the rest face.
        poses: How many, >= 1.

    Returns:
        float32 (poses, 82); a smoothstep in time, the last one equals `rest`.
    """
    part = np.arange(1, poses + 1, dtype=np.float32)[:, None] / np.float32(poses)
    blend = part * part * (np.float32(3.0) - np.float32(2.0) * part)
    faces: Floats = face + blend * (rest - face)
    faces[-1] = rest
    return faces
