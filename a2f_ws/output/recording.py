"""Recordings: the rows of one or several utterances on one time axis."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats
from a2f_ws.timebase import PoseRate

Times: TypeAlias = NDArray[np.int64]
Meta: TypeAlias = Mapping[str, str | int | float | bool | None]

TRANSFORM: Final = 7
"""Floats of a transform: quaternion x, y, z, w, position x, y, z (protocol §8)."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Recording:
    """Poses in the curves of one rig, oldest first.

    Attributes:
        rig: Name of the rig.
        curves: Names of the C columns, each once.
        rate: Poses per second.
        times_us: int64 (N,), microseconds from the start of the recording, rising.
        utterances: int64 (N,), the utterance that each pose belongs to, >= 1, never falling.
        rows: float32 (N, R), finite: C curves, then 7 values for each of the T transforms.
        transforms: Names of the T transforms, each once, as their rig has them.
        model: Name of the model that made them, empty where it is unknown.
        meta: What else is worth keeping; plain values by name.
    """

    rig: str
    curves: tuple[str, ...]
    rate: PoseRate
    times_us: Times
    utterances: Times
    rows: Floats
    transforms: tuple[str, ...] = ()
    model: str = ""
    meta: Meta = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that the parts fit together.

        Raises:
            ValueError: They do not; the text says how.
        """
        count = self.times_us.size
        if len(set(self.curves)) != len(self.curves):
            raise ValueError("a curve is named twice")
        if len(set(self.transforms)) != len(self.transforms):
            raise ValueError("a transform is named twice")
        shapes = self.times_us.shape, self.utterances.shape, self.rows.shape
        if shapes != ((count,), (count,), (count, self.width)):
            raise ValueError("shapes of times {}, utterances {} and rows {}".format(*shapes))
        if not np.isfinite(self.rows).all():
            raise ValueError("a row has a value that is not finite")
        if count and (self.times_us[0] < 0 or (np.diff(self.times_us) <= 0).any()):
            raise ValueError("the times do not rise from 0 or later")
        if count and (self.utterances[0] < 1 or (np.diff(self.utterances) < 0).any()):
            raise ValueError("the utterances do not rise from 1 or later")

    @property
    def width(self) -> int:
        """R, floats of a row: C + 7 · T."""
        return len(self.curves) + TRANSFORM * len(self.transforms)

    def turns(self, name: str) -> Floats:
        """float32 (N, 7): quaternion x y z w and position x y z of a transform, for every pose.

        Raises:
            ValueError: There is no such transform.
        """
        first = len(self.curves) + TRANSFORM * self.transforms.index(name)
        return self.rows[:, first : first + TRANSFORM]


@dataclass(slots=True)
class _Part:
    """One utterance while it is recorded."""

    u: int
    at_us: int
    next: int = 0
    firsts: list[int] = field(default_factory=list)
    rows: list[Floats] = field(default_factory=list)


class Recorder:
    """Collects rows as they come and puts the utterances one behind the other."""

    def __init__(
        self,
        *,
        rig: str,
        curves: tuple[str, ...],
        rate: PoseRate,
        transforms: tuple[str, ...] = (),
        model: str = "",
    ) -> None:
        """Start an empty recording; the arguments are those of `Recording`."""
        self._rig = rig
        self._curves, self._transforms = curves, transforms
        self._rate = rate
        self._model = model
        self._parts: list[_Part] = []

    def begin(self, u: int, at_us: int | None = None) -> None:
        """Start an utterance.

        Args:
            u: Its number, above all before it.
            at_us: Where its sample 0 lies on the time axis of the recording, microseconds, not
                before the start of the utterance before it, whose poses from there on are left
                out. None: where that one's next pose would lie, or 0.

        Raises:
            MisuseError: Number or time go back.
        """
        last = self._parts[-1] if self._parts else _Part(0, 0)
        if at_us is None:
            at_us = last.at_us + self._rate.t_us(last.next)
        if u <= last.u or at_us < last.at_us:
            raise MisuseError(f"utterance {u} at {at_us} µs after {last.u} at {last.at_us} µs")
        self._parts.append(_Part(u, at_us))

    def add(self, rows: Floats, first: int) -> None:
        """Append rows to the utterance begun last.

        Args:
            rows: float32 (N, R).
            first: Index of the first of them in its utterance, not before those added already.

        Raises:
            MisuseError: No utterance has begun, or the index goes back.
        """
        if not self._parts or first < self._parts[-1].next:
            raise MisuseError(f"rows from {first} on do not follow what was recorded")
        part = self._parts[-1]
        part.firsts.append(first)
        part.rows.append(np.array(rows, np.float32))
        part.next = first + len(rows)

    def recording(self, meta: Meta | None = None) -> Recording:
        """What was recorded so far.

        Args:
            meta: Kept with it.

        Raises:
            ValueError: Rows of another width, or with values that are not finite.
        """
        width = len(self._curves) + TRANSFORM * len(self._transforms)
        blank: Floats = np.zeros((0, width), np.float32)
        times, marks, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [blank]
        for part, end_us in zip(self._parts, self._ends_us(), strict=True):
            at_us = self._times_us(part)
            kept = at_us < end_us
            times.append(at_us[kept])
            marks.append(np.full(int(kept.sum()), part.u, np.int64))
            rows.append(np.concatenate([blank, *part.rows])[kept])
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

    def _ends_us(self) -> list[int]:
        """Where each utterance is cut off by the next one."""
        starts_us = [part.at_us for part in self._parts]
        return [*starts_us[1:], int(np.iinfo(np.int64).max)] if starts_us else []

    def _times_us(self, part: _Part) -> Times:
        """The time of every row of an utterance."""
        return np.array(
            [
                part.at_us + self._rate.t_us(i)
                for first, rows in zip(part.firsts, part.rows, strict=True)
                for i in range(first, first + len(rows))
            ],
            np.int64,
        )
