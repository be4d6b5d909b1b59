"""Which poses of a session come with their mesh, which mesh is next, the messages of them."""

from collections import deque
from collections.abc import Iterator
from typing import Final

from a2f_ws.mesh import Mesh
from a2f_ws.names import Floats
from a2f_ws.session.saying import Saying
from a2f_ws.session.setup import Setup
from a2f_ws.session.utterance import Utterance
from a2f_ws.session.windows import Window
from a2f_ws.wire.geometry import Geometry, Parts

TELL_S: Final = 1.0
"""Least time between two complaints about meshes left out, seconds (ours)."""

ASKED_MAX: Final = 2
"""Meshes of one session that are asked for at a time: one is unfolded while the one before it is
said (ours)."""

OVERDUE_MAX: Final = 4 - ASKED_MAX
"""Meshes behind the play head that wait beside them; newer ones replace them (ours)."""


class Meshing:
    """Asks for meshes: so many a second of sound, and no more than can be unfolded and are read.

    Attributes:
        has_room: False while the client has not read enough of those before.
        left_out: Meshes left out that nobody has been told of.
    """

    def __init__(self, saying: Saying) -> None:
        """Ask for nothing yet."""
        self.has_room = True
        self.left_out = 0
        self._saying = saying
        self._last: tuple[Utterance, int, Window] | None = None
        self._waiting: deque[Window] = deque()
        self._asked: list[Window] = []
        self._told_at: float | None = None
        self._has_failed = False

    @property
    def is_waiting(self) -> bool:
        """True while meshes wait to be asked for."""
        return bool(self._waiting)

    @property
    def is_full(self) -> bool:
        """True while so many wait that no more burst poses should be computed."""
        return len(self._waiting) >= OVERDUE_MAX

    def wanted(self, window: Window, setup: Setup) -> Mesh | None:
        """Where the mesh of a window goes; None = it is not wanted."""
        utterance = window.utterance
        if utterance is None or not setup.geometry_hz or self._has_failed:
            return None
        place = window.i * setup.geometry_hz * setup.fps.den // setup.fps.num
        if self._is_taken(utterance, place):
            return None
        self._last = (utterance, place, window)
        if not setup.is_visible:
            return None
        if not (self.has_room or setup.is_burst):
            self.left_out += 1
            return None
        return Mesh()

    def unfold(self, window: Window, setup: Setup) -> None:
        """Note a mesh whose face has been computed."""
        if setup.is_visible:
            self._waiting.append(window)
        else:
            window.mesh = None

    def ask(self, setup: Setup, *, head: tuple[int, int]) -> Iterator[Window]:
        """Windows whose meshes should be unfolded now.

        Live ones that lie behind the play head give way to newer ones.

        Args:
            setup: Settings of the session.
            head: The play head, (u, t_us).
        """
        self._tidy(setup)
        while len(self._waiting) > OVERDUE_MAX and not setup.is_burst:
            if _place(self._waiting[0]) >= head:
                break
            self._waiting.popleft().mesh = None
            self.left_out += 1
        while self._waiting and len(self._asked) < ASKED_MAX and self.has_room:
            window = self._waiting.popleft()
            self._asked.append(window)
            yield window

    def take(self, window: Window, setup: Setup) -> None:
        """Take an unfolded mesh: a live one is said, a burst one waits for its pose."""
        if window in self._asked:
            self._asked.remove(window)
        if not setup.is_burst:
            self.say(window, setup)

    def is_pending(self, window: Window) -> bool:
        """True while the pose of a burst window should wait for its mesh."""
        if window.mesh is None or window.is_dead:
            return False
        return window in self._asked or window in self._waiting

    def has_some_of(self, utterance: Utterance) -> bool:
        """True while meshes of an utterance are to come."""
        return any(one.utterance is utterance for one in (*self._asked, *self._waiting))

    def say(self, window: Window, setup: Setup) -> None:
        """Say the mesh of a window, if it has one and somebody looks."""
        utterance, mesh = window.utterance, window.mesh
        window.mesh = None
        if utterance is None or mesh is None or utterance.is_over or not setup.is_visible:
            return
        parts = Parts(
            skin=_wire(mesh.skin),
            tongue=_wire(mesh.tongue),
            jaw=_wire(mesh.jaw),
            eyes=_wire(mesh.eyes),
        )
        t_us = utterance.fps.t_us(window.i)
        self._saying.say(
            Geometry(sid=self._saying.sid, u=utterance.u, i=window.i, t_us=t_us, parts=parts)
        )

    def fail(self, reason: str) -> None:
        """Go on without: the meshes of this session cannot be unfolded."""
        if not self._has_failed:
            self._has_failed = True
            self._saying.status("dropped", f"no more meshes: {reason}", geometry=self._clear())

    def _clear(self) -> int:
        """Give up all that are to come; gives how many."""
        windows = [*self._asked, *self._waiting]
        for window in windows:
            window.mesh = None
        self._asked.clear()
        self._waiting.clear()
        return len(windows)

    def _tidy(self, setup: Setup) -> None:
        """Give up those that nobody needs any more, and the last ones of who does not read."""
        for window in list(self._waiting):
            utterance = window.utterance
            is_dead = utterance is None or utterance.is_over or (setup.is_burst and window.is_dead)
            is_unread = utterance is not None and utterance.is_easing and not self.has_room
            is_left_out = is_unread and not (is_dead or setup.is_burst)
            self.left_out += is_left_out
            if is_dead or is_left_out or not setup.is_visible:
                self._waiting.remove(window)
                window.mesh = None

    def _is_taken(self, utterance: Utterance, place: int) -> bool:
        """True when a mesh of that place was wanted before, and has not got lost with its offer."""
        if self._last is None or self._last[:2] != (utterance, place):
            return False
        window = self._last[2]
        return not (window.is_dead and window.mesh is not None)

    def tell(self, now: float) -> None:
        """Say how many were left out, at most once a second."""
        if self.left_out and (self._told_at is None or now - self._told_at >= TELL_S):
            text = f"{self.left_out} meshes: they are read more slowly than they are made"
            self._saying.status("dropped", text, geometry=self.left_out)
            self.left_out, self._told_at = 0, now


def _wire(values: Floats | None) -> bytes | None:
    return None if values is None else values.astype("<f4", copy=False).tobytes()


def _place(window: Window) -> tuple[int, int]:
    """Where the pose of a window is played."""
    utterance = window.utterance
    return (0, 0) if utterance is None else (utterance.u, utterance.fps.t_us(window.i))
