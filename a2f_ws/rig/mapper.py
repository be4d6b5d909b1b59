"""From faces to the rows of a rig."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import FACE, Floats
from a2f_ws.rig.faults import WANTED_NUMBER, is_number
from a2f_ws.rig.mirror import mirrored_columns
from a2f_ws.rig.parse import RigTable
from a2f_ws.rig.spelling import instead_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveTrim:
    """What a client may set for one curve: value = clamp(gain · w + offset, min, max).

    Attributes:
        gain: Factor, −1e6 … 1e6.
        offset: Summand in the rig's units, −1e6 … 1e6.
        min: Smallest value, within the rig's range; None: the rig's.
        max: Largest value, within the rig's range; None: the rig's.
    """

    gain: float = 1.0
    offset: float = 0.0
    min: float | None = None
    max: float | None = None


class Terms(NamedTuple):
    """One summand for each of some curves.

    Attributes:
        curves: Indices of the curves that have it, rising.
        inputs: intp, the column of a face that each takes.
        factors: float32, what each multiplies it with.
    """

    curves: NDArray[np.intp]
    inputs: NDArray[np.intp]
    factors: Floats


class Mapper:
    """Maps faces to the rows of one rig as one client wants them.

    Every value is computed by the same operations in the same order, whatever the number of
    rows: no matrix product, whose last bits depend on it.
    """

    def __init__(
        self,
        table: RigTable,
        *,
        curves: Mapping[str, CurveTrim] | None = None,
        swap: Iterable[str] = (),
    ) -> None:
        """Compile a table with a client's wishes.

        Args:
            table: The rig.
            curves: Curve → gain, offset and bounds.
            swap: Groups (`eyes brows jaw mouth cheeks nose tongue` and the table's own) whose
                left and right change places.

        Raises:
            ValueError: No such curve or group, or a number that cannot be; the text says which.
        """
        count = len(table.curves)
        matrix = _swapped(table.matrix, mirrored_columns(swap, table.groups))
        gain = np.ones((count, 1), np.float32)
        self._offset: Floats = np.zeros(count, np.float32)
        self._low: Floats = np.full(count, table.low, np.float32)
        self._high: Floats = np.full(count, table.high, np.float32)
        for name, trim in (curves or {}).items():
            if name not in table.curves:
                raise ValueError(f"no curve {name!r}{instead_of(name, table.curves)}")
            at = table.curves.index(name)
            low, high = _bounds(name, trim, table=table)
            gain[at] = trim.gain
            self._offset[at], self._low[at], self._high[at] = trim.offset, low, high
        # Whether a zero of negative sign survives a clamp depends on its place in the array.
        self._offset, self._low, self._high = (
            values + np.float32(0) for values in (self._offset, self._low, self._high)
        )
        self._first, *self._further = _terms(matrix * gain)

    def map(self, faces: Floats) -> Floats:
        """The rows that the client gets for faces.

        Args:
            faces: float32 (B, 82), columns as in `names.FACE`, finite; weights need no clamp.

        Returns:
            float32 (B, row), new array, in row order of the rig and within its range; the same
            bits whatever rows stand beside a row.

        Raises:
            ValueError: The array has another shape or type.
        """
        if faces.shape[1:] != (len(FACE),) or faces.dtype != np.float32:
            raise ValueError(f"faces {faces.dtype} {faces.shape}: wanted float32 (B, {len(FACE)})")
        rows: Floats = faces.take(self._first.inputs, axis=1)
        rows *= self._first.factors
        for terms in self._further:
            rows[:, terms.curves] += faces.take(terms.inputs, axis=1) * terms.factors
        rows += self._offset
        np.maximum(rows, self._low, out=rows)
        np.minimum(rows, self._high, out=rows)
        return rows


def _swapped(matrix: Floats, columns: Mapping[int, tuple[int, int]]) -> Floats:
    """The matrix that does to a face what `matrix` does to its mirror image.

    Reading column `other` in place of column `at` is moving the coefficients of `at` there.
    """
    result = matrix.copy()
    for at, (other, sign) in columns.items():
        result[:, other] = sign * matrix[:, at]
    return result


def _bounds(name: str, trim: CurveTrim, *, table: RigTable) -> tuple[float, float]:
    """The range of a trimmed curve.

    Raises:
        ValueError: A number is not finite, or outside of what it may be.
    """
    low = table.low if trim.min is None else trim.min
    high = table.high if trim.max is None else trim.max
    for key, value in (("gain", trim.gain), ("offset", trim.offset), ("min", low), ("max", high)):
        if not is_number(value):
            raise ValueError(f"curve {name}: {key} {value!r}, {WANTED_NUMBER}")
    for key, value in (("min", low), ("max", high)):
        if not table.low <= value <= table.high:
            raise ValueError(
                f"curve {name}: {key} {value:g} is outside the rig's range "
                f"{table.low:g} to {table.high:g}"
            )
    if low > high:
        raise ValueError(f"curve {name}: min {low:g} is above max {high:g}")
    return low, high


def _terms(matrix: Floats) -> list[Terms]:
    """The coefficients of a matrix (C, 82) as summands, the t-th of every curve together.

    The first holds all curves, one without inputs having the factor 0, so that it fills the rows.
    """
    filled = matrix != 0
    filled[~filled.any(axis=1), 0] = True
    found = [np.flatnonzero(line) for line in filled]
    terms = []
    for t in range(max(len(inputs) for inputs in found)):
        curves = np.array([c for c, inputs in enumerate(found) if len(inputs) > t], np.intp)
        inputs = np.array([found[c][t] for c in curves], np.intp)
        terms.append(Terms(curves, inputs, matrix[curves, inputs]))
    return terms
