"""From faces to the rows of a rig."""

from collections.abc import Iterable, Mapping

import numpy as np

from a2f_ws.names import FACE, Floats
from a2f_ws.rig.contents import RigTable
from a2f_ws.rig.faults import WishError, quoted
from a2f_ws.rig.mirror import mirrored_columns
from a2f_ws.rig.program import Program
from a2f_ws.rig.space import transforms
from a2f_ws.rig.spelling import instead_of
from a2f_ws.rig.trim import CurveTrim, trimmed
from a2f_ws.rig.value import MOTION, mirrored


class Mapper:
    """Maps faces to the rows of one rig as one client wants them."""

    def __init__(
        self,
        table: RigTable,
        *,
        curves: Mapping[str, CurveTrim] | None = None,
        swap: Iterable[str] = (),
    ) -> None:
        """Compile a table with a client's wishes.

        Args:
            table: The rig, as it is or fitted to a mesh.
            curves: Curve → gain, offset and bounds.
            swap: Groups (`eyes brows jaw mouth cheeks nose tongue` and the table's own) whose
                left and right change places.

        Raises:
            WishError: No such curve or group, or a number that cannot be; the text says which.
        """
        columns = mirrored_columns(swap, table.groups)
        values = dict(table.values)
        for name, trim in (curves or {}).items():
            if name not in values:
                text = f"no curve {quoted(name)}{instead_of(name, values)}"
                raise WishError(f"curves.{name}", text)
            values[name] = trimmed(name, values[name], trim=trim)
        motions = [value for motion in table.motions.values() for value in motion]
        roots = [*values.values(), *motions]
        if columns:
            others = mirrored(roots, columns)
            roots = [others[root] for root in roots]
        self._curves = len(values)
        self._row = table.row
        self._space = table.space
        self._still: Floats | None = None
        if all(motion.is_still for motion in motions):
            still = Program(motions).run(np.zeros((1, len(FACE)), np.float32))
            self._still = self._tails(still)
            roots = roots[: self._curves]
        self._program = Program(roots)

    def map(self, faces: Floats) -> Floats:
        """The rows that the client gets for faces.

        Args:
            faces: float32 (B, 82), columns as in `names.FACE`, finite; weights need no clamp.

        Returns:
            float32 (B, row), new array, in row order of the rig, every curve within its range;
            the same bits whatever rows stand beside a row.

        Raises:
            ValueError: The array has another shape or type.
        """
        if faces.shape[1:] != (len(FACE),) or faces.dtype != np.float32:
            raise ValueError(f"faces {faces.dtype} {faces.shape}: wanted float32 (B, {len(FACE)})")
        values = self._program.run(faces)
        if self._row == self._curves:
            return values
        rows: Floats = np.empty((len(faces), self._row), np.float32)
        rows[:, : self._curves] = values[:, : self._curves]
        moved = self._tails(values[:, self._curves :]) if self._still is None else self._still
        rows[:, self._curves :] = moved
        return rows

    def _tails(self, motions: Floats) -> Floats:
        """The transforms of rows, float32 (B, 7 · T), for the values of motions (B, 6 · T)."""
        shaped = motions.reshape(len(motions), -1, len(MOTION))
        return transforms(shaped, self._space).reshape(len(motions), -1)
