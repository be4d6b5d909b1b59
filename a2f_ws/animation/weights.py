"""Strengths, smoothing and offsets of faces that a network gives as weights."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from a2f_ws.animation.params import WEIGHT_PARAMS
from a2f_ws.animation.smoothing import Poles, alphas, smooth
from a2f_ws.errors import MisuseError
from a2f_ws.names import ARKIT, WEIGHTS, Floats

_SKIN: Final = len(ARKIT)

_BLINKS: Final = [ARKIT.index("eyeBlinkLeft"), ARKIT.index("eyeBlinkRight")]
_WIDES: Final = [ARKIT.index("eyeWideLeft"), ARKIT.index("eyeWideRight")]
_JAW_OPEN: Final = ARKIT.index("jawOpen")
_MOUTH_CLOSE: Final = ARKIT.index("mouthClose")

LIP_OPENERS: Final = (
    "mouthLowerDownLeft",
    "mouthLowerDownRight",
    "mouthUpperUpLeft",
    "mouthUpperUpRight",
)
"""Weights that grow by `lip_open_offset`, while mouthClose shrinks by it.

Ours: together they part the lips with the jaw at rest, as the SDK's lip-open pose does on a mesh.
"""
_LIP_OPENERS: Final = [ARKIT.index(name) for name in LIP_OPENERS]

_column = WEIGHT_PARAMS.column
_SKIN_STRENGTH: Final = _column("skin_strength")
_TONGUE_STRENGTH: Final = _column("tongue_strength")
_BLINK_STRENGTH: Final = _column("blink_strength")
_BLINK_OFFSET: Final = _column("blink_offset")
_EYELID_OFFSET: Final = _column("eyelid_open_offset")
_LIP_OFFSET: Final = _column("lip_open_offset")
_REGIONS: Final = ("upper", "lower")
_SMOOTHINGS: Final = [_column(f"{region}_face_smoothing") for region in _REGIONS]
_STRENGTHS: Final = [_column(f"{region}_face_strength") for region in _REGIONS]


class FilterState(Poles):
    """What the smoothing of one utterance remembers: 52 weights, before strengths."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(_SKIN)


class WeightAnimator:
    """Turns a network's weights into the weights of faces, for rows of any utterances at once.

    Every operation works on single elements, so that a row's result has the same bits in any batch.
    """

    def __init__(self, regions: Sequence[str]) -> None:
        """Prepare for one bundle.

        Args:
            regions: "upper" or "lower" for each of the 68 weights; the tongue's 16 are not used.

        Raises:
            MisuseError: Not 68 regions, or one of another name.
        """
        if len(regions) != len(WEIGHTS) or not set(regions) <= set(_REGIONS):
            raise MisuseError(f"regions: wanted {len(WEIGHTS)} of {_REGIONS}, found {regions!r}")
        self._region_of = [_REGIONS.index(region) for region in regions[:_SKIN]]

    def new_state(self) -> FilterState:
        """The state of an utterance that has shown no face yet."""
        return FilterState()

    def step(
        self,
        weights: Floats,
        states: Sequence[FilterState],
        *,
        params: Floats,
        dt_s: Floats,
    ) -> Floats:
        """Faces for rows of weights; the states move on by their rows.

        With d the weights times skin strength plus the lid and lip offsets, each region is passed
        through two one-pole filters and then scaled by its strength. A blink below 0 opens the
        lid wider (eyeWide). In the end weights lie in 0 … 1, and mouthClose <= jawOpen: both
        scale alike, so lips that the network has sealed stay sealed at every strength.

        Args:
            weights: float32 (B, 68), order `names.WEIGHTS`; not changed.
            states: B states; rows of one state stand in the order of time.
            params: float32 (B, P), columns of `WEIGHT_PARAMS`, checked values.
            dt_s: float32 or float64 (B,), time from each row's predecessor, seconds, > 0.

        Returns:
            float32 (B, 68), new array.

        Source:
            Skin and tongue animators of the SDK (audio2face `multitrack_animator_cuda.cu`); there
            on vertices and with a soft mask, here on weights and with a region for each.
        """
        out = np.empty_like(weights)
        delta = self._with_offsets(weights[:, :_SKIN], params)
        smooth = self._smooth(delta, states, params=params, dt_s=dt_s)
        strengths = params[:, _STRENGTHS][:, self._region_of]
        np.multiply(smooth, strengths, out=out[:, :_SKIN])
        np.multiply(weights[:, _SKIN:], params[:, [_TONGUE_STRENGTH]], out=out[:, _SKIN:])
        out[:, _WIDES] += np.maximum(-out[:, _BLINKS], np.float32(0.0))
        np.clip(out, 0.0, 1.0, out=out)
        # -0.0 becomes 0.0: which of the two a vectorised clip keeps depends on the array's length.
        out += np.float32(0.0)
        np.minimum(out[:, _MOUTH_CLOSE], out[:, _JAW_OPEN], out=out[:, _MOUTH_CLOSE])
        return out

    def _with_offsets(self, weights: Floats, params: Floats) -> Floats:
        delta: Floats = weights * params[:, [_SKIN_STRENGTH]]
        blink = params[:, [_BLINK_OFFSET]] * params[:, [_BLINK_STRENGTH]]
        delta[:, _BLINKS] += blink - params[:, [_EYELID_OFFSET]]
        delta[:, _LIP_OPENERS] += params[:, [_LIP_OFFSET]]
        delta[:, _MOUTH_CLOSE] -= params[:, _LIP_OFFSET]
        return delta

    def _smooth(
        self, delta: Floats, states: Sequence[FilterState], *, params: Floats, dt_s: Floats
    ) -> Floats:
        by_region = alphas(params[:, _SMOOTHINGS], dt_s, precision="float64")
        return smooth(delta, states, alphas=by_region[:, self._region_of])
