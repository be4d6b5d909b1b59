"""The mesh of one face, for those who ask for it."""

from dataclasses import dataclass

from a2f_ws.names import Floats


@dataclass(slots=True, eq=False)
class Mesh:
    """Where the pipeline puts what a face looks like; None = not there.

    Attributes:
        skin: float32 (V, 3), positions, centimetres; y up, z forward.
        tongue: float32 (V, 3), the same of the tongue.
        jaw: float32 (16,), column-major 4 × 4: where a point of the lower teeth goes.
        eyes: float32 (6,), right x y z, left x y z, degrees.
    """

    skin: Floats | None = None
    tongue: Floats | None = None
    jaw: Floats | None = None
    eyes: Floats | None = None
