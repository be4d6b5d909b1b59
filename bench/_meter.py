"""Processor time of ours and of others, and rows of a table that tell it."""

from dataclasses import dataclass
from time import perf_counter
from typing import Final

import psutil


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One row of a table.

    Attributes:
        faces: Computed per second.
        cores: Processor time of all that computes, per second.
        loop: That of the event loop, per second; < 0 where there is none.
        late_s: How late the event loop woke up on average, when it should; < 0 where there is none.
        rss_bytes: Resident memory of the process.
        others: Processor time of other programs, per second.
    """

    faces: float
    cores: float
    loop: float = -1.0
    late_s: float = -1.0
    rss_bytes: int
    others: float

    @property
    def text(self) -> str:
        """The row behind its title."""
        loop = " " * 27
        if self.loop >= 0:
            loop = f"{self.loop:7.2f} {self.loop / self.faces * 1e6:9.0f} {self.late_s * 1e3:9.1f}"
        each_us = self.cores / self.faces * 1e6
        return (
            f"{self.faces:9.0f} {self.cores:7.2f} {each_us:9.0f} {loop}"
            f" {self.rss_bytes / 2**20:9.0f} {self.others:8.2f}"
        )


HEAD: Final = (
    f"{'':10} {'faces/s':>9} {'cores':>7} {'µs/face':>9} {'loop':>7} {'µs/face':>9} {'ms late':>9}"
    f" {'MB':>9} {'others':>8}"
)


class Meter:
    """Processor time of the machine and of those who belong to this measurement."""

    def __init__(self, *ours: psutil.Process) -> None:
        """Begin."""
        self._ours = ours
        self._begun = (perf_counter(), self._busy_s(), self._ours_s())

    def others(self) -> float:
        """Processor time of all others, per second."""
        start, busy, own = self._begun
        return max(0.0, (self._busy_s() - busy - (self._ours_s() - own)) / (perf_counter() - start))

    def _busy_s(self) -> float:
        times = psutil.cpu_times()
        return float(times.user + times.nice + times.system + times.irq + times.softirq)

    def _ours_s(self) -> float:
        return sum(sum(one.cpu_times()[:2]) for one in self._ours)
