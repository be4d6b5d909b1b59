"""Whole meshes of geometry bundles, unfolded one by one from what faces left behind."""

from typing import Final

import numpy as np

from a2f_ws.animation.jaw import jaw_transforms
from a2f_ws.animation.params import GEOMETRY_PARAMS
from a2f_ws.animation.skin import blend_skin, face_mask
from a2f_ws.animation.tongue import tongue_vertices
from a2f_ws.inference.model_data import ModelData
from a2f_ws.mesh import Mesh, Recipe
from a2f_ws.names import Floats
from a2f_ws.rows import product

_LEVEL: Final = GEOMETRY_PARAMS.column("face_mask_level")
_SOFTNESS: Final = GEOMETRY_PARAMS.column("face_mask_softness")


class Meshes:
    """Unfolds filtered coefficients to vertices; costs a pass over the whole basis per mesh."""

    def __init__(self, data: ModelData) -> None:
        """Keep what is needed.

        Args:
            data: With the basis of all vertices.
        """
        self._data = data
        self._basis = data.skin_basis.reshape(len(data.skin_basis), -1)
        self._lids = np.stack((data.eye_close, data.lip_open)).reshape(2, -1)
        self._tongue_basis = data.tongue_basis.reshape(len(data.tongue_basis), -1)

    def fill(self, mesh: Mesh, recipe: Recipe) -> None:
        """Put vertices, jaw and eyes into a mesh; changes nothing else, so any thread may."""
        params = recipe.params[None]
        # Both at once: the basis, 200 MB for Mark, is read from memory once.
        both = self._unfolded(np.stack((recipe.upper, recipe.lower)))
        (mesh.skin,) = blend_skin(
            both[:1],
            both[1:],
            neutral=self._data.skin_mean,
            mask=self._mask(recipe.params),
            params=params,
        )
        moved = product(recipe.tongue[None], self._tongue_basis)
        (mesh.tongue,) = tongue_vertices(
            moved.reshape(1, -1, 3), neutral=self._data.tongue_mean, params=params
        )
        (mesh.jaw,) = jaw_transforms(
            recipe.jaw.reshape(1, -1, 3), neutral=self._data.jaw, params=params
        )
        mesh.eyes = recipe.eyes

    def _unfolded(self, coefficients: Floats) -> Floats:
        """float32 (B, V, 3): displacements of all vertices."""
        shapes = len(self._basis)
        moved = coefficients[:, :shapes] @ self._basis
        moved += coefficients[:, shapes:] @ self._lids
        return moved.reshape(len(coefficients), -1, 3)

    def _mask(self, params: Floats) -> Floats:
        heights = self._data.skin_mean[:, 1]
        level, softness = float(params[_LEVEL]), float(params[_SOFTNESS])
        return face_mask(heights, level=level, softness=softness)
