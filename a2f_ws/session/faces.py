"""Faces that are made of others: on the way to rest, and between two that were computed."""

import numpy as np

from a2f_ws.names import Floats


def ease(face: Floats, rest: Floats, *, poses: int) -> Floats:
    """Faces that bring a mouth to rest.

    Args:
        face: float32 (82,), the last face of the speech.
        rest: float32 (82,), the rest face.
        poses: How many, >= 1.

    Returns:
        float32 (poses, 82); a smoothstep in time, the last one equals `rest`.
    """
    part = np.arange(1, poses + 1, dtype=np.float32)[:, None] / np.float32(poses)
    blend = part * part * (np.float32(3.0) - np.float32(2.0) * part)
    faces: Floats = face + blend * (rest - face)
    faces[-1] = rest
    return faces


def between(face: Floats, later: Floats, *, poses: int) -> Floats:
    """Faces on the straight line from one to a later one, evenly apart.

    Args:
        face: float32 (82,).
        later: float32 (82,), `poses` + 1 poses after it.
        poses: How many lie between, >= 0.

    Returns:
        float32 (poses, 82), without the two.
    """
    part = np.arange(1, poses + 1, dtype=np.float32)[:, None] / np.float32(poses + 1)
    faces: Floats = face + part * (later - face)
    return faces
