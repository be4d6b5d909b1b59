"""The shape of a row, and how two rows are mixed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from a2f_ws.names import Floats
from a2f_ws.timebase import MICROSECONDS, PoseRate

TRANSFORM: Final = 7
"""Floats of a transform: quaternion x, y, z, w, position x, y, z (protocol §8)."""

QUATERNION: Final = 4

Roles: TypeAlias = Mapping[str, tuple[int, float]]
"""`opened.idle`: role -> (index in the row, gain in the curve's own range)."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What one `opened` says about the rows that follow it.

    Attributes:
        id: `opened.layout`; 0 is the empty layout before the first `opened`.
        curves: C, number of curves, >= 0; they come first in a row.
        transforms: T, number of transforms, >= 0.
        rate: Poses per second.
        idle: `opened.idle`.
    """

    id: int
    curves: int
    transforms: int
    rate: PoseRate
    idle: Roles

    @property
    def row(self) -> int:
        """R, floats of a row: C + 7 · T."""
        return self.curves + TRANSFORM * self.transforms

    def pose_at(self, t_us: int) -> int:
        """Largest i with `rate.t_us(i)` <= `t_us`, for `t_us` >= 0.

        The product fits into 63 bits for 100 hours at any rate whose numerator is below 2²⁴.
        """
        return ((t_us + 1) * self.rate.num - 1) // (MICROSECONDS * self.rate.den)

    def neutral(self) -> Floats:
        """float32 (R,): curves 0, transforms without rotation and displacement."""
        row = np.zeros(self.row, np.float32)
        row[self.curves + QUATERNION - 1 :: TRANSFORM] = 1.0
        return row

    def mix(self, a: Floats, b: Floats, *, share: float) -> Floats:
        """The row that lies between two.

        Curves and positions are linear. Quaternions are linear on the shorter arc (b is negated
        when its dot product with a is negative), then normalised; the result lies on a's side.

        Args:
            a: float32 (R,), the result at share 0.
            b: float32 (R,), the result at share 1.
            share: How much of b, 0 … 1.

        Returns:
            float32 (R,), new array.
        """
        row = a + (b - a) * np.float32(share)
        if self.transforms:
            from_, to, out = (v[self.curves :].reshape(-1, TRANSFORM) for v in (a, b, row))
            p, q = from_[:, :QUATERNION], to[:, :QUATERNION]
            side = np.where((p * q).sum(axis=1, keepdims=True) < 0, -1, 1).astype(np.float32)
            turn = p + (q * side - p) * np.float32(share)
            length = np.sqrt((turn * turn).sum(axis=1, keepdims=True))
            out[:, :QUATERNION] = turn / np.where(length > 0, length, 1).astype(np.float32)
        return row
