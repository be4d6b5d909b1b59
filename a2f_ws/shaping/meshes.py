"""Whole meshes of geometry bundles, for the faces whose cut asks for one."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from a2f_ws.animation.jaw import jaw_transforms
from a2f_ws.animation.params import GEOMETRY_PARAMS
from a2f_ws.animation.skin import blend_skin, face_mask
from a2f_ws.animation.tongue import tongue_vertices
from a2f_ws.inference.model_data import ModelData
from a2f_ws.inference.network_info import Columns
from a2f_ws.mesh import Mesh
from a2f_ws.names import Floats
from a2f_ws.rows import product

_LEVEL: Final = GEOMETRY_PARAMS.column("face_mask_level")
_SOFTNESS: Final = GEOMETRY_PARAMS.column("face_mask_softness")


class Meshes:
    """Unfolds filtered coefficients to vertices; costs a pass over the whole basis per batch."""

    def __init__(self, data: ModelData, columns: Columns) -> None:
        """Keep what is needed.

        Args:
            data: With the basis of all vertices.
            columns: Parts of the network's result.
        """
        self._data, self._columns = data, columns
        self._basis = data.skin_basis.reshape(len(data.skin_basis), -1)
        self._lids = np.stack((data.eye_close, data.lip_open)).reshape(2, -1)
        self._tongue_basis = data.tongue_basis.reshape(len(data.tongue_basis), -1)

    def fill(
        self,
        meshes: Sequence[Mesh],
        results: Floats,
        *,
        skin: tuple[Floats, Floats],
        params: Floats,
        eyes: Floats,
    ) -> None:
        """Put vertices, jaw and eyes into meshes.

        Args:
            meshes: B of them.
            results: float32 (B, N), the network's results.
            skin: float32 (B, K + 2) each, filtered coefficients of the upper and the lower face.
            params: float32 (B, P), columns of `GEOMETRY_PARAMS`.
            eyes: float32 (B, 6), rotations of both eyes, degrees.
        """
        # Both at once: the basis, 200 MB for Mark, is read from memory once.
        upper, lower = np.split(self._unfolded(np.concatenate(skin)), 2)
        vertices = blend_skin(
            upper, lower, neutral=self._data.skin_mean, mask=self._masks(params), params=params
        )
        moved = product(results[:, self._columns.tongue], self._tongue_basis)
        tongue = tongue_vertices(
            moved.reshape(len(meshes), -1, 3), neutral=self._data.tongue_mean, params=params
        )
        jaw = jaw_transforms(
            results[:, self._columns.jaw].reshape(len(meshes), -1, 3),
            neutral=self._data.jaw,
            params=params,
        )
        for row, mesh in enumerate(meshes):
            mesh.skin, mesh.tongue = vertices[row], tongue[row]
            mesh.jaw, mesh.eyes = jaw[row], eyes[row]

    def _unfolded(self, coefficients: Floats) -> Floats:
        """float32 (B, V, 3): displacements of all vertices."""
        shapes = len(self._basis)
        moved = coefficients[:, :shapes] @ self._basis
        moved += coefficients[:, shapes:] @ self._lids
        return moved.reshape(len(coefficients), -1, 3)

    def _masks(self, params: Floats) -> Floats:
        heights = self._data.skin_mean[:, 1]
        return np.stack(
            [
                face_mask(heights, level=float(row[_LEVEL]), softness=float(row[_SOFTNESS]))
                for row in params
            ]
        )
