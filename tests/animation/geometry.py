"""Rows of face parameters and made-up meshes for the animators of geometry bundles."""

import numpy as np

from a2f_ws.animation.params import GEOMETRY_PARAMS

NEUTRAL = np.array([param.default for param in GEOMETRY_PARAMS.params], np.float32)


def row(**changes):
    """The parameters that change nothing, but for some."""
    return GEOMETRY_PARAMS.changed(NEUTRAL, changes)


def rows(count, **changes):
    """The same parameters for each row of a batch."""
    return np.tile(row(**changes), (count, 1))


def any_rows(count, seed):
    """Parameters anywhere in their ranges, half of the smoothings off."""
    random = np.random.default_rng(seed)
    low = [param.min for param in GEOMETRY_PARAMS.params]
    high = [param.max for param in GEOMETRY_PARAMS.params]
    found = random.uniform(low, high, (count, len(low))).astype(np.float32)
    for name in ("upper_face_smoothing", "lower_face_smoothing"):
        found[random.random(count) < 0.5, GEOMETRY_PARAMS.column(name)] = 0.0
    return found


def floats(seed, *shape, scale=1.0):
    """Normally distributed float32 numbers."""
    return (np.random.default_rng(seed).normal(0, scale, shape)).astype(np.float32)
