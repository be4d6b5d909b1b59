"""What turns a network's results into faces, and what all kinds of bundles have in common there."""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from a2f_ws.animation.params import ParamSet
from a2f_ws.mesh import Mesh
from a2f_ws.names import EYES, TONGUE, WEIGHTS, Floats
from a2f_ws.shaping.cut import Cut
from a2f_ws.shaping.ready import Ready

DRAWN: Final = len(WEIGHTS) + len(EYES)
"""Columns of a face that come from the network: 68 weights, 4 eyes."""

JAW_OPEN: Final = WEIGHTS.index("jawOpen")
MOUTH_CLOSE: Final = WEIGHTS.index("mouthClose")

CLAMP: Final = "clamp_weights"
HALF: Final = 0.5
"""A switch among the face parameters is on from here."""

SHUT: Final = [
    i
    for i, name in enumerate(WEIGHTS)
    if name.startswith("jaw") or name in ("mouthClose", "tongueOut", *TONGUE)
]
"""Weights that are zero in a rest row: the mouth is shut whatever the emotion."""


EXPRESSIVE: Final = np.array(
    [not name.startswith(("eyeBlink", "eyeLook")) for name in WEIGHTS], np.bool_
)
"""What the face parameter `intensity` scales: half a blink or half a gaze is no calmer one."""


class Faces(Protocol):
    """One kind of bundle's way from results to faces; used by one thread at a time.

    Attributes:
        params: The face parameters that it knows.
        gains: float32 (68,), what the bundle multiplies weights by.
        offsets: float32 (68,), what the bundle adds to them then.
        has_mesh: True where a cut may ask for its mesh.
        drives_gaze: True where eyeLook weights come from the network's eyes.
        clamp: Column of the face parameter that holds weights in 0 … 1.
        intensity: Column of the face parameter that scales all but blinks and gaze.
    """

    params: ParamSet
    gains: Floats
    offsets: Floats
    has_mesh: bool
    drives_gaze: bool
    clamp: int
    intensity: int

    def beside(self) -> "Faces":
        """The same for another thread: it shares all but the memory to work in."""

    def new_state(self) -> object:
        """What an utterance carries from face to face, at its beginning."""

    def ready(self, params: Floats) -> Ready | None:
        """What cuts with these face parameters, float32 (P,), need; None = not made yet."""

    def prepare(self, params: Floats) -> Ready:
        """Make it, unless it is there; slow, safe in any thread. Who holds it has it."""

    def step(self, results: Floats, cuts: Sequence[Cut]) -> Floats:
        """Faces of speech; states move on, and meshes get what they are unfolded from.

        Args:
            results: float32 (B, N), the network's results; not changed.
            cuts: B of them, those of one state in order of time.

        Returns:
            float32 (B, 72): weights, whose mouthClose has ARKit's meaning, and eyes.
        """

    def unfold(self, mesh: Mesh) -> None:
        """Fill in a mesh from its recipe, which it loses; one at a time, beside `step`."""

    def rest(self, results: Floats, cuts: Sequence[Cut]) -> Floats:
        """Faces of silence: what the emotion adds to the silent face, mouth shut.

        Args:
            results: float32 (B + 1, N), the network's results for silence: with the emotion of
                each cut, and in the last row without any; not changed.
            cuts: B of them.

        Returns:
            float32 (B, 72), as `step`.
        """


def trimmed(weights: Floats, cuts: Sequence[Cut], *, faces: Faces) -> Floats:
    """Weights times gains and intensity plus offsets, in 0 … 1 where `clamp_weights` asks for it.

    All that opens and closes lips scales alike, so that sealed lips stay sealed.

    Args:
        weights: float32 (B, 68).
        cuts: B of them; those without gains or offsets of their own get the bundle's.
        faces: The kind of bundle.

    Returns:
        float32 (B, 68), new array.

    Source:
        SDK, `blendshape_solver.cpp`; the clamp is `enable_clamping_bs_weight` of NVIDIA's service.
    """
    gains = [faces.gains if cut.gains is None else cut.gains for cut in cuts]
    offsets = [faces.offsets if cut.offsets is None else cut.offsets for cut in cuts]
    intensity = np.array([cut.params[faces.intensity] for cut in cuts], np.float32)[:, None]
    scale = np.where(EXPRESSIVE, intensity, np.float32(1.0))
    result: Floats = weights * (np.stack(gains) * scale) + np.stack(offsets)
    hold(result, cuts, faces=faces)
    return result


def hold(weights: Floats, cuts: Sequence[Cut], *, faces: Faces) -> None:
    """Hold weights, float32 (B, 68), in 0 … 1 where `clamp_weights` asks for it; in place."""
    held = [row for row, cut in enumerate(cuts) if cut.params[faces.clamp] >= HALF]
    if held:
        weights[held] = np.clip(weights[held], 0.0, 1.0) + np.float32(0.0)
