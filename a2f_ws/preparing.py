"""Pipelines that have to be made ready for face parameters before they can compute them."""

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol, TypeAlias

from a2f_ws.names import Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.voice import Voice

Done: TypeAlias = Callable[[BaseException | None], None]
"""Called once, with what failed."""

UNPREPARED: Final = "the face parameters could not be put to use: "


class Prepare(Protocol):
    """Prepares a pipeline for face parameters, in its own time."""

    def __call__(self, pipeline: Pipeline, params: Floats, *, done: Done) -> None:
        """Begin, and call `done` when it is over."""


def prepare_at_once(pipeline: Pipeline, params: Floats, *, done: Done) -> None:
    """The `Prepare` of those whom nobody waits for."""
    pipeline.prepare(params)
    done(None)


class Preparing:
    """Asks for what sessions need, once for each at a time."""

    def __init__(self, prepare: Prepare, *, serve: Callable[[Voice], None]) -> None:
        """Ask for nothing yet.

        Args:
            prepare: Who does it.
            serve: Lets a session go on.
        """
        self._prepare, self._serve = prepare, serve
        self._waiting: set[Voice] = set()

    def ask(self, voice: Voice) -> None:
        """Have a session's pipeline prepared, unless it is or will be."""
        setup = voice.session.setup
        if setup.is_prepared or voice in self._waiting:
            return
        self._waiting.add(voice)
        self._prepare(setup.model.pipeline, setup.params, done=partial(self._done, voice))

    def _done(self, voice: Voice, fault: BaseException | None) -> None:
        self._waiting.discard(voice)
        if fault is None:
            self._serve(voice)
        else:
            voice.fail(f"{UNPREPARED}{fault}")
