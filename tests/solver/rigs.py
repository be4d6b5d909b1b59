"""Small rigs for the solver's tests: by hand, and faces of bumps."""

import numpy as np

from a2f_ws.solver.normal import NOWHERE, Poses, Regularisation, prepare

FREE = Regularisation(l1=0, l2=0, symmetry=0, temporal=0, template_bb_size=1)


def poses(count, *, active=None, cancel=None, symmetry=None):
    none = np.full(count, -1)
    return Poses(
        active=np.ones(count, bool) if active is None else np.array(active, bool),
        cancel=none if cancel is None else np.array(cancel),
        symmetry=none if symmetry is None else np.array(symmetry),
    )


def rig(rows, *, diagonal=1.0, regularisation=FREE, origin=NOWHERE, **ids):
    """A problem from poses of a single vertex each, or of several."""
    deltas = np.array(rows, np.float32).reshape(len(rows), -1, 3)
    return prepare(
        deltas,
        diagonal=diagonal,
        poses=poses(len(deltas), **ids),
        regularisation=regularisation,
        origin=origin,
    )


COUPLED = ((1, 1, 0, 0, 0, 0), (1, 0, 1, 0, 0, 0), (0, 0, 0, 1, 0, 0))
"""Two poses with A = [[2, 1], [1, 2]], and one beside them with A = [[1]].

Two alone would always be a pair: exactly two that have no id are one.
"""


def bumps(count, *, vertices=400, seed=0, width_cm=3.0):
    """A face of a head's size and poses that move patches of it by about 1.5 cm.

    Returns:
        neutral (V, 3) and deltas (count, V, 3), float32, centimetres.
    """
    rng = np.random.default_rng(seed)
    neutral = rng.normal(size=(vertices, 3))
    neutral *= np.array([8.0, 12.0, 10.0]) / np.linalg.norm(neutral, axis=1, keepdims=True)
    centres = neutral[rng.integers(vertices, size=count)]
    distances = np.linalg.norm(neutral[None] - centres[:, None], axis=-1)
    reach = np.exp(-0.5 * (distances / width_cm) ** 2)
    ways = rng.normal(size=(count, 1, 3))
    ways *= 1.5 / np.linalg.norm(ways, axis=-1, keepdims=True)
    return neutral.astype(np.float32), (reach[..., None] * ways).astype(np.float32)


def diagonal_of(neutral):
    return float(np.linalg.norm(neutral.max(axis=0) - neutral.min(axis=0)))


def face(count, *, regularisation, seed=0, **ids):
    """A prepared face of bumps."""
    neutral, deltas = bumps(count, seed=seed)
    return prepare(
        deltas,
        diagonal=diagonal_of(neutral),
        poses=poses(count, **ids),
        regularisation=regularisation,
    )


def data_for(normal, frames, *, seed=1, reach=1.5):
    """Data whose unbounded fits lie well within and well outside of 0 … 1."""
    weights = np.random.default_rng(seed).uniform(-0.5, reach, (frames, len(normal.active)))
    return (weights @ normal.matrix).astype(np.float32)
