"""Windows of a session on their way to the pipeline, less those of lines said before."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from a2f_ws.session.cutting import Cutting
from a2f_ws.session.offering import Known, Offer, Offering
from a2f_ws.session.setup import Setup
from a2f_ws.session.showing import Showing
from a2f_ws.session.utterance import Utterance
from a2f_ws.session.windows import Window

ROUNDS: Final = 8
"""Rounds of windows of a known line, each of 64 at most, that are shown at a time: then the
client's reading counts again (ours)."""


class Recalling:
    """Shows known lines when it is their turn, at the play head as all others."""

    def __init__(self, offering: Offering, cutting: Cutting, *, showing: Showing) -> None:
        """Join the parts of a session."""
        self._offering, self._cutting, self._showing = offering, cutting, showing

    def offer(
        self,
        alive: Sequence[Utterance],
        setup: Setup,
        *,
        now: float,
        known: Known,
        finish: Callable[[Utterance], None],
    ) -> Iterator[Offer]:
        """Windows to compute; arguments as of `Offering.offer` and `Showing.take`."""
        for _ in range(ROUNDS):
            recalled: list[Window] = []
            for offer in self._offering.offer(alive, setup, now=now, known=known):
                utterance = offer[0].utterance
                if utterance is not None and utterance.line is not None:
                    recalled.append(offer[0])
                else:
                    yield offer
            if not recalled:
                return
            self._offering.queued -= len(recalled)
            self._showing.take(
                recalled, self._cutting.recalled(recalled), setup=setup, finish=finish
            )
