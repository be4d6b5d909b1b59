"""The tongue: a body around a bent middle line, and its 17 poses.

All lengths are centimetres from the middle of the lips: y up, z to the front.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from training.head.mesh import Mesh, smoothstep, triangulated
from training.head.source import Array, Ints

ALONG: Final = 17
"""Rings from the root to the tip."""

PLACES: Final = np.linspace(0.0, 1.0, ALONG)
"""Places of the rings along the tongue."""

BLUNT: Final = 0.82
"""Place from which the tip is rounded off as seen from above."""

AROUND: Final = 14
"""Vertices of a ring."""

LINE: Final = (
    (-2.9, -7.8), (-2.3, -7.4), (-1.4, -6.6), (-1.0, -5.4), (-0.98, -4.2), (-1.08, -3.1),
    (-1.12, -2.2), (-1.12, -1.65),
)  # fmt: skip
"""Middle line from the root to the tip at rest, y and z. Ours, fitted to the mouth's inside."""

OUT: Final = (
    (-2.9, -7.8), (-2.25, -7.1), (-1.3, -5.8), (-0.7, -4.2), (-0.25, -2.6), (0.2, -0.9),
    (0.05, 1.1), (-0.75, 2.5),
)  # fmt: skip
"""The same with the tongue out: above the edges of the lower teeth and over the lip. Ours."""

OUT_WIDTHS: Final = (1.4, 1.6, 1.7, 1.7, 1.65, 1.55, 1.5, 1.2)
WIDTHS: Final = (1.4, 1.6, 1.75, 1.8, 1.7, 1.45, 1.1, 0.7)
"""Half widths at the points of `OUT` and `LINE`. Ours."""

