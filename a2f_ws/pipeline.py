"""One batch: windows → backend → animation → faces. No I/O, no clock, no sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from a2f_ws.animation.params import INPUT_STRENGTH, WEIGHT_PARAMS
from a2f_ws.animation.weights import FilterState, WeightAnimator
from a2f_ws.errors import ModelError
from a2f_ws.inference.backend import Backend
from a2f_ws.inference.bundle import Bundle
from a2f_ws.mesh import Mesh
from a2f_ws.names import EMOTIONS, FACE, TONGUE, WEIGHTS, Floats

JAW_OPEN: Final = WEIGHTS.index("jawOpen")
MOUTH_CLOSE: Final = WEIGHTS.index("mouthClose")

SHUT: Final = [
    i
    for i, name in enumerate(WEIGHTS)
    if name.startswith("jaw") or name in ("mouthClose", "tongueOut", *TONGUE)
]
"""Weights that are zero in a rest row: the mouth is shut whatever the emotion."""


@dataclass(slots=True)
class Cut:
    """What one inference needs of its session.

    Attributes:
        samples: float32 (S,), the audio window at the model rate; None = silence, and the face
            wanted is the rest row's: what the emotion adds to a silent face, mouth shut.
        emotion: float32 (10,), order `names.EMOTIONS`, 0 … 1.
        params: float32 (P,), face parameters in the order of `Pipeline.params`.
        state: Filter state of the utterance; it is advanced.
        dt_s: Time since the pose before, seconds.
        gains: float32 (68,), what the weights of the face are multiplied by; None = nothing.
        offsets: float32 (68,), what is added to them then; None = nothing.
        mesh: Filled in by `run`; None = the mesh is not wanted.
    """

    samples: Floats | None
    emotion: Floats
    params: Floats
    state: FilterState
    dt_s: float
    gains: Floats | None = None
    offsets: Floats | None = None
    mesh: Mesh | None = None


class Pipeline:
    """A bundle on a backend. `run` belongs to one thread at a time.

    Attributes:
        bundle: The bundle.
        backend: What runs its network.
        animator: Its animation; gives new filter states.
        params: The face parameters that it knows.
        defaults: float32 (P,), their values in the bundle.
        has_mesh: True where a cut may ask for its mesh.
        drives_gaze: True where the network moves the eyes.
        cost_s: What one window costs, measured at load, seconds; 0 = not known.
    """

    def __init__(self, bundle: Bundle, backend: Backend) -> None:
        """Prepare.

        Raises:
            ModelError: The bundle cannot be animated, or its parameters are out of range.
        """
        self.bundle = bundle
        self.backend = backend
        self._weights = bundle.weight_columns()
        self.animator = WeightAnimator(bundle.regions)
        self.params = WEIGHT_PARAMS
        self.defaults = self.params.defaults(bundle.config, str(bundle.config_path))
        self.has_mesh = self.drives_gaze = False
        self.cost_s = 0.0
        self._strength = self.params.column(INPUT_STRENGTH)
        silence = np.zeros((1, bundle.buffer_len), np.float32)
        self._silent = self._result(silence, np.zeros((1, len(EMOTIONS)), np.float32))[0]

    def new_state(self) -> FilterState:
        """What an utterance carries from face to face, at its beginning."""
        return self.animator.new_state()

    def is_prepared(self, params: Floats) -> bool:
        """True when cuts with these face parameters, float32 (P,), can be run at once."""
        del params
        return True

    def prepare(self, params: Floats) -> None:
        """Do what has to be done before such cuts; slow, safe in any thread."""

    def run(self, cuts: Sequence[Cut]) -> Floats:
        """The faces of a batch.

        Args:
            cuts: 1 … `backend.max_batch` items, those of one utterance in order of time.

        Returns:
            float32 (B, 82), columns `names.FACE`; MouthClose has ARKit's meaning.

        Raises:
            ModelError: The backend failed, or gave values that are not finite.
        """
        windows = np.zeros((len(cuts), self.bundle.buffer_len), np.float32)
        params = np.stack([cut.params for cut in cuts])
        emotions = np.stack([cut.emotion for cut in cuts])
        for row, cut in enumerate(cuts):
            if cut.samples is not None:
                np.multiply(cut.samples, cut.params[self._strength], out=windows[row])
        result = self._result(windows, emotions)
        self._shut(result, cuts)
        weights = result[:, self._weights]
        if self.bundle.mouth_close == "a2f":
            weights[:, JAW_OPEN] += weights[:, MOUTH_CLOSE]
        weights = self.animator.step(
            weights,
            [cut.state for cut in cuts],
            params=params,
            dt_s=np.array([cut.dt_s for cut in cuts], np.float32),
        )
        faces = np.empty((len(cuts), len(FACE)), np.float32)
        faces[:, : len(WEIGHTS)] = weights
        faces[:, len(WEIGHTS) : -len(EMOTIONS)] = result[:, self.bundle.columns.eyes]
        faces[:, -len(EMOTIONS) :] = emotions
        return faces

    def _result(self, windows: Floats, emotions: Floats) -> Floats:
        """Network output (B, N) for windows (B, S) and explicit emotions (B, 10)."""
        result = self.backend.run(windows, self.bundle.emotion_rows(emotions))
        if not np.isfinite(result).all():
            raise ModelError(f"{self.bundle.name}: the network gave values that are not finite")
        return result

    def _shut(self, result: Floats, cuts: Sequence[Cut]) -> None:
        """Turn the rows of silent cuts into rest rows: what the emotion adds, mouth shut."""
        for row, cut in enumerate(cuts):
            if cut.samples is None:
                added = result[row, self._weights] - self._silent[self._weights]
                added[SHUT] = 0.0
                result[row] = 0.0
                result[row, self._weights] = np.maximum(added, 0.0)
