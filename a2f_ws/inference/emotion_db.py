"""The implicit emotion of a bundle, from its database of training frames."""

from pathlib import Path

import numpy as np

from a2f_ws.errors import ModelError
from a2f_ws.inference.npz import Archive
from a2f_ws.names import Floats

_ARRAYS = ("emo_db", "emo_spec_names", "emo_spec_start", "emo_spec_size")


def implicit_emotion(path: Path, length: int, *, shot: str, frame: int) -> Floats:
    """The row of the database that a bundle's configuration names.

    Args:
        path: `implicit_emo_db.npz`.
        length: Length of a row.
        shot: Name of the shot, `source_shot`.
        frame: Frame of the shot, `source_frame`.

    Returns:
        float32 (length,), copied without change.

    Raises:
        ModelError: The file is not such a database, or has no such shot or frame.

    Source:
        SDK, `emotion.cpp`: row = start of the shot + frame.
    """
    with Archive(path) as archive:
        archive.require(_ARRAYS)
        rows = archive.read("emo_db", dtype=np.float32, shape=(None, length))
        shots = archive.texts("emo_spec_names")
        starts = archive.read("emo_spec_start", dtype=np.int32, shape=(None,))
        sizes = archive.read("emo_spec_size", dtype=np.int32, shape=(None,))
    if not len(shots) == len(starts) == len(sizes):
        found = f"{len(shots)} names, {len(starts)} starts, {len(sizes)} sizes"
        raise ModelError(f"{path}: emo_spec_*: found {found}, wanted as many of each")
    if shot not in shots:
        raise ModelError(
            f"{path}: emo_spec_names: found no shot {shot!r}, wanted it as source_shot"
        )
    start, size = int(starts[shots.index(shot)]), int(sizes[shots.index(shot)])
    if frame >= size or not 0 <= start + frame < len(rows):
        raise ModelError(
            f"{path}: shot {shot!r}: found {size} frames from row {start} of {len(rows)}, "
            f"wanted frame {frame}"
        )
    return np.array(rows[start + frame])
