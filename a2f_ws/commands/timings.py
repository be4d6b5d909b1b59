"""When sound was sent and poses came: what a user feels of it, as numbers."""

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import numpy as np
from rich.table import Table

from a2f_ws.client import Block
from a2f_ws.commands.screen import plain_table

SHARES: Final = (50, 95, 99)
"""The percentiles that are told."""

RATE_POSES: Final = 10
"""Fewest poses that a rate is told of (ours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one line's timings amount to; times in seconds or milliseconds as named.

    Attributes:
        poses: Poses received.
        to_first_s: From sending the first sound to receiving the first pose.
        poses_per_s: Poses received per second; in real time without those that the end of the
            sound sets free all at once.
        took_s: From sending the first sound to receiving the last pose.
        added_ms: Latency beyond the look-ahead at 50, 95 and 99 %; empty without speech poses.
        look_ahead_us: Look-ahead of the poses, in the order of its changes, microseconds.
        jitter_ms: How late sound was sent against its schedule, at 50, 95 and 99 %.
    """

    poses: int
    to_first_s: float
    poses_per_s: float
    took_s: float
    added_ms: tuple[float, ...]
    look_ahead_us: tuple[int, ...]
    jitter_ms: tuple[float, ...]


@dataclass(slots=True)
class Timings:
    """Collects moments on one clock, in seconds.

    The latency of a pose is counted from sending the chunk that contains the sound
    `look_ahead_us` after the pose, the last that it needs as it was computed, or from the end of
    the sound where that comes first.
    """

    _ends_us: list[int] = field(default_factory=list)
    _sent_s: list[float] = field(default_factory=list)
    _late_s: list[float] = field(default_factory=list)
    _ended_s: float = 0.0
    _came: list[tuple[int, float]] = field(default_factory=list)
    _ahead_us: list[int] = field(default_factory=list)

    def sent(self, end_us: int, at_s: float, *, late_s: float = 0.0) -> None:
        """A chunk goes out.

        Args:
            end_us: Time of its end after sample 0, microseconds.
            at_s: Now.
            late_s: How much later than planned.
        """
        self._ends_us.append(end_us)
        self._sent_s.append(at_s)
        self._late_s.append(late_s)
        self._ended_s = at_s

    def ended(self, at_s: float) -> None:
        """The sound is over."""
        self._ended_s = at_s

    def came(self, block: Block, at_s: float, *, look_ahead_us: int) -> None:
        """Poses came.

        Args:
            block: They.
            at_s: Now.
            look_ahead_us: As `opened` said, or the newest `status` `rate` since.
        """
        self._came.extend((block.t_us(k), at_s) for k in range(len(block.rows)))
        self._ahead_us.extend(look_ahead_us for _ in block.rows)

    def latest_ms(self) -> float | None:
        """Added latency of the pose that came last, milliseconds; None before the first."""
        if not self._came:
            return None
        t_us, at_s = self._came[-1]
        return (at_s - self._needed_s(t_us + self._ahead_us[-1])) * 1e3

    def added_ms(self) -> list[float]:
        """Added latency of each pose of the sound, milliseconds."""
        end_us = self._ends_us[-1] if self._ends_us else 0
        return [
            (at_s - self._needed_s(t_us + ahead_us)) * 1e3
            for (t_us, at_s), ahead_us in zip(self._came, self._ahead_us, strict=True)
            if t_us < end_us
        ]

    def report(self) -> Report:
        """All numbers."""
        end_us = self._ends_us[-1] if self._ends_us else 0
        began_s = self._sent_s[0] if self._sent_s else self._ended_s
        moments_s = [at_s for _, at_s in self._came] or [began_s]
        return Report(
            poses=len(self._came),
            to_first_s=moments_s[0] - began_s,
            poses_per_s=self._rate(end_us - max(self._ahead_us, default=0)),
            took_s=moments_s[-1] - began_s,
            added_ms=_percentiles(self.added_ms()),
            look_ahead_us=tuple(ahead_us for ahead_us, _ in groupby(self._ahead_us)),
            jitter_ms=_percentiles([late_s * 1e3 for late_s in self._late_s]),
        )

    def _rate(self, until_us: int) -> float:
        """Poses received per second up to a time; of all where that leaves too few."""
        moments_s = [at_s for t_us, at_s in self._came if t_us <= until_us]
        if len(moments_s) < RATE_POSES:
            moments_s = [at_s for _, at_s in self._came]
        span_s = moments_s[-1] - moments_s[0] if moments_s else 0.0
        return (len(moments_s) - 1) / span_s if span_s > 0 else 0.0

    def _needed_s(self, t_us: int) -> float:
        """When the sound up to a time had been sent."""
        k = bisect_left(self._ends_us, t_us)
        return self._sent_s[k] if k < len(self._sent_s) else self._ended_s


def table(report: Report, *, is_burst: bool) -> Table:
    """The numbers for people."""
    lines = plain_table("", "")
    lines.show_header = False
    lines.add_row("poses", f"{report.poses}, {report.poses_per_s:.1f} per second")
    lines.add_row("first chunk to first pose", f"{report.to_first_s * 1e3:.0f} ms")
    if is_burst:
        lines.add_row("all poses after", f"{report.took_s * 1e3:.0f} ms")
        return lines
    if report.look_ahead_us:
        changes = ", then ".join(f"{ahead_us / 1e3:.0f}" for ahead_us in report.look_ahead_us)
        lines.add_row("look-ahead of the model", f"{changes} ms")
    for title, values in (
        ("added latency", report.added_ms),
        ("jitter of the sending", report.jitter_ms),
    ):
        if values:
            parts = (f"p{share} {value:.1f}" for share, value in zip(SHARES, values, strict=True))
            lines.add_row(title, ", ".join(parts) + " ms")
    return lines


def _percentiles(values: list[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in np.percentile(values, SHARES)) if values else ()
