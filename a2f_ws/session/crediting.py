"""How much audio a client may send ahead, told as it becomes poses."""

from collections.abc import Sequence
from typing import Final

from a2f_ws.session.saying import Saying
from a2f_ws.session.utterance import Utterance
from a2f_ws.wire import replies

STEP_US: Final = 1_000_000
"""Audio that has to be freed before it is told, microseconds (protocol §6)."""


class Crediting:
    """Says `credit`."""

    def __init__(self, saying: Saying, *, credit_us: int) -> None:
        """Have told nothing; `credit_us` is what may lie beyond what is processed, microseconds."""
        self._saying, self._credit_us = saying, credit_us
        self._told_us: dict[int, int] = {}

    def tell(self, alive: Sequence[Utterance]) -> None:
        """Say it for every utterance that has freed a second since the last time."""
        for utterance in alive:
            to_us = utterance.processed_us + self._credit_us
            told_us = self._told_us.setdefault(utterance.u, utterance.start_us + self._credit_us)
            if to_us >= told_us + STEP_US and not utterance.is_ended:
                self._tell(utterance.u, to_us)

    def tell_again(self, utterance: Utterance | None) -> None:
        """Say it for the utterance that takes audio: the last ones may have got lost."""
        self._told_us.clear()
        if utterance is not None:
            self._tell(utterance.u, utterance.processed_us + self._credit_us)

    def forget(self, u: int) -> None:
        """An utterance is over."""
        self._told_us.pop(u, None)

    def _tell(self, u: int, to_us: int) -> None:
        self._told_us[u] = to_us
        self._saying.say(replies.Credit(sid=self._saying.sid, u=u, to_us=to_us))
