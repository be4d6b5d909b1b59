"""Faces of blendshape bundles: the network gives the weights themselves."""

from collections.abc import Sequence
from typing import Self, cast

import numpy as np

from a2f_ws.animation.params import INTENSITY, WEIGHT_PARAMS
from a2f_ws.animation.weights import FilterState, WeightAnimator
from a2f_ws.inference.bundle import Bundle
from a2f_ws.mesh import Mesh
from a2f_ws.names import EYES, WEIGHTS, Floats
from a2f_ws.shaping.cut import Cut
from a2f_ws.shaping.kind import CLAMP, DRAWN, JAW_OPEN, MOUTH_CLOSE, SHUT, trimmed
from a2f_ws.shaping.ready import NOTHING, Ready


class WeightFaces:
    """See `Faces`: weights get strengths, smoothing and offsets; there is nothing to solve."""

    has_mesh = drives_gaze = False

    def __init__(self, bundle: Bundle) -> None:
        """Prepare for one bundle."""
        self.params = WEIGHT_PARAMS
        self.clamp = self.params.column(CLAMP)
        self.intensity = self.params.column(INTENSITY)
        self.gains: Floats = np.ones(len(WEIGHTS), np.float32)
        self.offsets: Floats = np.zeros(len(WEIGHTS), np.float32)
        self._columns = slice(bundle.columns.skin.start, bundle.columns.tongue.stop)
        self._eyes = bundle.columns.eyes
        self._is_a2f = bundle.mouth_close == "a2f"
        self._animator = WeightAnimator(bundle.regions)

    def beside(self) -> Self:
        """Nothing is kept from row to row."""
        return self

    def new_state(self) -> FilterState:
        """Filters that pass their first face."""
        return self._animator.new_state()

    def ready(self, params: Floats) -> Ready:
        """Nothing has to be made."""
        del params
        return NOTHING

    def prepare(self, params: Floats) -> Ready:
        """Nothing has to be made."""
        return self.ready(params)

    def unfold(self, mesh: Mesh) -> None:
        """There is no mesh."""
        del mesh

    def step(self, results: Floats, cuts: Sequence[Cut]) -> Floats:
        """See `Faces.step`."""
        return self._drawn(results[:, self._columns].copy(), cuts, eyes=results[:, self._eyes])

    def rest(self, results: Floats, cuts: Sequence[Cut]) -> Floats:
        """See `Faces.rest`."""
        weights = results[:, self._columns]
        added = np.maximum(weights[:-1] - weights[-1], np.float32(0.0))
        added[:, SHUT] = 0.0
        drawn = self._drawn(added, cuts, eyes=np.zeros((len(cuts), len(EYES)), np.float32))
        drawn[:, SHUT] = 0.0
        return drawn

    def _drawn(self, weights: Floats, cuts: Sequence[Cut], *, eyes: Floats) -> Floats:
        if self._is_a2f:
            weights[:, JAW_OPEN] += weights[:, MOUTH_CLOSE]
        animated = self._animator.step(
            weights,
            [cast(FilterState, cut.state) for cut in cuts],
            params=np.stack([cut.params for cut in cuts]),
            dt_s=np.array([cut.dt_s for cut in cuts], np.float32),
        )
        drawn: Floats = np.empty((len(cuts), DRAWN), np.float32)
        drawn[:, : len(WEIGHTS)] = trimmed(animated, cuts, faces=self)
        drawn[:, len(WEIGHTS) :] = eyes
        return drawn
