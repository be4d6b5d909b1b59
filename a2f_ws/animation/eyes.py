"""The eyes: what the network turns them by, offsets, and saccades from a table."""

from collections.abc import Sequence
from math import fmod
from typing import Final

import numpy as np

from a2f_ws.animation.params import GEOMETRY_PARAMS
from a2f_ws.errors import MisuseError
from a2f_ws.names import Floats

SACCADES_HZ: Final = np.float32(30.0)
"""Rows of a saccade table per second. Source: SDK, `multitrack_animator.cpp`."""

_SEED: Final = GEOMETRY_PARAMS.column("eye_saccade_seed")
_STRENGTH: Final = GEOMETRY_PARAMS.column("eyeballs_strength")
_SACCADE_STRENGTH: Final = GEOMETRY_PARAMS.column("saccade_strength")
_OFFSETS: Final = [
    GEOMETRY_PARAMS.column(f"{eye}_eye_rot_{axis}_offset")
    for eye in ("right", "left")
    for axis in ("x", "y")
]


class EyesState:
    """Where an utterance is in the saccade table.

    Attributes:
        live_time: Rows from the seed to what was read last, float32, 0 … F; after `seek`, and
            before the first row, to what is read next.
        is_started: False while the next row is read where the state stands.
    """

    __slots__ = ("is_started", "live_time")

    def __init__(self) -> None:
        self.live_time = np.float32(0.0)
        self.is_started = False

    def seek(self, at_s: float) -> None:
        """Go to a time, seconds from the seed's row; the SDK calls it SetLiveTime."""
        self.live_time = np.float32(at_s) * SACCADES_HZ
        self.is_started = False


def eye_rotations(
    eyes: Floats,
    states: Sequence[EyesState],
    *,
    saccades: Floats,
    params: Floats,
    dt_s: Floats,
) -> Floats:
    """Rotations of both eyes; the states move on by their rows.

    Args:
        eyes: float32 (B, 4), as the network gives them: right x, right y, left x, left y, degrees.
        states: B states; rows of one state stand in the order of time.
        saccades: float32 (F, 2), x and y, degrees, 30 rows in a second, beginning anew at the end.
        params: float32 (B, P), columns of `GEOMETRY_PARAMS`, checked values.
        dt_s: float32 (B,), time since the row before of the same state, seconds, > 0; that of the
            first row, and of the first after `seek`, does not count.

    Returns:
        float32 (B, 6), right x, y, z, left x, y, z, degrees; z is 0. x is pitch, y is yaw.

    Raises:
        MisuseError: Not as many states as rows.

    Source:
        SDK, `multitrack_animator_cuda.cu`: both eyes get one row of the table, not interpolated.
        It moves on after a row, we do before the next one: the same where frames come evenly, and
        the time of a pose does not depend on how many were left out before it.
    """
    if len(states) != len(eyes):
        raise MisuseError(f"eyes: {len(states)} states, wanted {len(eyes)}")
    seeds, steps = params[:, _SEED], dt_s.astype(np.float32) * SACCADES_HZ
    size = len(saccades)
    places = [
        _taken(state, seed, step=step, size=size)
        for state, seed, step in zip(states, seeds, steps, strict=True)
    ]
    turned = params[:, _OFFSETS] + eyes * params[:, [_STRENGTH]]
    saccade = params[:, [_SACCADE_STRENGTH]] * saccades[places]
    out: Floats = np.zeros((len(eyes), 2, 3), np.float32)
    np.add(turned.reshape(-1, 2, 2), saccade[:, None], out=out[:, :, :2])
    return out.reshape(-1, 6)


def _taken(state: EyesState, seed: np.float32, *, step: np.float32, size: int) -> int:
    """The row of the table for a state, which goes on by a step unless it is the first one."""
    if state.is_started:
        state.live_time = _wrapped(state.live_time + step, size)
    state.is_started = True
    place = int(_wrapped(seed + state.live_time, size))
    # A time just below 0 wraps to the table's end in float32.
    return place % size


def _wrapped(place: np.float32, size: int) -> np.float32:
    """A place in a table of some size, 0 … size."""
    # The remainder of two float32 is a float32.
    within = np.float32(fmod(place, size))
    return within + np.float32(size) if within < 0.0 else within
