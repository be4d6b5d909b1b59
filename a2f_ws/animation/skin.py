"""The skin: offsets, two smoothed regions, and the mask that blends them.

Everything before the mask is linear in the network's coefficients, so it acts alike on these, with
the two offset poses as two more components (the normal path), and on vertices.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from a2f_ws.animation.params import GEOMETRY_PARAMS
from a2f_ws.animation.smoothing import Poles, alphas, smooth
from a2f_ws.errors import MisuseError, ModelError
from a2f_ws.names import Floats

_column = GEOMETRY_PARAMS.column
_SKIN_STRENGTH: Final = _column("skin_strength")
_BLINK_STRENGTH: Final = _column("blink_strength")
_BLINK_OFFSET: Final = _column("blink_offset")
_EYELID_OFFSET: Final = _column("eyelid_open_offset")
_LIP_OFFSET: Final = _column("lip_open_offset")
_SMOOTHINGS: Final = [_column("upper_face_smoothing"), _column("lower_face_smoothing")]
_UPPER_STRENGTH: Final = _column("upper_face_strength")
_LOWER_STRENGTH: Final = _column("lower_face_strength")

_ONE: Final = np.float32(1.0)


class SkinState(Poles):
    """What the skin's smoothing of one utterance remembers.

    Its values are float32 (2, 2, D): of the first and the second filter, for the upper and the
    lower region, before strengths.
    """

    __slots__ = ()

    def __init__(self, size: int) -> None:
        """The state before the first row.

        Args:
            size: D, the numbers in a row: K + 2 coefficients, or 3 · V coordinates.
        """
        super().__init__(2, size)


def skin_coefficients(coefs: Floats, params: Floats) -> Floats:
    """Coefficients of the skin's basis, of the closed eyes and of the open lips.

    Args:
        coefs: float32 (B, K), as the network gives them.
        params: float32 (B, P), columns of `GEOMETRY_PARAMS`, checked values.

    Returns:
        float32 (B, K + 2), new array.

    Source:
        SDK, `multitrack_animator_cuda.cu`; there on vertices.
    """
    count = coefs.shape[1]
    out: Floats = np.empty((len(coefs), count + 2), np.float32)
    np.multiply(coefs, params[:, [_SKIN_STRENGTH]], out=out[:, :count])
    out[:, count] = _eyes_closed(params)
    out[:, count + 1] = params[:, _LIP_OFFSET]
    return out


def skin_deltas(deltas: Floats, *, eye_close: Floats, lip_open: Floats, params: Floats) -> Floats:
    """The same on vertices, in the SDK's order of operations.

    Args:
        deltas: float32 (B, V, 3), the basis times the coefficients.
        eye_close: float32 (V, 3), from open to closed eyes.
        lip_open: float32 (V, 3), from closed to open lips.
        params: float32 (B, P), columns of `GEOMETRY_PARAMS`, checked values.

    Returns:
        float32 (B, V, 3), new array.

    Source:
        SDK, `multitrack_animator_cuda.cu`.
    """
    out: Floats = params[:, _SKIN_STRENGTH, None, None] * deltas
    out += eye_close * _eyes_closed(params)[:, None, None]
    out += lip_open * params[:, _LIP_OFFSET, None, None]
    return out


def smooth_skin(
    deltas: Floats, states: Sequence[SkinState], *, params: Floats, dt_s: Floats
) -> tuple[Floats, Floats]:
    """The upper and the lower region, each smoothed by its own half-life; strengths come later.

    Args:
        deltas: float32 (B, ...) with D numbers in a row: coefficients or vertices; not changed.
        states: B states; they move on by their rows, those of one state in the order of time.
        params: float32 (B, P), columns of `GEOMETRY_PARAMS`, checked values.
        dt_s: float32 (B,), time from each row's predecessor, seconds, > 0.

    Returns:
        Upper and lower, float32 in the shape of `deltas`: views of one array (B, 2, D).

    Raises:
        MisuseError: Not as many states as rows.

    Source:
        SDK, `multitrack_animator_cuda.cu`.
    """
    shares = alphas(params[:, _SMOOTHINGS], dt_s, precision="float32")
    rows = deltas.reshape(len(deltas), 1, -1)
    both = smooth(rows, states, alphas=shares[:, :, None])
    both = both.reshape(len(both), 2, *deltas.shape[1:])
    return both[:, 0], both[:, 1]


def face_mask(heights: Floats, *, level: float, softness: float) -> Floats:
    """How much of each vertex belongs to the lower face.

    Args:
        heights: float32 (V,), y of all vertices of the neutral skin.
        level: Where the mask is 0.5, share of the skin's height, 0 … 1.
        softness: Share of the height in which the mask falls from 0.73 to 0.5, 0.001 … 0.5.

    Returns:
        float32 (V,), 0 … 1: 1 at the chin, 0 at the forehead.

    Raises:
        ModelError: All heights are equal.
        MisuseError: The softness is not above 0.

    Source:
        SDK, `multitrack_animator.cpp`.
    """
    lowest, highest = heights.min(), heights.max()
    if not highest > lowest:
        raise ModelError(f"neutral skin: all heights are {lowest:g}, wanted different ones")
    if not softness > 0.0:
        raise MisuseError(f"face_mask_softness: found {softness:g}, wanted > 0")
    above = np.float32(level) - (heights - lowest) / (highest - lowest)
    # High vertices overflow, which makes their share the 0 that it should be.
    with np.errstate(over="ignore"):
        mask: Floats = _ONE / (_ONE + np.exp(-above / np.float32(softness)))
    return mask


def blend_skin(
    upper: Floats, lower: Floats, *, neutral: Floats, mask: Floats, params: Floats
) -> Floats:
    """Vertices of the skin.

    Args:
        upper: float32 (B, V, 3), smoothed displacements of the upper region.
        lower: float32 (B, V, 3), those of the lower region.
        neutral: float32 (V, 3).
        mask: float32 (V,), or (B, V) where rows differ: `face_mask`.
        params: float32 (B, P), columns of `GEOMETRY_PARAMS`, checked values.

    Returns:
        float32 (B, V, 3), new array.

    Source:
        SDK, `multitrack_animator_cuda.cu`: neutral + upper · strength · (1 - mask)
        + lower · strength · mask, from left to right.
    """
    lower_share = mask[..., None]
    part: Floats = upper * params[:, _UPPER_STRENGTH, None, None]
    part *= _ONE - lower_share
    out: Floats = neutral + part
    np.multiply(lower, params[:, _LOWER_STRENGTH, None, None], out=part)
    part *= lower_share
    out += part
    return out


def _eyes_closed(params: Floats) -> Floats:
    """How far the offsets close the eyes, float32 (B,)."""
    blink = params[:, _BLINK_OFFSET] * params[:, _BLINK_STRENGTH]
    closed: Floats = -params[:, _EYELID_OFFSET] + blink
    return closed
