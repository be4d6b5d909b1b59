"""The poses of one utterance, found by time."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.player.layout import Layout
from a2f_ws.player.run import Run

LATE_US: Final = 100_000
"""Poses later than this are given up, holes wider than this are not bridged (protocol §19)."""

NEVER: Final = -(1 << 62)
"""A time before all others."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an utterance shows at one moment.

    Attributes:
        row: float32 (R,), to be read only.
        layout: Layout of the row.
        late_us: Play time since a pose that is not here was due; None when nothing is missing.
    """

    row: Floats
    layout: Layout
    late_us: int | None


@dataclass(slots=True)
class Track:
    """One utterance as far as it is known here.

    Attributes:
        first_us: `t_us` of `started`: where its sound begins.
        cue_us: Where the client will start its sound instead, or None.
        sound_end_us: `t_us` of `audio_done`, or NEVER.
        done_us: `t_us` of `poses_done` (its last pose), or NEVER.
        is_done: No more poses will come.
        is_empty: Done without a pose.
        is_dead: Interrupted; its rows are gone and none is taken.
        captured_us: For a microphone, time on the client's clock at which sample 0 was captured.
    """

    first_us: int = 0
    cue_us: int | None = None
    sound_end_us: int = NEVER
    done_us: int = NEVER
    is_done: bool = False
    is_empty: bool = False
    is_dead: bool = False
    captured_us: int | None = None
    _runs: list[Run] = field(default_factory=list)
    _has_forgotten: bool = False

    @property
    def start_us(self) -> int:
        """Where the sound starts: the client's own cue, else the first sample."""
        return self.first_us if self.cue_us is None else self.cue_us

    @property
    def reach_us(self) -> int:
        """Time of the newest pose; NEVER without one."""
        return self._runs[-1].last_us if self._runs else NEVER

    @property
    def end_us(self) -> int:
        """Time of the last pose of an utterance that is done."""
        return max(self.done_us, self.reach_us)

    @property
    def rows(self) -> int:
        """Number of rows kept."""
        return sum(run.end - run.first for run in self._runs)

    def tell(self, state: str, *, poses: int, t_us: int) -> None:
        """Take an `utterance` of it; states that are not known are ignored."""
        if state == "started":
            self.first_us = t_us
        elif state == "audio_done":
            self.sound_end_us = t_us
        elif state == "poses_done":
            self.is_done = True
            self.is_empty = poses == 0
            self.done_us = t_us if poses else self.first_us
        elif state == "interrupted":
            self.kill()

    def is_over(self, head_us: int | None, play_us: int | None) -> bool:
        """Interrupted, without anything to play, or played to the end of both poses and sound.

        Args:
            head_us: Pose wanted, None without sound.
            play_us: Play head, None without sound.
        """
        if self.is_dead:
            return True
        if not self.is_done:
            return False
        if head_us is None or play_us is None:
            return self.is_empty and self.sound_end_us <= self.first_us
        return head_us >= self.end_us and play_us >= self.sound_end_us

    def kill(self) -> None:
        """Interrupted: forget every row, take no more."""
        self.is_dead = True
        self._runs = []

    def add(self, layout: Layout, i: int, *, rows: Floats) -> None:
        """Take poses i, i + 1, …, whatever has come before; rows that were here are replaced.

        Rows of an older layout end where rows of a newer one begin.
        """
        if self.is_dead:
            return
        self._end_others(layout, layout.rate.t_us(i))
        k = self._run_at(layout.rate.t_us(i))
        if k < 0 or self._runs[k].layout.id != layout.id or i > self._runs[k].end:
            k += 1
            self._runs.insert(k, Run(layout, i))
        run = self._runs[k]
        run.write(i, rows)
        while k + 1 < len(self._runs) and self._runs[k + 1].first <= run.end:
            behind = self._runs.pop(k + 1)
            for j in range(run.end, behind.end):
                run.write(j, behind.row(j)[np.newaxis])

    def at(self, t_us: int) -> Found | None:
        """The row at a time: between two poses linear, before the first pose the first.

        A hole of up to `LATE_US` between two poses is crossed linearly; in a wider one, after the
        newest pose, and where rows were forgotten, the nearest row stands and `late_us` says for
        how long the next one has been due. None while there is no pose at all.
        """
        if not self._runs:
            return None
        k = self._run_at(t_us)
        if k < 0:
            run = self._runs[0]
            is_gone = self._has_forgotten and run.first_us - t_us > LATE_US
            return Found(run.row(run.first), run.layout, 0 if is_gone else None)
        run = self._runs[k]
        i = min(run.layout.pose_at(t_us), run.end - 1)
        if i < run.end - 1:
            return self._between(run, i, upper=run, j=i + 1, t_us=t_us)
        if k + 1 < len(self._runs):
            after = self._runs[k + 1]
            is_near = after.first_us - run.last_us <= LATE_US
            if is_near and after.layout.id == run.layout.id:
                return self._between(run, i, upper=after, j=after.first, t_us=t_us)
            if is_near:
                return Found(run.row(i), run.layout, None)
        due_us = run.layout.rate.t_us(run.end)
        return Found(run.row(i), run.layout, t_us - due_us if t_us >= due_us else None)

    def forget(self, before_us: int) -> None:
        """Drop the poses before a time, but for the one that is needed to show that time."""
        while len(self._runs) > 1 and self._runs[1].first_us <= before_us:
            self._runs.pop(0)
            self._has_forgotten = True
        if self._runs and self._runs[0].first_us < before_us:
            run = self._runs[0]
            i = min(run.layout.pose_at(before_us), run.end - 1)
            self._has_forgotten = self._has_forgotten or i > run.first
            run.first = i

    @staticmethod
    def _between(run: Run, i: int, *, upper: Run, j: int, t_us: int) -> Found:
        rate = run.layout.rate
        from_us, to_us = rate.t_us(i), rate.t_us(j)
        share = (t_us - from_us) / (to_us - from_us)
        if share == 0.0:
            return Found(run.row(i), run.layout, None)
        return Found(run.layout.mix(run.row(i), upper.row(j), share=share), run.layout, None)

    def _run_at(self, t_us: int) -> int:
        """Index of the last run that begins at or before a time, -1 without one."""
        low, high = 0, len(self._runs)
        while low < high:
            middle = (low + high) // 2
            if self._runs[middle].first_us <= t_us:
                low = middle + 1
            else:
                high = middle
        return low - 1

    def _end_others(self, layout: Layout, t_us: int) -> None:
        kept = []
        for run in self._runs:
            if run.layout.id != layout.id and run.last_us >= t_us:
                run.end = run.first if run.first_us >= t_us else run.layout.pose_at(t_us - 1) + 1
            if run.end > run.first:
                kept.append(run)
        self._runs = kept
