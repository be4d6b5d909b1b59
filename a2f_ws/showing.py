"""The session's face: rows of the rig, the rest row, the way to it."""

from collections.abc import Callable, Sequence

import numpy as np

from a2f_ws.faces import ease
from a2f_ws.meshing import Meshing
from a2f_ws.names import Floats
from a2f_ws.saying import Saying
from a2f_ws.setup import Setup
from a2f_ws.utterance import Utterance
from a2f_ws.windows import Window
from a2f_ws.wire import replies
from a2f_ws.wire.fields import POSES_PER_MESSAGE


class Showing:
    """Turns faces into `poses` and `rest`.

    Attributes:
        layout: Number of the row layout that is said with them.
    """

    def __init__(self, saying: Saying, meshing: Meshing) -> None:
        """Show nothing yet."""
        self.layout = 0
        self._saying, self._meshing = saying, meshing

    def take(
        self,
        windows: Sequence[Window],
        faces: Floats,
        *,
        setup: Setup,
        finish: Callable[[Utterance], None],
    ) -> None:
        """Say what faces show; meshes go before the poses that they belong to.

        Args:
            windows: Windows of one session, in the order they were offered.
            faces: float32 (B, 82).
            setup: Its settings.
            finish: Called for an utterance after its last pose.
        """
        run: list[Floats] = []
        for k, (window, face) in enumerate(zip(windows, faces, strict=True)):
            utterance = window.utterance
            if utterance is None:
                self._rest(face, setup)
            elif window.is_dead:
                continue
            elif window.is_ease:
                self._ease(utterance, face, setup=setup)
                finish(utterance)
            else:
                self._meshing.say(window)
                run += utterance.show(window.i, face)
                if k + 1 == len(windows) or not window.is_before(windows[k + 1]):
                    self._poses(utterance, run, i=window.i + 1 - len(run), setup=setup)
                    run = []

    def _poses(
        self, utterance: Utterance, faces: Sequence[Floats], *, i: int, setup: Setup
    ) -> None:
        """Say consecutive faces of an utterance, float32 (82,) each, the first one being pose i."""
        for start in range(0, len(faces), POSES_PER_MESSAGE):
            part = np.stack(faces[start : start + POSES_PER_MESSAGE])
            self._saying.say(
                replies.Poses(
                    sid=self._saying.sid,
                    u=utterance.u,
                    layout=self.layout,
                    i=i + start,
                    t_us=utterance.fps.t_us(i + start),
                    n=len(part),
                    data=wire_rows(setup.mapper.map(part)),
                )
            )

    def _ease(self, utterance: Utterance, rest: Floats, *, setup: Setup) -> None:
        """Say the poses that bring an ended utterance from its last face to a rest face."""
        if utterance.face is not None:
            faces = ease(utterance.face, rest, poses=utterance.fps.ease_poses)
            self._poses(utterance, list(faces), i=utterance.speech_poses, setup=setup)

    def _rest(self, face: Floats, setup: Setup) -> None:
        """Say the rest row that a face (82,) gives."""
        row = wire_rows(setup.mapper.map(face[None]))
        self._saying.say(replies.Rest(sid=self._saying.sid, layout=self.layout, data=row))


def wire_rows(rows: Floats) -> bytes:
    """Rows as they are sent: float32, little endian, one after the other."""
    return rows.astype("<f4", copy=False).tobytes()
