"""The tongue: strength and offsets."""

from typing import Final

from a2f_ws.animation.params import GEOMETRY_PARAMS
from a2f_ws.names import Floats

_STRENGTH: Final = GEOMETRY_PARAMS.column("tongue_strength")
_HEIGHT: Final = GEOMETRY_PARAMS.column("tongue_height_offset")
_DEPTH: Final = GEOMETRY_PARAMS.column("tongue_depth_offset")


def tongue_vertices(deltas: Floats, *, neutral: Floats, params: Floats) -> Floats:
    """Vertices of the tongue; there is no smoothing.

    Args:
        deltas: float32 (B, V, 3), the basis times the coefficients; y is height, z is depth.
        neutral: float32 (V, 3).
        params: float32 (B, P), columns of `GEOMETRY_PARAMS`, checked values.

    Returns:
        float32 (B, V, 3), new array.

    Source:
        SDK, `multitrack_animator_cuda.cu`.
    """
    out: Floats = neutral + deltas * params[:, _STRENGTH, None, None]
    out[:, :, 1] += params[:, [_HEIGHT]]
    out[:, :, 2] += params[:, [_DEPTH]]
    return out
