"""One curve of a rig at a time, from rest to its end and back: for checking by eye."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite, radians
from typing import Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import FACE, Floats
from a2f_ws.rig.contents import RigTable
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.program import Program
from a2f_ws.rig.space import TRANSFORM, transforms
from a2f_ws.rig.value import MOTION, Motion, Value

TURN_DEG: Final = 15.0
SHIFT_M: Final = 0.01
"""How far a transform turns and moves: seen at once, and no joint breaks (ours)."""

TURNS: Final = 3
"""The parts of a motion that are angles; the others are lengths."""

ABOUT_PI: Final = (3.0, 3.3)
"""A curve whose range goes this far to both sides is an angle in radians, as those of Live Link
Face: it turns as far as a transform does."""

LEAST: Final = 1e-6
"""Less is no way to go: a curve whose rest is its end has no step there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One movement.

    Attributes:
        name: Of the curve; of a transform with the part that moves, such as "head.yaw".
        index: Of the curve; of a transform, the number of curves + its own number.
        part: Which of `MOTION` moves; None for a curve.
        rest: Value between the steps.
        end: Value in the middle of the step; degrees or metres for a transform.
    """

    name: str
    index: int
    part: int | None
    rest: float
    end: float


class Sweep:
    """The movements of one rig, on the mesh that it was fitted to.

    Attributes:
        steps: In order: for each curve, then each transform, up and where it can, down.
    """

    def __init__(self, table: RigTable) -> None:
        """See what moves, and where it rests on a face that does nothing."""
        still: Floats = np.zeros((1, len(FACE)), np.float32)
        self._rest = Mapper(table).map(still)[0]
        self._curves, self._space = len(table.values), table.space
        motions = [value for motion in table.motions.values() for value in motion]
        self._motions: Floats = np.zeros((0, len(MOTION)), np.float32)
        if motions:
            self._motions = Program(motions).run(still).reshape(-1, len(MOTION))
        steps: list[Step] = []
        for index, (name, value) in enumerate(table.values.items()):
            rest = float(self._rest[index])
            steps += _ways(name, index, rest=rest, ends=_ends(value, 1.0))
        for number, (name, motion) in enumerate(table.motions.items()):
            for part in _parts(motion):
                rest = float(self._motions[number, part])
                size = TURN_DEG if part < TURNS else SHIFT_M
                ends = _ends(motion[part], size, is_short=True)
                called = f"{name}.{MOTION[part]}"
                steps += _ways(called, self._curves + number, part=part, rest=rest, ends=ends)
        self.steps = tuple(steps)

    def rows(self, positions: NDArray[np.float64]) -> Floats:
        """The rows at some times.

        Args:
            positions: float64 (B,), steps since the beginning; after the last step the first one
                follows. < 0: the rest row.

        Returns:
            float32 (B, row), new array.
        """
        rows: Floats = np.tile(self._rest, (len(positions), 1))
        for row, position in zip(rows, positions, strict=True):
            if position >= 0 and self.steps:
                step = self.steps[int(position) % len(self.steps)]
                amount = 1.0 - abs(2.0 * (position % 1.0) - 1.0)
                self._move(row, step, value=step.rest + amount * (step.end - step.rest))
        return rows

    def _move(self, row: Floats, step: Step, *, value: float) -> None:
        if step.part is None:
            row[step.index] = value
            return
        number = step.index - self._curves
        motion = self._motions[number].copy()
        motion[step.part] = value
        at = self._curves + TRANSFORM * number
        row[at : at + TRANSFORM] = transforms(motion[None, None], self._space)[0, 0]


def _parts(motion: Motion) -> Iterable[int]:
    """What of a transform moves; one that no face moves is turned: idle life may, as with heads."""
    moving = [part for part, value in enumerate(motion) if not value.is_still]
    return moving or range(TURNS)


def _ends(value: Value, size: float, *, is_short: bool = False) -> tuple[float, float]:
    """Where a value may go: its bounds; ± size where it has none, or goes further than it need."""
    low = value.low if isfinite(value.low) else -size
    high = value.high if isfinite(value.high) else size
    if low == -high and ABOUT_PI[0] <= high <= ABOUT_PI[1]:
        size, is_short = radians(TURN_DEG), True
    return (max(low, -size), min(high, size)) if is_short else (low, high)


def _ways(
    name: str, index: int, *, rest: float, ends: tuple[float, float], part: int | None = None
) -> list[Step]:
    """The steps of one number: up, then down, where there is a way to go."""
    low, high = ends
    wanted = [high] if high - rest > LEAST else []
    wanted += [low] if rest - low > LEAST else []
    return [Step(name=name, index=index, part=part, rest=rest, end=end) for end in wanted]
