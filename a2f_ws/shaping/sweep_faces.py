"""Faces that carry a time instead of an expression: what a rig check is made of."""

from collections.abc import Sequence
from typing import Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from a2f_ws.animation.params import INTENSITY, ParamSet
from a2f_ws.errors import MisuseError
from a2f_ws.mesh import Mesh
from a2f_ws.names import WEIGHTS, Floats
from a2f_ws.shaping.cut import Cut
from a2f_ws.shaping.kind import CLAMP, DRAWN
from a2f_ws.shaping.ready import NOTHING, Ready

STEP_US: Final = 1_000_000
"""Time in which one curve moves to its end and back, microseconds (ours; protocol §21)."""

WHOLE, PART, MARK = range(3)
"""Columns: steps that are over, share of the step that goes on, 1 where a face carries a time.

All three are linear in time, so a face on the line between two others carries the time between.
"""

SURE: Final = 1.0 - 1e-5
"""A mark from here counts: faces on their way to rest have less."""

Positions: TypeAlias = NDArray[np.float64]
"""(B,): steps since the utterance's sample 0, < 0 for a face that carries none."""


class SweepFaces:
    """See `Faces`: the result of the network does not matter, the time of the pose does."""

    has_mesh = drives_gaze = False

    def __init__(self, params: ParamSet) -> None:
        """Know face parameters, as sessions may have them from their model; they change nothing."""
        self.params = params
        self.clamp = self.params.column(CLAMP)
        self.intensity = self.params.column(INTENSITY)
        self.gains: Floats = np.ones(len(WEIGHTS), np.float32)
        self.offsets: Floats = np.zeros(len(WEIGHTS), np.float32)

    def beside(self) -> Self:
        """Nothing is kept from row to row."""
        return self

    def new_state(self) -> object:
        """Nothing is carried from face to face."""
        return None

    def ready(self, params: Floats) -> Ready:
        """Nothing has to be made."""
        del params
        return NOTHING

    def prepare(self, params: Floats) -> Ready:
        """Nothing has to be made."""
        return self.ready(params)

    def unfold(self, mesh: Mesh) -> None:
        """There is no mesh."""
        raise MisuseError("a mesh of a sweep, which has none")

    def step(self, results: Floats, cuts: Sequence[Cut]) -> Floats:
        """See `Faces.step`."""
        del results
        drawn: Floats = np.zeros((len(cuts), DRAWN), np.float32)
        for row, cut in enumerate(cuts):
            whole, rest_us = divmod(cut.t_us, STEP_US)
            drawn[row, [WHOLE, PART, MARK]] = whole, rest_us / STEP_US, 1.0
        return drawn

    def rest(self, results: Floats, cuts: Sequence[Cut]) -> Floats:
        """See `Faces.rest`."""
        del results
        return np.zeros((len(cuts), DRAWN), np.float32)


def positions(faces: Floats) -> Positions:
    """The times that faces, float32 (B, 82), carry, in steps; −1 for those that carry none."""
    found = faces[:, WHOLE].astype(np.float64) + faces[:, PART]
    return np.where(faces[:, MARK] >= SURE, found, -1.0)
