"""Fair shares of the event loop between those who always have something to do."""

import asyncio
from time import monotonic
from typing import Final

TURN_S: Final = 0.002
"""Longest stretch of work before others get a turn, seconds (ours: little beside 60 ms)."""


class Turns:
    """For a loop whose `await` need not wait: a socket with thousands of small frames at once."""

    def __init__(self) -> None:
        """Begin a turn."""
        self._begun = monotonic()

    async def over(self) -> None:
        """Let everybody else go on if this turn was long enough."""
        if monotonic() - self._begun > TURN_S:
            await asyncio.sleep(0)
            self._begun = monotonic()
