"""The session's face: rows of the rig, the rest row, the way to it."""

from collections.abc import Sequence

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.saying import Saying
from a2f_ws.setup import Setup
from a2f_ws.utterance import Utterance, ease
from a2f_ws.wire import replies
from a2f_ws.wire.fields import POSES_PER_MESSAGE


class Showing:
    """Turns faces into `poses` and `rest`."""

    def __init__(self, saying: Saying) -> None:
        """Show nothing yet."""
        self._saying = saying

    def poses(
        self, utterance: Utterance, faces: Sequence[Floats], *, i: int, setup: Setup, layout: int
    ) -> None:
        """Say consecutive faces of an utterance, float32 (82,) each, the first one being pose i."""
        for start in range(0, len(faces), POSES_PER_MESSAGE):
            part = np.stack(faces[start : start + POSES_PER_MESSAGE])
            self._saying.say(
                replies.Poses(
                    sid=self._saying.sid,
                    u=utterance.u,
                    layout=layout,
                    i=i + start,
                    t_us=utterance.fps.t_us(i + start),
                    n=len(part),
                    data=wire_rows(setup.mapper.map(part)),
                )
            )

    def ease(self, utterance: Utterance, rest: Floats, *, setup: Setup, layout: int) -> None:
        """Say the poses that bring an ended utterance from its last face to a rest face."""
        if utterance.face is not None:
            faces = ease(utterance.face, rest, poses=utterance.fps.ease_poses)
            i = utterance.speech_poses
            self.poses(utterance, list(faces), i=i, setup=setup, layout=layout)

    def rest(self, face: Floats, *, setup: Setup, layout: int) -> None:
        """Say the rest row that a face (82,) gives."""
        row = wire_rows(setup.mapper.map(face[None]))
        self._saying.say(replies.Rest(sid=self._saying.sid, layout=layout, data=row))


def wire_rows(rows: Floats) -> bytes:
    """Rows as they are sent: float32, little endian, one after the other."""
    return rows.astype("<f4", copy=False).tobytes()
