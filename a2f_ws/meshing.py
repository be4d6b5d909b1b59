"""Which poses of a session come with their mesh, and the messages that carry it."""

from typing import Final

from a2f_ws.mesh import Mesh
from a2f_ws.names import Floats
from a2f_ws.saying import Saying
from a2f_ws.setup import Setup
from a2f_ws.utterance import Utterance
from a2f_ws.windows import Window
from a2f_ws.wire.geometry import Geometry, Parts

TELL_S: Final = 1.0
"""Least time between two complaints about meshes left out, seconds (ours)."""


class Meshing:
    """Asks for meshes, at most so many a second of sound, and none that would have to wait long.

    Attributes:
        has_room: False while the client has not read enough of those before.
        left_out: Meshes left out that nobody has been told of.
    """

    def __init__(self, saying: Saying) -> None:
        """Ask for nothing yet."""
        self.has_room = True
        self._saying = saying
        self._last: tuple[Utterance, int] | None = None
        self.left_out = 0
        self._told_at: float | None = None

    def wanted(self, window: Window, setup: Setup) -> Mesh | None:
        """Where the mesh of a window goes; None = it is not wanted."""
        utterance = window.utterance
        if utterance is None or not setup.geometry_hz:
            return None
        place = (utterance, window.i * setup.geometry_hz * setup.fps.den // setup.fps.num)
        if place == self._last:
            return None
        self._last = place
        if not (self.has_room or setup.is_burst):
            self.left_out += 1
            return None
        return Mesh()

    def say(self, window: Window) -> None:
        """Say the mesh of a window whose face has been computed, if it has one."""
        utterance, mesh = window.utterance, window.mesh
        if utterance is None or mesh is None:
            return
        window.mesh = None
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

    def tell(self, now: float) -> None:
        """Say how many were left out, at most once a second."""
        if self.left_out and (self._told_at is None or now - self._told_at >= TELL_S):
            text = f"{self.left_out} meshes: they are read more slowly than they are made"
            self._saying.status("dropped", text, geometry=self.left_out)
            self.left_out, self._told_at = 0, now


def _wire(values: Floats | None) -> bytes | None:
    return None if values is None else values.astype("<f4", copy=False).tobytes()
