"""The mesh of one face, for those who ask for it."""

from dataclasses import dataclass

from a2f_ws.names import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recipe:
    """What a mesh is unfolded from: some kilobytes, which a batch leaves behind.

    Attributes:
        upper: float32 (K + 2,), filtered coefficients of the upper face.
        lower: float32 (K + 2,), those of the lower face.
        tongue: float32 (Kt,), coefficients of the tongue.
        jaw: float32 (3·P,), displacements of the jaw's points, centimetres.
        eyes: float32 (6,), rotations of both eyes, degrees.
        params: float32 (P,), face parameters.
    """

    upper: Floats
    lower: Floats
    tongue: Floats
    jaw: Floats
    eyes: Floats
    params: Floats


@dataclass(slots=True, eq=False)
class Mesh:
    """Where the pipeline puts what a face looks like; None = not there.

    Attributes:
        recipe: What `Pipeline.run` leaves for `Pipeline.unfold`, which takes it away.
        skin: float32 (V, 3), positions, centimetres; y up, z forward.
        tongue: float32 (V, 3), the same of the tongue.
        jaw: float32 (16,), column-major 4 × 4: where a point of the lower teeth goes.
        eyes: float32 (6,), right x y z, left x y z, degrees.
    """

    recipe: Recipe | None = None
    skin: Floats | None = None
    tongue: Floats | None = None
    jaw: Floats | None = None
    eyes: Floats | None = None
