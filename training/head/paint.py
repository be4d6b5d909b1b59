"""Colours of the skin, vertex by vertex."""

from typing import Final

import numpy as np

from training.head import hair, strands
from training.head.base import Base, Opening
from training.head.mesh import smoothstep
from training.head.source import Array

SKIN: Final = np.array([0.62, 0.345, 0.235])
LIPS: Final = np.array([0.50, 0.155, 0.135])
BLUSH: Final = np.array([0.66, 0.25, 0.17])
MOUTH: Final = np.array([0.13, 0.022, 0.02])
CORNER: Final = np.array([0.52, 0.16, 0.13])
"""Linear colours. Ours, chosen by looking under neutral light."""

RED_RINGS: Final = {True: 6, False: 7}
"""Rings of the upper and lower lip that are red, counted from inside.

Source: the crease around the lips in `base.obj`.
"""


def skin(base: Base) -> Array:
    """Linear colours of all vertices of the base mesh, float64 (V, 3)."""
    at = base.positions - base.centres.mean(axis=0)
    colours = np.tile(SKIN, (len(at), 1))
    for centre, radius, amount in (
        ((4.1, -2.9, -1.0), 2.6, 0.55),
        ((-4.1, -2.9, -1.0), 2.6, 0.55),
        ((0.0, -3.1, 3.4), 1.3, 0.45),
        ((7.6, -1.0, -9.5), 3.2, 0.65),
        ((-7.6, -1.0, -9.5), 3.2, 0.65),
        ((0.0, -8.9, 1.2), 1.6, 0.2),
    ):
        near = np.exp(-(((at - centre) ** 2).sum(axis=1) / radius**2))[:, None] * amount
        colours = colours * (1.0 - near) + BLUSH * near
    for lids in base.eyes:
        shade = np.where((lids.ring >= 0) & (lids.ring < 9), 1.0 - np.abs(lids.ring - 4) / 9.0, 0.0)
        tint = (shade * 0.35)[:, None]
        colours = colours * (1.0 - tint) + SKIN * np.array([0.78, 0.62, 0.60]) * tint
        rim = ((lids.ring >= 0) & (lids.ring <= 2))[:, None] * 0.8
        colours = colours * (1.0 - rim) + CORNER * rim
    for side, lids in enumerate(base.eyes):
        colours = _framed(base, colours, lids=lids, side=side)
    covered = hair.scalp(base)[:, None]
    colours = colours * (1.0 - covered) + hair.COLOUR * covered
    return _mouth(base, _inner(base, colours))


def _framed(base: Base, colours: Array, *, lids: Opening, side: int) -> Array:
    """The roots of upper lashes and of the brow darken the skin below them."""
    line = np.array(strands.BROW) * (1.0 if side == 0 else -1.0, 1.0)
    dense = np.linspace(0.0, 1.0, 60)
    knots = np.linspace(0.0, 1.0, len(line))
    curve = np.column_stack([np.interp(dense, knots, line[:, axis]) for axis in (0, 1)])
    thick = np.interp(dense, knots, strands.BROW_THICK) * 0.5
    at = base.positions - base.centres[side]
    away = np.linalg.norm(at[:, None, :2] - curve, axis=2) / (thick + 0.1)
    amount = 0.58 * np.exp(-(away.min(axis=1) ** 2)) * (at[:, 2] > 0.0)
    amount[lids.part(3, upper=True)] = 0.75
    amount[lids.part(4, upper=True)] = 0.35
    dark = np.array(strands.DARK) * 2.0
    result: Array = colours * (1.0 - amount[:, None]) + dark * amount[:, None]
    return result


def _mouth(base: Base, colours: Array) -> Array:
    """Red of the lips over the skin, darker towards the slit."""
    lips = base.mouth
    red = np.zeros(len(colours))
    for upper, last in RED_RINGS.items():
        for ring in range(last + 1):
            red[lips.part(ring, upper=upper)] = (1.0, 0.72, 0.12)[max(0, ring - last + 2)]
    deep = np.where((lips.ring >= 0) & (lips.ring <= 1), 0.72, 1.0)[:, None]
    amount = (0.85 * red)[:, None]
    return colours * (1.0 - amount) + LIPS * deep * amount


def _inner(base: Base, colours: Array) -> Array:
    """The mouth's inside, darker towards the throat, and the nostrils."""
    inside = np.isin(np.arange(len(colours)), base.quads[base.in_mouth]) & (base.mouth.ring != 0)
    depth = base.positions[base.mouth.corners[0], 2] - base.positions[:, 2]
    shade = 1.0 - 0.85 * smoothstep(depth, low=-0.5, high=6.0)
    return np.where(inside[:, None], MOUTH * shade[:, None], colours)
