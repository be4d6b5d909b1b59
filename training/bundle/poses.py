"""The poses of a rig as sums of smooth bumps: which part of the face moves where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from a2f_ws.names import ARKIT, TONGUE, Floats
from training.bundle.surface import MOUTH, Doubles, spacing
from training.bundle.surface import TONGUE as MIDDLE

_NONE: Final = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Bump:
    """A place that moves, and less so the further from its middle.

    Attributes:
        at: Its middle, centimetres from the middle of the lips (x, y) or of the tongue (x, y, z).
        radius: Distance that leaves 61 % of the motion, centimetres.
        shift: Motion of the middle, centimetres.
        growth: Stretching about the middle along x, y, z; 0 = none.
    """

    at: tuple[float, ...]
    radius: float
    shift: tuple[float, float, float] = _NONE
    growth: tuple[float, float, float] = _NONE

    def mirrored(self) -> "Bump":
        """The same on the other side."""
        (x, *rest), (right, up, forward) = self.at, self.shift
        return Bump((-x, *rest), self.radius, (-right, up, forward), self.growth)


def _both(*bumps: Bump) -> tuple[Bump, ...]:
    return bumps + tuple(bump.mirrored() for bump in bumps)


_JAW: Final = (
    Bump((0.0, -4.0), 3.2, (0.0, -2.6, -0.8)),
    Bump((0.0, -1.0), 1.5, (0.0, -1.2, -0.2)),
)

LIPS_APART: Final = (
    Bump((0.0, 0.6), 0.8, (0.0, 0.5, 0.0)),
    Bump((0.0, -0.6), 0.8, (0.0, -0.5, 0.0)),
)
"""What `lip_open_pose_delta` moves."""

_SIDED: Final[Mapping[str, tuple[Bump, ...]]] = {
    "eyeBlink": (Bump((3.2, 7.5), 0.9, (0.0, -1.0, 0.1)),),
    "eyeLookDown": (Bump((3.2, 7.3), 0.8, (0.0, -0.35, 0.0)),),
    "eyeLookIn": (Bump((2.9, 7.0), 0.9, (-0.3, 0.0, 0.0)),),
    "eyeLookOut": (Bump((3.5, 7.0), 0.9, (0.3, 0.0, 0.0)),),
    "eyeLookUp": (Bump((3.2, 7.1), 1.0, (0.0, 0.35, 0.0)),),
    "eyeSquint": (Bump((3.2, 6.2), 1.1, (0.0, 0.5, 0.0)),),
    "eyeWide": (Bump((3.2, 8.0), 0.9, (0.0, 0.5, 0.0)),),
    "jaw": (Bump((0.5, -3.6), 3.0, (0.8, 0.0, 0.0)),),
    "mouth": (Bump((0.5, 0.0), 1.9, (0.8, 0.0, 0.0)),),
    "mouthSmile": (
        Bump((2.8, 0.1), 1.3, (0.7, 0.8, -0.3)),
        Bump((4.0, 2.0), 1.3, (0.2, 0.3, 0.1)),
    ),
    "mouthFrown": (Bump((2.6, -0.2), 1.2, (0.2, -0.8, -0.1)),),
    "mouthDimple": (Bump((3.1, 0.0), 0.9, (0.5, 0.1, -0.5)),),
    "mouthStretch": (Bump((3.0, -0.6), 1.5, (0.8, -0.3, -0.2)),),
    "mouthPress": (
        Bump((1.5, 0.0), 0.9, (0.0, 0.0, -0.4)),
        Bump((2.4, 0.2), 0.6, (0.1, 0.2, 0.0)),
    ),
    "mouthLowerDown": (Bump((1.2, -0.8), 0.9, (0.0, -0.7, 0.0)),),
    "mouthUpperUp": (Bump((1.2, 0.8), 0.9, (0.0, 0.7, 0.0)),),
    "browDown": (Bump((3.0, 9.2), 1.5, (-0.2, -0.7, 0.1)),),
    "browOuterUp": (Bump((4.5, 9.6), 1.3, (0.0, 0.8, 0.0)),),
    "cheekSquint": (Bump((4.2, 5.0), 1.2, (0.0, 0.5, 0.2)),),
    "noseSneer": (Bump((1.3, 3.5), 1.0, (0.0, 0.6, 0.1)),),
}
"""Poses of the left side, by their names without it; those of the right are their mirror images."""

_MIDDLE: Final[Mapping[str, tuple[Bump, ...]]] = {
    "jawForward": (Bump((0.0, -3.6), 3.0, (0.0, 0.0, 0.8)),),
    "jawOpen": _JAW,
    # As in NVIDIA's rigs the jaw is open and the lips are closed.
    "mouthClose": (*_JAW, Bump((0.0, -0.7), 1.4, (0.0, 1.8, 0.2))),
    "mouthFunnel": (
        Bump((0.0, 0.7), 1.2, (0.0, 0.4, 0.9)),
        Bump((0.0, -0.7), 1.2, (0.0, -0.4, 0.9)),
        *_both(Bump((2.4, 0.0), 0.9, (-0.6, 0.0, 0.3))),
    ),
    "mouthPucker": (
        Bump((0.0, 0.0), 1.4, (0.0, 0.0, 1.1)),
        *_both(Bump((2.4, 0.0), 1.0, (-0.9, 0.0, 0.4))),
    ),
    "mouthRollLower": (Bump((0.0, -0.7), 1.0, (0.0, 0.3, -0.6)),),
    "mouthRollUpper": (Bump((0.0, 0.7), 1.0, (0.0, -0.3, -0.6)),),
    "mouthShrugLower": (Bump((0.0, -1.4), 1.2, (0.0, 0.6, 0.3)),),
    "mouthShrugUpper": (Bump((0.0, 1.0), 1.1, (0.0, 0.5, 0.2)),),
    "browInnerUp": _both(Bump((1.2, 9.3), 1.3, (0.0, 0.8, 0.0))),
    "cheekPuff": _both(Bump((4.0, 0.5), 1.6, (0.6, 0.0, 0.8))),
    "tongueOut": (Bump((0.0, -0.3), 0.8, (0.0, -0.2, 1.5)),),
}

_TONGUE: Final[Mapping[str, tuple[Bump, ...]]] = {
    "tongueTipUp": (Bump((0.0, 0.2, 2.6), 1.2, (0.0, 1.0, -0.1)),),
    "tongueTipDown": (Bump((0.0, -0.2, 2.6), 1.0, (0.0, -0.9, 0.0)),),
    "tongueTipLeft": (Bump((0.3, 0.0, 2.6), 1.2, (0.9, 0.0, 0.0)),),
    "tongueTipRight": (Bump((-0.3, 0.0, 2.6), 1.2, (-0.9, 0.0, 0.0)),),
    "tongueRollUp": _both(Bump((1.8, 0.0, 0.8), 1.1, (-0.4, 0.8, 0.0))),
    "tongueRollDown": _both(Bump((1.7, 0.0, 0.6), 1.0, (-0.2, -0.7, 0.0))),
    "tongueRollLeft": (Bump((1.8, 0.0, 0.5), 1.2, (-0.2, 0.9, 0.0)),),
    "tongueRollRight": (Bump((-1.8, 0.0, 0.5), 1.2, (0.2, 0.9, 0.0)),),
    "tongueUp": (Bump((0.0, 0.4, 0.0), 1.9, (0.0, 1.0, 0.0)),),
    "tongueDown": (Bump((0.0, -0.2, 0.3), 2.3, (0.0, -1.0, 0.1)),),
    "tongueLeft": (Bump((0.4, 0.0, 0.0), 2.4, (0.8, 0.0, 0.0)),),
    "tongueRight": (Bump((-0.4, 0.0, 0.0), 2.4, (-0.8, 0.0, 0.0)),),
    "tongueIn": (Bump((0.0, 0.0, 0.6), 2.6, (0.0, 0.1, -1.2)),),
    "tongueStretch": (Bump((0.0, 0.0, 1.8), 1.9, (0.0, 0.0, 1.3), (0.0, 0.0, 0.3)),),
    "tongueWide": (Bump((0.0, 0.0, 0.8), 2.2, _NONE, (0.35, -0.15, 0.0)),),
    "tongueNarrow": (Bump((0.0, 0.0, 0.5), 2.0, _NONE, (-0.3, 0.2, 0.1)),),
}


def skin_deltas(points: Doubles, random: np.random.Generator) -> Floats:
    """The 52 poses of a bust, each side's the mirror image of the other's, sizes drawn by chance.

    Returns:
        float32 (52, V, 3), order `names.ARKIT`, centimetres.
    """
    bumps = dict(_MIDDLE)
    for name, left in _SIDED.items():
        bumps[f"{name}Left"] = left
        bumps[f"{name}Right"] = tuple(bump.mirrored() for bump in left)
    sizes = {name: random.uniform(0.9, 1.1) for name in (*_MIDDLE, *_SIDED)}
    deltas = np.empty((len(ARKIT), *points.shape), np.float32)
    for row, name in zip(deltas, ARKIT, strict=True):
        base = name if name in _MIDDLE else name.removesuffix("Left").removesuffix("Right")
        row[:] = sizes[base] * field(points, bumps[name])
    return deltas


def tongue_deltas(points: Doubles, random: np.random.Generator) -> Floats:
    """The 16 poses of a tongue, float32 (16, V, 3), order `names.TONGUE`, centimetres."""
    deltas = np.empty((len(TONGUE), *points.shape), np.float32)
    for row, name in zip(deltas, TONGUE, strict=True):
        row[:] = random.uniform(0.9, 1.1) * field(points, _TONGUE[name])
    return deltas


def field(points: Doubles, bumps: Sequence[Bump]) -> Doubles:
    """The motion of every point, float64 (V, 3), centimetres."""
    motion = np.zeros(points.shape)
    for bump in bumps:
        away = points[:, : len(bump.at)] - (np.asarray(MIDDLE if len(bump.at) == 3 else MOUTH))
        away -= np.asarray(bump.at)
        # A bump narrower than the mesh would move no vertex of a coarse one.
        radius = np.hypot(bump.radius, 0.3 * spacing(points))
        weight = np.exp(-0.5 * (away**2).sum(axis=1) / radius**2)
        if len(bump.at) == 2:
            weight *= front(points)
        motion += weight[:, None] * np.asarray(bump.shift)
        motion[:, : len(bump.at)] += weight[:, None] * away * bump.growth[: len(bump.at)]
    return motion


def front(points: Doubles) -> Doubles:
    """0 at the back of a bust, 1 in its face; float64 (V,)."""
    gate: Doubles = 1.0 / (1.0 + np.exp(2.0 - points[:, 2]))
    return gate
