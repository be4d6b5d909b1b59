"""When sound was sent and poses came: what a user feels of it, as numbers."""

from bisect import bisect_left
from dataclasses import dataclass, field
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
        jitter_ms: How late sound was sent against its schedule, at 50, 95 and 99 %.
    """

    poses: int
    to_first_s: float
    poses_per_s: float
    took_s: float
    added_ms: tuple[float, ...]
    jitter_ms: tuple[float, ...]


@dataclass(slots=True)
class Timings:
    """Collects moments on one clock, in seconds.

    The latency of a pose is counted from sending the chunk that contains the sound
    `look_ahead_us` after the pose, the last that its window needs, or from the end of the
    sound where that comes first.
    """

    _ends_us: list[int] = field(default_factory=list)
    _sent_s: list[float] = field(default_factory=list)
    _late_s: list[float] = field(default_factory=list)
    _ended_s: float = 0.0
    _came: list[tuple[int, float]] = field(default_factory=list)

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

    def came(self, block: Block, at_s: float) -> None:
        """Poses came."""
        self._came.extend((block.t_us(k), at_s) for k in range(len(block.rows)))

    def latest_ms(self, look_ahead_us: int) -> float | None:
        """Added latency of the pose that came last, milliseconds; None before the first."""
        if not self._came:
            return None
        t_us, at_s = self._came[-1]
        return (at_s - self._needed_s(t_us + look_ahead_us)) * 1e3

    def report(self, look_ahead_us: int) -> Report:
        """All numbers.

        Args:
            look_ahead_us: As `opened` says.
        """
        end_us = self._ends_us[-1] if self._ends_us else 0
        added = [
            (at_s - self._needed_s(t_us + look_ahead_us)) * 1e3
            for t_us, at_s in self._came
            if t_us < end_us
        ]
        began_s = self._sent_s[0] if self._sent_s else self._ended_s
        moments_s = [at_s for _, at_s in self._came] or [began_s]
        return Report(
            poses=len(self._came),
            to_first_s=moments_s[0] - began_s,
            poses_per_s=self._rate(end_us - look_ahead_us),
            took_s=moments_s[-1] - began_s,
            added_ms=_percentiles(added),
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


def table(report: Report, *, look_ahead_us: int, is_burst: bool) -> Table:
    """The numbers for people."""
    lines = plain_table("", "")
    lines.show_header = False
    lines.add_row("poses", f"{report.poses}, {report.poses_per_s:.1f} per second")
    lines.add_row("first chunk to first pose", f"{report.to_first_s * 1e3:.0f} ms")
    if is_burst:
        lines.add_row("all poses after", f"{report.took_s * 1e3:.0f} ms")
        return lines
    lines.add_row("look-ahead of the model", f"{look_ahead_us / 1e3:.0f} ms")
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
