"""Sessions as the worker of meshes sees them."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import numpy as np

from a2f_ws.batching.worker import Worker
from a2f_ws.mesh import Mesh
from a2f_ws.names import Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.session.voice import Voice
from a2f_ws.session.windows import Window

Asked: TypeAlias = tuple[Pipeline, Mesh]
"""A mesh, and what unfolds it."""

Unfolder: TypeAlias = Worker[Window, Asked]
"""Unfolds the meshes of all sessions and models, one at a time, in a thread of its own."""

Serve: TypeAlias = Callable[[Voice], None]
"""Picks up what a session has to say, and queues its next windows."""

ONE_BY_ONE: Final = 1
"""Meshes of a batch: more cost as much each, and whoever waits would wait longer."""


def unfold(asked: Sequence[Asked]) -> Floats:
    """Fill in meshes; what it gives, float32 (B, 0), says nothing."""
    for pipeline, mesh in asked:
        pipeline.unfold(mesh)
    return np.zeros((len(asked), 0), np.float32)


class Shaper:
    """One session as that worker's voice."""

    def __init__(self, voice: Voice, serve: Serve) -> None:
        """Join a session to whoever serves it."""
        self._voice, self._serve = voice, serve

    @property
    def about(self) -> dict[str, object]:
        """See `Voice.about`."""
        return self._voice.about

    def cut(self, window: Window) -> Asked | None:
        """The mesh of a window; of one that nobody needs any more too, since that is rare."""
        if window.mesh is None:
            return None
        return self._voice.session.setup.model.pipeline, window.mesh

    def take_faces(self, windows: Sequence[Window], nothing: Floats) -> None:
        """Say the meshes, and ask for more."""
        del nothing
        session = self._voice.session
        for window in windows:
            session.meshing.take(window, session.setup)
        self._serve(self._voice)

    def fail(self, reason: str) -> None:
        """Let the session go on without meshes."""
        self._voice.session.meshing.fail(reason)
        self._serve(self._voice)


class Unfolding:
    """Asks for the meshes that sessions wait for; sessions take turns."""

    def __init__(self, unfolder: Unfolder | None, serve: Serve) -> None:
        """Ask for nothing yet; without somebody to ask there are no meshes."""
        self._unfolder, self._serve = unfolder, serve
        self._shapers: dict[Voice, Shaper] = {}

    def ask(self, voice: Voice, *, now: float) -> None:
        """Queue the meshes that a session wants now."""
        session = voice.session
        if self._unfolder is None or session.is_closed or not session.meshing.is_waiting:
            return
        if voice not in self._shapers:
            self._shapers[voice] = Shaper(voice, self._serve)
        head = session.position(now=now)
        for window in session.meshing.ask(session.setup, head=head):
            # Without a due all are equal, and those that are equal alternate.
            self._unfolder.add(self._shapers[voice], window, due=None, now=now)

    def forget(self, voice: Voice) -> None:
        """Drop what a session that is over has asked."""
        shaper = self._shapers.pop(voice, None)
        if shaper is not None and self._unfolder is not None:
            self._unfolder.scheduler.leave(shaper)
