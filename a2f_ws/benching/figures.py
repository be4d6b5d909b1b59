"""What a load is made of, what it came to, and whether that can be borne."""

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

LATENCY_MS: Final = 50.0
"""Added latency that 99 of 100 poses have to stay under, milliseconds (the aim of the project)."""

LATE_MS: Final = 100.0
"""A pose with more than that added comes after its time: the players of the clients hold sound
back by that much at most, and the server drops poses that are later (protocol §10)."""

SHARES: Final = (50, 95, 99)

SPENT: Final = 0.9
"""Share of a core from which on a load generator is said to be the limit itself (ours)."""


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a server.

    Attributes:
        port: Where it listens on this machine.
        sessions: Live sessions.
        each: Sessions on one connection, >= 1.
        fps: Poses per second.
        chunk_ms: Length of a chunk of sound, milliseconds.
        warm_s: Time before anything counts, seconds.
        seconds: Time that counts, seconds.
        rig: What the poses are for.
        speaks: False = the sessions are open and say nothing.
    """

    port: int
    sessions: int
    each: int = 1
    fps: int = 60
    chunk_ms: int = 20
    warm_s: float = 2.0
    seconds: float = 6.0
    rig: str = "arkit"
    speaks: bool = True


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it, as the load generator saw it.

    Attributes:
        sessions: Live sessions.
        fps: Poses per second of each.
        poses: Poses that came in the time that counts.
        seconds: That time.
        added_ms: Latency beyond the look-ahead at 50, 95 and 99 %; empty without poses.
        late: Poses that came after their time, were dropped as too late, or were left out.
        rate_hz: Lowest rate of inference that the server told of.
        jitter_ms: How late chunks were sent against their schedule, at 50, 95 and 99 %.
        share: Of a core, that the load generator took.
        faults: What the server refused, as it said it; the first few.
    """

    sessions: int
    fps: int
    poses: int
    seconds: float
    added_ms: tuple[float, ...]
    late: int
    rate_hz: float
    jitter_ms: tuple[float, ...]
    share: float
    faults: tuple[str, ...] = ()

    @classmethod
    def refused(cls, load: Load, fault: str) -> "Outcome":
        """Of a load that the server did not take on."""
        return cls(
            sessions=load.sessions,
            fps=load.fps,
            poses=0,
            seconds=load.seconds,
            added_ms=(),
            late=0,
            rate_hz=0.0,
            jitter_ms=(),
            share=0.0,
            faults=(fault,),
        )


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """The same, and what it cost the server.

    Attributes:
        outcome: What came of it.
        share: Of a core, that the server's process took.
        rss_bytes: Memory of the server's process while the sessions spoke; 0 = not known.
    """

    outcome: Outcome
    share: float
    rss_bytes: int = 0

    @property
    def sessions(self) -> int:
        """Live sessions."""
        return self.outcome.sessions

    @property
    def is_borne(self) -> bool:
        """True when every pose was in time, and 99 of 100 well so."""
        outcome = self.outcome
        return not outcome.late and not outcome.faults and outcome.added_ms[-1:] < (LATENCY_MS,)

    @property
    def is_whole(self) -> bool:
        """True when every pose was computed, and none made of two others."""
        return self.outcome.rate_hz >= self.outcome.fps


def percentiles(values: Sequence[float]) -> tuple[float, ...]:
    """The values at `SHARES` per cent; empty where there are none."""
    return tuple(float(value) for value in np.percentile(values, SHARES)) if len(values) else ()
