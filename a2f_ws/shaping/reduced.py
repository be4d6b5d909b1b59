"""A geometry bundle in reduced space: from filtered coefficients to what the solver takes."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from a2f_ws.animation.params import GEOMETRY_PARAMS
from a2f_ws.animation.skin import face_mask
from a2f_ws.errors import MisuseError
from a2f_ws.inference.model_data import ModelData
from a2f_ws.inference.solver_data import SolverData
from a2f_ws.names import Floats
from a2f_ws.rows import product
from a2f_ws.shaping.ready import Key, Ready, Store
from a2f_ws.solver.projection import project, project_skin, project_whole

LEVEL: Final = GEOMETRY_PARAMS.column("face_mask_level")
SOFTNESS: Final = GEOMETRY_PARAMS.column("face_mask_softness")
UPPER: Final = GEOMETRY_PARAMS.column("upper_face_strength")
LOWER: Final = GEOMETRY_PARAMS.column("lower_face_strength")
TONGUE: Final = GEOMETRY_PARAMS.column("tongue_strength")
TONGUE_OFFSETS: Final = [
    GEOMETRY_PARAMS.column(name) for name in ("tongue_height_offset", "tongue_depth_offset")
]

_AXES: Final = np.eye(3, dtype=np.float32)[1:]
"""Height is y, depth is z. Source: SDK, `multitrack_animator_cuda.cu`."""


class ReducedSpace:
    """Data of the solver, Dᵀ(target − neutral), without ever building the target.

    Every step between the network's coefficients and the solver's data is linear, so the mesh is
    touched when the bundle is loaded, and again for every new face mask. Measured against the whole
    mesh: tests/shaping/test_reduced.py.
    """

    def __init__(self, data: ModelData, *, skin: SolverData, tongue: SolverData) -> None:
        """Project everything but the mask.

        Args:
            data: Bases and neutrals; `skin_basis` has all vertices, or those of `skin` only.
            skin: Rig of the skin.
            tongue: Rig of the tongue.
        """
        rows = slice(None) if skin.vertices is None else skin.vertices
        self._heights = data.skin_mean[:, 1]
        self._rows = rows
        self._skin = np.ascontiguousarray(skin.deltas[skin.active])
        lids = np.stack((data.eye_close[rows], data.lip_open[rows]))
        is_whole = data.skin_basis.shape[1] == len(data.skin_mean)
        basis = data.skin_basis[:, rows] if is_whole else data.skin_basis
        self._basis = np.concatenate((basis, lids))
        self._whole = project_whole(self._skin, self._basis)
        self._base = project(self._skin, data.skin_mean[rows] - skin.neutral)
        self._tongue = _tongue_rows(data, tongue)
        self._masks = Store((LEVEL, SOFTNESS), self._projected)

    def ready(self, params: Floats) -> Ready | None:
        """The projection through the mask that the parameters, float32 (P,), ask for, if any."""
        return self._masks.find(params)

    def prepare(self, params: Floats) -> Ready:
        """Project the basis through the mask that the parameters ask for; safe in any thread.

        130 kB for Mark, 25 ms on one idle core.
        """
        return self._masks.make(params)

    def data(
        self,
        skin: tuple[Floats, Floats],
        tongue: Floats,
        *,
        params: Floats,
        masks: Sequence[Ready | None],
    ) -> Floats:
        """What the solver takes.

        Args:
            skin: float32 (B, K + 2) each, filtered coefficients of the upper and the lower face,
                before strengths.
            tongue: float32 (B, Kt), coefficients of the tongue.
            params: float32 (B, P), columns of `GEOMETRY_PARAMS`.
            masks: B projections; None = the one that `ready` gives for the row's parameters.

        Returns:
            float32 (B, poses), active poses of the skin, then of the tongue.

        Raises:
            MisuseError: None was prepared for a row.
        """
        upper, lower = skin
        rows = np.concatenate(
            (
                upper * params[:, [UPPER]],
                lower * params[:, [LOWER]],
                tongue * params[:, [TONGUE]],
                params[:, TONGUE_OFFSETS],
                np.ones((len(params), 1), np.float32),
            ),
            axis=1,
        )
        matrices = [self._matrix(mask, row) for mask, row in zip(masks, params, strict=True)]
        if all(matrix is matrices[0] for matrix in matrices):
            return product(rows, matrices[0])
        return np.concatenate(
            [product(row[None], matrix) for row, matrix in zip(rows, matrices, strict=True)]
        )

    def _matrix(self, mask: Ready | None, params: Floats) -> Floats:
        """float32 (2 (K + 2) + Kt + 3, poses): what a row of coefficients is multiplied with."""
        mask = mask or self.ready(params)
        if mask is None or mask.matrix is None:
            level, softness = float(params[LEVEL]), float(params[SOFTNESS])
            raise MisuseError(f"face mask {level:g}, {softness:g}: wanted `prepare` before its use")
        return mask.matrix

    def _projected(self, key: Key) -> Floats:
        level, softness = key
        mask = face_mask(self._heights, level=level, softness=softness)[self._rows]
        upper, lower = project_skin(self._skin, self._basis, mask=mask, whole=self._whole)
        return _blocks([upper, lower], self._tongue, base=self._base)


def _tongue_rows(data: ModelData, tongue: SolverData) -> Floats:
    """float32 (Kt + 3, poses): of the coefficients, of height and depth, of 1."""
    rows = slice(None) if tongue.vertices is None else tongue.vertices
    deltas = np.ascontiguousarray(tongue.deltas[tongue.active])
    shape = data.tongue_mean[rows].shape
    moved = [np.broadcast_to(axis, shape) for axis in _AXES]
    targets = [*data.tongue_basis[:, rows], *moved, data.tongue_mean[rows] - tongue.neutral]
    return project(deltas, np.stack(targets))


def _blocks(skin: Sequence[Floats], tongue: Floats, *, base: Floats) -> Floats:
    """Skin and tongue side by side; the last row is what does not depend on coefficients."""
    heard = sum(len(part) for part in skin)
    matrix: Floats = np.zeros((heard + len(tongue), len(base) + tongue.shape[1]), np.float32)
    matrix[:heard, : len(base)] = np.concatenate(skin)
    matrix[-1, : len(base)] = base
    matrix[heard:, len(base) :] = tongue
    return matrix
