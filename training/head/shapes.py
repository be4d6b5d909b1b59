"""The 52 shapes of the skin: those of Face Units 01, mended where they are poor."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from training.head import lids, lips
from training.head.base import Base
from training.head.mesh import smoothstep
from training.head.source import Array
from training.head.surface import smoothed


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """How the lips meet when some shapes are set together.

    Attributes:
        mended: The shapes that take the correction; of two, the left one comes first.
        beside: Shapes that are set as well.
        low: Least height of the slit, cm.
        high: Greatest height, cm.
        share: Part of the correction that the lower lip makes.
    """

    mended: tuple[str, ...]
    beside: tuple[str, ...] = ()
    low: float = -0.06
    high: float = -0.02
    share: float = 0.5


LIDS: Final[Mapping[str, tuple[float, float]]] = {
    "eyeBlink": (0.88, 0.12),
    "eyeLookDown": (0.48, -0.12),
    "eyeLookUp": (-0.42, 0.06),
}
"""Shares of the opening that the upper lid falls and the lower one rises.

Source: in a blink the lower lid moves 1 to 2 mm, the upper about 10 (Evinger et al., 1991); the
upper lid follows the gaze so that it covers the same part of the iris (Becker and Fuchs, 1988).
"""

STRENGTHS: Final[Mapping[str, float]] = {
    "browInnerUp": 1.6,
    "browOuterUpLeft": 1.3,
    "browOuterUpRight": 1.3,
    "browDownLeft": 1.2,
    "browDownRight": 1.2,
    "noseSneerLeft": 1.5,
    "noseSneerRight": 1.5,
    "mouthFrownLeft": 1.35,
    "mouthFrownRight": 1.35,
    "mouthStretchLeft": 1.3,
    "mouthStretchRight": 1.3,
}
"""Source shapes that are weaker than those of heads made for ARKit. Ours, by looking."""

NEUTRAL: Final = Meeting(mended=(), low=-0.04, high=-0.03)

MEETINGS: Final = (
    Meeting(mended=("mouthClose",), beside=("jawOpen",), low=-0.05, high=-0.03),
    Meeting(mended=("mouthPressLeft", "mouthPressRight"), low=-0.08),
    Meeting(mended=("mouthPressLeft",), low=-0.3),
    Meeting(mended=("mouthPressRight",), low=-0.3),
    Meeting(mended=("mouthRollLower",), low=-0.12),
    Meeting(mended=("mouthRollUpper",), low=-0.12, share=0.3),
    Meeting(mended=("mouthPucker",), low=-0.08),
    Meeting(mended=("mouthFunnel",), high=9.0),
    Meeting(mended=("mouthSmileLeft", "mouthSmileRight"), low=-0.06),
    Meeting(mended=("mouthFrownLeft", "mouthFrownRight")),
    Meeting(mended=("mouthDimpleLeft", "mouthDimpleRight")),
    Meeting(mended=("mouthStretchLeft", "mouthStretchRight"), high=0.0),
    Meeting(mended=("mouthShrugLower",), low=-0.08, share=0.2),
    Meeting(mended=("mouthShrugUpper",), high=0.0),
    Meeting(mended=("mouthLeft",)),
    Meeting(mended=("mouthRight",)),
    Meeting(mended=("cheekPuff",)),
    Meeting(mended=("jawForward",)),
    Meeting(mended=("jawLeft",)),
    Meeting(mended=("jawRight",)),
)
"""What seals and what may open; heights are ours, a pose of speech sums several of them."""


def mended(base: Base) -> Base:
    """The head with lips closed at rest and with shapes that do what their names say."""
    rest = replace(base, positions=base.positions + _correction(base, NEUTRAL))
    base = rest
    shapes = {name: delta.copy() for name, delta in base.shapes.items()}
    base = replace(base, shapes=shapes)
    for name, (upper, lower) in LIDS.items():
        for side, suffix in enumerate(("Left", "Right")):
            shapes[name + suffix] = lids.turned(rest, side, upper=upper, lower=lower)
    for name, factor in STRENGTHS.items():
        shapes[name] = shapes[name] * factor
    for name in ("browOuterUpLeft", "browOuterUpRight"):
        shapes[name] = smoothed(shapes[name], base.triangles, times=2)
    shapes["jawOpen"] = shapes["jawOpen"] + lips.rounded(base, base.positions + shapes["jawOpen"])
    for meeting in MEETINGS:
        change = _correction(base, meeting)
        for name, part in _split(base, meeting.mended, change=change).items():
            shapes[name] = shapes[name] + part
    return base


def _correction(base: Base, meeting: Meeting) -> Array:
    names = (*meeting.mended, *meeting.beside)
    pose = base.positions + sum(base.shapes[name] for name in names)
    return lips.fitted(base, pose, low=meeting.low, high=meeting.high, share=meeting.share)


def _split(base: Base, names: tuple[str, ...], *, change: Array) -> Mapping[str, Array]:
    if len(names) < 2:
        return {name: change for name in names}
    left = smoothstep(base.positions[:, :1], low=-1.2, high=1.2)
    return {names[0]: change * left, names[1]: change * (1.0 - left)}


def jaw_turn(teeth: Array, moved: Array) -> tuple[Array, float]:
    """The axis of jawOpen: a point on it and the angle about x.

    Args:
        teeth: float64 (N, 3), lower teeth of the base mesh at rest.
        moved: float64 (N, 3), their displacement in jawOpen.

    Returns:
        float64 (3,) centimetres, and radians, positive for opening.

    Source:
        Least-squares rigid motion (Arun, Huang and Blostein, 1987).
    """
    target = teeth + moved
    first, second = teeth.mean(axis=0), target.mean(axis=0)
    left, _, right = np.linalg.svd((teeth - first).T @ (target - second))
    turn = right.T @ left.T
    offset = second - turn @ first
    flat = np.linalg.solve(np.eye(2) - turn[1:, 1:], offset[1:])
    return np.array([0.0, *flat]), float(np.arctan2(turn[2, 1], turn[1, 1]))
