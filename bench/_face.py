"""A made-up face of Mark's size: meshes, poses, their regularisation, and how it moves."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from a2f_ws.names import ARKIT, TONGUE, Floats
from a2f_ws.solver.normal import Normal, Poses, Regularisation, prepare
from a2f_ws.solver.projection import project

Doubles: TypeAlias = NDArray[np.float64]

RESTING: Final = {name for name in ARKIT if "Look" in name} | {"tongueOut"}
"""Poses that the shipped configurations leave out of the fit: 43 of 52 remain."""

MIRROR: Final = np.array([-1, 1, 1], np.float32)
PAIR: Final = 2
NO_PAIR: Final = -1

SKIN: Final = Regularisation(l1=0.5, l2=0.5, symmetry=100, temporal=0.3, template_bb_size=53.45)
TONGUE_PRICES: Final = Regularisation(
    l1=1, l2=3.5, symmetry=100, temporal=5, template_bb_size=7.936
)
"""Source of both: `bs_*_config.json` of Audio2Face-3D v2.3 Mark."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """A mesh and its rig.

    Attributes:
        names: Of the n poses.
        size_cm: Diagonal of the mesh.
        points: float32 (V, 3), its vertices at rest, centimetres.
        deltas: float32 (n, V, 3), centimetres.
        rows: Vertices that the fit looks at.
        normal: The prepared problem.
    """

    names: tuple[str, ...]
    size_cm: float
    points: Floats
    deltas: Floats
    rows: slice
    normal: Normal

    def data(self, targets: Floats) -> Floats:
        """What displacements float32 (T, V, 3) have of every active pose, float32 (T, a)."""
        return project(self.deltas[self.normal.active][:, self.rows], targets[:, self.rows])


def skin(vertices: int, frontal: int) -> Track:
    """52 poses, those of left and right mirrored, on a head of 53 cm from corner to corner."""
    return _track(ARKIT, vertices, frontal=frontal, size_cm=53.45, reach=0.05, prices=SKIN)


def tongue(vertices: int) -> Track:
    """16 poses on 8 cm."""
    return _track(
        TONGUE, vertices, frontal=vertices, size_cm=7.936, reach=0.2, prices=TONGUE_PRICES
    )


def speech(track: Track, frames: int, *, seed: int) -> Floats:
    """Weights 0 … 1 that move as in speech, float32 (frames, n).

    Seven keys in a second with a third of the poses on; left and right alike to a tenth.
    """
    rng = np.random.default_rng(seed)
    shape = (frames * 7 // 60 + 4, len(track.names))
    values = rng.random(shape) * (rng.random(shape) < 1 / 3)
    for right, name in enumerate(track.names):
        if name.endswith("Right"):
            left = track.names.index(f"{_stem(name)}Left")
            values[:, right] = values[:, left] * rng.uniform(0.9, 1.1, len(values))
    values[:, np.setdiff1d(np.arange(shape[1]), track.normal.active)] = 0
    return between(np.minimum(values, 1.0), frames)


def between(values: Doubles, frames: int) -> Floats:
    """Keys (k, n), eased from one to the next, as frames float32 (frames, n)."""
    at = np.linspace(0, len(values) - 1.001, frames)
    first = at.astype(int)
    part = (0.5 - 0.5 * np.cos(np.pi * (at - first)))[:, None]
    eased: Floats = (values[first] * (1 - part) + values[first + 1] * part).astype(np.float32)
    return eased


def bump(points: Floats, centre: Doubles, *, way: Doubles, reach_cm: float) -> Floats:
    """A patch of a mesh that moves by `way` at its centre and less around, float32 (V, 3)."""
    away = np.linalg.norm(points - centre, axis=1) / reach_cm
    patch: Floats = (np.exp(-0.5 * away**2)[:, None] * way).astype(np.float32)
    return patch


def strangers(track: Track, frames: int, *, part: float) -> Floats:
    """Movement that no pose has, float32 (frames, V, 3): 40 small patches, each on its own.

    Args:
        track: Whose mesh moves.
        frames: How many.
        part: How far, in diagonals of the mesh.
    """
    rng = np.random.default_rng(5)
    points = track.points[track.rows].astype(np.float64)
    patches = [
        bump(
            track.points,
            points[rng.integers(len(points))],
            way=rng.normal(size=3) * part * track.size_cm,
            reach_cm=0.04 * track.size_cm,
        )
        for _ in range(40)
    ]
    amounts = between(rng.normal(size=(frames * 7 // 60 + 4, len(patches))), frames)
    flat: Floats = amounts @ np.stack(patches).reshape(len(patches), -1)
    return flat.reshape(frames, -1, 3)


def _cloud(vertices: int, size_cm: float) -> Floats:
    """Points of a head or tongue, float32 (V, 3), the same left and right; the front first."""
    points = np.random.default_rng(1).normal(size=(vertices // 2, 3))
    points *= np.array([0.7, 1.0, 0.9]) / np.linalg.norm(points, axis=1, keepdims=True)
    points = points[np.argsort(-points[:, 2])].repeat(2, axis=0)
    points[::2, 0] *= -1
    points *= size_cm / np.linalg.norm(np.ptp(points, axis=0))
    return points.astype(np.float32)


def _track(
    names: tuple[str, ...],
    vertices: int,
    *,
    frontal: int,
    size_cm: float,
    reach: float,
    prices: Regularisation,
) -> Track:
    points = _cloud(vertices, size_cm)
    deltas = _poses(names, points, front=points[:frontal], reach_cm=size_cm * reach)
    stems = [_stem(name) for name in names]
    ids = [stems.index(stem) if stems.count(stem) == PAIR else NO_PAIR for stem in stems]
    poses = Poses(
        active=np.array([name not in RESTING for name in names]),
        cancel=np.full(len(names), NO_PAIR),
        symmetry=np.array(ids),
    )
    normal = prepare(deltas[:, :frontal], diagonal=size_cm, poses=poses, regularisation=prices)
    return Track(
        names=names,
        size_cm=size_cm,
        points=points,
        deltas=deltas,
        rows=slice(0, frontal),
        normal=normal,
    )


def _poses(names: tuple[str, ...], points: Floats, *, front: Floats, reach_cm: float) -> Floats:
    """A patch for every pose, most of them around a mouth; right ones mirror left ones."""
    rng = np.random.default_rng(2)
    front = front.astype(np.float64)
    mouth = front[np.argmax(front[:, 2] - np.abs(front[:, 1] + 4 * reach_cm / 3))]
    deltas: dict[str, Floats] = {}
    for name in names:
        left = deltas.get(f"{_stem(name)}Left")
        if left is not None:
            deltas[name] = left.reshape(-1, PAIR, 3)[:, ::-1].reshape(-1, 3) * MIRROR
            continue
        is_near = name.startswith(("mouth", "jaw", "tongue"))
        centre = (
            mouth + rng.normal(size=3) * reach_cm if is_near else front[rng.integers(len(front))]
        )
        way = rng.normal(size=3) * reach_cm / 3
        deltas[name] = bump(points, centre, way=way, reach_cm=reach_cm * rng.uniform(0.7, 2))
    return np.stack([*deltas.values()])


def _stem(name: str) -> str:
    return name.removesuffix("Left").removesuffix("Right")
