"""When packets are sent."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Final

FRAMES_PER_S: Final = 60
"""Packets of each subject: what the app sends."""

DAY_S: Final = 86_400


async def frames(now: Callable[[], float]) -> AsyncIterator[float]:
    """The time of day, which timecodes count from midnight, sixty times a second.

    Frames that are late are not made up for.

    Args:
        now: A steady clock, seconds.
    """
    due = now()
    while True:
        yield seconds_of_day()
        due = max(due + 1 / FRAMES_PER_S, now())
        await asyncio.sleep(due - now())


def seconds_of_day() -> float:
    """Seconds since midnight, by the clock on the wall here."""
    wall = datetime.now().astimezone()
    midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    return (wall - midnight).total_seconds() % DAY_S
