"""Sessions as the worker of the recognizer sees them."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from a2f_ws.batching.worker import Worker
from a2f_ws.names import Floats
from a2f_ws.session.sensing import Question
from a2f_ws.session.voice import Voice

Recognition: TypeAlias = Worker[Question, Floats]
"""Answers what sessions ask about their voices, in a thread of its own."""

Serve: TypeAlias = Callable[[Voice], None]
"""Picks up what a session has to say, and queues its next windows."""


class Listener:
    """One session as that worker's voice."""

    def __init__(self, voice: Voice, serve: Serve) -> None:
        """Join a session to whoever serves it."""
        self._voice, self._serve = voice, serve

    @property
    def about(self) -> dict[str, object]:
        """See `Voice.about`."""
        return self._voice.about

    def cut(self, question: Question) -> Floats | None:
        """See `Session.clip`."""
        return self._voice.session.clip(question)

    def take_faces(self, questions: Sequence[Question], logits: Floats) -> None:
        """Take answers, and ask for more."""
        self._voice.session.sensing.take(questions, logits)
        self._serve(self._voice)

    def fail(self, reason: str) -> None:
        """Let the session go on without recognition."""
        self._voice.session.sensing.fail(reason)
        self._serve(self._voice)


class Listening:
    """Asks for what sessions want to know about their voices."""

    def __init__(self, recognition: Recognition | None, serve: Serve) -> None:
        """Listen to nobody yet; without recognition never."""
        self._recognition, self._serve = recognition, serve
        self._listeners: dict[Voice, Listener] = {}

    def ask(self, voice: Voice, *, now: float) -> None:
        """Queue what a session asks now."""
        if self._recognition is None:
            return
        for question, due in voice.session.ask(now=now):
            self._recognition.add(self._listener(voice), question, due=due, now=now)

    def forget(self, voice: Voice) -> None:
        """Drop what a session that is over has asked."""
        listener = self._listeners.pop(voice, None)
        if listener is not None and self._recognition is not None:
            self._recognition.scheduler.leave(listener)

    def _listener(self, voice: Voice) -> Listener:
        """The session's, which counts as live from its first question on if it is."""
        if voice not in self._listeners:
            listener = self._listeners[voice] = Listener(voice, self._serve)
            if self._recognition is not None and not voice.session.setup.is_burst:
                self._recognition.scheduler.join(listener)
        return self._listeners[voice]
