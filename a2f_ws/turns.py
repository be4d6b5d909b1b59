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

LONG_S: Final = 0.004
"""Work that is behind by more is followed by a pause several times as long, so that what costs
much, such as a rig sent along, has a quarter of the loop at most, whoever asks for it (ours)."""

RESTS: Final = 3.0
"""Length of that pause in lengths of the work (ours)."""

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

    async def over(self, *, least_s: float = 0.0) -> None:
        """Some work is done; let everybody else go on if it was much of late.

        Args:
            least_s: What it counts for at least, since it makes work elsewhere, seconds.
        """
        now = self._clock()
        work_s, passed_s = max(least_s, now - self._begun), now - self._at
        self._spent_s, self._at = max(0.0, self._spent_s + work_s - SHARE * passed_s), now
        if self._spent_s > TURN_S:
            async with self._line:
                rest_s = self._spent_s * RESTS if self._spent_s > LONG_S else 0.0
                await asyncio.sleep(rest_s)
            self._spent_s, self._at = 0.0, self._clock()
