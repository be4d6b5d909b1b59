"""Fair shares of the event loop between those who always have something to do and all others."""

import asyncio
from collections.abc import Callable
from time import get_clock_info, monotonic, thread_time
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
much, such as a rig sent along, has a quarter of the loop at most, whoever and however many ask for
it: nothing is free of what takes longer in one piece (ours)."""

RESTS: Final = 3.0
"""Length of that pause in lengths of the work (ours)."""

FREE_HZ: Final = 1000
DEAR_EACH: Final = 50
"""Requests a second that cost next to nothing and ask for no work, for one second as many more at
once, and of those beyond that every how many is dear (ours: a client that sets its clock sends some
ten; at full speed there would be tens of thousands, now three)."""

COARSE_S: Final = 0.001
WORK: Final = thread_time if get_clock_info("thread_time").resolution < COARSE_S else monotonic
"""How long the thread has worked, where the system tells it finely enough (Windows does not): what
other programs take away is nobody's work, and on a busy machine it is more than all of ours."""

_LINES: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
"""Where those stand who have had their turn, one line for each loop."""


class Turns:
    """For a loop whose `await` need not wait: a socket with thousands of small frames at once.

    However many have had their turn, one of them goes on at a time: a hundred greedy clients hold
    up the others as little as one does.
    """

    def __init__(
        self, clock: Callable[[], float] = monotonic, work: Callable[[], float] = WORK
    ) -> None:
        """Have done nothing yet.

        Args:
            clock: The time, seconds, monotonic.
            work: How long the thread has worked, seconds.
        """
        self._clock, self._work = clock, work
        self._spent_s, self._stands = 0.0, False
        self._begun, self._at = work(), clock()
        self._line = _LINES.setdefault(asyncio.get_running_loop(), asyncio.Lock())

    def begin(self) -> None:
        """Some work begins; what was before was waiting."""
        self._begun = self._work()

    async def stand(self) -> None:
        """Before work that is known to take long: wait until nobody works or rests so any more."""
        worked_s = self._work() - self._begun
        await self._line.acquire()
        self._stands, self._begun = True, self._work() - worked_s

    async def over(self, *, least_s: float = 0.0) -> None:
        """Some work is done; let everybody else go on if it was much of late.

        Args:
            least_s: What it counts for at least, since it makes work elsewhere, seconds.
        """
        now = self._clock()
        took_s, passed_s = self._work() - self._begun, now - self._at
        left_s = self._spent_s + max(least_s, took_s) - SHARE * passed_s
        self._spent_s, self._at = max(0.0, left_s, took_s if took_s > LONG_S else 0.0), now
        try:
            if self._spent_s > TURN_S:
                await self._rest()
        finally:
            self.leave()

    def leave(self) -> None:
        """Leave the line, whatever has happened."""
        if self._stands:
            self._stands = False
            self._line.release()

    async def _rest(self) -> None:
        """Let others go on, at the head of the line."""
        if not self._stands:
            await self._line.acquire()
            self._stands = True
        await asyncio.sleep(self._spent_s * RESTS if self._spent_s > LONG_S else 0.0)
        self._spent_s, self._at = 0.0, self._clock()


class Allowance:
    """Tells when somebody asks more often than anybody needs to; owns no clock."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self._used_until = 0.0

    def is_over(self, *, now: float) -> bool:
        """Count one more; True for one of `DEAR_EACH` beyond `FREE_HZ`.

        Args:
            now: Present time, seconds, monotonic.
        """
        self._used_until = max(self._used_until, now) + 1.0 / FREE_HZ
        if self._used_until <= now + 1.0 + 0.5 / FREE_HZ:
            return False
        self._used_until -= DEAR_EACH / FREE_HZ
        return True
