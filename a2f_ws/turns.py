"""Fair shares of the event loop between those who always have something to do and all others."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final
from weakref import WeakKeyDictionary

TURN_S: Final = 0.001
"""Longest stretch of work before others get a turn, seconds (ours: little beside 60 ms, of which
sound on its way to a pose waits for several turns)."""

SHARE: Final = 0.25
"""Share of the time that work may take and count for nothing: a session that speaks takes a
hundredth (ours)."""

_LINES: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
"""Where those stand who have had their turn, one line for each loop."""


class Turns:
    """For a loop whose `await` need not wait: a socket with thousands of small frames at once.

    However many have had their turn, one of them goes on at a time: a hundred greedy clients hold
    up the others as little as one does.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Have done nothing yet; `clock` gives seconds."""
        self._clock = clock
        self._spent_s = 0.0
        self._begun = self._at = clock()
        self._line = _LINES.setdefault(asyncio.get_running_loop(), asyncio.Lock())

    def begin(self) -> None:
        """Some work begins; what was before was waiting."""
        self._begun = self._clock()

    async def over(self) -> None:
        """Some work is done; let everybody else go on if it was much of late."""
        now = self._clock()
        work_s, passed_s = now - self._begun, now - self._at
        self._spent_s, self._at = max(0.0, self._spent_s + work_s - SHARE * passed_s), now
        if self._spent_s > TURN_S:
            async with self._line:
                await asyncio.sleep(0)
            self._spent_s, self._at = 0.0, self._clock()
