"""How the sessions of a connection end when the server is told to stop."""

from collections.abc import Callable, Mapping, Sized
from typing import Final

from a2f_ws.errors import PeerError
from a2f_ws.session.voice import Voice
from a2f_ws.wire.codes import Code

REASON: Final = "the server stops"
CUT_REASON: Final = "the server stops, and could not wait any longer"


class Draining:
    """Nothing new begins; a session ends once its last utterance has.

    Attributes:
        is_on: True once the server takes nothing new.
    """

    def __init__(
        self, voices: Mapping[int, Voice], *, serve: Callable[[Voice], None], others: Sized = ()
    ) -> None:
        """Let everything begin.

        Args:
            voices: The open sessions.
            serve: Picks up what one has to say; what is closed leaves `voices` then.
            others: What ends by itself in a drain, but has to have ended before it is over.
        """
        self.is_on = False
        self._voices, self._serve, self._others = voices, serve, others

    @property
    def is_over(self) -> bool:
        """True when the server takes nothing new and no session is left."""
        return self.is_on and not self._voices and not self._others

    def begin(self) -> None:
        """Take nothing new from now on."""
        self.is_on = True
        self.tick()

    def tick(self) -> None:
        """End the sessions that have nothing more to say; called some twenty times a second."""
        if not self.is_on:
            return
        for voice in list(self._voices.values()):
            voice.session.drain()
            if not voice.session.utterances:
                self._close(voice, REASON)

    def cut(self) -> None:
        """End all sessions, whatever they are saying."""
        for voice in list(self._voices.values()):
            self._close(voice, CUT_REASON)

    def check_open(self) -> None:
        """Refuse a session.

        Raises:
            PeerError: 4503, the server takes nothing new.
        """
        if self.is_on:
            text = "found another session, wanted none: the server takes nothing new"
            raise PeerError(Code.DRAINING, text)

    def _close(self, voice: Voice, reason: str) -> None:
        if not voice.session.is_closed:
            voice.session.close(reason=reason, code=Code.DRAINING)
        self._serve(voice)
