"""The jaw: the rigid motion that fits the lower teeth's moved points best."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.animation.params import GEOMETRY_PARAMS
from a2f_ws.names import Floats

_STRENGTH: Final = GEOMETRY_PARAMS.column("lower_teeth_strength")
_OFFSETS: Final = [
    GEOMETRY_PARAMS.column("lower_teeth_height_offset"),
    GEOMETRY_PARAMS.column("lower_teeth_depth_offset"),
]

_STILLNESS: Final = 1e-9
"""Share of the points' moment that is added in favour of no turn (ours).

It decides between turns that fit alike, where the points are one or lie in a line; elsewhere its
effect is below what float32 can hold.
"""


def jaw_transforms(jaw: Floats, *, neutral: Floats, params: Floats) -> Floats:
    """Rigid transforms of the lower teeth, about the mesh's origin.

    Points that are moved as a mirror would are turned by the best proper rotation.

    Args:
        jaw: float32 (B, P, 3), displacements of the jaw's points; y is height, z is depth.
        neutral: float32 (P, 3), the points at rest.
        params: float32 (B, P), columns of `GEOMETRY_PARAMS`, checked values.

    Returns:
        float32 (B, 16), 4×4 in column-major order for column vectors: the first twelve hold the
        axes, each followed by 0, the last four the translation and 1.

    Source:
        Kabsch's algorithm as in the SDK, `math_utils.cpp`, in float64. The kernel of
        `multitrack_animator_cuda.cu` gives the same up to its rounding, mirrored points included:
        the factors of its decomposition are proper rotations.
    """
    source = neutral.astype(np.float64)
    target = source + jaw.astype(np.float64) * params[:, _STRENGTH, None, None]
    target[:, :, 1:] += params[:, None, _OFFSETS]
    source_mean, target_mean = source.mean(0), target.mean(1)
    rotations = _rotations(source - source_mean, target - target_mean[:, None])
    out: Floats = np.zeros((len(jaw), 4, 4), np.float32)
    out[:, :3, :3] = rotations.swapaxes(1, 2)
    out[:, 3, :3] = target_mean - rotations @ source_mean
    out[:, 3, 3] = 1.0
    return out.reshape(len(jaw), 16)


def _rotations(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotations (B, 3, 3) of centred points (P, 3) onto centred points (B, P, 3)."""
    moments = source.T @ target
    size = 1.0 + np.square(source).sum()
    left, _, right = np.linalg.svd(moments + size * _STILLNESS * np.eye(3))
    turned = right.swapaxes(1, 2)
    turned[:, :, 2] *= np.linalg.det(turned @ left.swapaxes(1, 2))[:, None]
    rotations: NDArray[np.float64] = turned @ left.swapaxes(1, 2)
    return rotations
