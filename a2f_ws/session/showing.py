"""The session's face: rows of the rig, the rest row, the way to it."""

from collections import deque
from collections.abc import Callable, Sequence

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.session.faces import ease
from a2f_ws.session.memory import Block, Memory
from a2f_ws.session.meshing import Meshing
from a2f_ws.session.repeats import Repeats
from a2f_ws.session.retelling import Show
from a2f_ws.session.saying import Saying
from a2f_ws.session.setup import Setup
from a2f_ws.session.sweeping import Sweeping
from a2f_ws.session.utterance import Utterance
from a2f_ws.session.windows import Window
from a2f_ws.wire import replies
from a2f_ws.wire.fields import POSES_PER_MESSAGE


class Showing:
    """Turns faces into `poses` and `rest`.

    Attributes:
        layout: Number of the row layout that is said with them.
    """

    def __init__(
        self, saying: Saying, meshing: Meshing, *, memory: Memory, repeats: Repeats
    ) -> None:
        """Show nothing yet."""
        self.layout = 0
        self._saying, self._meshing, self._memory = saying, meshing, memory
        self._repeats = repeats
        self._held: deque[tuple[Window, Floats]] = deque()
        self._ending: list[Utterance] = []
        self._sweeping = Sweeping()

    def take(
        self,
        windows: Sequence[Window],
        faces: Floats,
        *,
        setup: Setup,
        finish: Callable[[Utterance], None],
    ) -> None:
        """Say what faces show: live ones at once, burst ones after the meshes that belong to them.

        Args:
            windows: Windows of one session, in the order they were offered.
            faces: float32 (B, 82).
            setup: Its settings.
            finish: Called for an utterance after its last pose and its last mesh.
        """
        for window in windows:
            if window.mesh is not None and not window.is_dead:
                self._meshing.unfold(window, setup)
        if setup.is_burst:
            self._held.extend(zip(windows, faces, strict=True))
        else:
            self._show(windows, [*faces], setup=setup, finish=finish)
        self.go_on(setup, finish)

    def go_on(self, setup: Setup, finish: Callable[[Utterance], None]) -> None:
        """Say what has waited for meshes that are there by now; `finish` as in `take`."""
        ready = []
        while self._held and not self._meshing.is_pending(self._held[0][0]):
            ready.append(self._held.popleft())
        if ready:
            windows, faces = zip(*ready, strict=True)
            self._show(windows, faces, setup=setup, finish=finish)
        while self._ending:
            utterance = self._ending[0]
            if self._meshing.has_some_of(utterance) and not utterance.is_over:
                return
            del self._ending[0]
            if not utterance.is_over:
                finish(utterance)

    def _show(
        self,
        windows: Sequence[Window],
        faces: Sequence[Floats],
        *,
        setup: Setup,
        finish: Callable[[Utterance], None],
    ) -> None:
        run: list[Floats] = []
        for k, (window, face) in enumerate(zip(windows, faces, strict=True)):
            utterance = window.utterance
            if utterance is None:
                self._memory.rests_at(face)
                self.rest(face, setup)
            elif window.is_dead:
                continue
            elif window.is_ease:
                self._ease(utterance, face, setup=setup)
                if self._ending or self._meshing.has_some_of(utterance):
                    self._ending.append(utterance)
                else:
                    finish(utterance)
            else:
                if setup.is_burst:
                    self._meshing.say(window, setup)
                self._saying.since = min(self._saying.since, window.since)
                run += self._shown(utterance, face, i=window.i)
                if k + 1 == len(windows) or not window.is_before(windows[k + 1]):
                    self._poses(utterance, run, i=window.i + 1 - len(run), setup=setup)
                    run = []

    def _shown(self, utterance: Utterance, face: Floats, *, i: int) -> list[Floats]:
        """Faces that can be shown with that of pose i; a line with faces between is not kept."""
        faces = utterance.show(i, face)
        if len(faces) > 1:
            self._repeats.spoil(utterance.u)
        return faces

    def _poses(
        self, utterance: Utterance, faces: Sequence[Floats], *, i: int, setup: Setup
    ) -> None:
        """Say consecutive faces of an utterance, float32 (82,) each, the first one being pose i."""
        show = self.teller(setup)
        for start in range(0, len(faces), POSES_PER_MESSAGE):
            part = np.stack(faces[start : start + POSES_PER_MESSAGE])
            block = Block(i + start, utterance.fps.t_us(i + start), part)
            self._memory.show(utterance.u, block)
            self._repeats.show(utterance.u, block)
            if setup.is_visible:
                self._tell_step(utterance.u, block, setup=setup)
                self._saying.say(show(utterance.u, block))

    def _tell_step(self, u: int, block: Block, *, setup: Setup) -> None:
        """Where the rig is checked: say which curve moves next."""
        if setup.model.is_sweep:
            sid, fitting = self._saying.sid, setup.fitting
            for status in self._sweeping.tell(u, block, sid=sid, fitting=fitting):
                self._saying.say(status)

    def teller(self, setup: Setup) -> Show:
        """Makes the message of consecutive poses of an utterance."""

        def show(u: int, block: Block) -> replies.Poses:
            return replies.Poses(
                sid=self._saying.sid,
                u=u,
                layout=self.layout,
                i=block.i,
                t_us=block.t_us,
                n=len(block.faces),
                data=setup.rows(block.faces),
            )

        return show

    def _ease(self, utterance: Utterance, rest: Floats, *, setup: Setup) -> None:
        """Say the poses that bring an ended utterance from its last face to a rest face."""
        if utterance.face is not None:
            faces = ease(utterance.face, rest, poses=utterance.fps.ease_poses)
            self._poses(utterance, list(faces), i=utterance.speech_poses, setup=setup)

    def rest(self, face: Floats, setup: Setup) -> None:
        """Say the rest row that a face (82,) gives."""
        row = setup.rows(face[None])
        self._saying.say(replies.Rest(sid=self._saying.sid, layout=self.layout, data=row))
