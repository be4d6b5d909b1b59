"""The meshes of a geometry bundle: neutral poses, bases, jaw points, saccades."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from a2f_ws.errors import ModelError
from a2f_ws.inference.bundle import Bundle
from a2f_ws.inference.network_info import AXES
from a2f_ws.inference.npz import Archive
from a2f_ws.inference.npz_entry import Shape
from a2f_ws.names import Floats

BASIS: Final = "shapes_matrix_skin"

_ROWS: Final = 8
"""Components of the basis in memory at a time while it is read (ours)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelData:
    """What the animators of a geometry bundle work on; positions in centimetres, y up.

    Letters: V and Vt are the vertices of skin and tongue, R those asked for, K and Kt the
    components of skin and tongue, P the points of the jaw, F the rows of the table.

    Attributes:
        skin_mean: float32 (V, 3), the neutral skin.
        lip_open: float32 (V, 3), what opening the lips adds to it.
        eye_close: float32 (V, 3), what closing the eyes adds to it.
        skin_basis: float32 (K, R, 3), components of the skin.
        tongue_mean: float32 (Vt, 3), the neutral tongue.
        tongue_basis: float32 (Kt, Vt, 3), its components.
        jaw: float32 (P, 3), points of the neutral jaw.
        saccades: float32 (F, 2), rotations of the eyes x y, degrees, 30 a second.
    """

    skin_mean: Floats
    lip_open: Floats
    eye_close: Floats
    skin_basis: Floats
    tongue_mean: Floats
    tongue_basis: Floats
    jaw: Floats
    saccades: Floats


def read_model_data(bundle: Bundle, *, vertices: NDArray[np.int32] | None) -> ModelData:
    """The arrays of a geometry bundle's `model_data.npz`.

    Of the skin's basis no more is ever in memory than what is asked for and a few components.

    Args:
        bundle: A geometry bundle.
        vertices: int32 (R,), 0 … V - 1, the vertices of `skin_basis` in its order; None = all.

    Raises:
        ModelError: An array is missing, of another type or shape than `network_info.json` asks for,
            or not finite; or the neutral skin has no height.

    Source:
        SDK, `parse_helper.cpp` and `model_regression.cpp`.
    """
    path = bundle.model_data
    if bundle.kind != "geometry" or path is None:
        raise ModelError(f"{bundle.path}: found a {bundle.kind} bundle, wanted one with meshes")
    shapes = array_shapes(bundle)
    with Archive(path) as archive:
        archive.require(shapes)
        basis = _basis(archive, shapes.pop(BASIS), vertices=vertices)
        arrays = {
            name: archive.read(name, dtype=np.float32, shape=shape)
            for name, shape in shapes.items()
        }
    data = ModelData(
        skin_mean=arrays["shapes_mean_skin"],
        lip_open=arrays["lip_open_pose_delta"],
        eye_close=arrays["eye_close_pose_delta"],
        skin_basis=basis,
        tongue_mean=arrays["shapes_mean_tongue"],
        tongue_basis=arrays["shapes_matrix_tongue"],
        jaw=arrays["neutral_jaw"],
        saccades=arrays["saccade_rot_matrix"],
    )
    if not len(data.saccades):
        raise ModelError(f"{path}: saccade_rot_matrix: found no rows, wanted one at least")
    heights = data.skin_mean[:, 1]
    if heights.min() == heights.max():
        found = f"y = {heights[0]:g} everywhere"
        raise ModelError(f"{path}: shapes_mean_skin: found {found}, wanted a face of some height")
    return data


def array_shapes(bundle: Bundle) -> dict[str, Shape]:
    """What a `model_data.npz` has to have, all float32; more arrays are no fault."""
    skin, tongue = (bundle.skin_vertices, AXES), (bundle.tongue_vertices, AXES)
    columns = bundle.columns
    return {
        BASIS: (_width(columns.skin), *skin),
        "shapes_mean_skin": skin,
        "lip_open_pose_delta": skin,
        "eye_close_pose_delta": skin,
        "shapes_matrix_tongue": (_width(columns.tongue), *tongue),
        "shapes_mean_tongue": tongue,
        "neutral_jaw": (_width(columns.jaw) // AXES, AXES),
        "saccade_rot_matrix": (None, 2),
    }


def _width(columns: slice) -> int:
    width: int = columns.stop - columns.start
    return width


def _basis(archive: Archive, shape: Shape, *, vertices: NDArray[np.int32] | None) -> Floats:
    if vertices is None:
        return archive.read(BASIS, dtype=np.float32, shape=shape)
    basis = np.empty((shape[0] or 0, len(vertices), AXES), np.float32)
    first = 0
    for block in archive.blocks(BASIS, dtype=np.float32, shape=shape, rows=_ROWS):
        np.take(block, vertices, axis=1, out=basis[first : first + len(block)])
        first += len(block)
    return basis
