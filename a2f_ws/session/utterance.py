"""One stretch of speech: audio in order, windows on demand, poses counted."""

from collections.abc import Callable

from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats
from a2f_ws.session.arrivals import Arrivals
from a2f_ws.session.cache import Line
from a2f_ws.session.ear import Ear
from a2f_ws.session.faces import between
from a2f_ws.session.felt import Felt
from a2f_ws.session.mood import Plan
from a2f_ws.session.playhead import Stretch
from a2f_ws.session.streaming import Feel, streaming, unfelt
from a2f_ws.session.windows import Window
from a2f_ws.shaping.stream import Stream
from a2f_ws.timebase import MICROSECONDS, frames_to_us


class Utterance:
    """What a session knows of one utterance.

    Attributes:
        u: Number, rising.
        first: Sample frame of the client's rate where its audio begins.
        stride: Every how many poses one is computed; those between are interpolated.
        asked: Index after the last pose offered: the first one that the next window brings.
        taken: Index after the last pose cut: no pose from it on has been computed.
        shown: Pose shown next: faces before it have come.
        judged: Pose whose lateness is judged next.
        imposed_us: How much longer than for their own audio poses had to wait for that of the
            computed one after them, since the last `judge`, microseconds.
        chunk_us: Length of the newest chunk, microseconds.
        epoch: Of windows offered now; those of older ones count only if they have been cut.
        kept_epoch: Windows of older ones do not count at all.
        is_easing: True once everything has been offered, the rest face included.
        is_settled: True once the emotion that it ends with has been handed on.
        face: float32 (82,), the last face shown, or None.
        plan: Its explicit emotion.
        felt: What is heard of the emotion in it; None = nobody listens.
        state: Its filter state.
        streaming: Which blocks its network was given, if it gives such.
        line: A line that was said before, whose faces it shows; None = it is computed.
        arrivals: When its audio came.
        is_torn: True once filters began anew within it: the same sound may look otherwise.
    """

    def __init__(
        self,
        u: int,
        ear: Ear,
        *,
        plan: Plan,
        new_state: Callable[[], object],
        now: float,
        stride: int = 1,
    ) -> None:
        """Begin with what an ear that has heard nothing yet will hear."""
        self.u, self.first = u, ear.received
        self.fps = ear.fps
        self.plan, self.state = plan, new_state()
        self.is_over = self.is_easing = self.is_settled = False
        self.epoch = self.kept_epoch = 0
        self.stride, self.imposed_us, self.chunk_us = stride, 0, 0
        self.face: Floats | None = None
        self.line: Line | None = None
        self.is_torn = False
        self.first_pose = self.fps.first_at(self.first, ear.rate_hz)
        self.asked = self.taken = self.shown = self.judged = self._begin = self.first_pose
        self.streaming = streaming(ear.places, self.first_pose)
        self._new_state = new_state
        self._rate_hz = ear.rate_hz
        self.arrivals = Arrivals(now)
        self._ear = ear
        at = self.fps.sample(self.first_pose)
        self.felt = None if ear.pace is None else Felt(ear.pace, ear, first=at)

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
    def next(self) -> int:
        """Pose offered next."""
        return self._following(self.asked)

    @property
    def reach(self) -> int:
        """Index after the last pose that the received audio allows, with this stride."""
        due = self._following(self.taken)
        if self.is_ended or due >= self.available:
            return self.available if self.is_ended else self.taken
        return due + 1 + (self.available - 1 - due) // self.stride * self.stride

    @property
    def is_waiting(self) -> bool:
        """True while windows of it have been offered and not been cut."""
        return self.asked > self.taken or (self.is_easing and not self.is_settled)

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

    @property
    def open_at(self) -> int:
        """First sample from which on nothing was computed: a new emotion acts from there."""
        return self.streaming.open_at(self.fps.sample(self.taken))

    @property
    def needed_at(self) -> int:
        """First sample whose emotion may still be asked for."""
        return self.streaming.needed_at(self.fps.sample(self.shown), self.shown)

    def hear(self, samples: Floats, *, now: float) -> None:
        """Append mono audio at the client's rate, float32 (n,), −1 … 1."""
        if len(samples):
            self.arrivals.note(self.available, taken=self.taken, now=now)
            self._ear.hear(samples)
            self.chunk_us = frames_to_us(len(samples), self._rate_hz)

    def end(self, *, now: float) -> None:
        """No more audio will come."""
        self.arrivals.note(self.available, taken=self.taken, now=now)
        self._ear.is_ended = True

    def waiting_s(self, *, now: float) -> float:
        """How long the audio of the pose computed next has been here, seconds."""
        due = self._following(self.taken)
        return now - self.came_at(due) if due < self.available else 0.0

    def came_at(self, i: int) -> float:
        """When the audio of a pose from `taken` on came that is available."""
        return self.arrivals.at(i, taken=self.taken)

    def offer(self) -> Window:
        """The next window; the one after the last speech pose is the rest face's."""
        window = Window(self, self.next, self.epoch)
        if self.is_ended and window.i >= self.speech_poses:
            self.is_easing = True
        else:
            window.work = self.streaming.work(window.i, self.asked)
            self.asked = window.i + 1
        return window

    def recall(self, line: Line) -> None:
        """Be a line that was said before: no audio is needed; `end` has to follow."""
        self.line, self.stride = line, 1
        self._ear.received = line.end

    def recalled(self, i: int) -> Floats:
        """The face of pose i of that line, float32 (82,), which then counts as computed."""
        if self.line is None:
            raise MisuseError(f"u {self.u} is no line that was said before")
        is_speech = i < self.speech_poses
        if is_speech:
            self.taken = max(self.taken, i + 1)
        face: Floats = self.line.faces[i - self.first_pose if is_speech else -1]
        return face

    def pace(self, stride: int) -> None:
        """Compute every stride-th pose from the last computed one on."""
        if stride != self.stride and self.line is None:
            self.stride = stride
            self.withdraw()

    def withdraw(self) -> None:
        """Offer afresh what has not been cut yet; what is being computed counts."""
        self.epoch += 1
        self.asked = self.taken
        self.is_easing = self.is_easing and self.is_settled

    def steps_to(self, i: int) -> int:
        """Pose periods from the face computed before to pose i, which is cut next, >= 1."""
        return i + 1 - self.taken if self.taken > self._begin else 1

    def cut(self, i: int, feel: Feel = unfelt) -> Floats | Stream:
        """What the network needs for pose i: its window, float32 (S,), or where it lies in blocks.

        Poses before i, back to the last `forget`, can still be cut where they have windows.

        Args:
            i: Pose.
            feel: The emotion at a sample, for the frames of blocks.
        """
        if i > self.taken:
            imposed_s = self.came_at(i) - self.came_at(self.taken)
            self.imposed_us = max(self.imposed_us, round(imposed_s * MICROSECONDS))
        self.taken = max(self.taken, i + 1)
        return self.streaming.give(i, self._ear.window, feel=feel)

    def known(self, at: int) -> int:
        """Index after the last available pose that needs no emotion after a sample."""
        return min(self.available, self._ear.known(at))

    def forget(self, i: int) -> None:
        """Give up the audio that only poses before i need."""
        self._ear.forget(self.streaming.window(i))

    def show(self, i: int, face: Floats) -> list[Floats]:
        """Note the face of pose i, float32 (82,).

        Returns:
            The faces of all poses that can be shown now, pose i the last of them.
        """
        gap = i - self.shown
        faces = [] if self.face is None or gap < 1 else [*between(self.face, face, poses=gap)]
        self.shown, self.face = i + 1, face
        return [*faces, face]

    def take_back(self, i: int) -> None:
        """Offer poses from i >= `shown` on afresh; results of earlier offers are void."""
        self.epoch += 1
        self.kept_epoch = self.epoch
        self.asked = self.taken = self.shown = self.judged = self._begin = i
        self.is_easing = self.is_settled = False
        self.state = self._new_state()
        self.streaming = streaming(self._ear.places, i)
        self.is_torn = True
        self._ear.skip(self.streaming.window(i))

    def skip_to(self, i: int) -> None:
        """Leave out poses before i; easing would begin from a face that nobody saw."""
        if i > self.taken:
            self.take_back(i)
            self.face = None
        self.forget(self.taken)

    def stretch(self) -> Stretch:
        """What the play head needs to know."""
        start_us = self.start_us
        last = self.end_pose if self.is_ended else self.reach - 1
        return Stretch(
            u=self.u,
            start_us=start_us,
            stop_us=max(start_us, self.fps.t_us(last)) if last >= self.first_pose else start_us,
            is_over_at_stop=self.is_ended,
            heard_at=self.arrivals.first,
        )

    def _following(self, done: int) -> int:
        """The pose computed next when no other one before `done` is left to compute."""
        if done == self._begin:
            return done
        following = done - 1 + self.stride
        return min(following, max(done, self.speech_poses - 1)) if self.is_ended else following