HEIGHTS: Final = (0.75, 0.8, 0.82, 0.76, 0.62, 0.48, 0.34, 0.15)
"""Half heights there. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Form:
    """A tongue in some pose; all arrays have one entry for each ring.

    Attributes:
        line: float64 (N, 3), middle line.
        width: Half widths.
        height: Half heights.
        roll: Turn of the ring about the line, radians; positive lifts the character's left.
        curl: How far the sides are bent up (positive) or down, radians at the edge.
    """

    line: Array
    width: Array
    height: Array
    roll: Array
    curl: Array


def tongue(middle: Array) -> Mesh:
    """The tongue with its 16 poses and tongueOut; jaw shapes are added by whoever has the jaw.

    Args:
        middle: float64 (3,), middle of the lips.
    """
    rest = _rest()
    points = _surface(rest)
    along = np.repeat(np.linspace(0.0, 1.0, ALONG), AROUND)
    shade = 0.35 + 0.65 * smoothstep(along, low=0.0, high=0.75)
    groove = 1.0 - 0.25 * np.exp(-((points[:, 0] / 0.25) ** 2))
    colour = np.array([0.46, 0.105, 0.095]) * (shade * groove)[:, None]
    return Mesh(
        name="Tongue",
        positions=points + middle,
        triangles=_triangles(),
        colours=colour,
        shapes={name: _surface(pose(rest)) - points for name, pose in POSES.items()},
        material="tongue",
        is_shaded=True,
    )


def _line(points: Sequence[tuple[float, float]]) -> Array:
    """A smooth line in the middle plane through points given by y and z, (ALONG, 3)."""
    y, z = (_curve(axis) for axis in zip(*points, strict=True))
    return np.column_stack([np.zeros(ALONG), y, z])


def _rest() -> Form:
    zero = np.zeros(ALONG)
    return Form(
        line=_line(LINE),
        width=_curve(WIDTHS),
        height=_curve(HEIGHTS),
        roll=zero,
        curl=np.full(ALONG, 0.12),
    )


def _curve(values: Sequence[float]) -> Array:
    """A smooth curve through evenly spaced values, (ALONG,).

    Source:
        Cubic Hermite with central differences (Catmull and Rom, 1974).
    """
    points = np.array(values)
    slopes = np.gradient(points)
    place = PLACES * (len(points) - 1)
    at = np.minimum(place.astype(np.int64), len(points) - 2)
    t = place - at
    start = (2 * t**3 - 3 * t**2 + 1) * points[at] + (t**3 - 2 * t**2 + t) * slopes[at]
    stop = (3 * t**2 - 2 * t**3) * points[at + 1] + (t**3 - t**2) * slopes[at + 1]
    result: Array = start + stop
    return result


def _surface(form: Form) -> Array:
    """Vertices ring by ring, (ALONG · AROUND, 3)."""
    tangent = np.gradient(form.line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    across = np.tile([1.0, 0.0, 0.0], (ALONG, 1))
    across -= (across * tangent).sum(axis=1, keepdims=True) * tangent
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    up = np.cross(tangent, across)
    cos, sin = np.cos(form.roll)[:, None], np.sin(form.roll)[:, None]
    across, up = across * cos + up * sin, up * cos - across * sin
    angle = np.arange(AROUND) * (2.0 * np.pi / AROUND)
    side = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.8
    top = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.9
    groove = np.where(top > 0.0, 0.16 * np.exp(-((side / 0.22) ** 2)), 0.0)
    blunt = np.sqrt(1.0 - (np.clip(PLACES - BLUNT, 0.0, None) / (1.0 - BLUNT)) ** 2 * 0.9)
    x = side[None, :] * (form.width * blunt)[:, None]
    y = (top - groove)[None, :] * form.height[:, None]
    bend = form.curl[:, None] * np.abs(side)[None, :]
    x, y = x * np.cos(bend), y + np.abs(x) * np.sin(bend)
    points: Array = form.line[:, None] + across[:, None] * x[..., None] + up[:, None] * y[..., None]
    return points.reshape(-1, 3)


def _triangles() -> Ints:
    around = np.arange(AROUND)
    after = (around + 1) % AROUND
    quads = [
        np.column_stack([r + around, r + after, r + AROUND + after, r + AROUND + around])
        for r in range(0, (ALONG - 1) * AROUND, AROUND)
    ]
    last = (ALONG - 1) * AROUND
    cap = [[last, last + i, last + i + 1] for i in range(1, AROUND - 1)]
    return np.concatenate([triangulated(np.concatenate(quads)), np.array(cap)]).astype(np.int64)


def _share(start: float) -> Array:
    """0 at the root and up to `start` of the length, 1 at the tip."""
    return smoothstep(PLACES, low=start, high=1.0)


def _hump(centre: float, *, width: float) -> Array:
    """1 at a place along the tongue, fading to both sides."""
    result: Array = np.exp(-(((PLACES - centre) / width) ** 2))
    return result


def _moved(form: Form, share: Array, *, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Form:
    return replace(form, line=form.line + share[:, None] * np.array([x, y, z]))


def _curled(form: Form, *, start: float, pitch_deg: float) -> Form:
    """The end of the tongue bent up (or down) with its length kept."""
    steps = np.diff(form.line, axis=0)
    angle = np.radians(pitch_deg) * _share(start)[1:]
    cos, sin = np.cos(angle), np.sin(angle)
    turned = np.column_stack(
        [steps[:, 0], steps[:, 1] * cos + steps[:, 2] * sin, steps[:, 2] * cos - steps[:, 1] * sin]
    )
    return replace(form, line=np.concatenate([form.line[:1], form.line[0] + turned.cumsum(axis=0)]))


def _out(form: Form) -> Form:
    """Over the lower teeth and lip, hanging a little."""
    return replace(
        form,
        line=_line(OUT),
        width=_curve(OUT_WIDTHS),
        curl=form.curl * (1.0 - _share(0.3)),
    )


POSES: Final[Mapping[str, Callable[[Form], Form]]] = {
    "tongueTipUp": lambda form: _moved(
        _curled(form, start=0.45, pitch_deg=62.0), _share(0.35), y=0.35, z=0.35
    ),
    "tongueTipDown": lambda form: _moved(
        _curled(form, start=0.45, pitch_deg=-24.0), _share(0.4), z=-0.25
    ),
    "tongueTipLeft": lambda form: _moved(form, _share(0.45), x=0.85, y=0.62, z=-0.1),
    "tongueTipRight": lambda form: _moved(form, _share(0.45), x=-0.85, y=0.62, z=-0.1),
    "tongueRollUp": lambda form: replace(form, curl=form.curl + 0.85 * _share(0.2)),
    "tongueRollDown": lambda form: replace(form, curl=form.curl - 0.75 * _share(0.2)),
    "tongueRollLeft": lambda form: replace(form, roll=form.roll - 0.55 * _share(0.1)),
    "tongueRollRight": lambda form: replace(form, roll=form.roll + 0.55 * _share(0.1)),
    "tongueUp": lambda form: _moved(form, _hump(0.48, width=0.3), y=0.95),
    "tongueDown": lambda form: _moved(form, _hump(0.55, width=0.35), y=-0.65),
    "tongueLeft": lambda form: _moved(form, _share(-0.3), x=0.62, y=0.5),
    "tongueRight": lambda form: _moved(form, _share(-0.3), x=-0.62, y=0.5),
    "tongueIn": lambda form: _moved(form, _share(0.1), y=0.15, z=-1.3),
    "tongueStretch": lambda form: replace(
        _moved(form, _share(0.2), y=0.5, z=0.42),
        width=form.width * (1.0 - 0.15 * _share(0.2)),
        height=form.height * (1.0 - 0.2 * _share(0.2)),
    ),
    "tongueWide": lambda form: replace(
        _moved(form, _share(-0.3), y=0.38),
        width=form.width * (1.0 + 0.24 * _share(0.0)),
        height=form.height * (1.0 - 0.15 * _share(0.0)),
    ),
    "tongueNarrow": lambda form: replace(
        form,
        width=form.width * (1.0 - 0.35 * _share(0.0)),
        height=form.height * (1.0 + 0.2 * _share(0.0)),
    ),
    "tongueOut": _out,
}
"""What each pose does to the form. Ours; names and their meaning as in NVIDIA's tongue rig."""
