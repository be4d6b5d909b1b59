"""A session that was watched, as one recording: lines where they were, rest between them."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.output.recording import Meta, Recording, Times
from a2f_ws.player.layout import Layout
from a2f_ws.timebase import PoseRate

INTERRUPTED: Final = "interrupted"


@dataclass(slots=True)
class _Line:
    """One utterance.

    Attributes:
        u: Its number.
        begun_us: When it was first heard of, on the clock of the recording.
        at_us: Where its sample 0 lies there; known with its first poses.
        times_us: Times of its poses after sample 0.
        rows: The poses.
        cut_us: Where it was interrupted, after sample 0; None = it was not.
        rest: The row that an interrupted one eases to.
    """

    u: int
    begun_us: int
    at_us: int = 0
    times_us: list[int] = field(default_factory=list)
    rows: list[Floats] = field(default_factory=list)
    cut_us: int | None = None
    rest: Floats | None = None


class Take:
    """Puts what comes while it comes; owns no clock.

    Second 0 is sample 0 of the first line. A line begins when it was first heard of, or where the
    one before it ends, whichever is later: the same silence lies between lines as was seen. Of an
    interrupted line remains what can have been shown, and it eases to rest in a quarter of a second
    unless the next one begins meanwhile.

    Attributes:
        finished: Lines that are over.
    """

    def __init__(
        self,
        *,
        rig: str,
        curves: tuple[str, ...],
        transforms: tuple[str, ...],
        rate: PoseRate,
        model: str = "",
    ) -> None:
        """Be empty; the arguments are those of `Recording`."""
        self.finished = 0
        self._rig, self._curves, self._transforms = rig, curves, transforms
        self._rate, self._model = rate, model
        self._layout = Layout(
            id=1, curves=len(curves), transforms=len(transforms), rate=rate, idle={}
        )
        self._lines: list[_Line] = []
        self._zero_us: int | None = None

    @property
    def poses(self) -> int:
        """Poses that came."""
        return sum(len(line.times_us) for line in self._lines)

    def begin(self, u: int, *, now_us: int) -> None:
        """A line has started; numbers rise."""
        if self._zero_us is None:
            self._zero_us = now_us
        self._lines.append(_Line(u, now_us - self._zero_us))

    def add(self, u: int, rows: Floats, *, times_us: list[int], model: str) -> None:
        """Take poses of a line that has started.

        Args:
            u: Its number.
            rows: float32 (n, R).
            times_us: Their times after its sample 0, microseconds, rising.
            model: Name of the model that made them.
        """
        line = self._line(u)
        if line is None:
            return
        if not line.times_us:
            line.at_us = max(line.begun_us, self._end_us(before=line))
        self._model = self._model or model
        line.times_us += times_us
        line.rows += list(np.array(rows, np.float32))

    def end(self, u: int, state: str, *, now_us: int, rest: Floats) -> None:
        """A line is over.

        Args:
            u: Its number.
            state: "poses_done" or "interrupted".
            now_us: Present time, microseconds.
            rest: float32 (R,), the row that shows between lines.
        """
        line = self._line(u)
        if line is None:
            return
        self.finished += 1
        if state == INTERRUPTED:
            line.cut_us = max(0, now_us - (self._zero_us or 0) - line.at_us)
            line.rest = np.array(rest, np.float32)

    def recording(self, meta: Meta | None = None) -> Recording:
        """What was taken so far; `meta` is kept with it."""
        times, marks, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [self._no_rows()]
        told = [line for line in self._lines if line.times_us]
        for k, line in enumerate(told):
            at_us, shown = self._shown(line)
            next_us = told[k + 1].at_us if k + 1 < len(told) else None
            at_us, shown = self._held(at_us, shown, next_us=next_us)
            times.append(at_us)
            marks.append(np.full(len(at_us), line.u, np.int64))
            rows.append(shown)
        return Recording(
            rig=self._rig,
            curves=self._curves,
            rate=self._rate,
            times_us=np.concatenate(times),
            utterances=np.concatenate(marks),
            rows=np.concatenate(rows),
            transforms=self._transforms,
            model=self._model,
            meta=meta or {},
        )

    def _line(self, u: int) -> _Line | None:
        return next((line for line in reversed(self._lines) if line.u == u), None)

    def _no_rows(self) -> Floats:
        return np.zeros((0, self._layout.row), np.float32)

    def _end_us(self, *, before: _Line) -> int:
        """Where the next pose of the newest line with poses before another would lie; else 0."""
        for line in reversed(self._lines[: self._lines.index(before)]):
            if line.times_us:
                last_us = min(line.times_us[-1], line.cut_us or line.times_us[-1])
                return line.at_us + last_us + self._rate.t_us(1)
        return 0

    def _shown(self, line: _Line) -> tuple[Times, Floats]:
        """Times on the clock of the recording, and rows, of what of a line was seen."""
        times = np.array(line.times_us, np.int64)
        rows: Floats = np.stack(line.rows)
        if line.cut_us is None or line.rest is None or line.cut_us >= times[-1]:
            return line.at_us + times, rows
        kept = max(1, int((times <= line.cut_us).sum()))
        times, rows = times[:kept], rows[:kept]
        count = self._rate.ease_poses
        shares = [3 * x**2 - 2 * x**3 for x in (k / count for k in range(1, count + 1))]
        eased = [self._layout.mix(rows[-1], line.rest, share=share) for share in shares]
        after = [int(times[-1]) + self._rate.t_us(k) for k in range(1, count + 1)]
        return line.at_us + np.append(times, after), np.concatenate([rows, np.stack(eased)])

    def _held(self, times: Times, rows: Floats, *, next_us: int | None) -> tuple[Times, Floats]:
        """The same up to the next line, its last row held: players go straight between poses."""
        if next_us is None:
            return times, rows
        is_before = times < next_us
        times, rows = times[is_before], rows[is_before]
        hold_us = next_us - self._rate.t_us(1)
        if hold_us <= times[-1]:
            return times, rows
        return np.append(times, hold_us), np.concatenate([rows, rows[-1:]])
