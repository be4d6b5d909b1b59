"""Pipelines that have to be made ready for face parameters before they can compute them."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol, TypeAlias

from a2f_ws.names import Floats
from a2f_ws.pipeline import Pipeline
from a2f_ws.session.voice import Owner, Voice

log = logging.getLogger(__name__)

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
    """Has what sessions need prepared, one thing at a time; connections take turns.

    A session waits in one place at most, and what it wants is read when its turn comes: of values
    that change in between only the last one costs anything, and those who are gone cost nothing.
    """

    def __init__(self, prepare: Prepare, *, serve: Callable[[Voice], None]) -> None:
        """Ask for nothing yet.

        Args:
            prepare: Who does it.
            serve: Lets a session go on.
        """
        self._prepare, self._serve = prepare, serve
        self._waiting: OrderedDict[Voice, None] = OrderedDict()
        self._turns: OrderedDict[Owner, None] = OrderedDict()
        self._is_busy = False

    def ask(self, voice: Voice) -> None:
        """Have a session's pipeline prepared, unless it is."""
        if voice not in self._waiting and voice.session.setup.is_prepared:
            return
        self._waiting.setdefault(voice)
        self._turns.setdefault(voice.owner)
        self._go_on()

    def _go_on(self) -> None:
        """Begin with the next one, unless something is being prepared."""
        while self._waiting and not self._is_busy:
            voice = self._next()
            setup = voice.session.setup
            if voice.session.is_closed:
                continue
            if setup.is_prepared:
                self._serve(voice)
                continue
            self._is_busy = True
            self._prepare(setup.model.pipeline, setup.params, done=partial(self._done, voice))

    def _next(self) -> Voice:
        """The voice that waits longest, of the owner whose turn it is."""
        while True:
            owner, _ = self._turns.popitem(last=False)
            mine = [voice for voice in self._waiting if voice.owner == owner]
            if mine:
                break
        if len(mine) > 1:
            self._turns[owner] = None
        del self._waiting[mine[0]]
        return mine[0]

    def _done(self, voice: Voice, fault: BaseException | None) -> None:
        self._is_busy = False
        if fault is None:
            self._serve(voice)
        elif not voice.session.is_closed:
            log.error("%s%s", UNPREPARED, fault, extra=voice.about)
            voice.fail(f"{UNPREPARED}{fault}")
        self._go_on()
